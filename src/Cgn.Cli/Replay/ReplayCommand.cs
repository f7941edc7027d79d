using System.Collections.Generic;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.IO;
using System.Linq;

namespace Cgn.Cli.Replay;

/// <summary><c>cgn replay</c>: a plain capture in a closed loop through the gateway.</summary>
public static class ReplayCommand
{
    private static readonly Argument<string[]> s_captures = new("CAPTURE")
    {
        Description = "Captures of client-server traffic, pcap or pcapng, of any link type that holds IP",
        Arity = ArgumentArity.OneOrMore,
    };

    private static readonly Option<string> s_access = new Option<string>("--access")
    {
        Description = "How subscribers reach the gateway",
        Required = true,
    }.AcceptOnlyFromAmong("ds-lite", "nat444");

    private static readonly Option<string?> s_config = new("--config", "-c")
    {
        Description = "The gateway's configuration; without it one that has room for the capture",
        HelpName = "FILE",
    };

    private static readonly Option<int> s_subscribers = Count("--subscribers", "Subscribers who replay the capture at the same time", 1, 1_000_000);
    private static readonly Option<int> s_repeat = Count("--repeat", "Times that the captures are replayed, hours of their time apart", 1, 1_000_000);
    private static readonly Option<int?> s_workers = new("--workers") { Description = "Workers of the gateway, 1 to 64", HelpName = "W" };
    private static readonly Option<string> s_speed = new("--speed")
    {
        Description = "max, or times the capture's own speed: 1x, 10x",
        DefaultValueFactory = _ => "max",
    };

    private static readonly Option<string?> s_writeInside = new("--write-inside") { Description = "Capture to write of what leaves inside", HelpName = "FILE" };
    private static readonly Option<string?> s_writeOutside = new("--write-outside") { Description = "Capture to write of what leaves outside", HelpName = "FILE" };
    private static readonly Option<bool> s_json = new("--json") { Description = "Print one JSON object" };

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Command command = new("replay", """
            Gives a plain capture to simulated subscribers, wraps it as their access would, and sends it through the gateway; replies are
            addressed to the mappings that the gateway made. Every packet that should come out must, unchanged but for what RFCs say changes.
            The exit code is 1 when one did not.

            Example:
              cgn replay web.pcap --access ds-lite --subscribers 100 --workers 2
            """)
        {
            s_captures, s_access, s_config, s_subscribers, s_repeat, s_speed, s_workers, s_writeInside, s_writeOutside, s_json,
        };
        s_speed.Validators.Clear();
        s_speed.Validators.Add(CheckSpeed);
        s_workers.Validators.Clear();
        s_workers.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is < 1 or > 64)
                result.AddError("--workers: 1 to 64 would be right");
        });
        command.SetAction(arguments => CommandGuard.Run(
            arguments.InvocationConfiguration.Error,
            () => Run(Options(arguments), arguments.InvocationConfiguration.Output, arguments.InvocationConfiguration.Error)));
        return command;
    }

    /// <summary>Replays and reports.</summary>
    /// <returns>The exit code.</returns>
    internal static int Run(ReplayOptions options, TextWriter output, TextWriter errors)
    {
        ReplayRunner runner = new(options, errors);
        ProgressDisplay.Drive("replay", runner.Run());
        if (options.Json)
            output.WriteLine(JsonText.Of(runner.Report.WriteJson));
        else
            runner.Report.WriteText(output);
        return runner.Report.Mismatches == 0 ? ExitCodes.Done : ExitCodes.CheckFailed;
    }

    private static ReplayOptions Options(ParseResult arguments) => new(
        arguments.GetRequiredValue(s_captures),
        arguments.GetRequiredValue(s_access) == "ds-lite" ? AccessKind.DsLite : AccessKind.Nat444,
        arguments.GetValue(s_config),
        arguments.GetValue(s_subscribers),
        arguments.GetValue(s_repeat),
        ParseSpeed(arguments.GetRequiredValue(s_speed)) ?? 0,
        arguments.GetValue(s_workers),
        arguments.GetValue(s_writeInside),
        arguments.GetValue(s_writeOutside),
        arguments.GetValue(s_json));

    private static Option<int> Count(string name, string description, int usual, int most)
    {
        Option<int> option = new(name) { Description = description, DefaultValueFactory = _ => usual, HelpName = "N" };
        option.Validators.Add(result =>
        {
            int value = result.GetValueOrDefault<int>();
            if (value < 1 || value > most)
                result.AddError($"{name}: {value}; 1 to {most} would be right");
        });
        return option;
    }

    private static void CheckSpeed(OptionResult result)
    {
        string text = result.GetValueOrDefault<string>() ?? "";
        if (ParseSpeed(text) is null)
            result.AddError($"--speed: {text}; max, or a number with an x such as 1x or 0.5x, would be right");
    }

    private static double? ParseSpeed(string text)
    {
        if (text == "max")
            return 0;
        bool isNumber = double.TryParse(text.TrimEnd('x'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double speed);
        return isNumber && text.EndsWith('x') && speed > 0 ? speed : null;
    }
}
