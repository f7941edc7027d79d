using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Cgn.Cli.Bench;

/// <summary>Prints results.</summary>
internal static class BenchReport
{
    // Columns at the left that hold words.
    private const int Words = 4;

    private static readonly (string Head, Func<BenchResult, string> Text)[] s_columns =
    [
        ("scenario", r => r.Scenario),
        ("direction", r => r.Direction),
        ("frame", r => r.Frame),
        ("arrives", r => r.Misdirected ? "wrong" : "right"),
        ("workers", r => Text($"{r.Workers}")),
        ("sessions", r => Text($"{r.Sessions:n0}")),
        ("subscribers", r => Text($"{r.Subscribers:n0}")),
        ("Mpps", r => Text($"{r.Mpps:f2}")),
        ("ns", r => Text($"{r.NsPerPacket:f1}")),
        ("bench ns", r => Text($"{r.GeneratorNsPerPacket:f1}")),
        ("Mpps gross", r => Text($"{r.MppsGross:f2}")),
        ("set-ups/s", r => Text($"{r.SetupPerSecond:n0}")),
        ("allocated", r => Text($"{r.AllocatedBytes}")),
        ("collections", r => Text($"{r.Collections}")),
        ("bytes/session", r => Text($"{r.BytesPerSession:n0}")),
        ("drops", r => Text($"{r.Drops}")),
    ];

    // Only where a line has something to say in them.
    private static readonly (string Head, Func<BenchResult, string?> Text)[] s_asked =
    [
        ("load %", r => Perhaps(r.LoadPercent, "f0")),
        ("load Mpps", r => Perhaps(r.LoadCarriedMpps, "f2")),
        ("p50 ns", r => Perhaps(r.LatencyP50Ns, "n0")),
        ("p99 ns", r => Perhaps(r.LatencyP99Ns, "n0")),
        ("p99.9 ns", r => Perhaps(r.LatencyP999Ns, "n0")),
        ("p99.99 ns", r => Perhaps(r.LatencyP9999Ns, "n0")),
        ("max ns", r => Perhaps(r.LatencyMaxNs, "n0")),
        ("scrapes", r => Perhaps(r.Scrapes, "n0")),
        ("start s", r => r.AttachSeconds is null ? null : Text($"{r.StartSeconds:f2}")),
        ("attach s", r => Perhaps(r.AttachSeconds, "f2")),
    ];

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        WriteIndented = true,
    };

    /// <summary>As a JSON array of objects.</summary>
    public static string Json(IReadOnlyList<BenchResult> results) => JsonSerializer.Serialize(results, s_json);

    /// <summary>As a table that Markdown takes too, with the machine below.</summary>
    public static void WriteTable(IReadOnlyList<BenchResult> results, TextWriter output)
    {
        (string Head, Func<BenchResult, string?> Text)[] columns =
            [.. s_columns, .. s_asked.Where(column => results.Any(result => column.Text(result) is not null))];
        List<string[]> rows = [[.. columns.Select(column => column.Head)]];
        rows.AddRange(results.Select(result => columns.Select(column => column.Text(result) ?? "").ToArray()));
        int[] widths = [.. columns.Select((_, column) => rows.Max(row => row[column].Length))];
        output.WriteLine(Line(rows[0], widths));
        output.WriteLine("|" + string.Concat(
            widths.Select((width, i) => new string('-', width + 1) + (i < Words ? "-|" : ":|"))));
        foreach (string[] row in rows.Skip(1))
            output.WriteLine(Line(row, widths));
        if (results.Count == 0)
            return;
        output.WriteLine();
        string scan = BenchNames.Of(BenchScenario.PortScan);
        foreach (BenchResult result in results.Where(result => result.Drops != 0 && result.Scenario != scan))
        {
            output.WriteLine(
                Text($"dropped, {result.Scenario}, {result.Sessions:n0} sessions, {result.Workers} workers: ")
                + result.DropReasons);
        }

        output.WriteLine(results[0].Machine);
    }

    private static string Line(string[] row, int[] widths) => "|" + string.Concat(row.Select(
        (text, i) => " " + (i < Words ? text.PadRight(widths[i]) : text.PadLeft(widths[i])) + " |"));

    private static string? Perhaps(IFormattable? value, string format) =>
        value?.ToString(format, CultureInfo.InvariantCulture);

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
