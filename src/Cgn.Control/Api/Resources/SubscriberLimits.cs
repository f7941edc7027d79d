using System.Text.Json.Serialization;

namespace Cgn.Control.Api.Resources;

/// <summary>
/// What a subscriber may have, by its plan; 0 is no limit (RFC 7659 natv2SubscriberLimitPortMapEntries).
/// </summary>
public sealed record SubscriberLimits
{
    /// <summary>Port blocks.</summary>
    public required int MaxPortSets { get; init; }

    /// <summary>Sessions.</summary>
    public required uint ConnectionLimit { get; init; }

    /// <summary>New sessions a second.</summary>
    public required uint ConnectionRateLimit { get; init; }

    /// <summary>External ports in use, all protocols together.</summary>
    public required uint PortLimit { get; init; }

    /// <summary>External ports in use, by protocol (RFC 8512 port-quota).</summary>
    public required PortCounts PortQuota { get; init; }

    /// <summary>Mappings, held ones included.</summary>
    public required uint MappingLimit { get; init; }

    /// <summary>Bits of IPv4 a second towards the subscriber, as a text of digits.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required ulong RateDown { get; init; }

    /// <summary>Bits of IPv4 a second towards the Internet, as a text of digits.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required ulong RateUp { get; init; }
}
