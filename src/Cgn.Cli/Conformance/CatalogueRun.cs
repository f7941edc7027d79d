using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Xml.Linq;

using Cgn.Cli.Lab;

namespace Cgn.Cli.Conformance;

/// <summary>Runs the tests that carry requirement ids, project by project, and reads what became of them.</summary>
public sealed class CatalogueRun
{
    private static readonly TimeSpan s_buildLimit = TimeSpan.FromMinutes(20);
    private static readonly TimeSpan s_testLimit = TimeSpan.FromMinutes(15);
    private static readonly XNamespace s_trx = "http://microsoft.com/schemas/VisualStudio/TeamTest/2010";

    private readonly string _root;
    private readonly Dictionary<string, TestOutcome> _outcomes = [];

    /// <summary>Makes a run of a checkout.</summary>
    /// <param name="root">Its top level.</param>
    public CatalogueRun(string root) => _root = root;

    /// <summary>Builds a test project and runs its tests that name a requirement.</summary>
    /// <param name="project">The project's name.</param>
    /// <exception cref="CommandException">It doesn't build, or its tests gave no result.</exception>
    public void Run(string project)
    {
        string folder = Path.Combine(_root, "tests", project);
        CommandResult build = Dotnet(s_buildLimit, "build", folder, "-c", "Release", "--nologo", "-v", "q", "--tl:off");
        if (!build.Succeeded)
            throw new CommandException($"{project} doesn't build: {build.Failure}");
        string results = Path.Combine(_root, "artifacts", "conformance");
        string trx = Path.Combine(results, project + ".trx");
        Directory.CreateDirectory(results);
        File.Delete(trx);
        string dll = Path.Combine(folder, "bin", "Release", "net10.0", project + ".dll");
        CommandResult run = Dotnet(
            s_testLimit, "test", dll, "--logger", $"trx;LogFileName={trx}", "--results-directory", results,
            "--filter", "Requirement~-");
        if (!File.Exists(trx))
            throw new CommandException($"{project} gave no results: {run.Failure}");
        Read(XDocument.Load(trx));
    }

    /// <summary>What became of a piece of evidence; lab checks are <c>cgn lab test</c>'s to run.</summary>
    public TestOutcome OutcomeOf(Evidence evidence)
    {
        ArgumentNullException.ThrowIfNull(evidence);
        return _outcomes.GetValueOrDefault(evidence.Name, TestOutcome.Skipped);
    }

    private void Read(XDocument trx)
    {
        Dictionary<string, string> names = trx.Descendants(s_trx + "UnitTest").ToDictionary(
            static test => (string)test.Attribute("id")!,
            static test =>
            {
                XElement method = test.Element(s_trx + "TestMethod")!;
                return $"{(string)method.Attribute("className")!}.{Plain((string)method.Attribute("name")!)}";
            });
        foreach (XElement result in trx.Descendants(s_trx + "UnitTestResult"))
        {
            string name = names[(string)result.Attribute("testId")!];
            TestOutcome outcome = (string?)result.Attribute("outcome") switch
            {
                "Passed" => TestOutcome.Passed,
                "Failed" => TestOutcome.Failed,
                _ => TestOutcome.Skipped,
            };
            // One failed case fails the method; one that could not run here doesn't hide those that passed.
            TestOutcome before = _outcomes.GetValueOrDefault(name, TestOutcome.Skipped);
            _outcomes[name] = before > outcome ? before : outcome;
        }
    }

    private static CommandResult Dotnet(TimeSpan limit, params string[] words)
    {
        try
        {
            return CommandRunner.RunAsync("dotnet", words, limit).GetAwaiter().GetResult();
        }
        catch (LabException missing)
        {
            throw new CommandException(missing.Message, missing);
        }
    }

    private static string Plain(string method) => method.Split('(')[0].Split('.').Last();
}
