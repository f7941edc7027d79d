using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Control.Configuration.Comparison;
using Cgn.Control.State;
using Cgn.Nat;
using Cgn.Nat.Forecasts;

namespace Cgn.Cli.Verbs.Diff;

/// <summary>Tells people what a change of the configuration would do.</summary>
internal static class DiffText
{
    /// <summary>Writes it.</summary>
    public static void Write(string file, ConfigDiff diff, TextWriter to)
    {
        to.WriteLine($"{file} against {diff.Against}:");
        Keys(diff.Keys, to);
        Section("can't change while the gateway runs:", diff.Obstacles, to);
        if (diff.Restart is { } restart)
        {
            to.WriteLine(restart switch
            {
                { KeepsState: false } =>
                    $"  a restart takes it only with 'cgn run --discard-state', which loses all state: {restart.Why}",
                { Why: null } => "  a restart takes it and keeps the state: what is told below ends then",
                _ => $"  a restart takes it and keeps the state; {restart.Why}",
            });
        }

        Section("pools:", diff.Pools.Select(Pool), to);
        if (diff.Forecast is { } forecast)
            Section("subscribers and sessions:", Records(diff, forecast), to);
        else if (diff.StaticEntries != 0)
        {
            to.WriteLine(
                $"  {diff.StaticEntries} static subscribers change; without a gateway it is not known who else");
        }

        to.WriteLine(diff.IsApplicable
            ? "it can be applied while the gateway runs"
            : "it can't be applied while the gateway runs");
    }

    /// <summary>A subscriber's name.</summary>
    public static string Name(SubscriberKey key, int mask) => SubscriberText.Name(key.Kind, key.High, key.Low, mask);

    private static void Keys(IReadOnlyList<KeyDifference>? keys, TextWriter to)
    {
        if (keys is null)
            to.WriteLine("  how the configuration in force was written is not known, so keys can't be compared");
        else if (keys.Count == 0)
            to.WriteLine("  no key differs");
        else
            Section("keys that differ:", keys.Select(Key), to);
    }

    private static string Key(KeyDifference key) => key switch
    {
        { Old: null } => $"{key.Path}: added {key.New}",
        { New: null } => $"{key.Path}: removed {key.Old}",
        _ => $"{key.Path}: {key.Old} -> {key.New}",
    };

    private static string Pool(PoolChange pool) => pool.What switch
    {
        "added" => $"{pool.Name} is added, {pool.After} addresses",
        "removed" => $"{pool.Name} is removed, {pool.Before} addresses",
        "replaced" => $"{pool.Name} is replaced: its {pool.Before} addresses go, {pool.After} others come",
        "drained" => $"{pool.Name}: {pool.Draining} addresses begin to drain",
        _ => $"{pool.Name} is {pool.What} from {pool.Before} to {pool.After} addresses, {pool.Gone} of them go",
    };

    private static IEnumerable<string> Records(ConfigDiff diff, Forecast forecast)
    {
        yield return $"there are {forecast.Subscribers} subscribers, {forecast.Blocks} port blocks, "
            + $"{forecast.Mappings} mappings and {forecast.Sessions} sessions";
        if (diff.Restart is { KeepsState: false })
        {
            yield return "all of them are lost";
            yield break;
        }

        foreach ((string? from, string? to, long count) in forecast.Moves)
            yield return $"{count} subscribers: plan {from ?? "none"} -> {to ?? "none, so they are refused"}";
        if (forecast.First.Count != 0)
        {
            yield return "first of them: "
                + string.Join(", ", forecast.First.Select(move => Name(move.Subscriber, diff.Mask)));
        }

        foreach ((long count, string what) in Counts(forecast))
        {
            if (count != 0)
                yield return $"{count} {what}";
        }

        if ((forecast.PlansChanged | forecast.MappingsCut | forecast.BlocksCut) == 0)
            yield return "none of them is cut, and nobody changes plan";
    }

    private static IEnumerable<(long, string)> Counts(Forecast forecast) =>
    [
        (forecast.Unmatched, "subscribers are no longer in subscriber-match: their packets are dropped"),
        (forecast.WithoutAftr, "subscribers send to an AFTR address that goes"),
        (forecast.Readdressed, "subscribers lose their public address and get another"),
        (forecast.BlocksCut, "port blocks are taken back"),
        (forecast.MappingsCut, "mappings end"),
        (forecast.SessionsCut, "sessions end with them"),
        (forecast.MappingsDisplaced, "of the mappings end for a static mapping, or are one that goes"),
        (forecast.BlocksDraining, "port blocks stay on addresses that drain, until they are given back"),
        (forecast.SessionsDenied, "sessions are what a new rule of access-lists refuses; they stay until they end"),
    ];

    private static void Section(string title, IEnumerable<string> lines, TextWriter to)
    {
        bool isFirst = true;
        foreach (string line in lines)
        {
            if (isFirst)
                to.WriteLine("  " + title);
            isFirst = false;
            to.WriteLine("    " + line);
        }
    }
}
