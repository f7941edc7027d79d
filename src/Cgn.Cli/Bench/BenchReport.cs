using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

namespace Cgn.Cli.Bench;

/// <summary>Prints results.</summary>
internal static class BenchReport
{
    // Columns at the left that hold words.
    private const int Words = 4;

    private static readonly string[] s_heads =
    [
        "scenario", "direction", "frame", "arrives", "workers", "sessions", "subscribers", "Mpps", "ns", "bench ns",
        "Mpps gross", "set-ups/s", "allocated", "collections", "bytes/session", "drops",
    ];

    private static readonly JsonSerializerOptions s_json = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
    };

    /// <summary>As a JSON array of objects.</summary>
    public static string Json(IReadOnlyList<BenchResult> results) => JsonSerializer.Serialize(results, s_json);

    /// <summary>As a table that Markdown takes too, with the machine below.</summary>
    public static void WriteTable(IReadOnlyList<BenchResult> results, TextWriter output)
    {
        List<string[]> rows = [s_heads];
        rows.AddRange(results.Select(Row));
        int[] widths = [.. s_heads.Select((_, column) => rows.Max(row => row[column].Length))];
        output.WriteLine(Line(rows[0], widths));
        output.WriteLine("|" + string.Concat(
            widths.Select((width, i) => new string('-', width + 1) + (i < Words ? "-|" : ":|"))));
        foreach (string[] row in rows.Skip(1))
            output.WriteLine(Line(row, widths));
        if (results.Count != 0)
            output.WriteLine("\n" + results[0].Machine);
    }

    private static string Line(string[] row, int[] widths) => "|" + string.Concat(row.Select(
        (text, i) => " " + (i < Words ? text.PadRight(widths[i]) : text.PadLeft(widths[i])) + " |"));

    private static string[] Row(BenchResult r) =>
    [
        r.Scenario, r.Direction, r.Frame, r.Misdirected ? "wrong" : "right", Text($"{r.Workers}"),
        Text($"{r.Sessions:n0}"), Text($"{r.Subscribers:n0}"), Text($"{r.Mpps:f2}"), Text($"{r.NsPerPacket:f1}"),
        Text($"{r.GeneratorNsPerPacket:f1}"), Text($"{r.MppsGross:f2}"), Text($"{r.SetupPerSecond:n0}"),
        Text($"{r.AllocatedBytes}"), Text($"{r.Collections}"), Text($"{r.BytesPerSession:n0}"), Text($"{r.Drops}"),
    ];

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
