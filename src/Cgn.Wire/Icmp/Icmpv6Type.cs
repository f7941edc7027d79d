namespace Cgn.Wire;

/// <summary>ICMPv6 message types; those below 128 are errors (RFC 4443 §2.1).</summary>
public enum Icmpv6Type : byte
{
    /// <summary>Error: destination unreachable.</summary>
    DestinationUnreachable = 1,

    /// <summary>Error: packet too big, with the MTU.</summary>
    PacketTooBig = 2,

    /// <summary>Error: time exceeded; code 0 in transit, 1 in reassembly.</summary>
    TimeExceeded = 3,

    /// <summary>Error: parameter problem, with a pointer.</summary>
    ParameterProblem = 4,

    /// <summary>Echo request.</summary>
    EchoRequest = 128,

    /// <summary>Echo reply.</summary>
    EchoReply = 129,

    /// <summary>Router solicitation (RFC 4861).</summary>
    RouterSolicitation = 133,

    /// <summary>Router advertisement (RFC 4861).</summary>
    RouterAdvertisement = 134,

    /// <summary>Neighbour solicitation (RFC 4861).</summary>
    NeighborSolicitation = 135,

    /// <summary>Neighbour advertisement (RFC 4861).</summary>
    NeighborAdvertisement = 136,

    /// <summary>Redirect (RFC 4861).</summary>
    Redirect = 137,
}
