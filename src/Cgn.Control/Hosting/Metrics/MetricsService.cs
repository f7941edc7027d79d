using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Api;
using Cgn.Control.Configuration.Values;
using Cgn.Control.Hosting.Events;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.Policy;
using Cgn.Control.Radius;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

using Prometheus;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>
/// Serves Prometheus. Values are read from shared memory when a scrape comes; between scrapes nothing is done. Kestrel
/// rather than the class library's HttpListener: that one fails to start when a client connects in the same instant.
/// </summary>
internal sealed class MetricsService : IHostedService, IAsyncDisposable
{
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(1);

    private readonly HostPort _listen;
    private readonly OperatorLog _log;
    private readonly Health _health;
    private WebApplication? _server;

    public MetricsService(
        ControlSettings settings, GatewayAttachment attachment, EventPump pump, ForwarderStatistics statistics,
        OperatorLog log, PolicyDesk? policies = null, RadiusService? radius = null, ApiStatistics? api = null)
    {
        _listen = settings.Options.Metrics!.Listen;
        _log = log;
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
    /// <exception cref="SystemRefusedException">The address can't be listened on.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _server = Build(await AddressesAsync(cancellationToken).ConfigureAwait(false));
            // Once for nobody: the first reading is slow, since all code for it is made then.
            await Registry.CollectAndExportAsTextAsync(Stream.Null, CancellationToken.None).ConfigureAwait(false);
            await _server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new SystemRefusedException(
                $"metrics.listen {_listen} can't be listened on: {error.Message}; another program may have it", error);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not { } server)
            return;
        // Whoever has sent half a request must not hold up the services that end after this one.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_stopPatience);
        await server.StopAsync(patience.Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<IPAddress[]> AddressesAsync(CancellationToken cancellation) =>
        IPAddress.TryParse(_listen.Host, out IPAddress? address)
            ? [address]
            : await Dns.GetHostAddressesAsync(_listen.Host, cancellation).ConfigureAwait(false);

    private WebApplication Build(IPAddress[] addresses)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            foreach (IPAddress address in addresses)
                options.Listen(address, _listen.Port);
        });
        builder.Services.AddRoutingCore();
        builder.Logging.AddProvider(new OperatorLoggerProvider(_log));
        // Signals are the gateway's own host's.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        WebApplication server = builder.Build();
        server.UseRouting();
        server.MapMetrics("/metrics", Registry);
        server.MapGet("/healthz", context => AnswerAsync(context, "healthy", _health.Ills()));
        server.MapGet("/readyz", context => AnswerAsync(context, "ready", _health.Obstacles()));
        return server;
    }

    private static Task AnswerAsync(HttpContext context, string what, IReadOnlyList<string> reasons)
    {
        context.Response.StatusCode =
            reasons.Count == 0 ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        var answer = new Dictionary<string, object> { [what] = reasons.Count == 0, ["reasons"] = reasons };
        return context.Response.WriteAsJsonAsync(answer);
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
