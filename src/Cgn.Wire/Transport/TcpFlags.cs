using System;

namespace Cgn.Wire;

/// <summary>The control bits of a TCP header, as they stand in its byte 13 (RFC 9293 §3.1).</summary>
[Flags]
public enum TcpFlags : byte
{
    /// <summary>None is set.</summary>
    None = 0,

    /// <summary>The sender has finished.</summary>
    Fin = 0x01,

    /// <summary>Synchronises sequence numbers: a connection begins.</summary>
    Syn = 0x02,

    /// <summary>The connection is reset.</summary>
    Rst = 0x04,

    /// <summary>To be pushed to the receiver's user.</summary>
    Psh = 0x08,

    /// <summary>The acknowledgment field counts.</summary>
    Ack = 0x10,

    /// <summary>The urgent pointer counts.</summary>
    Urg = 0x20,

    /// <summary>ECN echo (RFC 3168).</summary>
    Ece = 0x40,

    /// <summary>Congestion window reduced (RFC 3168).</summary>
    Cwr = 0x80,
}
