using Cgn.Memory.Frames;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>Where things lie in generated frames.</summary>
internal static class FrameLayout
{
    /// <summary>Bytes of an Ethernet header without tags.</summary>
    public const int LinkBytes = 14;

    /// <summary>Bytes of an IPv6 header.</summary>
    public const int Ipv6Bytes = 40;

    /// <summary>
    /// First byte of the IPv4 header in its chunk, with and without a softwire: so no header ever lies where another
    /// packet had its payload,
    /// which stays zero in every chunk, and checksums made for a payload of zeros are right.
    /// </summary>
    public const int Ipv4At = FrameStore.Headroom + LinkBytes + Ipv6Bytes;

    /// <summary>Bytes of <see cref="FlowTemplate.Head"/>.</summary>
    public const int HeadBytes = 32;

    /// <summary>
    /// Where the number of the session stands, from the IPv4 header: the first four bytes behind the UDP header.
    /// </summary>
    public const int NumberAt = 28;

    /// <summary>
    /// Ethernet's header and check sequence: what a frame has beyond its IPv4 packet, as RFC 2544 counts frame sizes.
    /// </summary>
    public const int FrameOverheadBytes = 18;
}
