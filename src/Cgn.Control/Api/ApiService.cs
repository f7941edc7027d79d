using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Api.Security;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Control.Hosting;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cgn.Control.Api;

/// <summary>
/// Serves the management interface. It reads the arena and asks; the packet path knows nothing of it.
/// </summary>
internal sealed class ApiService(ControlSettings settings, ApiEndpoints endpoints, OperatorLog log)
    : IHostedService, IAsyncDisposable
{
    private const int ConnectionsMax = 256;
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_headersPatience = TimeSpan.FromSeconds(10);

    private readonly ApiSection _api = settings.Options.Api!;
    private WebApplication? _server;

    /// <summary>Where to listen; tests take a port that the kernel gives.</summary>
    internal HostPort Listen { get; init; } = settings.Options.Api!.Listen;

    /// <summary>The address that is listened on, once it is.</summary>
    internal string Address => _server!.Services.GetRequiredService<IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.First();

    /// <inheritdoc/>
    /// <exception cref="SystemRefusedException">The address can't be listened on, or a file is unusable.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            _server = Build(await AddressesAsync(cancellationToken).ConfigureAwait(false));
            await _server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw new SystemRefusedException(
                $"api.listen {Listen} can't be listened on: {error.Message}; another program may have it", error);
        }
    }

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_server is not { } server)
            return;
        // Whoever follows events or has sent half a request must not hold up the services that end after this one.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_stopPatience);
        await server.StopAsync(patience.Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _server?.DisposeAsync() ?? ValueTask.CompletedTask;

    private async Task<IPAddress[]> AddressesAsync(CancellationToken cancellation) =>
        IPAddress.TryParse(Listen.Host, out IPAddress? address)
            ? [address]
            : await Dns.GetHostAddressesAsync(Listen.Host, cancellation).ConfigureAwait(false);

    private WebApplication Build(IPAddress[] addresses)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        if (_api.Tls is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        var tls = _api.Tls is null ? null : new ServerTls(_api.Tls, log);
        builder.Services.Configure<KestrelServerOptions>(options =>
        {
            options.AddServerHeader = false;
            options.Limits.MaxRequestBodySize = Endpoints.Body.SmallMax;
            options.Limits.MaxConcurrentConnections = ConnectionsMax;
            options.Limits.RequestHeadersTimeout = s_headersPatience;
            foreach (IPAddress address in addresses)
            {
                options.Listen(address, Listen.Port, listen =>
                {
                    if (tls is not null)
                        tls.Use(listen);
                });
            }
        });
        ApiEndpoints.Configure(builder.Services);
        builder.Logging.AddProvider(new OperatorLoggerProvider(log));
        // Signals are the gateway's own host's.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        WebApplication server = builder.Build();
        endpoints.Map(server);
        return server;
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
