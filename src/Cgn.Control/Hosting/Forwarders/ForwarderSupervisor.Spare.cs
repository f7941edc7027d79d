using System.Threading;
using System.Threading.Tasks;

namespace Cgn.Control.Hosting.Forwarders;

// The one that stands by: it takes the place of the other by itself, at that one's death.
internal sealed partial class ForwarderSupervisor
{
    private async Task KeepStandbyAsync(Task ended, CancellationToken stopping)
    {
        // After faults that came fast there is none, or it would die of the same at once: only when this one is well.
        if (settings.KeepsStandby && !_faults.AllowsSpare)
        {
            await Task.WhenAny(ended, Task.Delay(FaultWatch.HealthyLife, stopping)).ConfigureAwait(false);
            if (ended.IsCompleted || stopping.IsCancellationRequested)
                return;
            _faults.Forget();
            KeepStandby();
        }

        while (_standby is { } spare
            && await Task.WhenAny(ended, spare.ExitAsync(stopping)).ConfigureAwait(false) != ended)
        {
            await AwaitSignalAsync(spare, stopping).ConfigureAwait(false);
            log.Warn($"the forwarder that stood by {spare.Ending}; another is started");
            await Task.WhenAny(ended, Task.Delay(s_spareWait, stopping)).ConfigureAwait(false);
            if (!ended.IsCompleted)
                KeepStandby();
        }
    }

    // A signal to the whole process group, such as Ctrl-C in a terminal, ends forwarders in order a moment before we
    // hear of it.
    private static async Task AwaitSignalAsync(ForwarderProcess process, CancellationToken stopping)
    {
        if (process.ExitCode == 0)
            await Task.Delay(s_orderlyWait, stopping).ConfigureAwait(false);
        stopping.ThrowIfCancellationRequested();
    }

    private void KeepStandby()
    {
        _standby?.Dispose();
        _standby = settings.KeepsStandby && _faults.AllowsSpare
            ? ForwarderProcess.Start(settings.Forwarder.AsStandby(), log.Relay, followsUs: true)
            : null;
    }

    private async Task StopStandbyAsync()
    {
        if (_standby is { } standby)
            await standby.StopAsync(s_stopPatience).ConfigureAwait(false);
        _standby?.Dispose();
        _standby = null;
    }
}
