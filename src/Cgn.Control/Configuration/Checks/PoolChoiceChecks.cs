using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Reading;
using Cgn.Control.Configuration.Values;
using Cgn.Wire;

namespace Cgn.Control.Configuration.Checks;

/// <summary>Who draws from which pool (RFC 6333 8.1), and which addresses of a pool give out nothing new.</summary>
internal static class PoolChoiceChecks
{
    public static void Run(GatewayOptions options, FaultList faults)
    {
        string[] ids = [.. options.Pools.Select(static pool => pool.Id)];
        foreach (PlanSection plan in options.Plans)
            Known(plan.Pool, plan, nameof(plan.Pool), "plans.pool", ids, faults);
        foreach (StaticSubscriberSection entry in options.Subscribers.Static)
            Known(entry.Pool, entry, nameof(entry.Pool), "subscribers.static.pool", ids, faults);

        var seen = new Dictionary<SubscriberMatch, PoolSection>();
        foreach (PoolSection pool in options.Pools)
        {
            for (int i = 0; i < pool.Match.Count; i++)
            {
                SubscriberMatch match = pool.Match[i];
                Place place = pool.PlaceOf(nameof(pool.Match), i);
                if (!seen.TryAdd(match, pool))
                {
                    faults.Error(
                        place,
                        $"match {match} of pool {pool.Id} stands at pool {seen[match].Id} already; one pool is right, "
                        + "or a longer prefix");
                }

                Match(match, place, options, faults);
            }

            Drained(pool, faults);
        }

        if (options.Pools.Count > 0 && options.Pools.All(pool => IsNamed(pool, options)))
        {
            faults.Warn(
                options.PlaceOf(nameof(options.Pools)),
                $"every pool is for somebody; whoever nothing names draws from the first, {options.Pools[0].Id}. A "
                + "pool that nothing names would be theirs");
        }
    }

    private static bool IsNamed(PoolSection pool, GatewayOptions options) =>
        pool.Match.Count != 0 || options.Plans.Any(plan => plan.Pool == pool.Id)
        || options.Subscribers.Static.Any(entry => entry.Pool == pool.Id);

    private static void Known(
        string? id, ConfigSection section, string property, string key, string[] ids, FaultList faults)
    {
        if (id is not null && !ids.Contains(id, StringComparer.Ordinal))
        {
            faults.Error(
                section.PlaceOf(property), $"{key} '{id}' is no pool; {Spelling.Suggest(id, ids, "the pools are")}");
        }
    }

    private static void Match(SubscriberMatch match, Place place, GatewayOptions options, FaultList faults)
    {
        if (match.IsIpv6 && options.DsLite is { } dsLite && match.Length > dsLite.SubscriberMaskV6)
        {
            faults.Error(
                place,
                $"match {match} is longer than ds-lite.subscriber-mask-v6 {dsLite.SubscriberMaskV6}, so it is part of "
                + "a subscriber; a prefix of that length or shorter would be right");
        }

        if (!SubscriberReach.IsServed(match, options))
            faults.Warn(place, $"match {match} meets no subscriber-match: it never applies");
    }

    private static void Drained(PoolSection pool, FaultList faults)
    {
        for (int i = 0; i < pool.DrainPrefixes.Count; i++)
        {
            Ipv4Prefix prefix = pool.DrainPrefixes[i].Prefix;
            if (!pool.Prefixes.Any(own => own.Prefix.Contains(prefix)))
            {
                faults.Error(
                    pool.PlaceOf(nameof(pool.DrainPrefixes), i),
                    $"drain-ip-pool {prefix} is not within external-ip-pool of pool {pool.Id}; a part of that would be "
                    + "right");
            }
        }
    }
}
