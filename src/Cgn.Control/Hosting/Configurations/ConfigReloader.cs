using System;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Control.Configuration;

using Microsoft.Extensions.Hosting;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>
/// Reads the configuration file again on SIGHUP and applies it when nothing is wrong with it; repeats the epoch in the
/// block log once a day.
/// </summary>
internal sealed class ConfigReloader(
    ControlSettings settings, ConfigurationDesk desk, ServiceManager service, OperatorLog log)
    : BackgroundService
{
    private const int ReadsMax = 20;

    private static readonly TimeSpan s_look = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan s_settle = TimeSpan.FromMilliseconds(50);

    private readonly SemaphoreSlim _asked = new(0);

    private PosixSignalRegistration? _hangUp;

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Here, since what follows runs some time later: a signal that comes once the gateway is ready must be heard.
        _hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _asked.Release();
        });
        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _hangUp?.Dispose();
        _asked.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        DateTime day = DateTime.UtcNow.Date;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (await _asked.WaitAsync(s_look, stoppingToken).ConfigureAwait(false))
                    await ReloadAsync(stoppingToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception error) when (error is not OutOfMemoryException)
            {
                // A fault of ours: what is in force stays, and whoever asked hears of it.
                log.Warn($"the configuration can't be read anew: {error.ToString().ReplaceLineEndings(" ")}");
            }

            if (DateTime.UtcNow.Date == day)
                continue;
            day = DateTime.UtcNow.Date;
            desk.Repeat(DateTimeOffset.UtcNow);
        }
    }

    private async Task ReloadAsync(CancellationToken stopping)
    {
        if (settings.ConfigFile is not { } path)
            return;
        service.Reloading();
        try
        {
            (string? text, FaultList faults) = await ReadAsync(path, stopping).ConfigureAwait(false);
            ApplyResult result = text is null
                ? new ApplyResult(faults, ["it can't be read"], desk.Snapshot.Generation, [])
                : await desk.ApplyTextAsync(text, ReloadOrigin.Take(settings.Directory, text), stopping)
                    .ConfigureAwait(false);
            Tell(path, result);
        }
        finally
        {
            service.Ready($"{settings.Snapshot.Name}: generation {desk.Snapshot.Generation} is in force");
        }
    }

    // A file that is being written is read until it stays the same.
    private static async Task<(string? Text, FaultList Faults)> ReadAsync(string path, CancellationToken stopping)
    {
        bool isRead = ConfigLoader.TryRead(path, out string? text, out FaultList faults);
        for (int i = 0; i < ReadsMax && isRead; i++)
        {
            await Task.Delay(s_settle, stopping).ConfigureAwait(false);
            string? before = text;
            isRead = ConfigLoader.TryRead(path, out text, out faults);
            if (text == before)
                break;
        }

        return (isRead ? text : null, faults);
    }

    private void Tell(string path, ApplyResult result)
    {
        foreach (Fault fault in result.Faults.All)
            log.Info(fault.ToString());
        foreach (string obstacle in result.Obstacles)
            log.Warn($"{path} is not applied: {obstacle}");
        foreach (string note in result.Notes)
            log.Warn(note);
        log.Info(result.IsInForce
            ? $"{path} is in force, generation {result.Generation}"
            : "the configuration in force stays");
    }
}
