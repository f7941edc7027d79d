namespace Cgn.Contract.Records;

/// <summary>
/// Where a session is in its life, which also says which timer runs: the timeouts of a snapshot are a table indexed
/// by this. TCP states are those of RFC 7857 section 2 (figure 1), after RFC 6146 3.5.2.2. Numbers are part of the
/// record layout.
/// </summary>
public enum SessionState : byte
{
    /// <summary>No session: a free record.</summary>
    None = 0,

    /// <summary>UDP and UDP-Lite (RFC 4787 REQ-5).</summary>
    Udp = 1,

    /// <summary>ICMP query (RFC 5508 REQ-2).</summary>
    IcmpQuery = 2,

    /// <summary>A protocol carried by its addresses alone.</summary>
    AddressOnly = 3,

    /// <summary>TCP: a SYN from inside was carried.</summary>
    TcpInitInside = 4,

    /// <summary>TCP: a SYN from outside was admitted.</summary>
    TcpInitOutside = 5,

    /// <summary>TCP: both sides have sent a SYN.</summary>
    TcpEstablished = 6,

    /// <summary>TCP: the inside has sent a FIN.</summary>
    TcpFinInside = 7,

    /// <summary>TCP: the outside has sent a FIN.</summary>
    TcpFinOutside = 8,

    /// <summary>TCP: both have sent a FIN.</summary>
    TcpClosing = 9,

    /// <summary>TCP: a valid RST was seen.</summary>
    TcpTransitory = 10,

    /// <summary>DCCP: nobody has answered yet (RFC 5597 REQ-5, partially open).</summary>
    DccpOpening = 12,

    /// <summary>DCCP: both sides have sent (RFC 5597 REQ-5, established).</summary>
    DccpEstablished = 13,

    /// <summary>DCCP: one side has closed or reset (RFC 5597 REQ-5, closing).</summary>
    DccpClosing = 14,

    /// <summary>
    /// UDP towards a remote port with a timer of its own (RFC 4787 REQ-5a): this number and the seven behind it, one
    /// for each different time of the configuration.
    /// </summary>
    UdpTimed = 16,

    /// <summary>TCP: the established timer ran out, and the inside was asked for a sign of life.</summary>
    TcpProbed = 24,

    /// <summary>
    /// No traffic: stands for a remote that an application gateway expects, from any port; from any address where its
    /// own is 0. No packet is translated by it.
    /// </summary>
    Expected = 15,
}
