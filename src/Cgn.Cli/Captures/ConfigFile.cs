using System.IO;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;

namespace Cgn.Cli.Captures;

/// <summary>Loads a configuration for a verb that works on captures.</summary>
internal static class ConfigFile
{
    /// <summary>Reads a file; all its faults go to stderr.</summary>
    /// <exception cref="CommandException">It has errors.</exception>
    internal static ConfigSnapshot Load(string path, TextWriter errors)
    {
        bool loaded = ConfigLoader.TryLoad(
            path, out ConfigSnapshot? snapshot, out GatewayOptions? _, out FaultList faults);
        foreach (Fault fault in faults.All)
            errors.WriteLine($"cgn: {fault}");
        if (!loaded)
            throw new CommandException($"{path}: not usable; cgn check --config {path} would say the same");
        if (!snapshot!.Settings.AsksUnknown)
            return snapshot;
        string unknown = snapshot.Settings.DefaultPlan < 0
            ? "are refused, since there is none"
            : $"have it ({snapshot.Plans[snapshot.Settings.DefaultPlan].Name})";
        errors.WriteLine(
            $"cgn: {path}: no RADIUS server is asked here: the default plan "
            + $"stands for its answer, and unknown subscribers {unknown}");
        GatewaySettings settings = snapshot.Settings;
        settings.AsksUnknown = false;
        return snapshot with { Settings = settings };
    }
}
