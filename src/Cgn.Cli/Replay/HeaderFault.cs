using System;

namespace Cgn.Cli.Replay;

/// <summary>What is wrong with a packet by itself, so that a gateway may or must drop it whatever its state.</summary>
[Flags]
internal enum HeaderFault
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Version, header length or total length are wrong (RFC 1812 5.2.2).</summary>
    Ipv4Header = 1,

    /// <summary>The total length is more than the frame has.</summary>
    Truncated = 2,

    /// <summary>The header checksum is wrong.</summary>
    Ipv4Checksum = 4,

    /// <summary>The transport header is cut short.</summary>
    TransportCut = 8,

    /// <summary>
    /// The transport header contradicts itself or the packet's length; some gateways look, some don't.
    /// </summary>
    TransportOdd = 16,

    /// <summary>It is source-routed (RFC 5508 7.3).</summary>
    SourceRoute = 32,

    /// <summary>Its options can't be walked: their lengths are wrong.</summary>
    OddOptions = 64,

    /// <summary>It may not live another hop.</summary>
    TtlExpired = 128,

    /// <summary>An ICMP error with a wrong checksum of its own or of the header it quotes (RFC 5508 REQ-3).</summary>
    IcmpErrorChecksum = 256,

    /// <summary>ICMP that a NAT does not carry (RFC 5508 REQ-10c, REQ-11).</summary>
    IcmpUnsupported = 512,

    /// <summary>An ICMP error whose quote is too short to tell the session.</summary>
    IcmpQuoteCut = 1024,

    /// <summary>A TCP segment that opens nothing sensibly: SYN along with FIN or RST.</summary>
    OddSyn = 2048,

    /// <summary>
    /// A first fragment too small for its transport header, or one that would overwrite it (RFC 1858, RFC 3128).
    /// </summary>
    TinyFragment = 4096,
}
