using System.CommandLine;
using System.IO;

namespace Cgn.Cli.Replay;

/// <summary><c>cgn replay</c>: a plain capture in a closed loop through the gateway.</summary>
public static class ReplayCommand
{
    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Command command = new("replay", """
            Gives a plain capture to simulated subscribers, wraps it as their access would, and sends it through the
            gateway; replies are addressed to the mappings that the gateway made. Every packet that should come out
            must, unchanged but for what RFCs say changes. The exit code is 1 when one did not.

            Example:
              cgn replay web.pcap --access ds-lite --subscribers 100 --workers 2
            """);
        ReplaySymbols symbols = new();
        symbols.AddTo(command);
        command.SetAction(arguments =>
        {
            TextWriter output = arguments.InvocationConfiguration.Output;
            TextWriter errors = arguments.InvocationConfiguration.Error;
            return CommandGuard.Run(errors, () => Run(symbols.Read(arguments), output, errors));
        });
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
}
