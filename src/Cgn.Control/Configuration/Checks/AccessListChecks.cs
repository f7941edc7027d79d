using System.Collections.Generic;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Configuration.Checks;

/// <summary>The access lists: rules that say something, and pools that they let live.</summary>
internal static class AccessListChecks
{
    public static void Run(GatewayOptions options, FaultList faults)
    {
        AccessListsSection lists = options.AccessLists;
        Rules(lists, nameof(lists.InsideDeny), "inside-deny", lists.InsideDeny, faults);
        Rules(lists, nameof(lists.OutsideDeny), "outside-deny", lists.OutsideDeny, faults);
        if (lists.SharedSpaceOutside != SharedSpaceOutside.Drop)
            return;
        foreach (PoolSection pool in options.Pools)
        {
            for (int i = 0; i < pool.Prefixes.Count; i++)
            {
                if (!AddressSpace.Shared.Overlaps(pool.Prefixes[i].Prefix))
                    continue;
                faults.Error(
                    pool.PlaceOf(nameof(pool.Prefixes), i),
                    $"external-ip-pool {pool.Prefixes[i].Prefix} is shared space, which is dropped outside (RFC 6598); "
                    + "access-lists.shared-space-outside: pass would be right behind another CGN");
            }
        }
    }

    private static void Rules(
        AccessListsSection lists, string property, string key, IReadOnlyList<AccessRuleSection> rules,
        FaultList faults)
    {
        if (rules.Count > AccessRule.Max)
        {
            faults.Error(
                lists.PlaceOf(property),
                $"access-lists.{key} has {rules.Count} rules; at most {AccessRule.Max} are possible");
        }

        for (int i = 0; i < rules.Count; i++)
        {
            if (!rules[i].IsWhole || rules[i].Source is not null || rules[i].Destination is not null)
                continue;
            faults.Error(
                lists.PlaceOf(property, i),
                $"a rule of access-lists.{key} names no packets; source-ipv4-network or destination-ipv4-network "
                + "would be right");
        }
    }
}
