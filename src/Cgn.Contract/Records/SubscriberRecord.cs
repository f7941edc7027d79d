using System.Runtime.InteropServices;

using Cgn.Memory.Tables;

namespace Cgn.Contract.Records;

/// <summary>
/// Whoever shares one policy and one set of port blocks. 128 bytes: a line that every packet touches and a line for
/// the rest. Host byte order. Dead while <see cref="Kind"/> is <see cref="SubscriberKind.None"/>.
/// </summary>
[StructLayout(LayoutKind.Explicit, Size = 128)]
public struct SubscriberRecord : ISlabRecord
{
    /// <summary>Bytes a record.</summary>
    public const int SizeBytes = 128;

    /// <summary>Bit of <see cref="NextHop"/> beside its number; see <see cref="IsNarrow"/>.</summary>
    public const ushort NarrowBit = 0x8000;

    /// <summary>Upper half of the B4's address as last seen (RFC 7785 4.3); 0 for NAT444.</summary>
    [FieldOffset(0)] public ulong B4High;

    /// <summary>Lower half of the B4's address; for NAT444 the customer's IPv4 address.</summary>
    [FieldOffset(8)] public ulong B4Low;

    /// <summary>Rate bucket towards the Internet: the time at which it is full, in nanoseconds.</summary>
    [FieldOffset(16)] public long UpFullAtNs;

    /// <summary>Rate bucket towards the subscriber.</summary>
    [FieldOffset(24)] public long DownFullAtNs;

    /// <summary>IPv4 bytes carried towards the Internet.</summary>
    [FieldOffset(32)] public ulong BytesUp;

    /// <summary>IPv4 bytes carried towards the subscriber.</summary>
    [FieldOffset(40)] public ulong BytesDown;

    /// <summary>Packets carried towards the Internet, lower 32 bits.</summary>
    [FieldOffset(48)] public uint PacketsUp;

    /// <summary>Packets carried towards the subscriber, lower 32 bits.</summary>
    [FieldOffset(52)] public uint PacketsDown;

    /// <summary>Number of the subscriber's plan: see <see cref="PlanNumber"/>.</summary>
    [FieldOffset(56)] public ushort Plan;

    /// <summary>DS-Lite or NAT444, and refusal.</summary>
    [FieldOffset(58)] public SubscriberKind Kind;

    /// <summary>Number of the AFTR address that the B4 used last, in the snapshot's list.</summary>
    [FieldOffset(59)] public byte AftrAddress;

    /// <summary>
    /// Next hop towards the B4 or customer, as a number of the next-hop table; valid for <see
    /// cref="NextHopGeneration"/>. Its highest bit is <see cref="NarrowBit"/>.
    /// </summary>
    [FieldOffset(60)] public ushort NextHop;

    /// <summary>Generation (lower 16 bits) of the next-hop table that <see cref="NextHop"/> was looked up in.</summary>
    [FieldOffset(62)] public ushort NextHopGeneration;

    /// <summary>External address that the subscriber is paired with (RFC 6888 REQ-2), 0 for none yet.</summary>
    [FieldOffset(64)] public uint ExternalAddress;

    /// <summary>Number of the first port block's record in the shard, 0 for none.</summary>
    [FieldOffset(68)] public uint FirstBlock;

    /// <summary>Sessions now.</summary>
    [FieldOffset(72)] public uint SessionCount;

    /// <summary>Mappings now, held ones included.</summary>
    [FieldOffset(76)] public uint MappingCount;

    /// <summary>Bucket of the session set-up rate.</summary>
    [FieldOffset(80)] public long SetupFullAtNs;

    /// <summary>Tick at which the last session began or ended: from here an idle subscriber's record ages.</summary>
    [FieldOffset(88)] public uint LastActive;

    /// <summary>Tick at which the B4's address changed last (RFC 7785 4.3).</summary>
    [FieldOffset(92)] public uint B4ChangedAt;

    /// <summary>Port blocks now.</summary>
    [FieldOffset(96)] public ushort BlockCount;

    /// <summary>Packets carried towards the Internet, bits 32 to 47.</summary>
    [FieldOffset(98)] public ushort PacketsUpHigh;

    /// <summary>Packets carried towards the subscriber, bits 32 to 47.</summary>
    [FieldOffset(100)] public ushort PacketsDownHigh;

    /// <summary>Path MTU towards the B4 learnt from packet-too-big, 0 for none (RFC 8201).</summary>
    [FieldOffset(102)] public ushort PathMtu;

    /// <summary>Tick at which the path MTU was learnt.</summary>
    [FieldOffset(104)] public uint PathMtuAt;

    /// <summary>Explicit mappings that the subscriber's hosts and gateways have asked for.</summary>
    [FieldOffset(108)] public ushort ExplicitCount;

    /// <summary>Number of the pool in the snapshot that the subscriber draws from.</summary>
    [FieldOffset(110)] public ushort Pool;

    /// <summary>
    /// Tick of the subscriber's first packet, 0 while only the configuration knows it (static mappings).
    /// </summary>
    [FieldOffset(112)] public uint CreatedAt;

    /// <summary>
    /// Tick of the last limit-hit event, 0 for none: at most one a second. Of a subscriber that is not served, of the
    /// last question for its policy.
    /// </summary>
    [FieldOffset(116)] public uint LimitHitAt;

    /// <summary>UDP ports in use: of live mappings that traffic or a host made; held ones are none.</summary>
    [FieldOffset(120)] public ushort PortsUdp;

    /// <summary>TCP ports in use.</summary>
    [FieldOffset(122)] public ushort PortsTcp;

    /// <summary>ICMP query identifiers in use.</summary>
    [FieldOffset(124)] public ushort PortsIcmp;

    /// <summary>Live mappings of any other protocol.</summary>
    [FieldOffset(126)] public ushort PortsOther;

    /// <summary>The next hop's number alone, 0 for none.</summary>
    public readonly ushort NextHopNumber => (ushort)(NextHop & ~NarrowBit);

    /// <summary>
    /// A path MTU has been learnt, so packets that may not fit it have to be compared with it: said here, in the line
    /// that every packet touches, since the path MTU itself lies in the other.
    /// </summary>
    public readonly bool IsNarrow => (NextHop & NarrowBit) != 0;

    /// <inheritdoc/>
    public static int LiveAt => 56;

    /// <inheritdoc/>
    public static int LinkAt => 64;

    /// <inheritdoc/>
    public readonly bool IsLive => Kind != SubscriberKind.None;

    /// <inheritdoc/>
    public uint Link
    {
        readonly get => FirstBlock;
        set => FirstBlock = value;
    }

    /// <inheritdoc/>
    public void Clear() => Kind = SubscriberKind.None;
}
