using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Records;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Reading;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Checks;

/// <summary>Plans, and who has them.</summary>
internal static class PlanChecks
{
    public static void Run(GatewayOptions options, FaultList faults)
    {
        var ids = new Dictionary<string, PlanSection>(StringComparer.Ordinal);
        foreach (PlanSection plan in options.Plans)
        {
            if (!ids.TryAdd(plan.Id, plan))
            {
                faults.Error(
                    plan.PlaceOf(nameof(plan.Id)),
                    $"plan id '{plan.Id}' is given twice; it stands on line {ids[plan.Id].Place.Line} already");
            }
        }

        foreach (PlanSection plan in options.Plans.Where(plan => plan.ReservedPorts.Count > PoolChecks.ReservedMax))
        {
            faults.Error(
                plan.PlaceOf(nameof(plan.ReservedPorts)),
                $"reserved-ports of plan {plan.Id} has {plan.ReservedPorts.Count} items; at most "
                + $"{PoolChecks.ReservedMax} are possible, but each may be a range");
        }

        if (options.Plans.Count > PlanNumber.ConfiguredMax)
        {
            faults.Error(
                options.PlaceOf(nameof(options.Plans)),
                $"there are {options.Plans.Count} plans; at most {PlanNumber.ConfiguredMax} are possible");
        }

        SubscribersSection subscribers = options.Subscribers;
        if (subscribers.DefaultPlan is { } name)
        {
            Known(name, subscribers.PlaceOf(nameof(subscribers.DefaultPlan)), "subscribers.default-plan", ids, faults);
        }
        else if (subscribers.Static.Count == 0 && options.Radius is not { Authentication: not null }
            and not { Learning: not null })
        {
            faults.Warn(
                subscribers.Place,
                "there is neither subscribers.default-plan nor static: every subscriber is refused");
        }

        var seen = new Dictionary<SubscriberMatch, StaticSubscriberSection>();
        foreach (StaticSubscriberSection entry in subscribers.Static)
        {
            if (!entry.IsWhole)
                continue;
            Known(entry.Plan, entry.PlaceOf(nameof(entry.Plan)), "subscribers.static.plan", ids, faults);
            Match(entry, options, faults);
            if (!seen.TryAdd(entry.Match, entry))
                Twice(entry, seen[entry.Match], faults);
        }
    }

    private static void Known(
        string name, Place place, string key, Dictionary<string, PlanSection> ids, FaultList faults)
    {
        if (!ids.ContainsKey(name))
            faults.Error(place, $"{key} '{name}' is no plan; {Spelling.Suggest(name, ids.Keys, "the plans are")}");
    }

    private static void Twice(StaticSubscriberSection entry, StaticSubscriberSection earlier, FaultList faults)
    {
        Place place = entry.PlaceOf(nameof(entry.Match));
        string twice = $"subscribers.static.match {entry.Match} stands on line {earlier.Place.Line} already";
        if (entry.Plan == earlier.Plan)
            faults.Warn(place, $"{twice}, with the same plan; one is enough");
        else
            faults.Error(place, $"{twice}, with plan '{earlier.Plan}'; one plan is right, or a longer prefix");
    }

    private static void Match(StaticSubscriberSection entry, GatewayOptions options, FaultList faults)
    {
        SubscriberMatch match = entry.Match;
        Place place = entry.PlaceOf(nameof(entry.Match));
        if (match.IsIpv6 && options.DsLite is { } dsLite && match.Length > dsLite.SubscriberMaskV6)
        {
            faults.Error(
                place,
                $"subscribers.static.match {match} is longer than ds-lite.subscriber-mask-v6 "
                + $"{dsLite.SubscriberMaskV6}, "
                + "so it is part of a subscriber; a prefix of that length or shorter would be right");
        }

        if (!SubscriberReach.IsServed(match, options))
            faults.Warn(place, $"subscribers.static.match {match} meets no subscriber-match: it never applies");
    }
}
