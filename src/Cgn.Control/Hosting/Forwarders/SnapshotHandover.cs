using System;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>Has a running forwarder take the snapshot that lies in the state directory.</summary>
internal static class SnapshotHandover
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(20);

    /// <summary>Asks whoever runs, and waits until the status page answers.</summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="generation">Generation of the snapshot that lies there.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>False when it was refused, or nobody answered in time.</returns>
    public static async Task<bool> TakesAsync(
        StateDirectory directory, uint generation, TimeSpan patience, CancellationToken cancellation)
    {
        long deadline = Environment.TickCount64 + (long)patience.TotalMilliseconds;
        int told = 0;
        while (Environment.TickCount64 < deadline)
        {
            // One that is being started again finds the new file by itself.
            int running = StatusFile.RunningIn(directory);
            if (running != told && running != 0)
                Signals.TryHangUp(told = running);
            if (StatusFile.TryRead(directory, out StatusPage page))
            {
                if (page.Generation == generation)
                    return true;
                if (page.RefusedGeneration == generation)
                    return false;
            }

            await Task.Delay(s_poll, cancellation).ConfigureAwait(false);
        }

        return false;
    }
}
