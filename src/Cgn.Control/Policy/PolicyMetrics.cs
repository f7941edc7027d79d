using Cgn.Control.Hosting.Metrics;

using Prometheus;

namespace Cgn.Control.Policy;

/// <summary>The families of what steers subscribers one by one.</summary>
internal static class PolicyMetrics
{
    /// <summary>Makes the families.</summary>
    public static MetricFamilies<PolicyDesk> Create(MetricFactory factory)
    {
        var families = new MetricFamilies<PolicyDesk>(factory);
        families.Gauge("cgn_policies_granted", "Different policies that stand in the table of granted ones.")
            .Series(static desk => desk.PoliciesGranted);
        families.Gauge("cgn_policy_commands_waiting", "Commands that wait for room in the shards' rings.")
            .Series(static desk => desk.CommandsWaiting);
        return families;
    }
}
