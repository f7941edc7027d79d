using System;
using System.Collections.Generic;

namespace Cgn.Contract.Settings;

/// <summary>What a running forwarder can't take over from another configuration.</summary>
public static class SnapshotChange
{
    /// <summary>Compares the configuration in force with another one.</summary>
    /// <param name="now">In force.</param>
    /// <param name="next">To be.</param>
    /// <returns>
    /// A sentence for each key that differs and can only change by a restart; empty when the change is possible.
    /// </returns>
    public static IReadOnlyList<string> Obstacles(ConfigSnapshot now, ConfigSnapshot next)
    {
        ArgumentNullException.ThrowIfNull(now);
        ArgumentNullException.ThrowIfNull(next);
        List<string> found = [];
        GatewaySettings was = now.Settings;
        GatewaySettings wanted = next.Settings;
        Compare(found, "gateway.workers", was.ShardCount, wanted.ShardCount);
        Compare(found, "gateway.workers", Text(now.WorkerCpus), Text(next.WorkerCpus));
        Compare(found, "gateway.seed", was.Seed == wanted.Seed ? "" : "one", was.Seed == wanted.Seed ? "" : "another");
        Compare(found, "gateway.capacity.subscribers", was.SubscriberCapacity, wanted.SubscriberCapacity);
        Compare(found, "gateway.capacity.mappings", was.MappingCapacity, wanted.MappingCapacity);
        Compare(found, "gateway.capacity.sessions", was.SessionCapacity, wanted.SessionCapacity);
        Compare(found, "interfaces.inside", Text(now.Inside), Text(next.Inside));
        Compare(found, "interfaces.outside", Text(now.Outside), Text(next.Outside));
        Compare(found, "ds-lite.subscriber-mask-v6", was.SubscriberMaskV6, wanted.SubscriberMaskV6);
        Compare(found, "ds-lite.reassembly-limit", was.ReassemblyLimit, wanted.ReassemblyLimit);
        Compare(found, "nat-policy.timers.fragment-timeout", was.FragmentTimeout, wanted.FragmentTimeout);
        Compare(found, "nat-policy.fragments-limit", was.Limits.Fragments, wanted.Limits.Fragments);
        return found;
    }

    private static void Compare<T>(List<string> found, string key, T now, T next)
        where T : IEquatable<T>
    {
        if (!now.Equals(next))
            found.Add($"{key} can't change while the gateway runs ({now} to {next}); a restart takes it");
    }

    private static string Text(int[] cpus) => $"processors [{string.Join(", ", cpus)}]";

    private static string Text(InterfaceSettings device) => $"{device.Device} by {device.Driver}";
}
