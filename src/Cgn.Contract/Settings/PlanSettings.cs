namespace Cgn.Contract.Settings;

/// <summary>A policy of subscribers. A limit of 0 means none.</summary>
/// <param name="Name">The plan's id in the configuration.</param>
/// <param name="RateDown">Towards the subscriber, in bits of IPv4 a second.</param>
/// <param name="RateUp">Towards the Internet, in bits of IPv4 a second.</param>
/// <param name="MaxPortSets">Port blocks a subscriber, 1 to 64.</param>
/// <param name="ConnectionLimit">Sessions a subscriber.</param>
/// <param name="ConnectionRateLimit">New sessions a second.</param>
public sealed record PlanSettings(
    string Name, ulong RateDown, ulong RateUp, int MaxPortSets, uint ConnectionLimit, uint ConnectionRateLimit)
{
    /// <summary>How much a rate bucket holds, in milliseconds of the rate.</summary>
    public int BurstMs { get; init; } = 50;

    /// <summary>External ports and identifiers in use at a time, all protocols together (RFC 6888 REQ-4).</summary>
    public uint PortLimit { get; init; }

    /// <summary>TCP ports in use at a time (RFC 6888 REQ-4b, RFC 8512 port-quota).</summary>
    public uint PortQuotaTcp { get; init; }

    /// <summary>UDP ports in use at a time.</summary>
    public uint PortQuotaUdp { get; init; }

    /// <summary>ICMP query identifiers in use at a time.</summary>
    public uint PortQuotaIcmp { get; init; }

    /// <summary>Mappings of any other protocol at a time.</summary>
    public uint PortQuotaOther { get; init; }

    /// <summary>Mappings, held ones included (RFC 6888 REQ-5).</summary>
    public uint MappingLimit { get; init; }

    /// <summary>New sessions that may come at once; 0 for one second's worth of the rate.</summary>
    public uint ConnectionRateBurst { get; init; }

    /// <summary>Ports that the plan's subscribers never get, ascending and disjoint.</summary>
    public PortRangeSetting[] ReservedPorts { get; init; } = [];

    /// <summary>Number of the pool that subscribers of this plan draw from, -1 for none of its own.</summary>
    public int Pool { get; init; } = -1;

    /// <summary>Application gateways for its subscribers.</summary>
    public ApplicationGateways Gateways { get; init; }

    /// <summary>Its subscribers reach only what <see cref="ConfigSnapshot.WalledGarden"/> allows.</summary>
    public bool WalledGarden { get; init; }

    /// <summary>Ports in use of a subscriber at which the operator is told (RFC 7659); 0 never.</summary>
    public uint PortThreshold { get; init; }

    /// <summary>The same of sessions (RFC 7870).</summary>
    public uint SessionThreshold { get; init; }
}
