using System;
using System.Linq;
using System.Net;

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

namespace Cgn.Control.Api;

/// <summary>
/// Serves the management interface. It reads the arena and asks; the packet path knows nothing of it.
/// </summary>
internal sealed class ApiService(ControlSettings settings, ApiEndpoints endpoints, OperatorLog log)
    : WebService("api.listen", log)
{
    private const int ConnectionsMax = 256;
    private static readonly TimeSpan s_headersPatience = TimeSpan.FromSeconds(10);

    private readonly ApiSection _api = settings.Options.Api!;
    private readonly OperatorLog _log = log;

    /// <inheritdoc/>
    /// <remarks>Tests take a port that the kernel gives.</remarks>
    internal override HostPort Listen { get; init; } = settings.Options.Api!.Listen;

    /// <summary>The address that is listened on, once it is.</summary>
    internal string Address => Server!.Services.GetRequiredService<IServer>().Features
        .Get<IServerAddressesFeature>()!.Addresses.First();

    /// <inheritdoc/>
    protected override void Configure(WebApplicationBuilder builder, IPAddress[] addresses)
    {
        if (_api.Tls is not null)
            builder.WebHost.UseKestrelHttpsConfiguration();
        var tls = _api.Tls is null ? null : new ServerTls(_api.Tls, _log);
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
        ApiEndpoints.Configure(builder.Services, hasTokens: _api.TokenFile is not null);
    }

    /// <inheritdoc/>
    protected override void Map(WebApplication server) => endpoints.Map(server);
}
