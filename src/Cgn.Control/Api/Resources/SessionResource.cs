namespace Cgn.Control.Api.Resources;

/// <summary>A mapping and one remote endpoint (RFC 6146 section 3.1).</summary>
public sealed record SessionResource
{
    /// <summary>Number of the protocol, as in the IPv4 header.</summary>
    public required int TransportProtocol { get; init; }

    /// <summary>Internal IPv4 address.</summary>
    public required string InternalSrcAddress { get; init; }

    /// <summary>Internal port or identifier.</summary>
    public required int InternalSrcPort { get; init; }

    /// <summary>External IPv4 address.</summary>
    public required string ExternalSrcAddress { get; init; }

    /// <summary>External port or identifier.</summary>
    public required int ExternalSrcPort { get; init; }

    /// <summary>Remote IPv4 address.</summary>
    public required string ExternalDstAddress { get; init; }

    /// <summary>Remote port.</summary>
    public required int ExternalDstPort { get; init; }

    /// <summary>Which timer runs, such as udp or tcp_established.</summary>
    public required string State { get; init; }

    /// <summary>Seconds since a packet refreshed it.</summary>
    public required double IdleSeconds { get; init; }

    /// <summary>Whose it is.</summary>
    public required string Subscriber { get; init; }

    /// <summary>Shard that serves it.</summary>
    public required int Shard { get; init; }
}
