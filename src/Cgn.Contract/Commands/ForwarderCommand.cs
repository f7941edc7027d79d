using System.Runtime.InteropServices;

using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Contract.Commands;

/// <summary>
/// What the control side asks of a shard, in its command ring. 32 bytes, host byte order; the layout is part of the
/// contract between the processes. Whoever writes holds the state directory's command lock, so that there is one
/// writer; a command leaves the ring when it has been carried out.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 32)]
public struct ForwarderCommand
{
    /// <summary>Commands that a shard's ring holds.</summary>
    public const int RingCapacity = 4096;

    /// <summary>
    /// Upper half of a prefix of subscribers, where IPv4 prefixes are mapped below ::ffff:0:0/96; or of the key of one
    /// subscriber.
    /// </summary>
    [FieldOffset(0)] public ulong PrefixHigh;

    /// <summary>Lower half; of a NAT444 subscriber its IPv4 address.</summary>
    [FieldOffset(8)] public ulong PrefixLow;

    /// <summary>Bits of the prefix, 0 to 128.</summary>
    [FieldOffset(16)] public byte PrefixLength;

    /// <summary>What is to be done.</summary>
    [FieldOffset(17)] public CommandKind Kind;

    /// <summary>Of one subscriber: DS-Lite or NAT444.</summary>
    [FieldOffset(18)] public SubscriberKind SubscriberKind;

    /// <summary>The plan that one subscriber gets: see <see cref="PlanNumber"/>.</summary>
    [FieldOffset(20)] public ushort Plan;

    /// <summary>Of <see cref="CommandKind.Clear"/>: only mappings of this protocol; 0 for all.</summary>
    [FieldOffset(19)] public byte Protocol;

    /// <summary>Of <see cref="CommandKind.Clear"/>: only mappings of this external address; 0 for all.</summary>
    [FieldOffset(24)] public uint ExternalAddress;

    /// <summary>The prefix.</summary>
    public Ipv6PrefixSetting Prefix
    {
        readonly get => new(PrefixHigh, PrefixLow, PrefixLength);
        set => (PrefixHigh, PrefixLow, PrefixLength) = (value.High, value.Low, value.Length);
    }

    /// <summary>Asks that one subscriber have a plan.</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="plan">Its number: see <see cref="PlanNumber"/>.</param>
    public static ForwarderCommand SetPlan(SubscriberId who, ushort plan) =>
        About(who, CommandKind.SetPlan) with { Plan = plan };

    /// <summary>Asks that one subscriber be forgotten.</summary>
    /// <param name="who">The subscriber.</param>
    public static ForwarderCommand Release(SubscriberId who) => About(who, CommandKind.Release);

    private static ForwarderCommand About(SubscriberId who, CommandKind kind) => new()
    {
        PrefixHigh = who.High,
        PrefixLow = who.Low,
        SubscriberKind = who.Kind,
        Kind = kind,
    };
}
