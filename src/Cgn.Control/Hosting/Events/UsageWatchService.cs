using System;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Events;
using Cgn.Control.Hosting.Configurations;

using Microsoft.Extensions.Hosting;

namespace Cgn.Control.Hosting.Events;

/// <summary>Looks at the gateway as a whole once a second, and has the pump tell what there is to tell.</summary>
/// <param name="attachment">The gateway's state.</param>
/// <param name="desk">The configuration in force.</param>
/// <param name="pump">Tells.</param>
/// <param name="time">The clock.</param>
internal sealed class UsageWatchService(
    GatewayAttachment attachment, ConfigurationDesk desk, EventPump pump, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan s_period = TimeSpan.FromSeconds(1);

    private readonly UsageWatch _watch = new();

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(s_period, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken).ConfigureAwait(false))
                Look();
        }
        catch (OperationCanceledException)
        {
            // It ends.
        }
    }

    private void Look()
    {
        long nowMs = (long)time.GetElapsedTime(0).TotalMilliseconds;
        long unixMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        foreach (ForwarderEvent told in attachment.Read(view => _watch.Look(view, desk.Options, nowMs, unixMs)) ?? [])
            pump.Publish(told);
    }
}
