using System.Text.Json.Serialization;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Control.Api.Resources;

/// <summary>
/// What a subscriber may have, by its plan and what was granted in its place; 0 is no limit (RFC 7659
/// natv2SubscriberLimitPortMapEntries).
/// </summary>
public sealed record SubscriberLimits
{
    /// <summary>Port blocks.</summary>
    public required int MaxPortSets { get; init; }

    /// <summary>Sessions.</summary>
    public required uint ConnectionLimit { get; init; }

    /// <summary>New sessions a second.</summary>
    public required uint ConnectionRateLimit { get; init; }

    /// <summary>External ports in use, all protocols together; left out where none was granted at all.</summary>
    public required uint? PortLimit { get; init; }

    /// <summary>External ports in use, by protocol (RFC 8512 port-quota).</summary>
    public required PortQuotaResource PortQuota { get; init; }

    /// <summary>Mappings, held ones included.</summary>
    public required uint MappingLimit { get; init; }

    /// <summary>Bits of IPv4 a second towards the subscriber, as a text of digits.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required ulong RateDown { get; init; }

    /// <summary>Bits of IPv4 a second towards the Internet, as a text of digits.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public required ulong RateUp { get; init; }

    /// <summary>
    /// Ports in use at which the operator is told; 0 is never (RFC 7659 natv2SubscriberThresholdPortMapEntries).
    /// </summary>
    public required uint PortThreshold { get; init; }

    /// <summary>Sessions at which the operator is told; 0 is never (RFC 7870 dsliteAFTRAlarmSessionNumber).</summary>
    public required uint ConnectionThreshold { get; init; }

    internal static SubscriberLimits Of(PlanSettings plan, in PolicyRecord granted) => new()
    {
        MaxPortSets = plan.MaxPortSets,
        ConnectionLimit = plan.ConnectionLimit,
        ConnectionRateLimit = plan.ConnectionRateLimit,
        PortLimit = Limit(granted, PolicyOverrides.PortLimit, granted.PortLimit, plan.PortLimit),
        PortQuota = new PortQuotaResource
        {
            Tcp = Limit(granted, PolicyOverrides.PortQuotaTcp, granted.PortQuotaTcp, plan.PortQuotaTcp),
            Udp = Limit(granted, PolicyOverrides.PortQuotaUdp, granted.PortQuotaUdp, plan.PortQuotaUdp),
            Icmp = Limit(granted, PolicyOverrides.PortQuotaIcmp, granted.PortQuotaIcmp, plan.PortQuotaIcmp),
            Other = plan.PortQuotaOther,
        },
        MappingLimit = plan.MappingLimit,
        RateDown = granted.Has(PolicyOverrides.RateDown) ? granted.RateDown : plan.RateDown,
        RateUp = granted.Has(PolicyOverrides.RateUp) ? granted.RateUp : plan.RateUp,
        PortThreshold = plan.PortThreshold,
        ConnectionThreshold = plan.SessionThreshold,
    };

    // Granted ports of 0 are none, and those of a plan are no limit.
    private static uint? Limit(in PolicyRecord granted, PolicyOverrides what, uint instead, uint planned) =>
        !granted.Has(what) ? planned : instead == 0 ? null : instead;
}
