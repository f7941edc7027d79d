namespace Cgn.Control.Api.Resources;

/// <summary>Where a softwire's other end is (RFC 8513 b4-ipv6-address).</summary>
public sealed record B4Address
{
    /// <summary>The B4's IPv6 address, as last seen.</summary>
    public required string Address { get; init; }

    /// <summary>When it changed last within the subscriber's prefix (RFC 7785); null: never.</summary>
    public string? LastAddressChange { get; init; }
}
