using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Comparison;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.State;
using Cgn.Nat.Forecasts;

namespace Cgn.Cli.Verbs.Diff;

/// <summary>What a change of the configuration would do, before it is done.</summary>
/// <param name="Against">What it is compared with, for people.</param>
/// <param name="Mask">Bits of a B4's address that name a subscriber.</param>
/// <param name="Keys">Keys that differ; null when it is not known how the configuration in force was written.</param>
/// <param name="Obstacles">What can't change while the gateway runs, a sentence each.</param>
/// <param name="Pools">Pools whose addresses change.</param>
/// <param name="Restart">What a restart would do; null when none is needed.</param>
/// <param name="Forecast">What would become of the records; null where there are none to read.</param>
internal sealed record ConfigDiff(
    string Against, int Mask, IReadOnlyList<KeyDifference>? Keys, IReadOnlyList<string> Obstacles,
    IReadOnlyList<PoolChange> Pools, RestartCost? Restart, Forecast? Forecast)
{
    /// <summary>The running gateway can take it.</summary>
    public bool IsApplicable => Obstacles.Count == 0;

    /// <summary>Static subscribers that are added, removed or changed.</summary>
    public int StaticEntries =>
        Keys?.Count(static key => key.Path.StartsWith("subscribers.static", StringComparison.Ordinal)) ?? 0;

    /// <summary>Compares with another file.</summary>
    public static ConfigDiff WithFile(
        string path, GatewayOptions was, ConfigSnapshot before, GatewayOptions options, ConfigSnapshot next) =>
        Between(path, was, before, options, next, null);

    /// <summary>Compares with the configuration in force and reads the gateway's records.</summary>
    /// <exception cref="StateException">There is no gateway's state.</exception>
    public static ConfigDiff WithGateway(StateDirectory directory, GatewayOptions options, ConfigSnapshot next)
    {
        using StateView view = StateView.Open(directory);
        GatewayOptions? was = null;
        if (ConfigLoader.TryRead(directory.ConfigurationFile, out string? text, out _))
            ConfigLoader.TryParse(directory.ConfigurationFile, text, out _, out was, out _);
        bool runs = System.IO.Directory.Exists($"/proc/{view.Status.ProcessId}");
        string against = runs
            ? $"the running gateway in {directory.Path}, generation {view.Snapshot.Generation}"
            : $"what a gateway that no longer runs has left in {directory.Path}, generation {view.Snapshot.Generation}";
        if (was is not null)
            next = next with { StaticMappings = [.. next.StaticMappings, .. MadeAtRunTime(view.Snapshot, was, next)] };
        return Between(against, was, view.Snapshot, options, next, view);
    }

    // They are kept beside the configuration and go into every snapshot where they fit.
    private static IEnumerable<StaticMapping> MadeAtRunTime(
        ConfigSnapshot inForce, GatewayOptions was, ConfigSnapshot next)
    {
        HashSet<StaticMapping> configured =
            [.. SnapshotCompiler.Compile(was, Environment.ProcessorCount).StaticMappings, .. next.StaticMappings];
        return inForce.StaticMappings.Where(mapping => !configured.Contains(mapping));
    }

    private static ConfigDiff Between(
        string against, GatewayOptions? was, ConfigSnapshot before, GatewayOptions options, ConfigSnapshot next,
        StateView? view)
    {
        GatewaySettings settings = next.Settings;
        if (options.Gateway.Seed is null)
            settings.Seed = before.Settings.Seed;
        next = next with { Settings = settings };
        IReadOnlyList<string> obstacles =
            [.. SnapshotChange.Obstacles(before, next), .. was is null ? [] : OptionsChange.Obstacles(was, options)];
        RestartCost? restart = obstacles.Count == 0 ? null : RestartCost.Of(before, next);
        return new ConfigDiff(
            against, before.Settings.SubscriberMaskV6,
            was is null ? null : OptionsComparison.Differences(was, options), obstacles,
            PoolChange.Between(before, next), restart, view is null ? null : Read(view, before, next));
    }

    private static Forecast Read(StateView view, ConfigSnapshot now, ConfigSnapshot next) =>
        new Forecaster(now, next, view.Policies).Read(
            [.. view.Shards.Select(static shard =>
                new ShardRecords(shard.Subscribers, shard.Mappings, shard.Sessions, shard.Blocks))]);
}
