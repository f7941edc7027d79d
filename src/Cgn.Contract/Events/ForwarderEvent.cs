using System.Runtime.InteropServices;

namespace Cgn.Contract.Events;

/// <summary>
/// What a shard tells the control plane. 64 bytes, host byte order; the layout is part of the contract between the
/// processes.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 64)]
public struct ForwarderEvent
{
    /// <summary>In the place of a shard's number: told by the control plane, of the gateway as a whole.</summary>
    public const byte WholeGateway = byte.MaxValue;

    /// <summary>When, in milliseconds since 1970-01-01 UTC.</summary>
    [FieldOffset(0)] public long UnixMs;

    /// <summary>Counts up in each shard from 1, so that a gap shows what was lost.</summary>
    [FieldOffset(8)] public ulong Sequence;

    /// <summary>
    /// Upper half of the subscriber's key: the B4's masked prefix, of sessions and of questions for a policy its whole
    /// address; 0 for NAT444.
    /// </summary>
    [FieldOffset(16)] public ulong SubscriberHigh;

    /// <summary>Lower half; for NAT444 the customer's IPv4 address.</summary>
    [FieldOffset(24)] public ulong SubscriberLow;

    /// <summary>External address.</summary>
    [FieldOffset(32)] public uint ExternalAddress;

    /// <summary>Internal address; 0 for blocks.</summary>
    [FieldOffset(36)] public uint InternalAddress;

    /// <summary>
    /// Of a block that went back, in the place of the internal address: Unix seconds at which it was given out.
    /// </summary>
    public uint AllocatedUnixSeconds
    {
        readonly get => InternalAddress;
        set => InternalAddress = value;
    }

    /// <summary>Remote address; 0 for blocks, and for sessions whose destinations are not logged.</summary>
    [FieldOffset(40)] public uint RemoteAddress;

    /// <summary>Of a threshold: how much of the resource is used in this shard, or in all.</summary>
    public uint Level
    {
        readonly get => InternalAddress;
        set => InternalAddress = value;
    }

    /// <summary>
    /// Of a threshold: how much of it there is in this shard, or in all; of a subscriber's: the threshold.
    /// </summary>
    public uint Capacity
    {
        readonly get => RemoteAddress;
        set => RemoteAddress = value;
    }

    /// <summary>First external port of a block, or the external port.</summary>
    [FieldOffset(44)] public ushort ExternalPort;

    /// <summary>Last external port of a block.</summary>
    [FieldOffset(46)] public ushort LastPort;

    /// <summary>Internal port.</summary>
    [FieldOffset(48)] public ushort InternalPort;

    /// <summary>Remote port.</summary>
    [FieldOffset(50)] public ushort RemotePort;

    /// <summary>What happened.</summary>
    [FieldOffset(52)] public EventKind Kind;

    /// <summary>Transport protocol; 0 for blocks. Of a threshold on ports: the one that uses most of them.</summary>
    [FieldOffset(53)] public byte Protocol;

    /// <summary>Shard that tells.</summary>
    [FieldOffset(54)] public byte Shard;

    /// <summary>The reason of a limit hit: a <see cref="DropReason"/>.</summary>
    [FieldOffset(55)] public DropReason Reason;

    /// <summary>DS-Lite or NAT444: a <see cref="Records.SubscriberKind"/>.</summary>
    [FieldOffset(56)] public Records.SubscriberKind SubscriberKind;

    /// <summary>Number of the subscriber's plan: see <see cref="Records.PlanNumber"/>.</summary>
    [FieldOffset(58)] public ushort Plan;

    /// <summary>Of a threshold: which resource; else none.</summary>
    [FieldOffset(57)] public WatchedResource Resource;

    /// <summary>Of a threshold on a pool: number of the pool in the snapshot.</summary>
    public ushort Pool
    {
        readonly get => Plan;
        set => Plan = value;
    }

    /// <summary>Number of the subscriber's record in its shard.</summary>
    [FieldOffset(60)] public uint Subscriber;
}
