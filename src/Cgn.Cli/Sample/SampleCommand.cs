using System.CommandLine;

using Cgn.Ports.Capture;

namespace Cgn.Cli.Sample;

/// <summary><c>cgn sample</c>: writes a capture of everyday traffic, for those who have none to replay.</summary>
public static class SampleCommand
{
    private const int ClientsMax = 1000;

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        Option<string> write = new("--write")
        {
            Description = "The capture to write",
            HelpName = "FILE",
            Required = true,
        };
        Option<int> clients = new("--clients")
        {
            Description = "How many clients talk, 1 to 1000",
            DefaultValueFactory = _ => 20,
        };
        clients.Validators.Add(result =>
        {
            if (!CountOption.IsWithin(result, 1, ClientsMax, out _))
                result.AddError($"--clients: use 1 to {ClientsMax}.");
        });
        Command command = new("sample", """
            Writes a capture of everyday traffic: names resolved, pages fetched, pings, a large answer in fragments.

            Example:
              cgn sample --write sample.pcap && cgn replay sample.pcap --access ds-lite
            """)
        {
            write, clients,
        };
        command.SetAction(arguments =>
        {
            InvocationConfiguration streams = arguments.InvocationConfiguration;
            return CommandGuard.Run(streams.Error, () =>
            {
                using CaptureWriter writer = new(arguments.GetRequiredValue(write));
                SampleTraffic traffic = new(writer);
                for (int client = 0; client < arguments.GetValue(clients); client++)
                    traffic.WriteClient(client);
                writer.Complete();
                streams.Output.WriteLine($"{writer.RecordCount} packets in {writer.Path}");
                return ExitCodes.Done;
            });
        });
        return command;
    }
}
