using System.CommandLine;
using System.IO;

namespace Cgn.Cli.Translate;

/// <summary><c>cgn translate</c>: captures in, captures out, no privilege needed.</summary>
public static class TranslateCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Option<string> config = File("--config", "The gateway's configuration", "FILE");
        config.Aliases.Add("-c");
        Option<string?> inside = new("--inside")
        {
            Description = "Ethernet capture of what the access network sends",
            HelpName = "A.pcap",
        };
        Option<string?> outside = new("--outside")
        {
            Description = "Ethernet capture of what the Internet sends",
            HelpName = "B.pcap",
        };
        Option<string> writeInside = File("--write-inside", "Capture to write of what leaves inside", "C.pcap");
        Option<string> writeOutside = File("--write-outside", "Capture to write of what leaves outside", "D.pcap");
        Option<int> workers = CountOption.Of("--workers", "Workers of the gateway", 1, 64);
        Option<bool> json = new("--json") { Description = "Print one JSON object" };
        Command command = new("translate", """
            Sends captured frames through the gateway in the order of their times and writes what leaves. The
            captures' time is the gateway's time. With a seed in the configuration, the same input gives the same
            bytes.

            Example:
              cgn translate -c configs/dslite.yaml --inside b4.pcap --write-inside in.pcap --write-outside out.pcap
            """)
        {
            config, inside, outside, writeInside, writeOutside, workers, json,
        };
        command.Validators.Add(result =>
        {
            if (result.GetValue(inside) is null && result.GetValue(outside) is null)
            {
                result.AddError("translate: there is nothing to translate; --inside FILE or --outside FILE, or both, "
                    + "would be right");
            }
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
        errors.WriteLine(
            $"cgn: account: {translator.Summary.Unaccounted} frames are unaccounted for; 0 would be right");
        return ExitCodes.CheckFailed;
    }

    private static Option<string> File(string name, string description, string example) => new(name)
    {
        Description = description,
        HelpName = example,
        Required = true,
    };
}
