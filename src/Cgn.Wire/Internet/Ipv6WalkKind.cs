namespace Cgn.Wire;

/// <summary>How a walk over IPv6 extension headers ended.</summary>
public enum Ipv6WalkKind : byte
{
    /// <summary>At something that is no extension header. Whether it is understood is the caller's question.</summary>
    Upper,

    /// <summary>At a fragment header: reassemble, or walk on behind an atomic one.</summary>
    Fragment,

    /// <summary>At hop-by-hop options that are not the first header: ICMPv6 4/1 (RFC 8200 §4).</summary>
    Unrecognised,

    /// <summary>At a routing header that wants to go on to other nodes: ICMPv6 4/0 (RFC 8200 §4.4, RFC 5095).</summary>
    RoutingWithSegmentsLeft,

    /// <summary>At an unknown option whose action bits say discard (RFC 8200 §4.2).</summary>
    OptionRefused,

    /// <summary>At an option that runs past its header or has an impossible length: ICMPv6 4/0.</summary>
    OptionMalformed,

    /// <summary>A header runs past the packet.</summary>
    Truncated,

    /// <summary>More headers or options than <see cref="Ipv6ExtensionWalk"/> reads.</summary>
    TooLong,
}
