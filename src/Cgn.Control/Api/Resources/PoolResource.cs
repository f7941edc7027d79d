using System.Collections.Generic;

namespace Cgn.Control.Api.Resources;

/// <summary>Public addresses and how far they are used (RFC 8512 external-ip-address-pool, pools-stats).</summary>
public sealed record PoolResource
{
    /// <summary>Its name.</summary>
    public required string PoolId { get; init; }

    /// <summary>Its prefixes.</summary>
    public required IReadOnlyList<string> ExternalIpPool { get; init; }

    /// <summary>Ports that are given out (RFC 8512 port-set-restrict).</summary>
    public required PortSpanResource PortRange { get; init; }

    /// <summary>Ports of a subscriber's further blocks.</summary>
    public required int PortSetSize { get; init; }

    /// <summary>Addresses of which some block is given out.</summary>
    public required long AddressesAllocated { get; init; }

    /// <summary>Addresses of which none is.</summary>
    public required long AddressesFree { get; init; }

    /// <summary>Ports of blocks that are given out.</summary>
    public required long PortsAllocated { get; init; }

    /// <summary>Ports of blocks that can still be given out.</summary>
    public required long PortsFree { get; init; }

    /// <summary>Ports that mappings have, held ones included, by protocol.</summary>
    public required PortCounts PortsTaken { get; init; }

    /// <summary>Blocks in all.</summary>
    public required long PortSetCount { get; init; }

    /// <summary>Blocks given out.</summary>
    public required long PortSetsAllocated { get; init; }

    /// <summary>Their part of all, 0 to 1.</summary>
    public required double Utilisation { get; init; }
}
