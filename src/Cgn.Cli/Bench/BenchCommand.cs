using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;

using Cgn.Cli.Bench.Guard;
using Cgn.Cli.Bench.Plot;

namespace Cgn.Cli.Bench;

/// <summary>The verb `cgn bench`: in-memory throughput of the very pipeline that `cgn run` uses.</summary>
public static class BenchCommand
{
    private static readonly Option<bool> s_json = new("--json")
    {
        Description = "Prints a JSON array, an object a line of the table.",
    };

    private static readonly Option<FileInfo?> s_plot = new("--plot")
    {
        Description = "Also draws what was measured, as an SVG file.",
    };

    /// <summary>Makes the command, ready to be added to the root command.</summary>
    public static Command Create()
    {
        Command command = new("bench", """
            In-memory throughput of the very workers and pipeline that `cgn run` uses, with counters, timers, limits and
            block log events on. Options take lists: every combination is a line of the table.

            Example:
              cgn bench --scenario ds-lite,nat444 --sessions 1k,100k,1M,8M
            """);
        foreach (Option option in BenchOptions.All)
            command.Options.Add(option);
        command.Options.Add(s_json);
        command.Options.Add(s_plot);
        command.Subcommands.Add(GuardCommand.Create());
        command.SetAction(arguments => Guarded(() => Execute(arguments)));
        return command;
    }

    /// <summary>Runs a measurement and turns what can go wrong into one line and an exit code.</summary>
    internal static int Guarded(Func<int> measure)
    {
        try
        {
            return measure();
        }
        catch (ArgumentException unusable)
        {
            Console.Error.WriteLine($"cgn: {unusable.Message}");
            return ExitCodes.Unusable;
        }
        catch (BenchException failed)
        {
            Console.Error.WriteLine($"cgn: {failed.Message}");
            return ExitCodes.CheckFailed;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            Console.Error.WriteLine($"cgn: {refused.Message}");
            return ExitCodes.Refused;
        }
    }

    private static int Execute(ParseResult arguments)
    {
        List<BenchCase> cases = BenchOptions.Cases(arguments);
        FileInfo? plot = arguments.GetValue(s_plot);
        // A file that can't be written is to be known before hours of measuring, not after.
        plot?.Open(FileMode.OpenOrCreate, FileAccess.Write).Dispose();
        List<BenchResult> results = [];
        BenchProgress progress = new();
        foreach (BenchCase benchCase in cases)
        {
            Warm(benchCase, progress);
            progress.Title(string.Create(
                CultureInfo.InvariantCulture,
                $"{BenchNames.Of(benchCase.Scenario)} {BenchNames.Of(benchCase.Direction)} "
                + $"{benchCase.Sessions:n0} sessions"));
            results.Add(new BenchRun(benchCase, progress).Run());
        }

        progress.Clear();
        if (arguments.GetValue(s_json))
            Console.WriteLine(BenchReport.Json(results));
        else
            BenchReport.WriteTable(results, Console.Out);
        if (plot is not null)
            File.WriteAllText(plot.FullName, BenchPlot.Draw(results));
        return ExitCodes.Done;
    }

    // A small run of the same kind first: what is compiled at first use must not be part of a measurement.
    private static void Warm(BenchCase benchCase, BenchProgress progress)
    {
        const uint SmallSessions = 256;
        const int SmallWindowMs = 10;
        progress.Title("warming up");
        BenchCase small = benchCase with
        {
            Sessions = SmallSessions,
            Subscribers = SmallSessions / BenchOptions.SessionsPerSubscriber,
            WindowMs = SmallWindowMs,
            Attaches = false,
        };
        _ = new BenchRun(small, progress).Run();
    }
}
