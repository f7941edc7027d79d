using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Api;
using Cgn.Control.Configuration.Values;
using Cgn.Control.Hosting.Events;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.Policy;
using Cgn.Control.Radius;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

using Prometheus;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>
/// Serves Prometheus. Values are read from shared memory when a scrape comes; between scrapes nothing is done.
/// </summary>
internal sealed class MetricsService : WebService
{
    private readonly Health _health;

    public MetricsService(
        ControlSettings settings, GatewayAttachment attachment, EventPump pump, ForwarderStatistics statistics,
        OperatorLog log, PolicyDesk? policies = null, RadiusService? radius = null, ApiStatistics? api = null)
        : base("metrics.listen", log)
    {
        Listen = settings.Options.Metrics!.Listen;
        _health = new Health(attachment, pump, statistics);
        CollectorRegistry registry = Prometheus.Metrics.NewCustomRegistry();
        MetricFactory factory = Prometheus.Metrics.WithCustomRegistry(registry);
        MetricFamilies<GatewaySample> gateway = GatewayMetrics.Create(factory, settings.Snapshot);
        MetricFamilies<EventPump> control = ControlMetrics.Create(factory, pump, statistics);
        MetricFamilies<PolicyDesk>? steered = policies is null ? null : PolicyMetrics.Create(factory);
        MetricFamilies<RadiusGateway>? authorized = radius is null ? null : RadiusMetrics.Create(factory);
        MetricFamilies<ApiStatistics>? managed = api is null ? null : ApiMetrics.Create(factory);
        Gauge duration = factory.CreateGauge(
            "cgn_scrape_read_seconds", "Time that it took to read the values of this scrape from shared memory.");
        Registry = registry;
        // Two scrapes at once would count the same growth twice.
        var gate = new Lock();
        registry.AddBeforeCollectCallback(() =>
        {
            lock (gate)
            {
                long start = Stopwatch.GetTimestamp();
                control.Update(pump);
                steered?.Update(policies!);
                managed?.Update(api!);
                if (radius?.Gateway is { } running)
                    authorized!.Update(running);
                attachment.Read(view =>
                {
                    gateway.Update(new GatewaySample(view));
                    return true;
                });
                duration.Set(Stopwatch.GetElapsedTime(start).TotalSeconds);
            }
        });
    }

    /// <summary>The families, for tests.</summary>
    internal CollectorRegistry Registry { get; }

    /// <inheritdoc/>
    internal override HostPort Listen { get; init; }

    /// <inheritdoc/>
    protected override Task PrepareAsync() =>
        // Once for nobody: the first reading is slow, since all code for it is made then.
        Registry.CollectAndExportAsTextAsync(Stream.Null, CancellationToken.None);

    /// <inheritdoc/>
    protected override void Configure(WebApplicationBuilder builder, IPAddress[] addresses)
    {
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            foreach (IPAddress address in addresses)
                options.Listen(address, Listen.Port);
        });
        builder.Services.AddRoutingCore();
    }

    /// <inheritdoc/>
    protected override void Map(WebApplication server)
    {
        server.UseRouting();
        server.MapMetrics("/metrics", Registry);
        server.MapGet("/healthz", context => AnswerAsync(context, "healthy", _health.Ills()));
        server.MapGet("/readyz", context => AnswerAsync(context, "ready", _health.Obstacles()));
    }

    private static Task AnswerAsync(HttpContext context, string what, IReadOnlyList<string> reasons)
    {
        context.Response.StatusCode =
            reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        var answer = new Dictionary<string, object> { [what] = reasons.Count == 0, ["reasons"] = reasons };
        return context.Response.WriteAsJsonAsync(answer);
    }
}
