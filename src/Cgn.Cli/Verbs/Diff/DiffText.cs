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
            string change = CountText.Of(diff.StaticEntries, "static subscriber changes", "static subscribers change");
            to.WriteLine($"  {change}; without a gateway it is not known who else");
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
        "added" => $"{pool.Name} is added, {CountText.Of(pool.After, "address", "addresses")}",
        "removed" => $"{pool.Name} is removed, {CountText.Of(pool.Before, "address", "addresses")}",
        "replaced" => $"{pool.Name} is replaced: {CountText.Of(pool.Before, "address goes", "addresses go")}, "
            + CountText.Of(pool.After, "other comes", "others come"),
        "drained" => $"{pool.Name}: {CountText.Of(pool.Draining, "address begins", "addresses begin")} to drain",
        _ => $"{pool.Name} is {pool.What} from {pool.Before} to {CountText.Of(pool.After, "address", "addresses")}, "
            + CountText.Of(pool.Gone, "of them goes", "of them go"),
    };

    private static IEnumerable<string> Records(ConfigDiff diff, Forecast forecast)
    {
        yield return $"there {(forecast.Subscribers == 1 ? "is" : "are")} "
            + $"{CountText.Of(forecast.Subscribers, "subscriber")}, {CountText.Of(forecast.Blocks, "port block")}, "
            + $"{CountText.Of(forecast.Mappings, "mapping")} and {CountText.Of(forecast.Sessions, "session")}";
        if (diff.Restart is { KeepsState: false })
        {
            yield return "all of them are lost";
            yield break;
        }

        foreach ((PlanChoice from, PlanChoice to, long count) in forecast.Moves)
            yield return $"{CountText.Of(count, "subscriber")}: plan {Before(from)} -> {After(to, count)}";
        if (forecast.First.Count != 0)
        {
            yield return "first of them: "
                + string.Join(", ", forecast.First.Select(move => Name(move.Subscriber, diff.Mask)));
        }

        foreach ((long count, string one, string many) in Counts(forecast))
        {
            if (count != 0)
                yield return CountText.Of(count, one, many);
        }

        if ((forecast.PlansChanged | forecast.MappingsCut | forecast.BlocksCut) == 0)
            yield return "none of them is cut, and nobody changes plan";
    }

    private static string Before(PlanChoice plan) => plan.Name ?? (plan.IsAsked ? "not yet known" : "none");

    private static string After(PlanChoice plan, long count) => (plan, count) switch
    {
        ({ Name: { } name }, _) => name,
        ({ IsAsked: true }, 1) => "as RADIUS says when it is asked about it; until then it waits",
        ({ IsAsked: true }, _) => "as RADIUS says when it is asked about them; until then they wait",
        (_, 1) => "none, so it is refused",
        _ => "none, so they are refused",
    };

    private static IEnumerable<(long Count, string One, string Many)> Counts(Forecast forecast) =>
    [
        (forecast.Unmatched, "subscriber is no longer in subscriber-match: its packets are dropped",
            "subscribers are no longer in subscriber-match: their packets are dropped"),
        (forecast.WithoutAftr, "subscriber sends to an AFTR address that goes",
            "subscribers send to an AFTR address that goes"),
        (forecast.Readdressed, "subscriber loses its public address and gets another",
            "subscribers lose their public address and get another"),
        (forecast.BlocksCut, "port block is taken back", "port blocks are taken back"),
        (forecast.MappingsCut, "mapping ends", "mappings end"),
        (forecast.SessionsCut, "session ends with a mapping", "sessions end with their mappings"),
        (forecast.MappingsDisplaced, "of the mappings ends for a static mapping, or is one that goes",
            "of the mappings end for a static mapping, or are one that goes"),
        (forecast.BlocksDraining, "port block stays on an address that drains, until it is given back",
            "port blocks stay on addresses that drain, until they are given back"),
        (forecast.SessionsDenied, "session is what a new rule of access-lists refuses; it stays until it ends",
            "sessions are what a new rule of access-lists refuses; they stay until they end"),
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
