using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

using Cgn.Cli.Lab.Checks;

using Spectre.Console;

namespace Cgn.Cli.Lab.Testing;

/// <summary>The lab's results, as a table for people and as JSON for programs.</summary>
public static class LabReport
{
    private const int PlainWidth = 160;
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>Prints one row per driver, home and check, and a line that sums up.</summary>
    public static void WriteTable(IReadOnlyList<LabRow> rows)
    {
        Table table = new() { Border = TableBorder.Rounded };
        table.AddColumns("driver", "home", "check", "", "what was seen");
        foreach (LabRow row in rows)
        {
            string mark = row.Verdict.Outcome switch
            {
                LabOutcome.Passed => "[green]ok[/]",
                LabOutcome.Failed => "[red]FAILED[/]",
                _ => "[yellow]skipped[/]",
            };
            string detail = Markup.Escape(row.Verdict.Detail);
            bool failed = row.Verdict.Outcome == LabOutcome.Failed;
            table.AddRow(row.Driver, row.Subject, row.Check, mark, failed ? $"[red]{detail}[/]" : detail);
        }

        // Without a terminal there is no width to obey; a log should not be wrapped at 80.
        IAnsiConsole console = AnsiConsole.Console;
        if (Console.IsOutputRedirected)
            console.Profile.Width = PlainWidth;
        console.Write(table);
        console.MarkupLine(Summary(rows));
    }

    /// <summary>Prints one object: the counts of each outcome, and an array of the rows.</summary>
    public static void WriteJson(IReadOnlyList<LabRow> rows)
    {
        var report = new
        {
            passed = Count(rows, LabOutcome.Passed),
            failed = Count(rows, LabOutcome.Failed),
            skipped = Count(rows, LabOutcome.Skipped),
            checks = rows.Select(row => new
            {
                driver = row.Driver,
                home = row.Subject,
                check = row.Check,
                outcome = row.Verdict.Outcome switch
                {
                    LabOutcome.Passed => "passed",
                    LabOutcome.Failed => "failed",
                    _ => "skipped",
                },
                detail = row.Verdict.Detail,
                seconds = Math.Round(row.Seconds, 2),
            }),
        };
        Console.WriteLine(JsonSerializer.Serialize(report, s_json));
    }

    private static string Summary(IReadOnlyList<LabRow> rows)
    {
        int failed = Count(rows, LabOutcome.Failed);
        int skipped = Count(rows, LabOutcome.Skipped);
        string ending = skipped == 0 ? "" : $", {skipped} skipped";
        return failed == 0
            ? $"[green]{Count(rows, LabOutcome.Passed)} checks passed{ending}[/]"
            : $"[red]{failed} of {rows.Count} checks failed{ending}[/]";
    }

    private static int Count(IReadOnlyList<LabRow> rows, LabOutcome outcome) =>
        rows.Count(row => row.Verdict.Outcome == outcome);
}
