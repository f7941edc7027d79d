using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Cgn.Cli.Bench.Guard;

/// <summary>
/// `cgn bench guard`: whether the path has become slower, told without knowing how fast the machine is.
/// </summary>
internal static class GuardCommand
{
    private const int RoundsMin = 3;
    private const int RoundsMax = 999;

    private static readonly Option<FileInfo> s_baseline = new("--baseline")
    {
        Description = "The ratios to compare with: bench/guard.json in a checkout.",
        Required = true,
    };

    private static readonly Option<bool> s_write = new("--write")
    {
        Description = "Writes what was measured as the new baseline.",
    };

    private static readonly Option<int> s_rounds = new("--rounds")
    {
        Description = "How often path and reference loop take turns, 3 to 999.",
        DefaultValueFactory = _ => 15,
    };

    private static readonly Option<int> s_windowMs = new("--window")
    {
        Description = "How long each runs in a round, in milliseconds, 10 to 10000.",
        DefaultValueFactory = _ => 200,
    };

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        Command command = new("guard", """
            Measures the path in units of a fixed loop that runs by turns with it, and fails when it has become slower
            by more than a tenth than the baseline says.

            Example:
              cgn bench guard --baseline bench/guard.json
            """)
        {
            s_baseline, s_write, s_rounds, s_windowMs,
        };
        command.SetAction(arguments => BenchCommand.Guarded(() => Execute(arguments)));
        return command;
    }

    /// <summary>Prints how each case compares.</summary>
    /// <returns>The exit code: the check failed when any is worse.</returns>
    internal static int Report(IReadOnlyList<GuardVerdict> verdicts, TextWriter output)
    {
        foreach (GuardVerdict verdict in verdicts)
        {
            string change = verdict.Before is null
                ? "no baseline"
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $"baseline {verdict.Before.MedianRatio:f3} {verdict.Before.BestRatio:f3}, change "
                    + $"{(verdict.Change - 1) * 100:+0.0;-0.0} %");
            output.WriteLine($"{Text(verdict.Now)}; {change}{(verdict.IsWorse ? ": WORSE" : "")}");
        }

        return verdicts.Any(verdict => verdict.IsWorse) ? ExitCodes.CheckFailed : ExitCodes.Done;
    }

    private static int Execute(ParseResult arguments)
    {
        string path = arguments.GetRequiredValue(s_baseline).FullName;
        bool writes = arguments.GetValue(s_write);
        int rounds = arguments.GetValue(s_rounds);
        int windowMs = arguments.GetValue(s_windowMs);
        if (rounds is < RoundsMin or > RoundsMax)
            throw new ArgumentException($"--rounds {rounds}: use {RoundsMin} to {RoundsMax}");
        if (windowMs is < 10 or > 10000)
            throw new ArgumentException($"--window {windowMs}: use 10 to 10000");
        GuardBaseline? baseline = writes ? null : GuardBaseline.Read(path);
        BenchProgress progress = new();
        string machine = MachineInfo.Describe();
        GuardMeasure[] now =
            [.. GuardCase.All(windowMs).Select(one => new GuardRun(one, progress).Run(rounds))];
        progress.Clear();
        if (baseline is not null)
            return Report(GuardVerdict.Compare(now, baseline.Measures), Console.Out);
        foreach (GuardMeasure measure in now)
            Console.WriteLine(Text(measure));
        new GuardBaseline(machine, now).Write(path);
        return ExitCodes.Done;
    }

    private static string Text(GuardMeasure measure) => string.Create(
        CultureInfo.InvariantCulture,
        $"{measure.Name}: path {measure.PathNs:f1} ns, reference {measure.ReferenceNs:f1} ns, ratio "
        + $"{measure.MedianRatio:f3} (median), {measure.BestRatio:f3} (best)");
}
