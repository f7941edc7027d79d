namespace Cgn.Control.Configuration.Model;

/// <summary>Whether a subscriber's mappings share one public address (RFC 4787 REQ-2, RFC 6888 REQ-2).</summary>
public enum AddressAllocation
{
    /// <summary>They do.</summary>
    Paired = 0,

    /// <summary>Any address of the pool.</summary>
    Arbitrary = 1,

    /// <summary>They do as long as it has free port blocks (RFC 7857 section 4).</summary>
    SoftPaired = 2,
}
