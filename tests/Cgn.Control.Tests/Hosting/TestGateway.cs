using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
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
using Cgn.Control.Tests.Configuration;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>A control plane over a fake forwarder, in a directory of its own.</summary>
internal sealed class TestGateway : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");
    private CancellationTokenSource _end = new();
    private readonly StringWriter _errors = new();

    public TestGateway(string mode = "ready", string more = "", string? metrics = null)
    {
        Directory.CreateDirectory(_folder);
        MetricsPort = FreePort();
        State = new StateDirectory(Path.Combine(_folder, "state"));
        BlockLog = Path.Combine(_folder, "logs", "blocks.jsonl");
        string yaml = ConfigText.Small.Replace("name: test", $"name: test, state-directory: {State.Path}")
            + $"logging: {{ block-log: {BlockLog} }}\n"
            + $"metrics: {{ listen: '{metrics ?? $"127.0.0.1:{MetricsPort}"}' }}\n{more}";
        bool usable = ConfigLoader.TryParse(
            "test.yaml", yaml, out ConfigSnapshot? snapshot, out GatewayOptions? options, out FaultList faults);
        Assert.True(usable, string.Join('\n', faults.All));
        ConfigFile = Path.Combine(_folder, "test.yaml");
        File.WriteAllText(ConfigFile, yaml);
        Settings = new ControlSettings(options!, snapshot!, State, FakeForwarder(mode, State))
        {
            ConfigFile = ConfigFile,
            ConfigText = yaml,
        };
    }

    public StateDirectory State { get; }

    public string BlockLog { get; }

    public string ConfigFile { get; }

    public int MetricsPort { get; }

    public ControlSettings Settings { get; set; }

    public string Errors
    {
        get
        {
            lock (_errors)
                return _errors.ToString();
        }
    }

    public static ForwarderCommand FakeForwarder(string mode, StateDirectory directory)
    {
        string assembly = typeof(FakeForwarder.FakeState).Assembly.Location;
        return new ForwarderCommand("dotnet", [assembly, mode, directory.Path]);
    }

    public Task RunAsync() =>
        Task.Run(() => ControlPlane.RunAsync(Settings, TextWriter.Synchronized(_errors), _end.Token));

    public void End() => _end.Cancel();

    /// <summary>After it has ended, it can be run once more.</summary>
    public void Again()
    {
        _end.Dispose();
        _end = new CancellationTokenSource();
    }

    public string[] LogLines() => [.. AllLines().Where(static line => !IsEpoch(line))];

    public string[] EpochLines() => [.. AllLines().Where(IsEpoch)];

    public static async Task UntilAsync(Func<bool> condition, string what)
    {
        long start = Stopwatch.GetTimestamp();
        while (!condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, $"waited in vain for: {what}");
            await Task.Delay(20);
        }
    }

    public void Dispose()
    {
        _end.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string[] AllLines() => File.Exists(BlockLog) ? File.ReadAllLines(BlockLog) : [];

    private static bool IsEpoch(string line) => line.Contains("\"event\":\"epoch\"", StringComparison.Ordinal);

    public static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
