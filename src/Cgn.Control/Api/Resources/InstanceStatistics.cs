using System.Collections.Generic;
using System.Text.Json.Serialization;

namespace Cgn.Control.Api.Resources;

/// <summary>What the instance has done (RFC 8512 statistics).</summary>
public sealed record InstanceStatistics
{
    /// <summary>Since when the counters count: none of them has been set back after it (RFC 8512).</summary>
    public required string DiscontinuityTime { get; init; }

    /// <summary>What was carried.</summary>
    public required TrafficStatistics TrafficStatistics { get; init; }

    /// <summary>The same of softwires alone.</summary>
    public required TrafficStatistics DsLite { get; init; }

    /// <summary>The same of NAT444 customers alone.</summary>
    public required TrafficStatistics Nat444 { get; init; }

    /// <summary>Frames dropped, for whatever reason, as a text of digits.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required long DroppedPackets { get; init; }

    /// <summary>The same by reason; those that never happened are left out.</summary>
    public required IReadOnlyList<DropResource> Drops { get; init; }

    /// <summary>Packets translated by a session, by protocol (RFC 7659 natv2ProtocolTranslations).</summary>
    public required ProtocolCounters Translations { get; init; }

    /// <summary>State.</summary>
    public required MappingsStatistics MappingsStatistics { get; init; }
}
