using System;

namespace Cgn.Contract.Settings;

/// <summary>
/// Application gateways (RFC 3022 section 2.9): what rewrites the endpoints that a protocol carries in its payload.
/// Numbers are part of the snapshot and of <see cref="Records.GatewayRecord"/>.
/// </summary>
[Flags]
public enum ApplicationGateways : byte
{
    /// <summary>None: payloads pass bit for bit.</summary>
    None = 0,

    /// <summary>FTP, active and passive, with EPRT and EPSV (RFC 959, RFC 2428).</summary>
    Ftp = 1,

    /// <summary>SIP over UDP and TCP, and the media that SDP names (RFC 3261, RFC 4566).</summary>
    Sip = 2,

    /// <summary>RTSP over TCP (RFC 2326).</summary>
    Rtsp = 4,

    /// <summary>PPTP, whose data is GRE under call identifiers (RFC 2637).</summary>
    Pptp = 8,

    /// <summary>TFTP, whose servers answer from a port of their own (RFC 1350).</summary>
    Tftp = 16,
}
