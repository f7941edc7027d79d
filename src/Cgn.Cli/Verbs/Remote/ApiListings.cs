using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;

using Cgn.Control.State;
using Cgn.Control.State.Listings;

namespace Cgn.Cli.Verbs.Remote;

/// <summary>The listings of <c>cgn show</c>, column for column, made of what the API answers.</summary>
internal static class ApiListings
{
    private static readonly Dictionary<string, (string Path, bool TakesFilter, Column[] Columns)> s_of = new()
    {
        ["subscribers"] = ("subscribers", true,
        [
            Text("subscriber", "subscriber"), Text("kind", "kind"), Text("b4", "b4-ipv6-address.address"),
            Text("external_address", "external-ip-address"), Text("plan", "plan"),
            Text("overrides", "overrides"),
            Number("port_blocks", "port-set-count"), Number("mappings", "mapping-count"),
            Number("sessions", "session-count"), Number("bytes_up", "traffic-statistics.sent-bytes"),
            Number("bytes_down", "traffic-statistics.rcvd-bytes"),
            Number("packets_up", "traffic-statistics.sent-packets"),
            Number("packets_down", "traffic-statistics.rcvd-packets"), Real("idle_seconds", "idle-seconds"),
            Number("shard", "shard"),
        ]),
        ["port-blocks"] = ("port-blocks", true,
        [
            Text("external_address", "external-ip-address"), Number("port_start", "start-port-number"),
            Number("port_end", "end-port-number"), Text("pool", "pool"), Text("subscriber", "subscriber"),
            Text("kind", "kind"), Text("allocated", "allocated"), Number("used_udp", "ports-taken.udp"),
            Number("used_tcp", "ports-taken.tcp"), Number("used_icmp", "ports-taken.icmp"),
            Number("used_other", "ports-taken.other"), Number("shard", "shard"),
        ]),
        ["mappings"] = ("mappings", true,
        [
            Protocol(), Text("internal_address", "internal-src-address"),
            Number("internal_port", "internal-src-port.start-port-number"),
            Text("external_address", "external-src-address"),
            Number("external_port", "external-src-port.start-port-number"), new("state", MappingState),
            Number("sessions", "session-count"), Text("subscriber", "subscriber"), Number("shard", "shard"),
        ]),
        ["sessions"] = ("sessions", true,
        [
            Protocol(), Text("internal_address", "internal-src-address"), Number("internal_port", "internal-src-port"),
            Text("external_address", "external-src-address"), Number("external_port", "external-src-port"),
            Text("remote_address", "external-dst-address"), Number("remote_port", "external-dst-port"),
            Text("state", "state"), Real("idle_seconds", "idle-seconds"), Text("subscriber", "subscriber"),
            Number("shard", "shard"),
        ]),
        ["pools"] = ("pools", false,
        [
            Text("pool", "pool-id"),
            new("addresses", static e => Long(e, "addresses-allocated") + Long(e, "addresses-free")),
            new("port_range", static e =>
                $"{Long(e, "port-range.start-port-number")}-{Long(e, "port-range.end-port-number")}"),
            Number("port_set_size", "port-set-size"), Number("port_blocks", "port-set-count"),
            Number("used", "port-sets-allocated"), Real("utilisation", "utilisation"),
        ]),
        ["workers"] = ("workers", false,
        [
            Number("shard", "shard"), Number("cpu", "cpu"), Number("received", "received"),
            Number("transmitted", "transmitted"), Number("dropped", "dropped"), Real("busy_ratio", "busy-ratio"),
            Real("batch_size", "batch-size"), Number("handoffs_sent", "handoffs-sent"),
            Number("handoffs_received", "handoffs-received"), Number("events_waiting", "events-waiting"),
            Number("events_lost", "events-lost"), Number("subscribers", "subscribers"),
            Real("alive_seconds", "alive-seconds"),
        ]),
        ["drops"] = ("drops", false, [Text("reason", "reason"), Number("packets", "packets")]),
    };

    /// <summary>A listing.</summary>
    /// <param name="api">Whom to ask.</param>
    /// <param name="what">Its name.</param>
    /// <param name="subscriber">Only of these; null for all.</param>
    /// <param name="external">Only with this; null for all.</param>
    /// <param name="limit">Rows that are wanted at most.</param>
    public static Listing Of(ApiClient api, string what, string? subscriber, string? external, int limit)
    {
        (string path, bool takesFilter, Column[] columns) = s_of[what];
        if (takesFilter)
        {
            string[] query =
            [
                .. subscriber is null ? [] : new[] { $"subscriber={Uri.EscapeDataString(subscriber)}" },
                .. external is null ? [] : new[] { $"external={Uri.EscapeDataString(external)}" },
            ];
            if (query.Length != 0)
                path += "?" + string.Join('&', query);
        }

        IEnumerable<JsonElement> items = takesFilter
            ? api.Items(path, (int)Math.Min(1000, limit + 1L))
            : api.Get(path).GetProperty("items").EnumerateArray();
        return new Listing(
            [.. columns.Select(static column => column.Name)],
            items.Select(item => Array.ConvertAll(columns, column => column.Read(item))));
    }

    private static Column Text(string name, string path) => new(name, item => At(item, path)?.GetString());

    private static Column Number(string name, string path) =>
        new(name, item => At(item, path) is null ? null : Long(item, path));

    private static Column Real(string name, string path) => new(name, item => At(item, path)?.GetDouble());

    private static Column Protocol() => new("protocol", static item =>
        RecordText.Protocol((byte)Long(item, "transport-protocol")));

    private static string MappingState(JsonElement item) =>
        At(item, "state")?.GetString() == "held" ? "held" : At(item, "type")?.GetString() switch
        {
            "static" => "static",
            "dynamic-explicit" => "explicit",
            _ => "dynamic",
        };

    // 64-bit numbers are texts of digits in answers (RFC 7951).
    private static long Long(JsonElement item, string path) => At(item, path) switch
    {
        { ValueKind: JsonValueKind.String } text => long.Parse(text.GetString()!, CultureInfo.InvariantCulture),
        { } number => number.GetInt64(),
        null => 0,
    };

    private static JsonElement? At(JsonElement item, string path)
    {
        foreach (string name in path.Split('.'))
        {
            if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(name, out item))
                return null;
        }

        return item;
    }

    /// <summary>A column of a listing and where its value is.</summary>
    private sealed record Column(string Name, Func<JsonElement, object?> Read);
}
