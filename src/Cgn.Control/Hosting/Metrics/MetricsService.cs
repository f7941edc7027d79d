using System;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Configuration.Values;
using Cgn.Control.Hosting.Events;
using Cgn.Control.Hosting.Forwarders;

using Microsoft.Extensions.Hosting;

using Prometheus;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>
/// Serves Prometheus. Values are read from shared memory when a scrape comes; between scrapes nothing is done.
/// </summary>
internal sealed class MetricsService : IHostedService, IDisposable
{
    private readonly HostPort _listen;
    private readonly MetricServer _server;

    public MetricsService(
        ControlSettings settings, GatewayAttachment attachment, EventPump pump, ForwarderStatistics statistics)
    {
        _listen = settings.Options.Metrics!.Listen;
        CollectorRegistry registry = Prometheus.Metrics.NewCustomRegistry();
        MetricFactory factory = Prometheus.Metrics.WithCustomRegistry(registry);
        MetricFamilies<GatewaySample> gateway = GatewayMetrics.Create(factory, settings.Snapshot);
        MetricFamilies<EventPump> control = ControlMetrics.Create(factory, pump, statistics);
        Gauge heartbeat = factory.CreateGauge(
            "cgn_forwarder_heartbeat_age_seconds", "Time since the forwarder's last sign of life.");
        Gauge started = factory.CreateGauge(
            "cgn_forwarder_start_time_seconds", "When the forwarder started, in seconds since 1970.");
        Registry = registry;
        // Two scrapes at once would count the same growth twice.
        var gate = new Lock();
        registry.AddBeforeCollectCallback(() =>
        {
            lock (gate)
            {
                control.Update(pump);
                attachment.Read(view =>
                {
                    gateway.Update(new GatewaySample(view));
                    heartbeat.Set(Math.Max(0, (Monotonic.NowNs - view.Status.HeartbeatNs) / 1e9));
                    started.Set(view.Status.StartedUnixMs / 1e3);
                    return true;
                });
            }
        });
        _server = new MetricServer(
            _listen.Host.Contains(':', StringComparison.Ordinal) ? $"[{_listen.Host}]" : _listen.Host,
            _listen.Port, "metrics/", registry);
    }

    /// <summary>The families, for tests.</summary>
    internal CollectorRegistry Registry { get; }

    /// <inheritdoc/>
    /// <exception cref="SystemRefusedException">The address can't be listened on.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _server.Start();
        }
        catch (Exception error) when (error is HttpListenerException or InvalidOperationException)
        {
            throw new SystemRefusedException(
                $"metrics.listen {_listen} can't be listened on: {error.Message}; another program may have it", error);
        }

        return Task.CompletedTask;
    }

    /// <inheritdoc/>
    public Task StopAsync(CancellationToken cancellationToken) => _server.StopAsync();

    /// <inheritdoc/>
    public void Dispose() => ((IDisposable)_server).Dispose();
}
