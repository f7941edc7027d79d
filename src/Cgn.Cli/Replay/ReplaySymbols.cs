using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace Cgn.Cli.Replay;

/// <summary>Arguments and options of <c>cgn replay</c>.</summary>
internal sealed class ReplaySymbols
{
    private readonly Argument<string[]> _captures = new("CAPTURE")
    {
        Description = "Captures of client-server traffic, pcap or pcapng, of any link type that holds IP",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string> _access = new Option<string>("--access")
    {
        Description = "How subscribers reach the gateway",
        Required = true,
    }.AcceptOnlyFromAmong("ds-lite", "nat444");

    private readonly Option<string?> _config = new("--config", "-c")
    {
        Description = "The gateway's configuration; without it one that has room for the capture",
        HelpName = "FILE",
    };

    private readonly Option<int> _subscribers =
        CountOption.Of("--subscribers", "Subscribers who replay the capture at the same time", 1, 1_000_000);

    private readonly Option<int> _repeat =
        CountOption.Of("--repeat", "Times that the captures are replayed, hours of their time apart", 1, 1_000_000);

    private readonly Option<int?> _workers = new("--workers")
    {
        Description = "Workers of the gateway, 1 to 64; without it 1",
        HelpName = "W",
    };

    private readonly Option<string> _speed = new("--speed")
    {
        Description = "max, or times the capture's own speed: 1x, 10x",
        HelpName = "max|Nx",
        DefaultValueFactory = _ => "max",
    };

    private readonly Option<string?> _writeInside = new("--write-inside")
    {
        Description = "Capture to write of what leaves inside",
        HelpName = "FILE",
    };

    private readonly Option<string?> _writeOutside = new("--write-outside")
    {
        Description = "Capture to write of what leaves outside",
        HelpName = "FILE",
    };

    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object" };

    /// <summary>Adds them to the verb.</summary>
    internal void AddTo(Command command)
    {
        _speed.Validators.Add(CheckSpeed);
        _workers.Validators.Add(result =>
        {
            if (!CountOption.IsWithin(result, 1, 64, out string text))
                result.AddError($"--workers: {text}; 1 to 64 would be right");
        });
        command.Add(_captures);
        foreach (Option option in new Option[]
            { _access, _config, _subscribers, _repeat, _speed, _workers, _writeInside, _writeOutside, _json })
        {
            command.Add(option);
        }
    }

    /// <summary>What a command line asks for.</summary>
    internal ReplayOptions Read(ParseResult arguments) => new(
        arguments.GetRequiredValue(_captures),
        arguments.GetRequiredValue(_access) == "ds-lite" ? AccessKind.DsLite : AccessKind.Nat444,
        arguments.GetValue(_config),
        arguments.GetValue(_subscribers),
        arguments.GetValue(_repeat),
        ParseSpeed(arguments.GetRequiredValue(_speed)) ?? 0,
        arguments.GetValue(_workers),
        arguments.GetValue(_writeInside),
        arguments.GetValue(_writeOutside),
        arguments.GetValue(_json));

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
        bool isNumber = double.TryParse(
            text.TrimEnd('x'), NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double speed);
        return isNumber && text.EndsWith('x') && speed > 0 ? speed : null;
    }
}
