using System.Runtime.InteropServices;

namespace Cgn.Contract.Process;

/// <summary>
/// What a forwarder says of itself, in one page of the section <see cref="SectionNames.Forwarder"/>: written by the
/// forwarder only, read by
/// the control plane and by <c>cgn show</c>. 4,096 bytes, little endian. A reader checks <see cref="Magic"/> and
/// <see cref="LayoutVersion"/>
/// before it believes any other byte in the state directory.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = SizeBytes)]
public struct StatusPage
{
    /// <summary>Bytes of the page.</summary>
    public const int SizeBytes = 4096;

    /// <summary>What <see cref="Magic"/> holds: "CGNSTAT1" as a little-endian number.</summary>
    public const ulong ExpectedMagic = 0x3154_4154_534E_4743;

    /// <summary>
    /// Version of every layout in the state directory; a change to any record, counter place or section raises it.
    /// </summary>
    public const uint CurrentLayoutVersion = 4;

    // The first four fields stand where they do in every layout, so that each build recognises another's forwarder.

    /// <summary>Marks a status page; written last, so that a page with it is whole.</summary>
    [FieldOffset(0)] public ulong Magic;

    /// <summary>Version of the layouts that the sections beside this page have.</summary>
    [FieldOffset(8)] public uint LayoutVersion;

    /// <summary>Where the forwarder is in its life.</summary>
    [FieldOffset(12)] public ForwarderState State;

    /// <summary>Its process.</summary>
    [FieldOffset(16)] public int ProcessId;

    /// <summary>Shards, and so workers.</summary>
    [FieldOffset(20)] public int ShardCount;

    /// <summary>When it started, in milliseconds since 1970-01-01 UTC.</summary>
    [FieldOffset(24)] public long StartedUnixMs;

    /// <summary>
    /// Its clock at the last sign of life, in nanoseconds of the monotonic clock; renewed at least once a second.
    /// </summary>
    [FieldOffset(32)] public long HeartbeatNs;

    /// <summary>Generation of the snapshot that the workers follow.</summary>
    [FieldOffset(40)] public uint Generation;

    /// <summary>Entries of each shard's event ring: a power of two.</summary>
    [FieldOffset(44)] public int EventRingCapacity;

    /// <summary>Subscriber records of each shard's slab.</summary>
    [FieldOffset(48)] public uint SubscribersPerShard;

    /// <summary>Mapping records of each shard's slab.</summary>
    [FieldOffset(52)] public uint MappingsPerShard;

    /// <summary>Session records of each shard's slab.</summary>
    [FieldOffset(56)] public uint SessionsPerShard;

    /// <summary>Counts up with every start in this state directory, from 1.</summary>
    [FieldOffset(60)] public uint Incarnation;

    /// <summary>
    /// What must be added to the monotonic clock to give the epoch of <see cref="Tick"/>, in nanoseconds: ticks in
    /// records are
    /// (monotonic + this) / <see cref="Tick.Nanoseconds"/>.
    /// </summary>
    [FieldOffset(64)] public long TickOffsetNs;

    /// <summary>
    /// Generation of the last snapshot that the forwarder could not take over while it ran, 0 for none; standard error
    /// says why.
    /// </summary>
    [FieldOffset(72)] public uint RefusedGeneration;

    /// <summary>
    /// Generation of the next-hop table, renewed with <see cref="HeartbeatNs"/>: the next process begins well behind
    /// it, so that no record is taken to have been looked up in its table.
    /// </summary>
    [FieldOffset(76)] public uint NextHopGeneration;

    /// <summary>
    /// When the counters in this state directory began from zero, in milliseconds since 1970-01-01 UTC: a forwarder
    /// that goes on with the state of an earlier one goes on counting (RFC 8512 discontinuity-time).
    /// </summary>
    [FieldOffset(80)] public long CountersSinceUnixMs;

    /// <summary>Driver that the inside device was opened with.</summary>
    [FieldOffset(128)] public DriverName InsideDriver;

    /// <summary>Driver that the outside device was opened with.</summary>
    [FieldOffset(144)] public DriverName OutsideDriver;

    /// <summary>
    /// Whether the kernel copies frames between its buffers and ours (AF_XDP): a process that takes this one's place
    /// need not try again whether it must. 0 for no, and while it is not known.
    /// </summary>
    [FieldOffset(160)] public byte CopiesFrames;

    /// <summary>
    /// Largest softwire packet that is sent, in bytes: the configured one, or what the inside device carries where that
    /// is less; 0 while it is not known.
    /// </summary>
    [FieldOffset(164)] public int TunnelMtu;

    /// <summary>What went through the inside device's queues, all together, since the forwarder started.</summary>
    [FieldOffset(256)] public PortStatus InsidePort;

    /// <summary>The same of the outside device.</summary>
    [FieldOffset(384)] public PortStatus OutsidePort;
}
