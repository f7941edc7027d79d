using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Cli.Conformance;

using Xunit;

namespace Cgn.Cli.Tests.Conformance;

public sealed class ConformanceTests
{
    private static string Root { get; } = FindRoot();

    [Fact]
    public void The_page_is_what_the_sources_say()
    {
        string page = File.ReadAllText(Path.Combine(Root, ConformancePage.FileName));
        Assert.True(
            page == ConformancePage.Render(ConformanceTable.OfSources(Root)),
            $"{ConformancePage.FileName} is not fresh; tools/cgn conformance --write makes it anew.");
    }

    [Fact]
    public void Every_requirement_of_the_first_release_has_a_test_or_a_recorded_deviation()
    {
        string[] open = [.. ConformanceTable.OfSources(Root)
            .Where(static row => row.Requirement.Scope is "v1" or "v1-opt")
            .Where(static row => row.State == ConformanceState.Untested)
            .Select(static row => row.Requirement.Id)];
        Assert.True(open.Length == 0, $"No test names {string.Join(", ", open)}.");
    }

    [Fact]
    public void A_failed_test_fails_its_requirement_whatever_else_passed()
    {
        IReadOnlyList<ConformanceRow> rows = ConformanceTable.Of(
            Root,
            static evidence => evidence.Name.EndsWith(".Two_B4s_with_the_same_inner_endpoint_keep_apart",
                StringComparison.Ordinal)
                ? TestOutcome.Failed : TestOutcome.Passed);
        Assert.Equal(ConformanceState.Failed, rows.Single(static row => row.Requirement.Id == "RFC6333-S6.6-1").State);
        Assert.Equal(ConformanceState.Met, rows.Single(static row => row.Requirement.Id == "RFC6333-S6.1-1").State);
    }

    [Fact]
    public void A_requirement_whose_tests_did_not_run_is_not_met()
    {
        IReadOnlyList<ConformanceRow> rows = ConformanceTable.Of(Root, static _ => TestOutcome.Skipped);
        Assert.DoesNotContain(rows, static row => row.State == ConformanceState.Met);
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Cgn.sln")))
                return at.FullName;
        }

        throw new InvalidOperationException("The tests do not lie in a checkout.");
    }
}
