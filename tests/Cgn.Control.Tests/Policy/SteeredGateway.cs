using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Pools;
using Cgn.Contract.Process;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Api.Policies;
using Cgn.Control.Api.Records;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Control.Policy;
using Cgn.Control.Radius;
using Cgn.Control.State;
using Cgn.Control.Tests.Radius;
using Cgn.Forwarder;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Policy;

/// <summary>
/// The very workers of the forwarder over a state directory, driven by the test's thread in real time, and beside them
/// the control plane's services that steer subscribers.
/// </summary>
internal sealed class SteeredGateway : IAsyncDisposable
{
    public const string Aftr = "2001:db8:ffff::1";
    public const string Server = "198.51.100.1";

    private readonly string _folder = Directory.CreateTempSubdirectory("cgn-steered-").FullName;
    private readonly StateDirectory _state;
    private readonly ForwarderEvent[] _events = new ForwarderEvent[512];
    private readonly byte[] _buffer = new byte[2048];
    private readonly StringWriter _errors = new();
    private NativeArray<StatusPage> _status;
    private GatewayAttachment? _attachment;
    private ConfigurationDesk? _configuration;
    private MappingRefresher? _refresher;
    private DateTime _taken;

    /// <summary>Makes a gateway and starts both sides.</summary>
    /// <param name="yaml">Configuration; FOLDER stands for a directory of its own.</param>
    public SteeredGateway(string yaml)
    {
        yaml = yaml.Replace("FOLDER", _folder, StringComparison.Ordinal)
            .Replace("{ name: ", $"{{ state-directory: {_folder}/state, name: ", StringComparison.Ordinal);
        Yaml = yaml;
        File.WriteAllText(Path.Combine(_folder, "secret"), RadiusTools.Secret + "\n");
        bool usable = ConfigLoader.TryParse(
            "test.yaml", yaml, out ConfigSnapshot? snapshot, out GatewayOptions? options, out FaultList faults);
        Assert.True(usable, string.Join('\n', faults.All));
        _state = new StateDirectory(Path.Combine(_folder, "state"));
        Settings = new ControlSettings(options!, snapshot!, _state, new ForwarderCommand("none", []));
        _state.Create();
        SnapshotFile.Write(_state.SnapshotFile, snapshot!);
        Forwarder = StartForwarder();
    }

    public ControlSettings Settings { get; }

    /// <summary>What RADIUS has told the operator.</summary>
    public string Errors => _errors.ToString();

    /// <summary>The configuration, as it is applied.</summary>
    public string Yaml { get; }

    public SimulatedGateway Forwarder { get; private set; }

    public PolicyDesk Desk { get; private set; } = null!;

    public RadiusService? Radius { get; private set; }

    /// <summary>Static mappings made at run time.</summary>
    public RuntimeMappings Mappings { get; private set; } = null!;

    /// <summary>What reloads and refreshes go by.</summary>
    public ConfigurationDesk Configuration => _configuration!;

    /// <summary>Configurations that the forwarder has taken since it started.</summary>
    public int Taken { get; private set; }

    /// <summary>What steers subscribers by the API.</summary>
    public SubscriberDesk Operator => new(new RecordWalk(_attachment!), Desk, _configuration!);

    public RadiusGateway Running => Radius!.Gateway!;

    public static WorkerTime Now => new(
        (long)(Stopwatch.GetTimestamp() * (1e9 / Stopwatch.Frequency)),
        DateTimeOffset.UtcNow.ToUnixTimeMilliseconds());

    /// <summary>Starts the control plane's side, as after a start or a kill of it.</summary>
    public async Task StartControlAsync()
    {
        Mappings = RuntimeMappings.Of(Settings);
        RecoveredMappings.Into(Mappings, Settings);
        ControlSettings settings = Settings with
        {
            Snapshot = Mappings.Into(Settings.Options, Settings.Snapshot),
        };
        SnapshotKeeper.Write(_state, settings.Snapshot, keepSeed: false);
        _attachment = new GatewayAttachment();
        _attachment.Attach(_state);
        _configuration = new ConfigurationDesk(settings, _attachment, [], Mappings);
        Desk = new PolicyDesk(_attachment, _configuration, Mappings);
        await Desk.StartAsync(CancellationToken.None);
        if (Settings.Options.Radius is null)
            return;
        _refresher = new MappingRefresher(Mappings, _configuration, new OperatorLog(System.IO.TextWriter.Null))
        {
            Pause = TimeSpan.FromMilliseconds(200),
        };
        await _refresher.StartAsync(CancellationToken.None);
        Radius = new RadiusService(
            Settings, _attachment, Desk, _configuration, new OperatorLog(TextWriter.Synchronized(_errors)));
        await Radius.StartAsync(CancellationToken.None);
    }

    /// <summary>Ends the control plane's side as a kill does: nobody is told anything.</summary>
    public async Task KillControlAsync()
    {
        if (Radius is not null)
        {
            await Radius.AbandonAsync();
            Radius.Dispose();
        }

        if (_refresher is not null)
        {
            await _refresher.StopAsync(CancellationToken.None);
            _refresher.Dispose();
        }

        await Desk.StopAsync(CancellationToken.None);
        Desk.Dispose();
        _configuration!.Dispose();
        _attachment!.Dispose();
        Radius = null;
    }

    /// <summary>Ends the forwarder's side and starts another over the same records.</summary>
    public void RestartForwarder()
    {
        Forwarder.Dispose();
        Forwarder = StartForwarder();
        _attachment?.Attach(_state);
    }

    /// <summary>Lets the workers work and the control plane hear what they tell.</summary>
    public void Turn()
    {
        TakeConfiguration();
        Forwarder.Run(Now);
        for (int shard = 0; Radius is not null && shard < Forwarder.ShardCount; shard++)
        {
            int count = _attachment!.PeekEvents(shard, _events);
            _attachment.ReleaseEvents(shard, count);
            Radius.Observe(_events.AsSpan(0, count));
        }
    }

    /// <summary>Reads the state as listings do.</summary>
    public T View<T>(Func<StateView, T> read) => _attachment!.Read(read)!;

    /// <summary>Takes turns until something has come about.</summary>
    public async Task UntilAsync(Func<bool> condition, string what, Func<string>? said = null)
    {
        var clock = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(clock.Elapsed < TimeSpan.FromSeconds(30), Say(what, said));
            Turn();
            await Task.Delay(5);
        }
    }

    private string Say(string what, Func<string>? said) =>
        $"waited in vain: {what}\n" + string.Join('\n', Enum.GetValues<RadiusCounter>()
            .Where(counter => Radius?.Gateway?.Statistics[counter] > 0)
            .Select(counter => $"{counter} {Running.Statistics[counter]}")) + $"\n{said?.Invoke()}";

    /// <summary>Sends a datagram from inside; true when it left outside.</summary>
    public bool Send(byte[] frame)
    {
        Assert.True(Forwarder.Inject(FramePort.Inside, frame));
        Turn();
        bool isCarried = false;
        while (Forwarder.TryCollect(FramePort.Outside, _buffer, out int length))
        {
            isCarried = true;
            Sent = _buffer.AsSpan(0, length).ToArray();
        }

        return isCarried;
    }

    /// <summary>Sends a frame from outside; what left inside, or null.</summary>
    public byte[]? Receive(byte[] frame)
    {
        Assert.True(Forwarder.Inject(FramePort.Outside, frame));
        Turn();
        byte[]? received = null;
        while (Forwarder.TryCollect(FramePort.Inside, _buffer, out int length))
            received = _buffer.AsSpan(0, length).ToArray();
        return received;
    }

    /// <summary>What left outside last.</summary>
    public byte[] Sent { get; private set; } = [];

    /// <summary>A datagram of a home behind a softwire.</summary>
    public static byte[] FromHome(string b4, ushort port = 5000, int bytes = 100) => Packets.Ethernet(
        Packets.Softwire(b4, Aftr, Packets.Udp("192.168.1.2", port, Server, 53, bytes), 0, false));

    /// <summary>A datagram of a NAT444 customer.</summary>
    public static byte[] FromCustomer(string address, ushort port = 5000, int bytes = 100) =>
        Packets.Ethernet(Packets.Udp(address, port, Server, 53, bytes));

    /// <summary>The record of a subscriber.</summary>
    public ref SubscriberRecord RecordOf(SubscriberId who)
    {
        Nat.SubscriberKey key = new(who.High, who.Low, who.Kind);
        for (int shard = 0; shard < Forwarder.ShardCount; shard++)
        {
            uint number = Forwarder.Shard(shard).FindSubscriber(key);
            if (number != 0)
                return ref Forwarder.Shard(shard).Subscriber(number);
        }

        throw new InvalidOperationException($"{who} has no record");
    }

    public async ValueTask DisposeAsync()
    {
        if (_attachment is not null)
            await KillControlAsync();
        Assert.Equal(0, Forwarder.Unaccounted);
        Forwarder.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    // As the live forwarder does at a signal.
    private void TakeConfiguration()
    {
        DateTime written = File.GetLastWriteTimeUtc(_state.SnapshotFile);
        if (written == _taken)
            return;
        _taken = written;
        ConfigSnapshot next = SnapshotFile.Read(_state.SnapshotFile);
        if (next.Generation == _status[0].Generation)
            return;
        Forwarder.Apply(next);
        Forwarder.Run(Now);
        _status[0].Generation = next.Generation;
        Taken++;
    }

    private SimulatedGateway StartForwarder()
    {
        Arena arena = Arena.InDirectory(_state.Path);
        _status = new NativeArray<StatusPage>(arena.Take(SectionNames.Forwarder, StatusPage.SizeBytes), 1);
        SimulatedGateway gateway = new(SnapshotFile.Read(_state.SnapshotFile), arena: arena, now: Now);
        _status[0] = ShardFactory.ShapeOf(Settings.Snapshot) with
        {
            LayoutVersion = StatusPage.CurrentLayoutVersion,
            State = ForwarderState.Ready,
            ProcessId = Environment.ProcessId,
            Incarnation = _status[0].Incarnation + 1,
            Generation = SnapshotFile.Read(_state.SnapshotFile).Generation,
            Magic = StatusPage.ExpectedMagic,
        };
        return gateway;
    }
}
