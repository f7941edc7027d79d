using System;
using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

using Cgn.Cli.Bench;
using Cgn.Cli.Conformance;
using Cgn.Cli.Lab;
using Cgn.Cli.Lab.B4;
using Cgn.Cli.Replay;
using Cgn.Cli.Sample;
using Cgn.Cli.Translate;
using Cgn.Cli.Verbs;
using Cgn.Cli.Verbs.Top;

namespace Cgn.Cli;

/// <summary>The command cgn: one file a verb.</summary>
public static class Program
{
    /// <summary>Entry point; returns a process exit code.</summary>
    /// <param name="arguments">The command line.</param>
    public static int Main(string[] arguments)
    {
        ParseResult parsed = CreateRoot().Parse(arguments);
        if (parsed.Action is not ParseErrorAction)
            return parsed.Invoke(new InvocationConfiguration());
        foreach (ParseError error in parsed.Errors)
            Console.Error.WriteLine($"cgn: {error.Message}");
        Console.Error.WriteLine($"cgn: {Path(parsed)} --help shows what would be right");
        return ExitCodes.Unusable;
    }

    /// <summary>All verbs.</summary>
    internal static RootCommand CreateRoot() => new("""
        A carrier-grade gateway from IPv6 access networks to the IPv4 Internet: DS-Lite AFTR and NAT444.

        Example:
          cgn check --config configs/dslite.yaml
        """)
    {
        RunCommand.Create(),
        CheckCommand.Create(),
        HistoryCommand.Create(),
        RollbackCommand.Create(),
        ShowCommand.Create(),
        TopCommand.Create(),
        TraceCommand.Create(),
        ClearCommand.Create(),
        TokenCommand.Create(),
        TranslateCommand.Create(),
        ReplayCommand.Create(),
        SampleCommand.Create(),
        BenchCommand.Create(),
        ConformanceCommand.Create(),
        LabCommand.Create(),
        B4Command.Create(),
    };

    private static string Path(ParseResult parsed)
    {
        string path = "";
        for (SymbolResult? at = parsed.CommandResult; at is not null; at = at.Parent)
        {
            if (at is System.CommandLine.Parsing.CommandResult { Command: var command })
                path = command is RootCommand ? "cgn" + path : $" {command.Name}{path}";
        }

        return path;
    }
}
