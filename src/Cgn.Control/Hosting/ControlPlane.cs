using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Control.Api;
using Cgn.Control.Api.Events;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Dhcpv6;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Hosting.Diagnostics;
using Cgn.Control.Hosting.Events;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.Hosting.Metrics;
using Cgn.Control.Policy;
using Cgn.Control.Radius;
using Cgn.Control.State;

using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Cgn.Control.Hosting;

/// <summary>
/// The control plane as a hosted application: supervises the forwarder, records its events, serves metrics.
/// </summary>
public static class ControlPlane
{
    private static readonly TimeSpan s_stopPatience = TimeSpan.FromSeconds(30);

    /// <summary>Runs a gateway until SIGINT, SIGTERM or cancellation.</summary>
    /// <param name="settings">What for.</param>
    /// <param name="errors">Standard error: messages for the operator.</param>
    /// <param name="cancellation">Ends it, too.</param>
    /// <exception cref="SystemRefusedException">It can't start; the message says why.</exception>
    public static async Task RunAsync(ControlSettings settings, TextWriter errors, CancellationToken cancellation)
    {
        var log = new OperatorLog(errors);
        using IHost host = Build(settings, log);
        // Made before anything starts: what one of them refuses at once leaves nothing to be stopped.
        _ = host.Services.GetServices<IHostedService>();
        try
        {
            await host.StartAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception error)
        {
            // What had started ends in order: no forwarder is left behind a gateway that failed.
            await host.StopAsync(CancellationToken.None).ConfigureAwait(false);
            if (error is not OperationCanceledException)
                throw;
            log.Info($"{settings.Snapshot.Name}: ended while it started");
            return;
        }

        string ready = Ready(settings, host.Services.GetRequiredService<GatewayAttachment>());
        ServiceManager service = host.Services.GetRequiredService<ServiceManager>();
        using CancellationTokenRegistration stopping = host.Services.GetRequiredService<IHostApplicationLifetime>()
            .ApplicationStopping.Register(service.Stopping);
        service.Ready(ready);
        log.Info(ready);
        await WaitAsync(host, cancellation).ConfigureAwait(false);
        log.Info($"{settings.Snapshot.Name}: ended");
    }

    // A part that fails has met what nobody thought of. As if it had been killed, the control plane is no more then and
    // the forwarder goes on: it does not end in order, which would end the forwarder, too.
    internal static async Task WaitAsync(IHost host, CancellationToken cancellation)
    {
        Task ended = host.WaitForShutdownAsync(cancellation);
        List<Task> parts = [.. host.Services.GetServices<IHostedService>().OfType<BackgroundService>()
            .Select(static part => part.ExecuteTask).OfType<Task>()];
        while (!ended.IsCompleted)
        {
            Task first = await Task.WhenAny([ended, .. parts]).ConfigureAwait(false);
            if (first.Exception is { } fault && first != ended)
                throw new ControlFaultException(fault.GetBaseException());
            parts.Remove(first);
        }

        await ended.ConfigureAwait(false);
    }

    internal static IHost Build(ControlSettings settings, OperatorLog log)
    {
        RuntimeMappings mappings = RuntimeMappings.Of(settings);
        RecoveredMappings.Into(mappings, settings);
        settings = settings with { Snapshot = mappings.Into(settings.Options, settings.Snapshot) };
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Logging.AddProvider(new OperatorLoggerProvider(log));
        builder.Services.Configure<ConsoleLifetimeOptions>(static options => options.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(static options =>
        {
            options.ShutdownTimeout = s_stopPatience;
            options.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.Ignore;
        });
        builder.Services.AddSingleton(settings);
        builder.Services.AddSingleton(log);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton(static _ => ServiceManager.FromEnvironment());
        builder.Services.AddSingleton<GatewayAttachment>();
        builder.Services.AddSingleton<ForwarderStatistics>();
        builder.Services.AddSingleton<EventPump>();
        builder.Services.AddSingleton(mappings);
        builder.Services.AddSingleton<PolicyDesk>();
        builder.Services.AddSingleton(services => new ConfigurationDesk(
            services.GetRequiredService<ControlSettings>(), services.GetRequiredService<GatewayAttachment>(),
            services.GetServices<IEventSink>(), mappings));
        LoggingSection logging = settings.Options.Logging;
        if (logging.BlockLog is { } path)
        {
            builder.Services.AddSingleton<IEventSink>(_ =>
                new BlockLog(
                    path, settings.Snapshot.Name, settings.Snapshot.Settings.SubscriberMaskV6,
                    settings.Directory.SectionFile(SectionNames.LogCursor)));
        }

        if (settings.Options.Radius is not null)
        {
            builder.Services.AddSingleton<RadiusService>();
            builder.Services.AddSingleton<IEventObserver>(
                static services => services.GetRequiredService<RadiusService>());
        }

        // Started in this order and ended in the reverse one: the pump outlives the forwarder, to record its last
        // events, and metrics are served only while there is a forwarder.
        builder.Services.AddHostedService(static services => services.GetRequiredService<EventPump>());
        if (settings.IsForwarderExternal)
            builder.Services.AddHostedService<ForwarderFollower>();
        else
            builder.Services.AddHostedService<ForwarderSupervisor>();
        builder.Services.AddHostedService(static services => services.GetRequiredService<PolicyDesk>());
        if (settings.Options.Radius is not null)
        {
            builder.Services.AddHostedService<MappingRefresher>();
            builder.Services.AddHostedService(static services => services.GetRequiredService<RadiusService>());
        }

        builder.Services.AddHostedService<ConfigReloader>();
        builder.Services.AddHostedService<UsageWatchService>();
        if (settings.Options.Metrics is not null)
            builder.Services.AddHostedService<MetricsService>();
        if (settings.Options.Api is not null)
            AddApi(builder.Services);
        if (settings.Options.Dhcpv6 is not null)
            builder.Services.AddHostedService<Dhcpv6Service>();
        builder.Services.AddHostedService<ServiceWatch>();
        if (Environment.GetEnvironmentVariable(ForcedCollections.Variable) is { Length: > 0 } file)
            builder.Services.AddHostedService(_ => new ForcedCollections(file));
        return builder.Build();
    }

    private static void AddApi(IServiceCollection services)
    {
        services.AddSingleton<EventStream>();
        services.AddSingleton<IEventObserver>(static services => services.GetRequiredService<EventStream>());
        services.AddSingleton<ApiStatistics>();
        services.AddSingleton<ApiEndpoints>();
        services.AddHostedService<ApiService>();
    }

    private static string Ready(ControlSettings settings, GatewayAttachment attachment)
    {
        StatusPage status = attachment.Read(static view => view.Status);
        if (status.Magic == 0)
            return $"{settings.Snapshot.Name}: ready, and follows the forwarder that the service manager starts";
        return $"{settings.Snapshot.Name}: ready: {CountText.Of(status.ShardCount, "worker")}, "
            + $"inside {settings.Snapshot.Inside.Device} ({status.InsideDriver}), "
            + $"outside {settings.Snapshot.Outside.Device} ({status.OutsideDriver})";
    }
}
