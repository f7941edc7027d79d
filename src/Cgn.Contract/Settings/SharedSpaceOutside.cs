namespace Cgn.Contract.Settings;

/// <summary>What becomes of packets from or to 100.64.0.0/10 on the outside (RFC 6598 section 4).</summary>
public enum SharedSpaceOutside : byte
{
    /// <summary>They are dropped: beyond the outside is another network's space.</summary>
    Drop = 0,

    /// <summary>They pass: the outside is a network that uses shared space itself, such as that of a hosted CGN. The
    /// prefixes of our own customers are dropped still.</summary>
    Pass = 1,
}
