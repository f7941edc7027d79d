using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Forwarders;

using Xunit;

namespace Cgn.Cli.Tests.Verbs;

/// <summary>A control plane with an API over a forwarder whose records are known, for verbs that ask it.</summary>
internal sealed class ApiGateway : IAsyncDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");
    private readonly CancellationTokenSource _end = new();
    private readonly StringWriter _errors = new();
    private Task _running = Task.CompletedTask;

    private ApiGateway(string keys)
    {
        Directory.CreateDirectory(_folder);
        Tokens = Path.Combine(_folder, "tokens");
        State = new StateDirectory(Path.Combine(_folder, "state"));
        Config = Path.Combine(_folder, "gateway.yaml");
        int port = FreePort();
        Address = $"http://127.0.0.1:{port}";
        File.WriteAllText(Config, $$"""
            gateway: { name: test, workers: 1, seed: 7, state-directory: {{State.Path}} }
            interfaces: { inside: { device: in0 }, outside: { device: out0 } }
            ds-lite: { aftr-ipv6-address: [2001:db8:ffff::1], subscriber-match: [2001:db8:100::/40] }
            external-ip-address-pools: [{ id: metro, external-ip-pool: [203.0.113.0/28] }]
            plans: [{ id: home }]
            subscribers: { default-plan: home }
            api: { listen: "127.0.0.1:{{port}}"{{keys.Replace("TOKENS", Tokens)}} }

            """);
    }

    public StateDirectory State { get; }

    public string Config { get; }

    public string Tokens { get; }

    public string Address { get; }

    public static async Task<ApiGateway> StartAsync(string keys = "", Action<ApiGateway>? prepare = null)
    {
        var gateway = new ApiGateway(keys);
        prepare?.Invoke(gateway);
        bool usable = ConfigLoader.TryLoad(
            gateway.Config, out ConfigSnapshot? snapshot, out GatewayOptions? options, out FaultList faults);
        Assert.True(usable, string.Join('\n', faults.All));
        string assembly = typeof(FakeForwarder.FakeState).Assembly.Location;
        var settings = new ControlSettings(
            options!, snapshot!, gateway.State,
            new ForwarderCommand("dotnet", [assembly, "ready", gateway.State.Path]));
        TextWriter errors = TextWriter.Synchronized(gateway._errors);
        gateway._running = Task.Run(() => ControlPlane.RunAsync(settings, errors, gateway._end.Token));
        for (int i = 0; i < 3000 && !gateway._errors.ToString().Contains(": ready:"); i++)
        {
            Assert.False(gateway._running.IsCompleted, gateway._errors.ToString());
            await Task.Delay(20);
        }

        return gateway;
    }

    public async Task EndAsync()
    {
        await _end.CancelAsync();
        await _running;
    }

    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
