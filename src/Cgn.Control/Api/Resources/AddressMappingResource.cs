namespace Cgn.Control.Api.Resources;

/// <summary>Which public address an inside one is paired with (RFC 7659 natv2AddressMapTable).</summary>
public sealed record AddressMappingResource
{
    /// <summary>inside.</summary>
    public string InternalRealm { get; init; } = "inside";

    /// <summary>The B4's IPv6 address, or the NAT444 customer's IPv4 address.</summary>
    public required string InternalSrcAddress { get; init; }

    /// <summary>outside.</summary>
    public string ExternalRealm { get; init; } = "outside";

    /// <summary>The public address.</summary>
    public required string ExternalSrcAddress { get; init; }

    /// <summary>Pool that it is of.</summary>
    public string? Pool { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Subscriber { get; init; }

    /// <summary>Shard that serves it.</summary>
    public required int Shard { get; init; }
}
