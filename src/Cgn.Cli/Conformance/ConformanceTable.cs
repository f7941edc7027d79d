using System;
using System.Collections.Generic;
using System.Linq;

namespace Cgn.Cli.Conformance;

/// <summary>The catalogue beside the tests.</summary>
public static class ConformanceTable
{
    /// <summary>The table as the sources tell it: a requirement that tests name counts as met.</summary>
    /// <param name="root">The checkout's top level.</param>
    /// <exception cref="CommandException">The catalogue can't be read.</exception>
    public static IReadOnlyList<ConformanceRow> OfSources(string root) => Of(root, static _ => TestOutcome.Passed);

    /// <summary>The table with what a run of the tests showed.</summary>
    /// <param name="root">The checkout's top level.</param>
    /// <param name="outcomeOf">What became of each piece of evidence.</param>
    /// <exception cref="CommandException">The catalogue can't be read.</exception>
    public static IReadOnlyList<ConformanceRow> Of(string root, Func<Evidence, TestOutcome> outcomeOf)
    {
        Catalogue catalogue = Catalogue.Load(root);
        IReadOnlyDictionary<string, IReadOnlyList<Evidence>> evidence = EvidenceScan.Run(root);
        return [.. catalogue.Rows.Select(row =>
        {
            // A failed one first, so that tables that name only one name what failed.
            IReadOnlyList<Evidence> shown =
            [
                .. evidence.GetValueOrDefault(row.Id, []).OrderBy(one => outcomeOf(one) != TestOutcome.Failed),
            ];
            string deviation = catalogue.Deviations.GetValueOrDefault(row.Id, "");
            return new ConformanceRow(row, shown, StateOf([.. shown.Select(outcomeOf)], deviation), deviation);
        })];
    }

    private static ConformanceState StateOf(TestOutcome[] outcomes, string deviation)
    {
        if (outcomes.Contains(TestOutcome.Failed))
            return ConformanceState.Failed;
        if (deviation.Length > 0)
            return ConformanceState.Deviation;
        if (outcomes.Length == 0)
            return ConformanceState.Untested;
        return outcomes.Contains(TestOutcome.Passed) ? ConformanceState.Met : ConformanceState.Skipped;
    }
}
