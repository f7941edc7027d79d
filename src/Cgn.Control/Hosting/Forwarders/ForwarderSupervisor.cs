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
/// Keeps one forwarder running in its own process: starts it and waits until it is ready, takes over one that an
/// earlier
/// control plane left, starts it again when it dies, ends it when the gateway ends.
/// </summary>
internal sealed class ForwarderSupervisor(
    ControlSettings settings, GatewayAttachment attachment, ForwarderStatistics statistics, ConfigurationDesk desk,
    OperatorLog log, IHostApplicationLifetime life)
    : BackgroundService
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_startPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_backOffMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_backOffMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_spareWait = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan s_orderlyWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_healthyLife = TimeSpan.FromMinutes(1);

    private StateClaim? _claim;
    private ForwarderProcess? _process;
    private ForwarderProcess? _standby;
    private bool _isAdopted;

    /// <inheritdoc/>
    /// <exception cref="SystemRefusedException">The forwarder can't start: standard error has said why.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        StateDirectory directory = settings.Directory;
        _claim = StateClaim.Take(directory);
        statistics.ControlRestarts = _claim.Restarts;
        await ForeignState.SettleAsync(settings, log).ConfigureAwait(false);
        uint generation = desk.Begin();
        DateTimeOffset from = DateTimeOffset.UtcNow;
        await TakeOverAsync(generation, cancellationToken).ConfigureAwait(false);
        if (_process is null)
            await LaunchAsync(cancellationToken).ConfigureAwait(false);
        // A start that fails is no epoch; one that succeeds holds from before the first packet.
        BeginEpoch(from);
        KeepStandby();
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        statistics.IsReady = false;
        // First, or it would take the other's place.
        if (_standby is { } standby)
            await standby.StopAsync(s_stopPatience).ConfigureAwait(false);
        _standby?.Dispose();
        _standby = null;
        // A control plane that could not start has not begun to be responsible for what it found.
        bool isLeft = _isAdopted && !life.ApplicationStarted.IsCancellationRequested;
        if (!isLeft && _process is { } process && !await process.StopAsync(s_stopPatience).ConfigureAwait(false))
            log.Warn($"the forwarder did not end within {s_stopPatience.TotalSeconds} seconds and was killed");
        // Its last lines are read before the process is forgotten.
        _process?.Dispose();
        _process = null;
        _claim?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Other services are stopped before this one, and may take their time.
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stoppingToken, life.ApplicationStopping);
        CancellationToken stopping = either.Token;
        TimeSpan backOff = s_backOffMin;
        while (!stopping.IsCancellationRequested)
        {
            long startedAt = Environment.TickCount64;
            try
            {
                if (_process is { } process)
                    await WatchAsync(process, stopping).ConfigureAwait(false);
                statistics.IsReady = false;
                if (Environment.TickCount64 - startedAt > s_healthyLife.TotalMilliseconds)
                    backOff = s_backOffMin;
                if (_process is { } last)
                    await AwaitSignalAsync(last, stopping).ConfigureAwait(false);
                string ending = _process?.Ending ?? "is not there";
                if (_standby is { HasExited: false } next)
                {
                    log.Warn($"the forwarder {ending}; the one that stood by takes its place");
                    _standby = null;
                    await FollowAsync(next, stopping).ConfigureAwait(false);
                }
                else
                {
                    await Task.Delay(backOff, stopping).ConfigureAwait(false);
                    log.Warn($"the forwarder {ending}; it is started again");
                    await LaunchAsync(stopping).ConfigureAwait(false);
                }

                statistics.CountRestart();
                backOff = backOff * 2 < s_backOffMax ? backOff * 2 : s_backOffMax;
                KeepStandby();
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (SystemRefusedException error)
            {
                log.Warn(error.Message);
            }
        }
    }

    /// <summary>
    /// Deals with a forwarder that runs already: kept when the configuration is what it follows, or can be taken while
    /// it runs, else ended.
    /// </summary>
    private async Task TakeOverAsync(uint generation, CancellationToken cancellation)
    {
        int running = StatusFile.RunningIn(settings.Directory);
        if (running == 0 || ForwarderProcess.Adopt(running) is not { } process)
            return;
        bool isReady = StatusFile.TryRead(settings.Directory, out StatusPage page)
            && page.State == ForwarderState.Ready;
        // What lies in the directory may be something else than what it follows: an earlier control plane may have been
        // killed in between.
        if (!isReady || (page.Generation != generation && !await SnapshotHandover.TakesAsync(
            settings.Directory, generation, s_stopPatience, cancellation).ConfigureAwait(false)))
        {
            log.Info($"the forwarder {running} follows another configuration; it is started again, its state stays");
            await process.StopAsync(s_stopPatience).ConfigureAwait(false);
            process.Dispose();
            return;
        }

        _process = process;
        _isAdopted = true;
        attachment.Attach(settings.Directory);
        statistics.IsReady = true;
        log.Info($"the forwarder {running} was running and goes on");
    }

    // What forwards already goes on, whatever the control plane can't do.
    private void BeginEpoch(DateTimeOffset from)
    {
        try
        {
            desk.BeginEpoch(from);
        }
        catch (SystemRefusedException error) when (_isAdopted)
        {
            log.Warn(error.Message);
        }
    }

    // Until the forwarder has ended; a spare that ends before it is replaced.
    private async Task WatchAsync(ForwarderProcess process, CancellationToken stopping)
    {
        Task ended = process.ExitAsync(stopping);
        while (_standby is { } spare
            && await Task.WhenAny(ended, spare.ExitAsync(stopping)).ConfigureAwait(false) != ended)
        {
            await AwaitSignalAsync(spare, stopping).ConfigureAwait(false);
            log.Warn($"the forwarder that stood by {spare.Ending}; another is started");
            await Task.WhenAny(ended, Task.Delay(s_spareWait, stopping)).ConfigureAwait(false);
            if (!ended.IsCompleted)
                KeepStandby();
        }

        await ended.ConfigureAwait(false);
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
        _standby = settings.KeepsStandby
            ? ForwarderProcess.Start(settings.Forwarder.AsStandby(), log.Relay, followsUs: true)
            : null;
    }

    private Task LaunchAsync(CancellationToken cancellation) =>
        FollowAsync(ForwarderProcess.Start(settings.Forwarder, log.Relay), cancellation);

    // Waits until a process forwards, and attaches to what it does.
    private async Task FollowAsync(ForwarderProcess process, CancellationToken cancellation)
    {
        _process?.Dispose();
        _process = process;
        long deadline = Environment.TickCount64 + (long)s_startPatience.TotalMilliseconds;
        while (!IsReady(process))
        {
            if (process.HasExited)
            {
                // The last line often says why: wait until all of standard error has been read.
                await process.ExitAsync(cancellation).ConfigureAwait(false);
                throw new SystemRefusedException($"the forwarder {process.Ending} before it was ready");
            }

            if (Environment.TickCount64 > deadline)
            {
                await process.StopAsync(s_stopPatience).ConfigureAwait(false);
                throw new SystemRefusedException(
                    $"the forwarder was not ready within {s_startPatience.TotalSeconds} seconds and was ended");
            }

            await Task.Delay(s_poll, cancellation).ConfigureAwait(false);
        }

        try
        {
            attachment.Attach(settings.Directory);
        }
        catch (Exception error) when (error is StateException or IOException)
        {
            throw new SystemRefusedException(
                $"the forwarder is ready, but its state can't be read: {error.Message}", error);
        }

        statistics.IsReady = true;
    }

    private bool IsReady(ForwarderProcess process) =>
        StatusFile.TryRead(settings.Directory, out StatusPage page)
        && page.State == ForwarderState.Ready
        && page.ProcessId == process.Id;
}
