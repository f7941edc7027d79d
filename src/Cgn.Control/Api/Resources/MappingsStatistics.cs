using System.Text.Json.Serialization;

namespace Cgn.Control.Api.Resources;

/// <summary>How much state there is (RFC 8512 mappings-statistics), and how much was made (RFC 7659).</summary>
public sealed record MappingsStatistics
{
    /// <summary>Subscribers with state.</summary>
    public required long TotalActiveSubscribers { get; init; }

    /// <summary>B4s with state (RFC 8513 active-softwires).</summary>
    public required long ActiveSoftwires { get; init; }

    /// <summary>Subscribers that have ports of a public address (RFC 7659 address mappings).</summary>
    public required long TotalAddressMappings { get; init; }

    /// <summary>Live mappings; held ones are none.</summary>
    public required long TotalPortMappings { get; init; }

    /// <summary>Mappings that are held down.</summary>
    public required long HeldPortMappings { get; init; }

    /// <summary>Live mappings by protocol.</summary>
    public required PortCounts TotalPerProtocol { get; init; }

    /// <summary>Sessions by protocol.</summary>
    public required PortCounts SessionsPerProtocol { get; init; }

    /// <summary>Address mappings made so far, as a text of digits (natv2InstanceAddressMapCreations).</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required long AddressMappingCreations { get; init; }

    /// <summary>Mappings made so far, as a text of digits (natv2InstancePortMapCreations).</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required long PortMappingCreations { get; init; }

    /// <summary>Sessions made so far, as a text of digits.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required long SessionCreations { get; init; }
}
