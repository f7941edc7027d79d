namespace Cgn.Contract.Settings;

/// <summary>
/// What becomes of a packet too big for the softwire that may not be fragmented (RFC 2473 7.2, RFC 6333 5.3).
/// </summary>
public enum DfPolicy : byte
{
    /// <summary>Dropped and answered with ICMP fragmentation needed.</summary>
    Icmp = 0,

    /// <summary>Encapsulated and fragmented outside all the same.</summary>
    IgnoreDf = 1,
}
