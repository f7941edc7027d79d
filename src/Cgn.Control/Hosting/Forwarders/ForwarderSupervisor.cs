using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.State;

using Microsoft.Extensions.Hosting;

namespace Cgn.Control.Hosting.Forwarders;

/// <summary>
/// Keeps one forwarder running in its own process: starts it and waits until it is ready, takes over one that an
/// earlier control plane left, starts it again when it dies, kills it when it hangs, ends it when the gateway ends.
/// </summary>
internal sealed partial class ForwarderSupervisor(
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

    private readonly HangWatch _hangs = new(settings, desk, log);
    private readonly FaultWatch _faults = new(settings);
    private StateClaim? _claim;
    private ForwarderProcess? _process;
    private ForwarderProcess? _standby;
    private bool _isAdopted;
    private bool _isHung;

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
            await LaunchFirstAsync(cancellationToken).ConfigureAwait(false);
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
        await StopStandbyAsync().ConfigureAwait(false);
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
                if (Environment.TickCount64 - startedAt > FaultWatch.HealthyLife.TotalMilliseconds)
                {
                    backOff = s_backOffMin;
                    _faults.Forget();
                }

                if (_process is { } last)
                    await AwaitSignalAsync(last, stopping).ConfigureAwait(false);
                bool isFault = _faults.Note(_process, _isHung);
                string ending = _process?.Ending ?? "is not there";
                if (isFault && _faults.Pause != TimeSpan.Zero)
                {
                    await LaunchLaterAsync(ending, stopping).ConfigureAwait(false);
                }
                else if (_standby is { HasExited: false } next)
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
            await RequireFitAsync(running, cancellation).ConfigureAwait(false);
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

    // What forwards is not ended for a configuration that nothing could forward by.
    private async Task RequireFitAsync(int running, CancellationToken cancellation)
    {
        ConcurrentQueue<string> said = new();
        using ForwarderProcess check = ForwarderProcess.Start(settings.Forwarder.AsCheck(), said.Enqueue);
        await check.ExitAsync(cancellation).ConfigureAwait(false);
        if (check.ExitCode == 0)
            return;
        string why = string.Join("; ", said.Select(static line => line.Replace("cgn-forwarder: ", "")));
        throw new SystemRefusedException($"{why}. The forwarder {running} goes on by the configuration that it has");
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

    // Until the forwarder has ended, by itself or because it hangs; a spare that ends before it is replaced.
    private async Task WatchAsync(ForwarderProcess process, CancellationToken stopping)
    {
        using var over = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        Task ended = process.ExitAsync(stopping);
        Task<bool> hangs = _hangs.WatchAsync(process, over.Token);
        try
        {
            await KeepStandbyAsync(ended, stopping).ConfigureAwait(false);
            await ended.ConfigureAwait(false);
        }
        finally
        {
            // Its process is forgotten next.
            await over.CancelAsync().ConfigureAwait(false);
            _isHung |= await hangs.ConfigureAwait(false);
        }
    }

    // A fault of the first one is no reason yet to give up: the second one trusts nothing that it need not.
    private async Task LaunchFirstAsync(CancellationToken cancellation)
    {
        try
        {
            await LaunchAsync(cancellation).ConfigureAwait(false);
            return;
        }
        catch (SystemRefusedException error) when (_faults.Note(_process, _isHung))
        {
            log.Warn($"{error.Message}; it is started once more");
        }

        try
        {
            await LaunchAsync(cancellation).ConfigureAwait(false);
        }
        catch (SystemRefusedException error) when (_faults.Note(_process, _isHung))
        {
            throw new SystemRefusedException($"{error.Message}; {_faults.Hint}", error);
        }
    }

    // One dies as the other did: it is time that helps, or the operator.
    private async Task LaunchLaterAsync(string ending, CancellationToken cancellation)
    {
        await StopStandbyAsync().ConfigureAwait(false);
        log.Warn($"the forwarder {ending}; {_faults.Why}");
        await Task.Delay(_faults.Pause, cancellation).ConfigureAwait(false);
        await LaunchAsync(cancellation).ConfigureAwait(false);
    }

    private Task LaunchAsync(CancellationToken cancellation) =>
        FollowAsync(ForwarderProcess.Start(settings.Forwarder, log.Relay), cancellation);

    // Waits until a process forwards, and attaches to what it does.
    private async Task FollowAsync(ForwarderProcess process, CancellationToken cancellation)
    {
        _process?.Dispose();
        _process = process;
        _isHung = false;
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
                _isHung = true;
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
