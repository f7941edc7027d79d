namespace Cgn.Wire;

/// <summary>Lines of an FTP control connection that name an endpoint.</summary>
public enum FtpLineKind : byte
{
    /// <summary>Any other line.</summary>
    None = 0,

    /// <summary>PORT: the client's data endpoint (RFC 959 section 4.1.2).</summary>
    Port = 1,

    /// <summary>EPRT: the same, of any network protocol (RFC 2428 section 2).</summary>
    ExtendedPort = 2,

    /// <summary>227, the server's data endpoint (RFC 959 section 4.2.2).</summary>
    Passive = 3,

    /// <summary>229, the server's data port (RFC 2428 section 3).</summary>
    ExtendedPassive = 4,
}
