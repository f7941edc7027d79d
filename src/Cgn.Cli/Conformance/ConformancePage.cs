using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text;

namespace Cgn.Cli.Conformance;

/// <summary>The table as a page of the project: what is promised, and which tests show it.</summary>
public static class ConformancePage
{
    /// <summary>Where the page stands in a checkout.</summary>
    public const string FileName = "tests/CONFORMANCE.md";

    private const int TestsShown = 3;

    /// <summary>Writes the page's text.</summary>
    /// <param name="rows">The table.</param>
    public static string Render(IReadOnlyList<ConformanceRow> rows)
    {
        StringBuilder text = new();
        text.Append("""
            # What the standards ask, and the tests that show it

            Made by `tools/cgn conformance --write`; a test fails when it is not fresh. Ids are the requirement
            catalogue's: the RFC, then the requirement's number or the section. Scope `v1` is the gateway's own promise,
            `v1-opt` stands behind a setting. `tools/cgn conformance` runs the tests and says the same with what it saw.


            """);
        Summary(text, rows);
        foreach (IGrouping<string, ConformanceRow> document in rows.GroupBy(static row => row.Requirement.Document))
            Document(text, document);
        return text.ToString();
    }

    /// <summary>The number of rows of a scope that are in a state.</summary>
    /// <param name="rows">Where to count.</param>
    /// <param name="scope">v1, v1-opt or later.</param>
    /// <param name="state">Which.</param>
    public static int Count(IEnumerable<ConformanceRow> rows, string scope, ConformanceState state) =>
        rows.Count(row => row.Requirement.Scope == scope && row.State == state);

    private static void Summary(StringBuilder text, IReadOnlyList<ConformanceRow> rows)
    {
        text.Append("| document | v1 | met | deviations | v1-opt | met | deviations |\n");
        text.Append("| --- | --- | --- | --- | --- | --- | --- |\n");
        foreach (IGrouping<string, ConformanceRow> document in rows.GroupBy(static row => row.Requirement.Document))
            text.Append(CultureInfo.InvariantCulture, $"| {document.Key}{Cells(document)} |\n");
        text.Append(CultureInfo.InvariantCulture, $"| all{Cells(rows)} |\n");
    }

    private static string Cells(IEnumerable<ConformanceRow> rows)
    {
        StringBuilder cells = new();
        foreach (string scope in (string[])["v1", "v1-opt"])
        {
            int all = rows.Count(row => row.Requirement.Scope == scope);
            cells.Append(CultureInfo.InvariantCulture, $" | {all} | {Count(rows, scope, ConformanceState.Met)}");
            cells.Append(CultureInfo.InvariantCulture, $" | {Count(rows, scope, ConformanceState.Deviation)}");
        }

        return cells.ToString();
    }

    private static void Document(StringBuilder text, IGrouping<string, ConformanceRow> rows)
    {
        text.Append(CultureInfo.InvariantCulture, $"\n## {rows.Key}\n\n");
        text.Append("| id | strength | scope | promise | met | tests |\n| --- | --- | --- | --- | --- | --- |\n");
        foreach (ConformanceRow row in rows)
        {
            Requirement of = row.Requirement;
            text.Append(CultureInfo.InvariantCulture,
                $"| {of.Id} | {of.Strength} | {of.Scope} | {of.Promise} | {Word(row.State)} | {Shown(row)} |\n");
        }
    }

    /// <summary>A state as the tables say it.</summary>
    public static string Word(ConformanceState state) => state switch
    {
        ConformanceState.Met => "yes",
        ConformanceState.Deviation => "deviation",
        ConformanceState.Failed => "failed",
        ConformanceState.Skipped => "skipped",
        _ => "no",
    };

    private static string Shown(ConformanceRow row)
    {
        string tests = string.Join(", ", row.Evidence.Take(TestsShown).Select(static e => $"`{e.ShortName}`"));
        if (row.Evidence.Count > TestsShown)
            tests += string.Create(CultureInfo.InvariantCulture, $" and {row.Evidence.Count - TestsShown} more");
        if (row.Deviation.Length == 0)
            return tests;
        return tests.Length == 0 ? row.Deviation : $"{row.Deviation}; {tests}";
    }

    /// <summary>Whether a checkout's page is what its sources say.</summary>
    /// <param name="root">The checkout's top level.</param>
    /// <exception cref="CommandException">The catalogue can't be read.</exception>
    public static bool IsFresh(string root)
    {
        string path = Path.Combine(root, FileName);
        return File.Exists(path) && File.ReadAllText(path) == Render(ConformanceTable.OfSources(root));
    }
}
