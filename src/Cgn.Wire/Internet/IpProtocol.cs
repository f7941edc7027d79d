namespace Cgn.Wire;

/// <summary>
/// The protocol field of IPv4 and the next header field of IPv6: one registry (IANA protocol numbers).
/// </summary>
public enum IpProtocol : byte
{
    /// <summary>IPv6 hop-by-hop options, only directly after the IPv6 header (RFC 8200 §4.3).</summary>
    HopByHop = 0,

    /// <summary>ICMP (RFC 792).</summary>
    Icmp = 1,

    /// <summary>IGMP (RFC 3376).</summary>
    Igmp = 2,

    /// <summary>IPv4 in IP: the inner packet of a softwire (RFC 2473, RFC 6333).</summary>
    Ipv4 = 4,

    /// <summary>TCP (RFC 9293).</summary>
    Tcp = 6,

    /// <summary>UDP (RFC 768).</summary>
    Udp = 17,

    /// <summary>DCCP (RFC 4340).</summary>
    Dccp = 33,

    /// <summary>IPv6 in IP (RFC 4213).</summary>
    Ipv6 = 41,

    /// <summary>IPv6 routing header (RFC 8200 §4.4).</summary>
    Routing = 43,

    /// <summary>IPv6 fragment header (RFC 8200 §4.5).</summary>
    Fragment = 44,

    /// <summary>GRE (RFC 2784, RFC 2890), enhanced for PPTP (RFC 2637).</summary>
    Gre = 47,

    /// <summary>ESP (RFC 4303).</summary>
    Esp = 50,

    /// <summary>Authentication header (RFC 4302).</summary>
    Ah = 51,

    /// <summary>ICMPv6 (RFC 4443).</summary>
    Icmpv6 = 58,

    /// <summary>Nothing follows (RFC 8200 §4.7).</summary>
    NoNext = 59,

    /// <summary>IPv6 destination options (RFC 8200 §4.6).</summary>
    DestinationOptions = 60,

    /// <summary>OSPF (RFC 2328).</summary>
    Ospf = 89,

    /// <summary>SCTP (RFC 9260).</summary>
    Sctp = 132,

    /// <summary>IPv6 mobility header (RFC 6275).</summary>
    Mobility = 135,

    /// <summary>UDP-Lite (RFC 3828).</summary>
    UdpLite = 136,
}
