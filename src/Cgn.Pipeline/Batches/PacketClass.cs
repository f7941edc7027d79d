namespace Cgn.Pipeline.Batches;

/// <summary>What parsing makes of a packet, and so which way it takes.</summary>
public enum PacketClass : byte
{
    /// <summary>A whole packet with a flow that a session can be looked up by: the fast way.</summary>
    Flow = 0,

    /// <summary>
    /// The same, but something about it wants the slow way: time to live at its end, or larger than the outside
    /// takes.
    /// </summary>
    SlowFlow = 1,

    /// <summary>An IPv4 fragment.</summary>
    Fragment = 2,

    /// <summary>An ICMP error, whose flow is that of the packet it quotes.</summary>
    IcmpError = 3,

    /// <summary>
    /// An ICMP echo request that did not come from a subscriber, a reply that does come from one, or any other packet
    /// that asks for one of our own addresses.
    /// </summary>
    Echo = 4,

    /// <summary>
    /// An IPv6 packet to an AFTR address that is no bare softwire packet: fragment, extension headers, ICMPv6,
    /// anything else.
    /// </summary>
    Outer = 5,

    /// <summary>Refused; the reason stands beside it.</summary>
    Refused = 6,
}
