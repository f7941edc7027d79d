namespace Cgn.Control.Api.Resources;

/// <summary>A softwire that has state (RFC 7870 dsliteTunnelTable, RFC 8513).</summary>
public sealed record SoftwireResource
{
    /// <summary>Family of the end points: ipv6.</summary>
    public string AddressType { get; init; } = "ipv6";

    /// <summary>Our end: the AFTR address that the B4 used last (dsliteTunnelStartAddress).</summary>
    public string? AftrIpv6Address { get; init; }

    /// <summary>The B4's end (dsliteTunnelEndAddress).</summary>
    public required B4Address B4Ipv6Address { get; init; }

    /// <summary>Bits of the B4's address that name the subscriber (dsliteTunnelEndAddPreLen).</summary>
    public required int PrefixLength { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Subscriber { get; init; }

    /// <summary>Largest softwire packet sent: tunnel-mtu, or the path MTU that was learnt.</summary>
    public required int TunnelMtu { get; init; }

    /// <summary>IPv4 sessions now.</summary>
    public required uint SessionCount { get; init; }

    /// <summary>What was carried in it (RFC 7870 dsliteStatistics).</summary>
    public required TrafficStatistics TrafficStatistics { get; init; }

    /// <summary>Shard that serves it.</summary>
    public required int Shard { get; init; }
}
