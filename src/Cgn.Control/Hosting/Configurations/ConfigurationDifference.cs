using System.Collections.Generic;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Comparison;
using Cgn.Control.Configuration.Model;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>How another configuration differs from the one in force, before it is applied.</summary>
/// <param name="Keys">Keys that differ, once defaults are filled in.</param>
/// <param name="Obstacles">What can't change while the gateway runs, a sentence each.</param>
/// <param name="Pools">Pools whose addresses change.</param>
public sealed record ConfigurationDifference(
    IReadOnlyList<KeyDifference> Keys, IReadOnlyList<string> Obstacles, IReadOnlyList<PoolChange> Pools)
{
    /// <summary>Compares.</summary>
    /// <param name="now">In force, as written.</param>
    /// <param name="before">In force, as the forwarder has it.</param>
    /// <param name="next">To be, as written.</param>
    /// <param name="wanted">To be, compiled.</param>
    internal static ConfigurationDifference Between(
        GatewayOptions now, ConfigSnapshot before, GatewayOptions next, ConfigSnapshot wanted)
    {
        GatewaySettings settings = wanted.Settings;
        if (next.Gateway.Seed is null)
            settings.Seed = before.Settings.Seed;
        wanted = wanted with { Settings = settings };
        return new ConfigurationDifference(
            OptionsComparison.Differences(now, next),
            [.. SnapshotChange.Obstacles(before, wanted), .. OptionsChange.Obstacles(now, next)],
            PoolChange.Between(before, wanted));
    }
}
