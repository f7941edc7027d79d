using System;
using System.Globalization;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Control.Hosting.Configurations;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>
/// Kills a forwarder that forwards no more but does not die: its process stands still, or a worker is stuck. Without
/// a service manager's watchdog nobody else would.
/// </summary>
/// <param name="settings">How long it may show no sign of life.</param>
/// <param name="desk">Which configuration it is to follow.</param>
/// <param name="log">Where to say so.</param>
internal sealed class HangWatch(ControlSettings settings, ConfigurationDesk desk, OperatorLog log)
{
    // How often it is looked at before it is given up. What counts is how often we looked and not what a clock says:
    // where the machine, or this process, stood still too, no time has passed for the forwarder.
    private const int Looks = 10;

    /// <summary>Watches a forwarder that is ready, until it is killed here or there is nothing to watch.</summary>
    /// <param name="process">The forwarder.</param>
    /// <param name="end">Ends it.</param>
    /// <returns>True when it was killed.</returns>
    public async Task<bool> WatchAsync(ForwarderProcess process, CancellationToken end)
    {
        TimeSpan pause = settings.HangPatience / Looks;
        int looksOnReload = Math.Max(Looks, (int)(settings.TakePatience / pause));
        long seen = 0;
        int unchanged = 0;
        while (true)
        {
            await Task.Delay(pause, end).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (end.IsCancellationRequested || process.HasExited)
                return false;
            // One that ends in its own time shows no signs of life either.
            if (!StatusFile.TryRead(settings.Directory, out StatusPage page) || page.State != ForwarderState.Ready
                || page.ProcessId != process.Id || page.HeartbeatNs != seen)
            {
                seen = page.HeartbeatNs;
                unchanged = 0;
                continue;
            }

            unchanged++;
            if (unchanged < Looks || (unchanged < looksOnReload && IsTaking(page)))
                continue;
            log.Warn(string.Create(
                CultureInfo.InvariantCulture,
                $"the forwarder {process.Id} has shown no sign of life for {(pause * unchanged).TotalSeconds:0.#} s; "
                + $"it is killed"));
            bool isKilled = Signals.TryKill(process.Id);
            if (!isKilled)
                log.Warn($"the forwarder {process.Id} can't be killed");
            return isKilled;
        }
    }

    // Between two signs of life lies all of a reload, which may be a long one.
    private bool IsTaking(in StatusPage page)
    {
        try
        {
            uint wanted = desk.GenerationOnDisk();
            return page.Generation != wanted && page.RefusedGeneration != wanted;
        }
        catch (IOException)
        {
            return false;
        }
    }
}
