namespace Cgn.Control.Api.Resources;

/// <summary>How the instance behaves now (RFC 7659 natv2InstancePortMappingBehavior and its neighbours).</summary>
public sealed record CapabilitiesResource
{
    /// <summary>endpointIndependent, addressDependent or addressAndPortDependent.</summary>
    public required string PortMappingBehavior { get; init; }

    /// <summary>Of whom a mapping admits, with the same words.</summary>
    public required string FilteringBehavior { get; init; }

    /// <summary>The same for TCP.</summary>
    public required string TcpFilteringBehavior { get; init; }

    /// <summary>paired or arbitrary.</summary>
    public required string PoolingBehavior { get; init; }

    /// <summary>outOfOrder: fragments are carried in whatever order they come (RFC 4787 REQ-14).</summary>
    public string FragmentBehavior { get; init; } = "outOfOrder";

    /// <summary>RFC 8512's nat44-flavor: napt.</summary>
    public string Nat44Flavor { get; init; } = "napt";

    /// <summary>Subscribers reach each other by their public addresses.</summary>
    public required bool HairpinningSupport { get; init; }

    /// <summary>Pools may be limited to a range of ports.</summary>
    public bool RestrictedPortSupport { get; init; } = true;

    /// <summary>Static mappings.</summary>
    public bool StaticMappingSupport { get; init; } = true;

    /// <summary>Ports at random (RFC 6056).</summary>
    public bool PortRandomizationSupport { get; init; } = true;

    /// <summary>Ports in blocks.</summary>
    public bool PortRangeAllocationSupport { get; init; } = true;

    /// <summary>The internal port may be kept.</summary>
    public bool PortPreservationSupport { get; init; } = true;

    /// <summary>Even ports may stay even.</summary>
    public bool PortParityPreservationSupport { get; init; } = true;

    /// <summary>A subscriber may stay with one address.</summary>
    public bool PairedAddressPoolingSupport { get; init; } = true;

    /// <summary>Fragments are carried.</summary>
    public bool FragmentSupport { get; init; } = true;
}
