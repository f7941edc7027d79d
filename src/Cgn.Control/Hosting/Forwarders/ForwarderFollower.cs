using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.State;

using Microsoft.Extensions.Hosting;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>
/// Follows a forwarder that the service manager starts, ends and starts again: leaves the snapshot for it, attaches to
/// it whenever it has become ready, and lets it go on when the control plane ends.
/// </summary>
internal sealed class ForwarderFollower(
    ControlSettings settings, GatewayAttachment attachment, ForwarderStatistics statistics, ConfigurationDesk desk,
    OperatorLog log)
    : BackgroundService
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_takePatience = TimeSpan.FromSeconds(10);

    private StateClaim? _claim;
    private (int Process, uint Incarnation) _attached;

    /// <inheritdoc/>
    /// <exception cref="SystemRefusedException">The state directory can't be had.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        _claim = StateClaim.Take(settings.Directory);
        statistics.ControlRestarts = _claim.Restarts;
        await ForeignState.SettleAsync(settings, log).ConfigureAwait(false);
        desk.Begin();
        try
        {
            desk.BeginEpoch(DateTimeOffset.UtcNow);
        }
        catch (SystemRefusedException error)
        {
            // The forwarder is another's to start, and goes on or begins without us.
            log.Warn(error.Message);
        }

        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        statistics.IsReady = false;
        _claim?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await Task.Yield();
        if (!IsReady(out _))
            log.Info($"waiting for a forwarder in {settings.Directory.Path}");
        while (!stoppingToken.IsCancellationRequested)
        {
            await FollowAsync(stoppingToken).ConfigureAwait(false);
            await Task.Delay(s_poll, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task FollowAsync(CancellationToken stopping)
    {
        if (!IsReady(out StatusPage page))
        {
            if (statistics.IsReady)
                log.Warn("the forwarder is gone; waiting for another");
            statistics.IsReady = false;
            return;
        }

        if (statistics.IsReady && _attached == (page.ProcessId, page.Incarnation))
            return;
        try
        {
            if (!await TakesOursAsync(page, stopping).ConfigureAwait(false))
                return;
            attachment.Attach(settings.Directory);
        }
        catch (Exception error) when (error is StateException or IOException)
        {
            log.Warn($"the forwarder {page.ProcessId} is ready, but its state can't be read: {error.Message}");
            await Task.Delay(s_takePatience, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return;
        }
        catch (OperationCanceledException)
        {
            return;
        }

        if (_attached != default && _attached != (page.ProcessId, page.Incarnation))
            statistics.CountRestart();
        _attached = (page.ProcessId, page.Incarnation);
        statistics.IsReady = true;
        log.Info($"the forwarder {page.ProcessId} forwards: {CountText.Of(page.ShardCount, "worker")}, "
            + $"inside {settings.Snapshot.Inside.Device} ({page.InsideDriver}), "
            + $"outside {settings.Snapshot.Outside.Device} ({page.OutsideDriver})");
    }

    // One that follows another configuration and can't take ours while it runs is ended, for the service manager to
    // start it again.
    private async Task<bool> TakesOursAsync(StatusPage page, CancellationToken stopping)
    {
        uint generation = desk.GenerationOnDisk();
        if (page.Generation == generation || await SnapshotHandover.TakesAsync(
            settings.Directory, generation, s_takePatience, stopping).ConfigureAwait(false))
            return true;
        log.Info($"the forwarder {page.ProcessId} follows another configuration and can't take this one while it runs; "
            + "it is asked to end, for the service manager to start it again");
        Signals.TryTerminate(page.ProcessId);
        while (StatusFile.RunningIn(settings.Directory) == page.ProcessId && !stopping.IsCancellationRequested)
            await Task.Delay(s_poll, stopping).ConfigureAwait(false);
        return false;
    }

    private bool IsReady(out StatusPage page) =>
        StatusFile.TryRead(settings.Directory, out page)
        && page.State == ForwarderState.Ready
        && StatusFile.RunningIn(settings.Directory) == page.ProcessId;
}
