namespace Cgn.Control.Radius.Packets;

/// <summary>What a packet is: its first byte (RFC 2865 §3, RFC 5176 §2.3, RFC 5997 §3).</summary>
public enum RadiusCode : byte
{
    /// <summary>No code of RADIUS.</summary>
    None = 0,

    /// <summary>May this subscriber be served?</summary>
    AccessRequest = 1,

    /// <summary>Yes, and how.</summary>
    AccessAccept = 2,

    /// <summary>No.</summary>
    AccessReject = 3,

    /// <summary>What a subscriber has used (RFC 2866).</summary>
    AccountingRequest = 4,

    /// <summary>The server has recorded it.</summary>
    AccountingResponse = 5,

    /// <summary>The server wants to know more.</summary>
    AccessChallenge = 11,

    /// <summary>Is the server there (RFC 5997)?</summary>
    StatusServer = 12,

    /// <summary>End a session (RFC 5176).</summary>
    DisconnectRequest = 40,

    /// <summary>It has ended.</summary>
    DisconnectAck = 41,

    /// <summary>It has not.</summary>
    DisconnectNak = 42,

    /// <summary>Change a session's policy (RFC 5176).</summary>
    CoaRequest = 43,

    /// <summary>It has changed.</summary>
    CoaAck = 44,

    /// <summary>It has not.</summary>
    CoaNak = 45,
}
