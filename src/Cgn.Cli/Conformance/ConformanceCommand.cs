using System;
using System.Collections.Generic;
using System.CommandLine;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Json;

using Spectre.Console;

namespace Cgn.Cli.Conformance;

/// <summary><c>cgn conformance</c>: runs the tests of the requirement catalogue and prints the table.</summary>
public static class ConformanceCommand
{
    private static readonly JsonSerializerOptions s_json = new() { WriteIndented = true };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Option<string?> document = new("--document")
        {
            Description = "Only this part of the catalogue, such as nat-udp",
            HelpName = "NAME",
        };
        Option<bool> write = new("--write")
        {
            Description = $"Write the page {ConformancePage.FileName}; runs no test",
        };
        Option<bool> json = new("--json") { Description = "Print one JSON array" };
        Command command = new(
            "conformance",
            "Runs the tests of the requirement catalogue and prints what is required, whether it is met, and by\n"
            + "which test. "
            + "It needs a checkout with its tests, and the .NET SDK.\nExit code 1: a v1 requirement is not met.\n"
            + "Example: tools/cgn conformance --document nat-udp")
        {
            document, write, json,
        };
        command.SetAction(arguments => CommandGuard.Run(
            arguments.InvocationConfiguration.Error,
            () => Run(
                arguments.GetValue(document), arguments.GetValue(write), arguments.GetValue(json),
                arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error)));
        return command;
    }

    private static int Run(
        string? document, bool write, bool json, TextWriter output, TextWriter error)
    {
        string root = Checkout();
        IReadOnlyList<ConformanceRow> rows = Of(document, ConformanceTable.OfSources(root));
        if (write)
        {
            File.WriteAllText(
                Path.Combine(root, ConformancePage.FileName),
                ConformancePage.Render(ConformanceTable.OfSources(root)));
            output.WriteLine($"{ConformancePage.FileName}: {rows.Count} requirements");
            return ExitCodes.Done;
        }

        CatalogueRun run = new(root);
        string[] projects = [.. rows.SelectMany(static row => row.Evidence).Where(static e => !e.IsLab)
            .Select(static e => e.Project).Distinct().Order(StringComparer.Ordinal)];
        foreach (string project in projects)
        {
            error.WriteLine($"running {project}");
            run.Run(project);
        }

        rows = Of(document, ConformanceTable.Of(root, run.OutcomeOf));
        if (json)
            output.WriteLine(JsonSerializer.Serialize(rows.Select(Json), s_json));
        else
            Print(rows, output);
        return rows.Any(static row => row.Requirement.Scope == "v1" && IsOpen(row))
            ? ExitCodes.CheckFailed : ExitCodes.Done;
    }

    private static bool IsOpen(ConformanceRow row) =>
        row.State is ConformanceState.Failed or ConformanceState.Untested
        || (row.State == ConformanceState.Skipped && row.Evidence.Any(static e => !e.IsLab));

    private static IReadOnlyList<ConformanceRow> Of(string? document, IReadOnlyList<ConformanceRow> rows)
    {
        if (document is null)
            return rows;
        ConformanceRow[] chosen = [.. rows.Where(row => row.Requirement.Document == document)];
        string known = string.Join(", ", rows.Select(static row => row.Requirement.Document).Distinct());
        return chosen.Length > 0 ? chosen
            : throw new CommandException(
                $"--document {document}: there is no such part; one of {known} would be right");
    }

    private static object Json(ConformanceRow row) => new
    {
        document = row.Requirement.Document,
        id = row.Requirement.Id,
        strength = row.Requirement.Strength,
        scope = row.Requirement.Scope,
        promise = row.Requirement.Promise,
        met = ConformancePage.Word(row.State),
        deviation = row.Deviation,
        tests = row.Evidence.Select(static e => e.Name),
    };

    private static void Print(IReadOnlyList<ConformanceRow> rows, TextWriter output)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        if (Console.IsOutputRedirected)
            console.Profile.Width = 200;
        foreach (IGrouping<string, ConformanceRow> document in rows.GroupBy(static row => row.Requirement.Document))
        {
            Table table = new Table().Title(document.Key)
                .AddColumns("id", "strength", "scope", "required", "met", "test");
            foreach (ConformanceRow row in document)
            {
                Requirement of = row.Requirement;
                string test = row.Evidence.Count == 0 ? row.Deviation : row.Evidence[0].ShortName;
                string met = ConformancePage.Word(row.State);
                string[] cells = [of.Id, of.Strength, of.Scope, of.Promise, met, test];
                table.AddRow([.. cells.Select(Markup.Escape)]);
            }

            console.Write(table);
        }

        foreach (string scope in (string[])["v1", "v1-opt", "later"])
            output.WriteLine(Sum(scope, rows));
    }

    private static string Sum(string scope, IReadOnlyList<ConformanceRow> rows) => string.Create(
        CultureInfo.InvariantCulture,
        $"{scope}: {rows.Count(row => row.Requirement.Scope == scope)} requirements, ")
        + string.Join(", ", Enum.GetValues<ConformanceState>().Select(state => string.Create(
            CultureInfo.InvariantCulture,
            $"{ConformancePage.Count(rows, scope, state)} {state.ToString().ToLowerInvariant()}")));

    private static string Checkout()
    {
        foreach (string start in (string[])[Environment.CurrentDirectory, AppContext.BaseDirectory])
        {
            for (DirectoryInfo? at = new(start); at is not null; at = at.Parent)
            {
                if (File.Exists(Path.Combine(at.FullName, "Cgn.sln")))
                    return at.FullName;
            }
        }

        throw new CommandException("there is no Cgn.sln here or above; a checkout of the sources would be right");
    }
}
