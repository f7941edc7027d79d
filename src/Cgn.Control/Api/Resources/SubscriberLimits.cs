using System.Numerics;
using System.Text.Json.Serialization;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Control.Api.Resources;

/// <summary>
/// What a subscriber may have, by its plan and what was granted in its place; what has no limit is left out, and 0 is
/// nothing at all (RFC 7659 natv2SubscriberLimitPortMapEntries).
/// </summary>
public sealed record SubscriberLimits
{
    /// <summary>Port blocks.</summary>
    public required int MaxPortSets { get; init; }

    /// <summary>Sessions.</summary>
    public uint? ConnectionLimit { get; init; }

    /// <summary>New sessions a second.</summary>
    public uint? ConnectionRateLimit { get; init; }

    /// <summary>External ports in use, all protocols together.</summary>
    public uint? PortLimit { get; init; }

    /// <summary>External ports in use, by protocol (RFC 8512 port-quota).</summary>
    public required PortQuotaResource PortQuota { get; init; }

    /// <summary>Mappings, held ones included.</summary>
    public uint? MappingLimit { get; init; }

    /// <summary>Bits of IPv4 a second towards the subscriber, as a text of digits.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public ulong? RateDown { get; init; }

    /// <summary>Bits of IPv4 a second towards the Internet, as a text of digits.</summary>
    [JsonNumberHandling(JsonNumberHandling.WriteAsString)]
    public ulong? RateUp { get; init; }

    /// <summary>
    /// Ports in use at which the operator is told; left out: never (RFC 7659 natv2SubscriberThresholdPortMapEntries).
    /// </summary>
    public uint? PortThreshold { get; init; }

    /// <summary>
    /// Sessions at which the operator is told; left out: never (RFC 7870 dsliteAFTRAlarmSessionNumber).
    /// </summary>
    public uint? ConnectionThreshold { get; init; }

    internal static SubscriberLimits Of(PlanSettings plan, in PolicyRecord granted) => new()
    {
        MaxPortSets = plan.MaxPortSets,
        ConnectionLimit = Given(plan.ConnectionLimit),
        ConnectionRateLimit = Given(plan.ConnectionRateLimit),
        PortLimit = Limit(granted, PolicyOverrides.PortLimit, granted.PortLimit, plan.PortLimit),
        PortQuota = new PortQuotaResource
        {
            Tcp = Limit(granted, PolicyOverrides.PortQuotaTcp, granted.PortQuotaTcp, plan.PortQuotaTcp),
            Udp = Limit(granted, PolicyOverrides.PortQuotaUdp, granted.PortQuotaUdp, plan.PortQuotaUdp),
            Icmp = Limit(granted, PolicyOverrides.PortQuotaIcmp, granted.PortQuotaIcmp, plan.PortQuotaIcmp),
            Other = Given(plan.PortQuotaOther),
        },
        MappingLimit = Given(plan.MappingLimit),
        RateDown = Given(granted.Has(PolicyOverrides.RateDown) ? granted.RateDown : plan.RateDown),
        RateUp = Given(granted.Has(PolicyOverrides.RateUp) ? granted.RateUp : plan.RateUp),
        PortThreshold = Given(plan.PortThreshold),
        ConnectionThreshold = Given(plan.SessionThreshold),
    };

    // Granted ports of 0 are none, and those of a plan are no limit.
    private static uint? Limit(in PolicyRecord granted, PolicyOverrides what, uint instead, uint planned) =>
        granted.Has(what) ? instead : Given(planned);

    private static T? Given<T>(T limit)
        where T : struct, INumber<T> => limit == T.Zero ? null : limit;
}
