using System.IO;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.State;

namespace Cgn.Cli.Verbs.Diff;

/// <summary>What a checked configuration is to be compared with.</summary>
/// <param name="Old">Another file; null for the running gateway.</param>
/// <param name="StateDirectory">The running gateway's state directory; null for the one that the file names.</param>
internal sealed record CheckDiff(string? Old, string? StateDirectory)
{
    /// <summary>Compares.</summary>
    /// <param name="options">The configuration as written.</param>
    /// <param name="snapshot">Compiled.</param>
    /// <param name="error">Standard error, which says why not.</param>
    /// <param name="diff">What came out.</param>
    /// <returns>An exit code.</returns>
    public int TryMake(GatewayOptions options, ConfigSnapshot snapshot, TextWriter error, out ConfigDiff? diff)
    {
        diff = null;
        if (Old is { } old)
        {
            bool isUsable = ConfigLoader.TryLoad(
                old, out ConfigSnapshot? before, out GatewayOptions? was, out FaultList faults);
            if (!isUsable)
            {
                ConfigReport.Write(error, faults);
                return ExitCodes.Unusable;
            }

            diff = ConfigDiff.WithFile(old, was!, before!, options, snapshot);
            return ExitCodes.Done;
        }

        StateDirectory directory = StateDirectory is null
            ? ControlSettings.StateDirectoryOf(options)
            : new StateDirectory(StateDirectory);
        try
        {
            diff = ConfigDiff.WithGateway(directory, options, snapshot);
            return ExitCodes.Done;
        }
        catch (StateException refusal)
        {
            error.WriteLine($"cgn: check: {refusal.Message}; --diff OLD compares with a file");
            return ExitCodes.Unusable;
        }
    }
}
