using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Contract.Snapshots;
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
    OperatorLog log)
    : BackgroundService
{
    private static readonly TimeSpan s_poll = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan s_startPatience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan s_backOffMin = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan s_backOffMax = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_orderlyWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_healthyLife = TimeSpan.FromMinutes(1);

    private IDisposable? _lock;
    private ForwarderProcess? _process;

    /// <inheritdoc/>
    /// <exception cref="SystemRefusedException">The forwarder can't start: standard error has said why.</exception>
    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        StateDirectory directory = settings.Directory;
        _lock = DirectoryLock.Take(directory);
        await DealWithStrangerAsync().ConfigureAwait(false);
        bool changed = SnapshotKeeper.Write(directory, settings.Snapshot, settings.Options.Gateway.Seed is null);
        await TakeOverAsync(changed).ConfigureAwait(false);
        DateTimeOffset from = DateTimeOffset.UtcNow;
        if (_process is null)
            await LaunchAsync(cancellationToken).ConfigureAwait(false);
        RecordEpoch(directory, from);
        await base.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken).ConfigureAwait(false);
        statistics.IsReady = false;
        if (_process is { } process && !await process.StopAsync(s_stopPatience).ConfigureAwait(false))
            log.Warn($"the forwarder did not end within {s_stopPatience.TotalSeconds} seconds and was killed");
        // Its last lines are read before the process is forgotten.
        _process?.Dispose();
        _process = null;
        _lock?.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        TimeSpan backOff = s_backOffMin;
        while (!stoppingToken.IsCancellationRequested)
        {
            long startedAt = Environment.TickCount64;
            try
            {
                if (_process is { } process)
                    await process.ExitAsync(stoppingToken).ConfigureAwait(false);
                statistics.IsReady = false;
                if (Environment.TickCount64 - startedAt > s_healthyLife.TotalMilliseconds)
                    backOff = s_backOffMin;
                // A signal to the whole process group ends the forwarder, in order, a moment before we hear of it.
                TimeSpan wait = _process?.ExitCode == 0 && backOff < s_orderlyWait ? s_orderlyWait : backOff;
                await Task.Delay(wait, stoppingToken).ConfigureAwait(false);
                log.Warn($"the forwarder {_process?.Ending ?? "is not there"}; it is started again");
                statistics.CountRestart();
                backOff = backOff * 2 < s_backOffMax ? backOff * 2 : s_backOffMax;
                await LaunchAsync(stoppingToken).ConfigureAwait(false);
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

    // A start that fails is no epoch; one that succeeds holds from before the first packet.
    private void RecordEpoch(StateDirectory directory, DateTimeOffset from)
    {
        try
        {
            desk.Record(SnapshotFile.Read(directory.SnapshotFile), from);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new SystemRefusedException(
                $"the configuration can't be recorded beside logging.block-log: {error.Message}", error);
        }
    }

    // State that this program can't read, or is told to throw away. A forwarder that has it must not be joined by a
    // second one on the same devices.
    private async Task DealWithStrangerAsync()
    {
        StateDirectory directory = settings.Directory;
        int running = StatusFile.RunningIn(directory, anyLayout: true);
        if (!settings.DiscardsState)
        {
            if (running != 0 && !StatusFile.TryRead(directory, out StatusPage page))
            {
                throw new SystemRefusedException(
                    $"the forwarder {running} of {directory.Path} belongs to another build: its state has layout "
                    + $"version {page.LayoutVersion} where this build has {StatusPage.CurrentLayoutVersion}. It goes "
                    + "on forwarding; the build that started it can take it over, or 'cgn run --discard-state' ends "
                    + "it and starts with empty tables");
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
        log.Info($"{directory.Path}: the state found there was discarded");
    }

    /// <summary>
    /// Deals with a forwarder that runs already: kept when the configuration is what it follows, else ended.
    /// </summary>
    private async Task TakeOverAsync(bool changed)
    {
        int running = StatusFile.RunningIn(settings.Directory);
        if (running == 0 || ForwarderProcess.Adopt(running) is not { } process)
            return;
        bool isReady = StatusFile.TryRead(settings.Directory, out StatusPage page)
            && page.State == ForwarderState.Ready;
        if (changed || !isReady)
        {
            log.Info($"the forwarder {running} follows another configuration; it is started again, its state stays");
            await process.StopAsync(s_stopPatience).ConfigureAwait(false);
            process.Dispose();
            return;
        }

        _process = process;
        attachment.Attach(settings.Directory);
        statistics.IsReady = true;
        log.Info($"the forwarder {running} was running and goes on");
    }

    private async Task LaunchAsync(CancellationToken cancellation)
    {
        _process?.Dispose();
        _process = null;
        ForwarderProcess process = ForwarderProcess.Start(settings.Forwarder, log.Relay);
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
