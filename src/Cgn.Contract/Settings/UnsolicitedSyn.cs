namespace Cgn.Contract.Settings;

/// <summary>
/// What becomes of a TCP SYN from outside that no mapping admits (RFC 5382 REQ-4). An answer never comes before the
/// time in which the inside may open the same connection itself has passed, and is an ICMP error, never a RST.
/// </summary>
public enum UnsolicitedSyn : byte
{
    /// <summary>
    /// Answered with ICMP port unreachable where a mapping stands that filters it; else dropped, so that the noise of
    /// scanners costs nothing.
    /// </summary>
    IcmpIfMapped = 0,

    /// <summary>Answered with ICMP port unreachable, whether or not a mapping stands there.</summary>
    Icmp = 1,

    /// <summary>Dropped silently (RFC 5382 REQ-4a).</summary>
    Drop = 2,
}
