using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Cgn.Cli.Bench;

/// <summary>The verb `cgn bench`: in-memory throughput of the very pipeline that `cgn run` uses.</summary>
public static class BenchCommand
{
    private const int Done = 0;
    private const int Failed = 1;
    private const int Unusable = 2;
    private const int Refused = 3;

    private const uint SessionsMax = 64_000_000;
    private const uint SessionsPerSubscriber = 16;
    private const uint SubscribersMax = 1 << 20;

    private static readonly Option<string> s_scenario = Text(
        "--scenario", "ds-lite,nat444", "ds-lite, nat444, mixed, hairpin, setup.");
    private static readonly Option<string> s_direction = Text("--direction", "both", "out, in, both.");
    private static readonly Option<string> s_sessions = Text("--sessions", "100k", "1 to 64M; k and M are units.");
    private static readonly Option<string> s_subscribers = Text(
        "--subscribers", "auto", "auto is a sixteenth of the sessions, and a million at most.");

    private static readonly Option<string> s_frame = Text(
        "--frame", "64",
        "Bytes of a plain IPv4 frame with its check sequence, 64 to 1518, or imix. A softwire adds 40.");

    private static readonly Option<string> s_workers = Text("--workers", "1", "1 to 64.");
    private static readonly Option<double> s_seconds = new("--seconds")
    {
        Description = "How long to measure, in five windows.",
        DefaultValueFactory = _ => 5,
    };

    private static readonly Option<bool> s_misdirected = new("--misdirected")
    {
        Description = "Every packet arrives at a worker that it does not belong to.",
    };

    private static readonly Option<bool> s_logSessions = new("--log-sessions")
    {
        Description = "Sessions are logged, not only port blocks.",
    };

    private static readonly Option<bool> s_json = new("--json")
    {
        Description = "Prints a JSON array, an object a line of the table.",
    };

    /// <summary>Makes the command, ready to be added to the root command.</summary>
    public static Command Create()
    {
        Command command = new("bench", """
            In-memory throughput of the very workers and pipeline that `cgn run` uses, with counters, timers, limits and
            block log events on. Options take lists: every combination is a line of the table.

            Example:
              cgn bench --scenario ds-lite,nat444 --sessions 1k,100k,1M,8M
            """)
        {
            s_scenario, s_direction, s_sessions, s_subscribers, s_frame, s_workers, s_seconds, s_misdirected,
            s_logSessions, s_json,
        };
        command.SetAction(Execute);
        return command;
    }

    private static int Execute(ParseResult arguments)
    {
        try
        {
            List<BenchCase> cases = Cases(arguments);
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
            return Done;
        }
        catch (ArgumentException unusable)
        {
            Console.Error.WriteLine($"cgn: {unusable.Message}");
            return Unusable;
        }
        catch (BenchException failed)
        {
            Console.Error.WriteLine($"cgn: {failed.Message}");
            return Failed;
        }
        catch (IOException refused)
        {
            Console.Error.WriteLine($"cgn: {refused.Message}");
            return Refused;
        }
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
            Subscribers = SmallSessions / SessionsPerSubscriber,
            WindowMs = SmallWindowMs,
        };
        _ = new BenchRun(small, progress).Run();
    }

    private static List<BenchCase> Cases(ParseResult arguments)
    {
        double seconds = arguments.GetValue(s_seconds);
        if (seconds is not (>= 0.05 and <= 86400))
            throw new ArgumentException($"--seconds {seconds}: use 0.05 to 86400");
        int windowMs = Math.Max(10, (int)(seconds * 1000 / BenchCase.Windows));
        return
        [
            .. from scenario in Parsed(arguments, s_scenario, ReadScenario)
               from direction in Parsed(arguments, s_direction, ReadDirection)
               from workers in Parsed(arguments, s_workers, text => (int?)ReadNumber(text, 64))
               from frame in Parsed(arguments, s_frame, FrameMix.Parse)
               from sessions in Parsed(arguments, s_sessions, text => ReadNumber(text, SessionsMax))
               from subscribers in Parsed(arguments, s_subscribers, text => ReadSubscribers(text, sessions!.Value))
               select Make(
                   new BenchCase(
                       scenario!.Value, direction!.Value, sessions!.Value, subscribers!.Value, frame!,
                       workers!.Value, windowMs)
                   {
                       LogsSessions = arguments.GetValue(s_logSessions),
                       Misdirected = arguments.GetValue(s_misdirected) && workers.Value > 1,
                   }),
        ];
    }

    private static BenchCase Make(BenchCase benchCase)
    {
        uint perSubscriber = (benchCase.Sessions + benchCase.Subscribers - 1) / benchCase.Subscribers;
        if (benchCase.Subscribers > benchCase.Sessions || perSubscriber > BenchSnapshot.SessionsPerSubscriberMax)
        {
            throw new ArgumentException(
                $"--subscribers {benchCase.Subscribers}: {benchCase.Sessions} sessions want 1 to "
                + $"{BenchSnapshot.SessionsPerSubscriberMax} for each subscriber");
        }

        if (benchCase.Scenario == BenchScenario.Hairpin && (benchCase.Sessions & 1) != 0)
            throw new ArgumentException($"--sessions {benchCase.Sessions}: hairpinned sessions come in pairs");
        // Nothing comes from outside there.
        return benchCase.Scenario is BenchScenario.Hairpin or BenchScenario.Setup
            ? benchCase with { Direction = BenchDirection.Out }
            : benchCase;
    }

    private static BenchScenario? ReadScenario(string text) =>
        BenchNames.TryScenario(text, out BenchScenario s) ? s : null;

    private static BenchDirection? ReadDirection(string text) =>
        BenchNames.TryDirection(text, out BenchDirection d) ? d : null;

    private static uint? ReadSubscribers(string text, uint sessions) => text == "auto"
        ? Math.Clamp(sessions / SessionsPerSubscriber, 1, SubscribersMax)
        : ReadNumber(text, SubscribersMax);

    private static uint? ReadNumber(string text, uint max)
    {
        uint unit = text[^1] switch { 'k' or 'K' => 1000, 'm' or 'M' => 1_000_000, _ => 1 };
        string digits = unit == 1 ? text : text[..^1];
        return uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out uint number)
            && number >= 1 && (ulong)number * unit <= max
            ? number * unit
            : null;
    }

    // Every part of a list, or an error that names the one that can't be read.
    private static List<T> Parsed<T>(ParseResult arguments, Option<string> option, Func<string, T?> read) =>
    [
        .. arguments.GetRequiredValue(option)
            .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => read(part)
                ?? throw new ArgumentException($"{option.Name} {part}: use {option.Description}")),
    ];

    private static Option<string> Text(string name, string byDefault, string description) =>
        new(name) { Description = description, DefaultValueFactory = _ => byDefault };
}
