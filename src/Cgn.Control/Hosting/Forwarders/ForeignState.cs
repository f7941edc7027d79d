using System;
using System.IO;
using System.Threading.Tasks;

using Cgn.Contract.Process;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>State that this program can't read, or is told to throw away.</summary>
internal static class ForeignState
{
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Sees to it that no forwarder of another build is joined by a second one on the same devices, and discards the
    /// state where that is asked for.
    /// </summary>
    /// <param name="settings">The gateway's; the directory is claimed.</param>
    /// <param name="log">Where to say what was done.</param>
    /// <exception cref="SystemRefusedException">A forwarder of another build runs.</exception>
    public static async Task SettleAsync(ControlSettings settings, OperatorLog log)
    {
        StateDirectory directory = settings.Directory;
        int running = StatusFile.RunningIn(directory, anyLayout: true);
        if (!settings.DiscardsState)
        {
            if (running != 0 && !StatusFile.TryRead(directory, out StatusPage page))
            {
                throw new SystemRefusedException(
                    $"the forwarder {running} of {directory.Path} belongs to another build: its state has layout "
                    + $"version {page.LayoutVersion} where this build has {StatusPage.CurrentLayoutVersion}. "
                    + "It goes on forwarding; the build that started it can take it over, or "
                    + "'cgn run --discard-state' ends it and starts with empty tables");
            }

            return;
        }

        if (running != 0 && ForwarderProcess.Adopt(running) is { } process)
        {
            await process.StopAsync(s_stopPatience).ConfigureAwait(false);
            process.Dispose();
        }

        foreach (string file in Directory.EnumerateFiles(directory.Path, "*.arena"))
            File.Delete(file);
        File.Delete(directory.SuspectFile);
        log.Info($"{directory.Path}: the state found there was discarded");
    }
}
