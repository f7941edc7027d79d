namespace Cgn.Wire;

/// <summary>ICMP message types (RFC 792, RFC 950, RFC 1256).</summary>
public enum IcmpType : byte
{
    /// <summary>Answer to an echo request.</summary>
    EchoReply = 0,

    /// <summary>Error: destination unreachable; code 4 carries the next hop's MTU (RFC 1191).</summary>
    DestinationUnreachable = 3,

    /// <summary>Error: source quench, deprecated by RFC 6633.</summary>
    SourceQuench = 4,

    /// <summary>Error: redirect.</summary>
    Redirect = 5,

    /// <summary>Echo request.</summary>
    EchoRequest = 8,

    /// <summary>Router advertisement (RFC 1256).</summary>
    RouterAdvertisement = 9,

    /// <summary>Router solicitation (RFC 1256).</summary>
    RouterSolicitation = 10,

    /// <summary>Error: time exceeded; code 0 in transit, 1 in reassembly.</summary>
    TimeExceeded = 11,

    /// <summary>Error: parameter problem; code 0 carries a pointer.</summary>
    ParameterProblem = 12,

    /// <summary>Timestamp request.</summary>
    TimestampRequest = 13,

    /// <summary>Timestamp reply.</summary>
    TimestampReply = 14,

    /// <summary>Information request, obsolete.</summary>
    InformationRequest = 15,

    /// <summary>Information reply, obsolete.</summary>
    InformationReply = 16,

    /// <summary>Address mask request (RFC 950).</summary>
    AddressMaskRequest = 17,

    /// <summary>Address mask reply (RFC 950).</summary>
    AddressMaskReply = 18,
}
