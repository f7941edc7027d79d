using System.Collections.Generic;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.State.Listings;

/// <summary>Subscribers' plans and policies as listings give them.</summary>
internal static class PlanText
{
    /// <summary>The plan's name; of a granted policy its base plan's; pending or refused where there is none.</summary>
    /// <param name="view">The gateway's state.</param>
    /// <param name="number">See <see cref="PlanNumber"/>.</param>
    public static string? Plan(StateView view, ushort number)
    {
        PlanSettings[] plans = view.Snapshot.Plans;
        if (number < PlanNumber.ConfiguredMax)
            return number < plans.Length ? plans[number].Name : null;
        if (number is PlanNumber.Refused or PlanNumber.Pending)
            return number == PlanNumber.Refused ? "refused" : "pending";
        if (!view.TryPolicy(number, out PolicyRecord policy))
            return null;
        int byDefault = view.Snapshot.Settings.DefaultPlan;
        return !policy.Plan.IsEmpty ? policy.Plan.ToString()
            : (uint)byDefault < (uint)plans.Length ? plans[byDefault].Name
            : null;
    }

    /// <summary>What a granted policy says in place of its plan, in the configuration's words; else null.</summary>
    /// <param name="view">The gateway's state.</param>
    /// <param name="number">See <see cref="PlanNumber"/>.</param>
    public static string? Overrides(StateView view, ushort number) =>
        view.TryPolicy(number, out PolicyRecord policy) ? Words(policy) : null;

    /// <summary>What a policy says in place of its plan, in the configuration's words; null for nothing.</summary>
    public static string? Words(in PolicyRecord policy)
    {
        List<string> words = [];
        if (policy.Has(PolicyOverrides.RateDown))
            words.Add($"rate-down={new BitRate(policy.RateDown)}");
        if (policy.Has(PolicyOverrides.RateUp))
            words.Add($"rate-up={new BitRate(policy.RateUp)}");
        if (policy.Has(PolicyOverrides.PortLimit))
            words.Add($"port-limit={policy.PortLimit}");
        if (policy.Has(PolicyOverrides.PortQuotaTcp))
            words.Add($"port-quota.tcp={policy.PortQuotaTcp}");
        if (policy.Has(PolicyOverrides.PortQuotaUdp))
            words.Add($"port-quota.udp={policy.PortQuotaUdp}");
        if (policy.Has(PolicyOverrides.PortQuotaIcmp))
            words.Add($"port-quota.icmp={policy.PortQuotaIcmp}");
        if (policy.Has(PolicyOverrides.Pool))
            words.Add($"pool={policy.Pool}");
        return words.Count == 0 ? null : string.Join(' ', words);
    }
}
