namespace Cgn.Control.Configuration.Model;

/// <summary>Whether a subscriber's mappings share one public address (RFC 4787 REQ-2, RFC 6888 REQ-2).</summary>
public enum AddressAllocation
{
    /// <summary>They do.</summary>
    Paired = 0,

    /// <summary>Any address of the pool.</summary>
    Arbitrary = 1,
}
