using System;
using System.Collections.Generic;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;
using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Hosting.Events;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.Hosting.Metrics;
using Cgn.Forwarder;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>
/// The real pipeline over a state directory, and the real metrics service that reads that directory: packets go in, and
/// what a scrape says of them comes out.
/// </summary>
internal sealed class ScrapedGateway : IAsyncDisposable
{
    public const string Aftr = "2001:db8:ffff::1";
    public const string B4 = "2001:db8:100:100::2";
    public const string Server = "198.51.100.1";

    private const string OptionsText =
        """
        gateway: { name: test }
        interfaces: { inside: { device: in0 }, outside: { device: out0 } }
        nat444: { subscriber-match: [100.64.0.0/10] }
        external-ip-address-pools: [{ id: metro, external-ip-pool: [203.0.113.0/28] }]
        plans: [{ id: home }]
        subscribers: { default-plan: home }
        metrics: { listen: '127.0.0.1:PORT' }
        """;

    private readonly string _folder;
    private readonly byte[] _buffer = new byte[65536];
    private NativeArray<StatusPage> _status;
    private readonly GatewayAttachment _attachment = new();
    private readonly MetricsService _service;
    private readonly HttpClient _http = new();
    private readonly ForwarderEvent[] _events = new ForwarderEvent[1024];
    private readonly bool _readsEvents;
    private long _nowNs = 1_000_000_000;

    private ScrapedGateway(ConfigSnapshot snapshot, bool readsEvents)
    {
        _readsEvents = readsEvents;
        string root = System.IO.Directory.Exists("/dev/shm") ? "/dev/shm" : Path.GetTempPath();
        _folder = Path.Combine(root, $"cgn-test-{Guid.NewGuid():N}");
        Directory = new StateDirectory(_folder);
        Directory.Create();
        Snapshot = snapshot;
        SnapshotFile.Write(Directory.SnapshotFile, snapshot);
        Open();
        _attachment.Attach(Directory);
        Port = FreePort();
        Assert.True(ConfigLoader.TryParse(
            "test.yaml", OptionsText.Replace("PORT", $"{Port}"), out _, out GatewayOptions? options, out _));
        var settings = new ControlSettings(options!, snapshot, Directory, new ForwarderCommand("none", []));
        var log = new OperatorLog(TextWriter.Null);
        var desk = new ConfigurationDesk(settings, _attachment, []);
        Pump = new EventPump(_attachment, log, desk, [], []);
        _service = new MetricsService(settings, _attachment, Pump, Statistics, log);
    }

    public SimulatedGateway Gateway { get; private set; } = null!;

    public ConfigSnapshot Snapshot { get; private set; }

    public StateDirectory Directory { get; }

    public EventPump Pump { get; }

    public ForwarderStatistics Statistics { get; } = new();

    public int Port { get; }

    public WorkerTime Now => new(_nowNs, 1_700_000_000_000 + (_nowNs / 1_000_000));

    public static async Task<ScrapedGateway> StartAsync(
        Func<ConfigSnapshot, ConfigSnapshot>? snapshot = null, Func<GatewaySettings, GatewaySettings>? settings = null,
        bool readsEvents = true)
    {
        GatewaySettings all = new()
        {
            ShardCount = 1,
            SubscriberCapacity = 1000,
            MappingCapacity = 4000,
            SessionCapacity = 4000,
            DefaultPlan = 0,
        };
        Ipv6Address b4s = Ipv6Address.Parse("2001:db8:100::");
        Ipv6Address aftr = Ipv6Address.Parse(Aftr);
        ConfigSnapshot plain = new()
        {
            Settings = settings?.Invoke(all) ?? all,
            AftrAddresses = [new Ipv6PrefixSetting(aftr.High, aftr.Low, 128)],
            SoftwireSources = [new Ipv6PrefixSetting(b4s.High, b4s.Low, 40)],
            Nat444Sources = [new Ipv4PrefixSetting(0x64400000, 10)],
            Pools = [new PoolSettings("metro", [new Ipv4PrefixSetting(0xCB007100, 28)], 1024, 65535, 512, 1200)],
            Plans = [new PlanSettings("home", 0, 0, 8, 0, 0)],
        };
        var gateway = new ScrapedGateway(snapshot?.Invoke(plain) ?? plain, readsEvents);
        await gateway._service.StartAsync(CancellationToken.None);
        return gateway;
    }

    /// <summary>Time passes; what it ends is ended.</summary>
    public void Advance(double seconds)
    {
        _nowNs += (long)(seconds * 1e9);
        Gateway.Run(Now);
    }

    /// <summary>Frames of one side go in at once; what leaves, by either, comes back.</summary>
    public List<byte[]> Send(byte side, params byte[][] frames)
    {
        foreach (byte[] frame in frames)
            Assert.True(Gateway.Inject(side, frame));
        Gateway.Run(Now);
        for (int shard = 0; shard < Gateway.ShardCount && _readsEvents; shard++)
        {
            while (Gateway.ReadEvents(shard, _events) != 0)
            {
            }
        }

        List<byte[]> left = [];
        foreach (byte way in (byte[])[FramePort.Inside, FramePort.Outside])
        {
            while (Gateway.TryCollect(way, _buffer, out int length))
                left.Add(_buffer.AsSpan(0, length).ToArray());
        }

        return left;
    }

    /// <summary>A packet through the softwire of a B4.</summary>
    public List<byte[]> FromB4(byte[] inner, string b4 = B4) =>
        Send(FramePort.Inside, Packets.Ethernet(Packets.Softwire(b4, Aftr, inner)));

    /// <summary>Another configuration while it runs, as a reload takes it.</summary>
    public void Take(ConfigSnapshot next)
    {
        Snapshot = next;
        SnapshotFile.Write(Directory.SnapshotFile, next);
        Gateway.Apply(next);
        Advance(0.2);
        _status[0].Generation = next.Generation;
        _attachment.Attach(Directory);
    }

    /// <summary>Another forwarder goes on with the records.</summary>
    public void Restart()
    {
        Gateway.Dispose();
        Open();
        _attachment.Attach(Directory);
    }

    /// <summary>A sign of life of the forwarder, as if it were older than it is.</summary>
    public void Beat(double ageSeconds = 0) =>
        _status[0].HeartbeatNs = (long)(Monotonic.NowNs - (ageSeconds * 1e9));

    /// <summary>How much series have moved by something, a tick later.</summary>
    public async Task<Func<string, double>> MovesAsync(Action something)
    {
        LabMetrics before = await ScrapeAsync();
        something();
        Advance(0.2);
        LabMetrics after = await ScrapeAsync();
        return series => after.Sum(series) - before.Sum(series)
            ?? throw new InvalidOperationException($"there is no {series}");
    }

    /// <summary>What the state directory's status page says.</summary>
    public ref StatusPage Status => ref _status[0];

    public async Task<string> PageAsync() => await _http.GetStringAsync($"http://127.0.0.1:{Port}/metrics");

    public async Task<LabMetrics> ScrapeAsync() => LabMetrics.Parse(await PageAsync());

    public async ValueTask DisposeAsync()
    {
        await _service.StopAsync(CancellationToken.None);
        await _service.DisposeAsync();
        _http.Dispose();
        _attachment.Dispose();
        Gateway.Dispose();
        System.IO.Directory.Delete(_folder, recursive: true);
    }

    private void Open()
    {
        Arena arena = Arena.InDirectory(_folder);
        _status = new NativeArray<StatusPage>(arena.Take(SectionNames.Forwarder, StatusPage.SizeBytes), 1);
        Gateway = new SimulatedGateway(Snapshot, arena: arena, now: Now);
        _status[0] = ShardFactory.ShapeOf(Snapshot) with
        {
            LayoutVersion = StatusPage.CurrentLayoutVersion,
            State = ForwarderState.Ready,
            ProcessId = Environment.ProcessId,
            StartedUnixMs = 1_700_000_000_000,
            Magic = StatusPage.ExpectedMagic,
        };
    }

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
