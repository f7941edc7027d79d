using System.CommandLine;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;

namespace Cgn.Cli.Verbs;

/// <summary><c>cgn run</c>: the live gateway, until SIGINT or SIGTERM.</summary>
public static class RunCommand
{
    private const int Done = 0;
    private const int Unusable = 2;
    private const int Refused = 3;

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var config = new Option<string>("--config", "-c")
        {
            Description = "The configuration file",
            HelpName = "FILE",
            Required = true,
        };
        var command = new Command(
            "run",
            "Runs the gateway, forwarder and control plane, until SIGINT or SIGTERM.\n"
            + "Example: cgn run --config configs/dslite.yaml")
        {
            config,
        };
        command.SetAction((arguments, cancellation) => RunAsync(
            arguments.GetRequiredValue(config), arguments.InvocationConfiguration.Error, cancellation));
        return command;
    }

    private static async Task<int> RunAsync(string path, TextWriter error, CancellationToken cancellation)
    {
        bool isUsable = ConfigLoader.TryLoad(
            path, out ConfigSnapshot? snapshot, out GatewayOptions? options, out FaultList faults);
        ConfigReport.Write(error, faults);
        if (!isUsable)
            return Unusable;
        if (options!.Interfaces is null)
        {
            error.WriteLine($"cgn: {path}: there is no section interfaces; run needs the inside and outside devices");
            return Unusable;
        }

        try
        {
            await ControlPlane.RunAsync(ControlSettings.For(options, snapshot!), error, cancellation);
            return Done;
        }
        catch (SystemRefusedException refusal)
        {
            error.WriteLine($"cgn: {refusal.Message}");
            return Refused;
        }
    }
}
