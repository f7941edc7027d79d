namespace Cgn.Cli.Captures;

/// <summary>
/// Why a captured packet is not given to the gateway at all: no NAT carries it, or the capture lacks what it needs.
/// </summary>
internal enum SkipReason
{
    /// <summary>It is not skipped.</summary>
    None = 0,

    /// <summary>Address resolution: ends at the next router.</summary>
    Arp,

    /// <summary>Native IPv6: the kernel's to forward.</summary>
    Ipv6,

    /// <summary>
    /// Spanning tree, discovery, authentication and other protocols of the link itself, or a link type without IP.
    /// </summary>
    LinkProtocol,

    /// <summary>More VLAN tags than the two that a gateway takes.</summary>
    VlanTags,

    /// <summary>Multicast, IGMP among it: not forwarded by a NAT (RFC 4787 section 1).</summary>
    Multicast,

    /// <summary>Sent to all hosts of a link.</summary>
    Broadcast,

    /// <summary>127.0.0.0/8: never leaves a host (RFC 1122 3.2.1.3).</summary>
    Loopback,

    /// <summary>169.254.0.0/16: never leaves a link (RFC 3927 2.6.2).</summary>
    LinkLocal,

    /// <summary>0.0.0.0/8: a host that has no address yet (RFC 1122 3.2.1.3).</summary>
    ThisNetwork,

    /// <summary>A source that no host can have: multicast or class E.</summary>
    BadSource,

    /// <summary>The capture kept only the start of the packet.</summary>
    CutByCapture,

    /// <summary>Not even the fixed part of an IPv4 header.</summary>
    TooShort,

    /// <summary>
    /// A reply whose request is not in the capture or was not carried, so that there is no mapping to address it to.
    /// </summary>
    NoSessionForReply,

    /// <summary>A reply that comes so late that its external port belongs to somebody else.</summary>
    MappingGone,
}
