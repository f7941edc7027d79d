using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Threading;

using Cgn.Control.State.Listings;

namespace Cgn.Cli.Verbs.Top;

/// <summary>What one screen shows: what happened between two looks, and how things stand at the second.</summary>
internal sealed class TopView
{
    private const int Digits = 1;

    private TopView(double seconds, IReadOnlyList<(string Name, Listing Table)> tables)
    {
        Seconds = seconds;
        Tables = tables;
    }

    /// <summary>Time between the two looks.</summary>
    public double Seconds { get; }

    /// <summary>The parts of the screen, in order; names are the keys of JSON.</summary>
    public IReadOnlyList<(string Name, Listing Table)> Tables { get; }

    /// <summary>Looks twice.</summary>
    /// <param name="source">Where from.</param>
    /// <param name="seconds">Time between.</param>
    /// <param name="count">Subscribers to show.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    public static TopView Of(TopSource source, int seconds, int count, CancellationToken cancellation)
    {
        long start = Stopwatch.GetTimestamp();
        JsonElement before = source.Get("instances/1/statistics");
        JsonElement workersBefore = source.Get("workers");
        JsonElement busiest = source.Busiest(count, seconds, cancellation);
        JsonElement after = source.Get("instances/1/statistics");
        double time = Stopwatch.GetElapsedTime(start).TotalSeconds;
        return new TopView(time,
        [
            ("traffic", Traffic(before, after, time)),
            ("state", State(after.GetProperty("mappings-statistics"))),
            ("pools", Pools(source.Get("pools"))),
            ("workers", Workers(workersBefore, source.Get("workers"), time)),
            ("subscribers", Subscribers(busiest)),
            ("drops", Drops(before, after, time)),
        ]);
    }

    private static Listing Traffic(JsonElement before, JsonElement after, double time) => new(
        ["direction", "access", "packets_per_second", "bits_per_second"],
        from way in (string[])["outbound", "inbound"]
        from access in (string[])["ds-lite", "nat444"]
        let name = way == "outbound" ? "sent" : "rcvd"
        select new object?[]
        {
            way, access, Rate(before, after, $"{name}-packets", access, time),
            Math.Round(8 * Rate(before, after, $"{name}-bytes", access, time)),
        });

    private static Listing State(JsonElement s) => new(
        ["subscribers", "softwires", "mappings", "mappings_held", "sessions"],
        [
            [
                Number(s, "total-active-subscribers"), Number(s, "active-softwires"), Number(s, "total-port-mappings"),
                Number(s, "held-port-mappings"),
                s.GetProperty("sessions-per-protocol").EnumerateObject().Sum(static p => p.Value.GetInt64()),
            ],
        ]);

    private static Listing Pools(JsonElement pools) => new(
        ["pool", "addresses", "addresses_used", "port_blocks", "used", "utilisation"],
        pools.GetProperty("items").EnumerateArray().Select(static p => new object?[]
        {
            p.GetProperty("pool-id").GetString(), Number(p, "addresses-allocated") + Number(p, "addresses-free"),
            Number(p, "addresses-allocated"), Number(p, "port-set-count"), Number(p, "port-sets-allocated"),
            p.GetProperty("utilisation").GetDouble(),
        }));

    private static Listing Workers(JsonElement before, JsonElement after, double time) => new(
        ["shard", "cpu", "received_per_second", "dropped_per_second", "busy_ratio", "events_waiting", "events_capacity",
            "events_lost"],
        after.GetProperty("items").EnumerateArray().Zip(
            before.GetProperty("items").EnumerateArray(),
            (now, was) => new object?[]
            {
                Number(now, "shard"), now.TryGetProperty("cpu", out JsonElement cpu) ? cpu.GetInt32() : null,
                PerSecond(Number(was, "received"), Number(now, "received"), time),
                PerSecond(Number(was, "dropped"), Number(now, "dropped"), time),
                now.GetProperty("busy-ratio").GetDouble(), Number(now, "events-waiting"),
                Number(now, "events-capacity"), Number(now, "events-lost"),
            }));

    private static Listing Subscribers(JsonElement busiest) => new(
        ["subscriber", "plan", "bits_up_per_second", "bits_down_per_second", "sessions"],
        busiest.GetProperty("items").EnumerateArray().Select(static s => new object?[]
        {
            s.GetProperty("subscriber").GetString(),
            s.TryGetProperty("plan", out JsonElement plan) ? plan.GetString() : null,
            s.GetProperty("bits-up").GetDouble(), s.GetProperty("bits-down").GetDouble(), Number(s, "session-count"),
        }));

    private static Listing Drops(JsonElement before, JsonElement after, double time)
    {
        Dictionary<string, long> was = before.GetProperty("drops").EnumerateArray().ToDictionary(
            static drop => drop.GetProperty("reason").GetString()!, static drop => Number(drop, "packets"));
        return new Listing(
            ["reason", "packets_per_second", "packets"],
            from drop in after.GetProperty("drops").EnumerateArray()
            let reason = drop.GetProperty("reason").GetString()!
            let packets = Number(drop, "packets")
            let rate = PerSecond(was.GetValueOrDefault(reason), packets, time)
            orderby rate descending, packets descending
            select new object?[] { reason, rate, packets });
    }

    private static double Rate(JsonElement before, JsonElement after, string name, string access, double time) =>
        PerSecond(
            Number(before.GetProperty(access), name), Number(after.GetProperty(access), name), time);

    // A forwarder that was started again counts anew.
    private static double PerSecond(long before, long after, double time) =>
        Math.Round((after < before ? after : after - before) / time, Digits);

    private static long Number(JsonElement item, string name) => item.GetProperty(name) switch
    {
        { ValueKind: JsonValueKind.String } text => long.Parse(text.GetString()!, CultureInfo.InvariantCulture),
        var number => number.GetInt64(),
    };
}
