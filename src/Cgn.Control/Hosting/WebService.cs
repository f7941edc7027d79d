using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Control.Configuration.Values;

using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cgn.Control.Hosting;

/// <summary>
/// A web server of the control plane's own, on Kestrel: the class library's HttpListener fails to start when a client
/// connects in the same instant.
/// </summary>
/// <param name="key">The configuration's key that says where, for messages.</param>
/// <param name="log">Where the server's warnings go.</param>
internal abstract class WebService(string key, OperatorLog log) : IHostedLifecycleService, IAsyncDisposable
{
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(1);

    /// <summary>Where to listen.</summary>
    internal abstract HostPort Listen { get; init; }

    /// <summary>The server, once it was started.</summary>
    protected WebApplication? Server { get; private set; }

    /// <inheritdoc/>
    /// <remarks>
    /// An address that can never be had is found out before anything forwards. One that somebody else has is left for
    /// the start: another gateway on the same state directory has more to say than this.
    /// </remarks>
    /// <exception cref="SystemRefusedException">The address can't be listened on.</exception>
    public async Task StartingAsync(CancellationToken cancellationToken)
    {
        try
        {
            foreach (IPAddress address in await AddressesAsync(cancellationToken).ConfigureAwait(false))
            {
                using var trial = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
                trial.Bind(new IPEndPoint(address, Listen.Port));
            }
        }
        catch (SocketException error) when (error.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
        }
        catch (SocketException error)
        {
            throw ListenFault.Of(key, Listen, error);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="SystemRefusedException">The address can't be listened on, or a file is unusable.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        try
        {
            Server = Build(await AddressesAsync(cancellationToken).ConfigureAwait(false));
            await PrepareAsync().ConfigureAwait(false);
            await Server.StartAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (error is IOException or SocketException)
        {
            throw ListenFault.Of(key, Listen, error);
        }
    }

    /// <inheritdoc/>
    public Task StartedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (Server is not { } server)
            return;
        // Whoever follows events or has sent half a request must not hold up the services that end after this one.
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(s_stopPatience);
        await server.StopAsync(patience.Token).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => Server?.DisposeAsync() ?? ValueTask.CompletedTask;

    /// <summary>Says how to listen, and adds services.</summary>
    /// <param name="builder">The server to be.</param>
    /// <param name="addresses">Where to listen, at the port of <see cref="Listen"/>.</param>
    protected abstract void Configure(WebApplicationBuilder builder, IPAddress[] addresses);

    /// <summary>Says what is served.</summary>
    /// <param name="server">The server.</param>
    protected abstract void Map(WebApplication server);

    /// <summary>Does what the first request should not wait for.</summary>
    protected virtual Task PrepareAsync() => Task.CompletedTask;

    private async Task<IPAddress[]> AddressesAsync(CancellationToken cancellation) =>
        IPAddress.TryParse(Listen.Host, out IPAddress? address)
            ? [address]
            : await Dns.GetHostAddressesAsync(Listen.Host, cancellation).ConfigureAwait(false);

    private WebApplication Build(IPAddress[] addresses)
    {
        WebApplicationBuilder builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        Configure(builder, addresses);
        builder.Logging.AddProvider(new OperatorLoggerProvider(log));
        // Signals are the gateway's own host's.
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        WebApplication server = builder.Build();
        Map(server);
        return server;
    }

    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
