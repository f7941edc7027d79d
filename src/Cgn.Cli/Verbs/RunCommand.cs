using System;
using System.CommandLine;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;

namespace Cgn.Cli.Verbs;

/// <summary><c>cgn run</c>: the live gateway, until SIGINT or SIGTERM.</summary>
public static class RunCommand
{
    // signal(7) on x86.
    private const int UserSignal1 = 10;
    private const string Own = "own";
    private const string External = "external";

    /// <summary>The verb.</summary>
    public static Command Create()
    {
        var config = new Option<string>("--config", "-c")
        {
            Description = "The configuration file",
            HelpName = "FILE",
            Required = true,
        };
        var forwarder = new Option<string>("--forwarder")
        {
            Description = "own: started and kept by this process | external: by the service manager",
            HelpName = "own|external",
            DefaultValueFactory = static _ => Own,
        };
        forwarder.AcceptOnlyFromAmong(Own, External);
        var discard = new Option<bool>("--discard-state")
        {
            Description = "Starts with empty tables: sessions and mappings of an earlier run are lost",
        };
        var command = new Command(
            "run",
            "Runs the gateway, forwarder and control plane, until SIGINT or SIGTERM; SIGHUP reads the file again.\n"
            + "Example: cgn run --config configs/dslite.yaml")
        {
            config, forwarder, discard,
        };
        // Not as a task: the host listens to signals itself, and an orderly end may take longer than the parser allows.
        command.SetAction(arguments => RunAsync(
            arguments.GetRequiredValue(config), arguments.GetRequiredValue(forwarder) == External,
            arguments.GetValue(discard),
            arguments.InvocationConfiguration.Error).GetAwaiter().GetResult());
        return command;
    }

    private static async Task<int> RunAsync(string path, bool isExternal, bool discardsState, TextWriter error)
    {
        // Whoever rotates logs may ask before the services listen; by default these signals end a process.
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, static context => context.Cancel = true);
        using var reopen = PosixSignalRegistration.Create(
            (PosixSignal)UserSignal1, static context => context.Cancel = true);
        ConfigSnapshot? snapshot = null;
        GatewayOptions? options = null;
        bool isUsable = ConfigLoader.TryRead(path, out string? text, out FaultList faults)
            && ConfigLoader.TryParse(path, text, out snapshot, out options, out faults);
        ConfigReport.Write(error, faults);
        if (!isUsable)
            return ExitCodes.Unusable;
        if (options!.Interfaces is null)
        {
            error.WriteLine($"cgn: {path}: there is no section interfaces; run needs the inside and outside devices");
            return ExitCodes.Unusable;
        }

        FileMask.Tighten();
        try
        {
            ControlSettings settings = ControlSettings.For(options, snapshot!) with
            {
                ConfigFile = path,
                ConfigText = text,
                IsForwarderExternal = isExternal,
                DiscardsState = discardsState,
            };
            await ControlPlane.RunAsync(settings, error, CancellationToken.None);
            return ExitCodes.Done;
        }
        catch (SystemRefusedException refusal)
        {
            error.WriteLine($"cgn: {refusal.Message}");
            return ExitCodes.Refused;
        }
        catch (ControlFaultException fault)
        {
            error.WriteLine(
                $"cgn: a fault of the control plane, which ends; the forwarder goes on, and 'cgn run' takes it over: "
                + fault.Message);
            // Not in order, as the parts that are left are.
            Environment.Exit(ExitCodes.Fault);
            return ExitCodes.Fault;
        }
    }
}
