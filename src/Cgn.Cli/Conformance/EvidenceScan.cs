using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;

namespace Cgn.Cli.Conformance;

/// <summary>
/// Finds what shows each requirement by reading the sources, so that it needs no build: the attribute
/// <c>[Requirement]</c> before a test's method or class, and <c>[Shows]</c> before a check of the lab.
/// </summary>
public static partial class EvidenceScan
{
    private static readonly string[] s_noSources = ["bin", "obj"];

    /// <summary>Evidence by requirement id, each list in the order of names.</summary>
    /// <param name="root">The checkout's top level.</param>
    public static IReadOnlyDictionary<string, IReadOnlyList<Evidence>> Run(string root)
    {
        List<(string Id, Evidence Evidence)> found = [];
        foreach (string project in Directory.EnumerateDirectories(Path.Combine(root, "tests")))
        {
            foreach (string file in Sources(project))
                Scan(File.ReadAllLines(file), Path.GetFileName(project), found);
        }

        foreach (string file in Sources(Path.Combine(root, "src", "Cgn.Cli", "Lab", "Checks")))
            Scan(File.ReadAllLines(file), "", found);
        return found.Distinct().GroupBy(static pair => pair.Id).ToDictionary(
            static group => group.Key,
            static group => (IReadOnlyList<Evidence>)
                [.. group.Select(static pair => pair.Evidence).OrderBy(static e => e.Name, StringComparer.Ordinal)]);
    }

    private static IEnumerable<string> Sources(string folder) =>
        Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories)
            .Where(file => !Path.GetRelativePath(folder, file).Split('/').Any(s_noSources.Contains));

    private static void Scan(string[] lines, string project, List<(string, Evidence)> found)
    {
        string space = "", type = "";
        List<string> ofType = [], pending = [];
        foreach (string line in lines)
        {
            foreach (Match use in Use().Matches(line))
                pending.Add(use.Groups["id"].Value);
            if (Namespace().Match(line) is { Success: true } named)
            {
                space = named.Groups[1].Value;
            }
            else if (Type().Match(line) is { Success: true } declared)
            {
                type = declared.Groups[1].Value;
                ofType = [.. pending];
                if (project.Length == 0)
                    found.AddRange(pending.Select(id => (id, new Evidence($"{space}.{type}", project))));
                pending.Clear();
            }
            else if (Method().Match(line) is { Success: true } method)
            {
                Evidence evidence = new($"{space}.{type}.{method.Groups[1].Value}", project);
                if (pending.Count > 0 || ofType.Count > 0)
                    found.AddRange(pending.Concat(ofType).Select(id => (id, evidence)));
                pending.Clear();
            }
        }
    }

    [GeneratedRegex(@"\b(?:Requirement|Shows)\(""(?<id>[^""]+)""\)")]
    private static partial Regex Use();

    [GeneratedRegex(@"^namespace ([\w.]+);")]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^(?:public|internal) (?:(?:sealed|static|abstract|partial) )*class (\w+)")]
    private static partial Regex Type();

    [GeneratedRegex(@"^    public (?:async )?(?:void|Task) (\w+)\(")]
    private static partial Regex Method();
}
