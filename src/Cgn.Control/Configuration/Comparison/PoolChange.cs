using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Settings;

namespace Cgn.Control.Configuration.Comparison;

/// <summary>A pool whose addresses another configuration changes.</summary>
/// <param name="Name">The pool's id.</param>
/// <param name="Before">Addresses now; 0 for a pool that is added.</param>
/// <param name="After">Addresses to be; 0 for a pool that is removed.</param>
/// <param name="Gone">Addresses that it would have no longer.</param>
/// <param name="Draining">Addresses that would begin to drain.</param>
public sealed record PoolChange(string Name, ulong Before, ulong After, ulong Gone, ulong Draining)
{
    /// <summary>
    /// Added, removed, replaced (none of its addresses stays), shrunk, changed (some go, and as many or more come),
    /// grown or drained.
    /// </summary>
    public string What => Before == 0 ? "added"
        : After == 0 ? "removed"
        : Gone == Before ? "replaced"
        : Gone != 0 && After < Before ? "shrunk"
        : Gone != 0 ? "changed"
        : After != Before ? "grown"
        : "drained";

    /// <summary>All pools whose addresses differ, in the order of their names.</summary>
    /// <param name="now">The configuration that is.</param>
    /// <param name="next">The one to be.</param>
    public static IReadOnlyList<PoolChange> Between(ConfigSnapshot now, ConfigSnapshot next)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(next);
        List<PoolChange> found = [];
        foreach (string name in now.Pools.Concat(next.Pools).Select(static pool => pool.Name).Distinct().Order())
        {
            PoolSettings? was = Array.Find(now.Pools, pool => pool.Name == name);
            PoolSettings? wanted = Array.Find(next.Pools, pool => pool.Name == name);
            Ipv4PrefixSetting[] before = was?.Prefixes ?? [];
            Ipv4PrefixSetting[] after = wanted?.Prefixes ?? [];
            Ipv4PrefixSetting[] drained = wanted?.Drain ?? [];
            var change = new PoolChange(
                name, Count(before), Count(after), Count(before) - Common(before, after),
                Common(before, drained) - Common(was?.Drain ?? [], drained));
            if (change.Before != change.After || (change.Gone | change.Draining) != 0)
                found.Add(change);
        }

        return found;
    }

    private static ulong Count(Ipv4PrefixSetting[] prefixes) =>
        prefixes.Aggregate(0UL, static (sum, prefix) => sum + Size(prefix));

    // Prefixes of one list are disjoint, and two prefixes are so, or one is in the other.
    private static ulong Common(Ipv4PrefixSetting[] left, Ipv4PrefixSetting[] right)
    {
        ulong sum = 0;
        foreach (Ipv4PrefixSetting one in left)
        {
            foreach (Ipv4PrefixSetting other in right)
            {
                if (one.Contains(other.Address) || other.Contains(one.Address))
                    sum += Math.Min(Size(one), Size(other));
            }
        }

        return sum;
    }

    private static ulong Size(Ipv4PrefixSetting prefix) => 1UL << (32 - prefix.Length);
}
