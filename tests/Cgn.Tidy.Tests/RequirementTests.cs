using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

using Xunit;

namespace Cgn.Tidy.Tests;

/// <summary>
/// Requirement ids in tests are those of the standards catalogue, which lies beside the checkout where there is one.
/// </summary>
public sealed partial class RequirementTests
{
    [SkippableFact]
    public void Every_requirement_that_a_test_names_stands_in_the_catalogue()
    {
        string catalogue = Path.Combine("shared", "standards");
        string? folder = Repository.FindUpwards(catalogue);
        Skip.If(folder is null, "no folder shared/standards beside the checkout or above it");

        HashSet<string> known = [.. Directory.EnumerateFiles(Path.Combine(folder, catalogue), "*.md")
            .SelectMany(file => Row().Matches(File.ReadAllText(file)))
            .Select(row => row.Groups["id"].Value)];
        Assert.NotEmpty(known);
        IEnumerable<string> unknown = from file in Repository.Sources("tests")
                                      from Match use in Use().Matches(Repository.Read(file))
                                      where !known.Contains(use.Groups["id"].Value)
                                      select $"{file}: {use.Groups["id"].Value}";
        Findings.None(unknown.Distinct(), "A requirement that a test names stands in the catalogue");
    }

    [GeneratedRegex(@"^\| *(?<id>[A-Za-z0-9][^ |]*) *\|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"\[.*?\bRequirement\(""(?<id>[^""]+)""\)")]
    private static partial Regex Use();
}
