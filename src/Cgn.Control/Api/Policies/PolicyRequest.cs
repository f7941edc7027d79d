using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Api.Policies;

/// <summary>A policy for one subscriber, as it is sent: keys as a plan of the configuration has them.</summary>
public sealed class PolicyRequest : ConfigSection
{
    /// <summary>The plan. Left out: the default plan.</summary>
    [Key("plan")]
    public string? Plan { get; private set; }

    /// <summary>Pool that new port blocks come from, in place of the plan's.</summary>
    [Key("pool")]
    public string? Pool { get; private set; }

    /// <summary>IPv4 towards the subscriber, in place of the plan's.</summary>
    [Key("rate-down")]
    public BitRate RateDown { get; private set; }

    /// <summary>IPv4 towards the Internet, in place of the plan's.</summary>
    [Key("rate-up")]
    public BitRate RateUp { get; private set; }

    /// <summary>External ports in use, in place of the plan's.</summary>
    [Key("port-limit", Min = "1", Max = "4000000000", Unit = "ports")]
    public uint? PortLimit { get; private set; }

    /// <summary>The same by protocol.</summary>
    [Key("port-quota")]
    public PolicyQuotaRequest PortQuota { get; private set; } = new();
}
