namespace Cgn.Control.Configuration.Model;

/// <summary>Application gateways, in the order of their bits in the snapshot.</summary>
public enum AlgName
{
    /// <summary>FTP (RFC 959, RFC 2428).</summary>
    Ftp = 0,

    /// <summary>SIP over UDP and TCP (RFC 3261).</summary>
    Sip = 1,

    /// <summary>RTSP over TCP (RFC 2326).</summary>
    Rtsp = 2,

    /// <summary>PPTP (RFC 2637).</summary>
    Pptp = 3,

    /// <summary>TFTP (RFC 1350).</summary>
    Tftp = 4,
}
