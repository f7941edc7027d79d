namespace Cgn.Contract.Settings;

/// <summary>
/// What becomes of a TCP segment from inside that belongs to no connection and opens none (RFC 5382 section 5).
/// </summary>
public enum TcpWithoutSession : byte
{
    /// <summary>Dropped silently.</summary>
    Drop = 0,

    /// <summary>
    /// Dropped and answered with a RST to the inside host, so that it gives the connection up at once.
    /// </summary>
    Rst = 1,
}
