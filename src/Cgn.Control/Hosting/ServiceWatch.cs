using System;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Control.Hosting.Events;

using Microsoft.Extensions.Hosting;

namespace Cgn.Control.Hosting;

/// <summary>
/// Shows the service manager signs of life as long as events are taken: a control plane that hangs is started again.
/// </summary>
internal sealed class ServiceWatch(ServiceManager service, EventPump pump) : BackgroundService
{
    // Twice in the time that the service manager waits, with some to spare.
    private const double Share = 3;

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (service.Watchdog <= TimeSpan.Zero)
            return;
        while (!stoppingToken.IsCancellationRequested)
        {
            if (Environment.TickCount64 - pump.TurnedAt < service.Watchdog.TotalMilliseconds)
                service.Alive();
            await Task.Delay(service.Watchdog / Share, stoppingToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }
}
