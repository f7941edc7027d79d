namespace Cgn.Control.Api.Resources;

/// <summary>
/// An internal endpoint and the external one that stands for it (RFC 8512 mapping-entry, RFC 7659 natv2PortMapTable,
/// RFC 7870 dsliteNATBindTable).
/// </summary>
public sealed record MappingResource
{
    /// <summary>Number of the mapping, unique among those of a moment.</summary>
    public required long Index { get; init; }

    /// <summary>static, dynamic-implicit (made by traffic) or dynamic-explicit (asked for, as by PCP).</summary>
    public required string Type { get; init; }

    /// <summary>live; or held: it has ended, and its port waits before it is given out again.</summary>
    public required string State { get; init; }

    /// <summary>Number of the protocol, as in the IPv4 header.</summary>
    public required int TransportProtocol { get; init; }

    /// <summary>Internal IPv4 address.</summary>
    public required string InternalSrcAddress { get; init; }

    /// <summary>Internal port or identifier; 0 for protocols without ports.</summary>
    public required PortSpanResource InternalSrcPort { get; init; }

    /// <summary>External IPv4 address.</summary>
    public required string ExternalSrcAddress { get; init; }

    /// <summary>External port or identifier.</summary>
    public required PortSpanResource ExternalSrcPort { get; init; }

    /// <summary>The only remote address that it is for; null: any.</summary>
    public string? ExternalDstAddress { get; init; }

    /// <summary>Seconds that an explicit or held one has left; null: as long as its sessions, or for good.</summary>
    public long? Lifetime { get; init; }

    /// <summary>Sessions now.</summary>
    public required int SessionCount { get; init; }

    /// <summary>How far it is shared: eim, adm, edm.</summary>
    public required string MappingType { get; init; }

    /// <summary>Whom it admits: eif, adf, edf.</summary>
    public required string FilteringType { get; init; }

    /// <summary>paired or arbitrary.</summary>
    public required string AddressAllocationType { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Subscriber { get; init; }

    /// <summary>The B4 that it is behind (RFC 8513); null for NAT444.</summary>
    public B4Address? B4Ipv6Address { get; init; }

    /// <summary>DSCP of softwire packets towards the subscriber (RFC 8513); null: as the inner packet.</summary>
    public int? V6Dscp { get; init; }

    /// <summary>DSCP that packets towards the subscriber get; null: they keep theirs.</summary>
    public int? InternalV4Dscp { get; init; }

    /// <summary>DSCP that packets towards the Internet get: they keep theirs, so null.</summary>
    public int? ExternalV4Dscp { get; init; }

    /// <summary>Pool that the external address is of.</summary>
    public string? Pool { get; init; }

    /// <summary>Shard that serves it.</summary>
    public required int Shard { get; init; }
}
