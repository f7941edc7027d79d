using System.IO;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;

namespace Cgn.Cli.Captures;

/// <summary>Loads a configuration for a verb.</summary>
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
        return loaded
            ? snapshot!
            : throw new CommandException($"{path}: not usable; cgn check --config {path} would say the same");
    }
}
