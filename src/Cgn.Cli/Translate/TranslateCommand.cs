using System.CommandLine;
using System.IO;

namespace Cgn.Cli.Translate;

/// <summary><c>cgn translate</c>: captures in, captures out, no privilege needed.</summary>
public static class TranslateCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Option<string> config = new("--config", "-c") { Description = "The gateway's configuration", HelpName = "FILE", Required = true };
        Option<string?> inside = new("--inside") { Description = "Ethernet capture of what the access network sends", HelpName = "A.pcap" };
        Option<string?> outside = new("--outside") { Description = "Ethernet capture of what the Internet sends", HelpName = "B.pcap" };
        Option<string> writeInside = new("--write-inside") { Description = "Capture to write of what leaves inside", HelpName = "C.pcap", Required = true };
        Option<string> writeOutside = new("--write-outside") { Description = "Capture to write of what leaves outside", HelpName = "D.pcap", Required = true };
        Option<int> workers = new("--workers") { Description = "Workers of the gateway, 1 to 64", HelpName = "W", DefaultValueFactory = _ => 1 };
        Option<bool> json = new("--json") { Description = "Print one JSON object" };
        Command command = new("translate", """
            Sends captured frames through the gateway in the order of their times and writes what leaves. The captures' time is the
            gateway's time. With a seed in the configuration, the same input gives the same bytes.

            Example:
              cgn translate --config configs/dslite.yaml --inside b4.pcap --write-inside to-b4.pcap --write-outside to-internet.pcap
            """)
        {
            config, inside, outside, writeInside, writeOutside, workers, json,
        };
        workers.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 1 or > 64)
                result.AddError("--workers: 1 to 64 would be right");
        });
        command.Validators.Add(result =>
        {
            if (result.GetValue(inside) is null && result.GetValue(outside) is null)
                result.AddError("translate: there is nothing to translate; --inside FILE or --outside FILE, or both, would be right");
        });
        command.SetAction(arguments =>
        {
            TranslateOptions options = new(
                arguments.GetRequiredValue(config), arguments.GetValue(inside), arguments.GetValue(outside),
                arguments.GetRequiredValue(writeInside), arguments.GetRequiredValue(writeOutside),
                arguments.GetValue(workers), arguments.GetValue(json));
            TextWriter output = arguments.InvocationConfiguration.Output;
            TextWriter errors = arguments.InvocationConfiguration.Error;
            return CommandGuard.Run(errors, () => Run(options, output, errors));
        });
        return command;
    }

    /// <summary>Translates and reports.</summary>
    /// <returns>The exit code.</returns>
    internal static int Run(TranslateOptions options, TextWriter output, TextWriter errors)
    {
        Translator translator = new(options, errors);
        ProgressDisplay.Drive("translate", translator.Run());
        if (options.Json)
            output.WriteLine(JsonText.Of(translator.Summary.WriteJson));
        else
            translator.Summary.WriteText(output);
        if (translator.Summary.Unaccounted == 0)
            return ExitCodes.Done;
        errors.WriteLine($"cgn: account: {translator.Summary.Unaccounted} frames are unaccounted for; 0 would be right");
        return ExitCodes.CheckFailed;
    }
}
