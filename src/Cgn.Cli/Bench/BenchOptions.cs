using System;
using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Linq;

namespace Cgn.Cli.Bench;

/// <summary>The options of `cgn bench` that say what is measured, and the cases that they make.</summary>
internal static class BenchOptions
{
    /// <summary>Sessions of a subscriber, where the number of subscribers is not given.</summary>
    public const uint SessionsPerSubscriber = 16;

    private const uint SessionsMax = 64_000_000;
    private const uint SubscribersMax = 1 << 20;
    private const int WorkersMax = 64;

    private static readonly Option<string> s_scenario = Text(
        "--scenario", "ds-lite,nat444",
        "ds-lite, nat444, mixed, hairpin, setup (or setup-storm), fragments, outer-fragments, port-scan (or scan).");

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
        CustomParser = Number,
    };

    private static readonly Option<double> s_load = new("--load")
    {
        Description = "Also measures latency, at so many percent of the measured maximum: 1 to 100.",
        CustomParser = Number,
    };

    private static readonly Option<bool> s_misdirected = Flag(
        "--misdirected", "Every packet arrives at a worker that it does not belong to.");

    private static readonly Option<bool> s_logSessions = Flag(
        "--log-sessions", "Sessions are logged, not only port blocks.");

    private static readonly Option<bool> s_scrape = Flag(
        "--scrape", "All counters and port blocks are read every 100 ms while it measures.");

    private static readonly Option<bool> s_attach = Flag(
        "--attach", "Records lie in files, and at the end a second gateway takes them over.");

    /// <summary>All of them.</summary>
    public static IEnumerable<Option> All =>
    [
        s_scenario, s_direction, s_sessions, s_subscribers, s_frame, s_workers, s_seconds, s_load, s_misdirected,
        s_logSessions, s_scrape, s_attach,
    ];

    /// <summary>Every combination of what the options list.</summary>
    /// <exception cref="ArgumentException">An option can't be used; the message is for the user.</exception>
    public static List<BenchCase> Cases(ParseResult arguments)
    {
        double seconds = arguments.GetValue(s_seconds);
        if (seconds is not (>= 0.05 and <= 86400))
            throw new ArgumentException($"--seconds {seconds}: use 0.05 to 86400");
        double load = arguments.GetValue(s_load);
        if (arguments.GetResult(s_load) is not null && load is not (>= 1 and <= 100))
            throw new ArgumentException($"--load {load}: use 1 to 100");
        int windowMs = Math.Max(10, (int)(seconds * 1000 / BenchCase.Windows));
        return
        [
            .. from scenario in Parsed(arguments, s_scenario, ReadScenario)
               from direction in Parsed(arguments, s_direction, ReadDirection)
               from workers in Parsed(arguments, s_workers, text => (int?)ReadNumber(text, WorkersMax))
               from frame in Parsed(arguments, s_frame, FrameMix.Parse)
               from sessions in Parsed(arguments, s_sessions, text => ReadNumber(text, SessionsMax))
               from subscribers in Parsed(arguments, s_subscribers, text => ReadSubscribers(text, sessions!.Value))
               select Checked(
                   new BenchCase(
                       scenario!.Value, direction!.Value, sessions!.Value, subscribers!.Value, frame!,
                       workers!.Value, windowMs)
                   {
                       LogsSessions = arguments.GetValue(s_logSessions),
                       Misdirected = arguments.GetValue(s_misdirected) && workers.Value > 1,
                       LoadPercent = load,
                       Scrapes = arguments.GetValue(s_scrape),
                       Attaches = arguments.GetValue(s_attach),
                   }),
        ];
    }

    private static BenchCase Checked(BenchCase benchCase)
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
        // What comes from one side only has one direction, whatever was asked for.
        return benchCase.Scenario switch
        {
            BenchScenario.Hairpin or BenchScenario.Setup or BenchScenario.OuterFragments =>
                benchCase with { Direction = BenchDirection.Out },
            BenchScenario.PortScan => benchCase with { Direction = BenchDirection.In },
            _ => benchCase,
        };
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

    // As in a program's own text: a comma is no part of a number.
    private static double Number(ArgumentResult result)
    {
        const NumberStyles Plain = NumberStyles.AllowDecimalPoint;
        string text = result.Tokens.Count == 1 ? result.Tokens[0].Value : "";
        if (double.TryParse(text, Plain, CultureInfo.InvariantCulture, out double number))
            return number;
        result.AddError($"'{text}' is no number; 2.5 would be");
        return 0;
    }

    private static Option<bool> Flag(string name, string description) => new(name) { Description = description };
}
