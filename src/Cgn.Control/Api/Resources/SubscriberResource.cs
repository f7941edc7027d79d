namespace Cgn.Control.Api.Resources;

/// <summary>Whoever shares one policy and one set of port blocks (RFC 7659 natv2SubscriberTable).</summary>
public sealed record SubscriberResource
{
    /// <summary>The B4's prefix, or the NAT444 customer's IPv4 address.</summary>
    public required string Subscriber { get; init; }

    /// <summary>ds-lite or nat444.</summary>
    public required string Kind { get; init; }

    /// <summary>Where it is (RFC 7659 natv2SubscriberInternalRealm): inside.</summary>
    public string Realm { get; init; } = "inside";

    /// <summary>Its B4; null for NAT444.</summary>
    public B4Address? B4Ipv6Address { get; init; }

    /// <summary>Public address that it is paired with; null while it has none.</summary>
    public string? ExternalIpAddress { get; init; }

    /// <summary>Pool that its addresses come from.</summary>
    public string? Pool { get; init; }

    /// <summary>Its plan; pending while it waits for its authorization, refused when it has none.</summary>
    public string? Plan { get; init; }

    /// <summary>
    /// What was granted to it in place of what its plan says, in the configuration's words with spaces between; null:
    /// nothing.
    /// </summary>
    public string? Overrides { get; init; }

    /// <summary>It reaches only what the walled garden holds.</summary>
    public required bool WalledGarden { get; init; }

    /// <summary>What it may have, by its plan and what was granted; null while it is not served.</summary>
    public SubscriberLimits? Limits { get; init; }

    /// <summary>Port blocks now.</summary>
    public required int PortSetCount { get; init; }

    /// <summary>Mappings now, held ones included (RFC 7659 natv2SubscriberPortMapEntries).</summary>
    public required uint MappingCount { get; init; }

    /// <summary>Mappings that its hosts and gateways have asked for (PCP, application gateways).</summary>
    public required int ExplicitMappingCount { get; init; }

    /// <summary>IPv4 sessions now (RFC 7870 dsliteStatisticIpv4Session).</summary>
    public required uint SessionCount { get; init; }

    /// <summary>External ports in use now; held ones are none.</summary>
    public required PortCounts PortsInUse { get; init; }

    /// <summary>What it has sent and received.</summary>
    public required TrafficStatistics TrafficStatistics { get; init; }

    /// <summary>When its first packet came; null while only the configuration knows it.</summary>
    public string? FirstSeen { get; init; }

    /// <summary>Seconds since a session of it began or ended.</summary>
    public required double IdleSeconds { get; init; }

    /// <summary>Path MTU towards the B4 that was learnt; null: none.</summary>
    public int? PathMtu { get; init; }

    /// <summary>Shard that serves it.</summary>
    public required int Shard { get; init; }
}
