using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;

using Microsoft.Extensions.Hosting;

namespace Cgn.Control.Hosting.Configurations;

/// <summary>
/// Reads the configuration file again on SIGHUP and applies it when nothing is wrong with it; repeats the epoch in the
/// block log once a day.
/// </summary>
internal sealed class ConfigReloader(ControlSettings settings, ConfigurationDesk desk, OperatorLog log)
    : BackgroundService
{
    private static readonly TimeSpan s_look = TimeSpan.FromMinutes(1);

    private readonly SemaphoreSlim _asked = new(0);

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _asked.Dispose();
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, context =>
        {
            context.Cancel = true;
            _asked.Release();
        });
        await Task.Yield();
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
        bool isUsable = ConfigLoader.TryLoad(
            path, out ConfigSnapshot? snapshot, out GatewayOptions? options, out FaultList faults);
        foreach (Fault fault in faults.All)
            log.Info(fault.ToString());
        IReadOnlyList<string> obstacles = !isUsable ? ["there are errors in it"]
            : options!.Interfaces is null ? ["there is no section interfaces"]
            : await desk.ApplyAsync(options, snapshot!, stopping).ConfigureAwait(false);
        foreach (string obstacle in obstacles)
            log.Warn($"{path} is not applied: {obstacle}");
        log.Info(obstacles.Count == 0
            ? $"{path} is in force, generation {desk.Snapshot.Generation}"
            : "the configuration in force stays");
    }
}
