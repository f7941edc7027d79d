using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Events;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Hosting.Events;
using Cgn.FakeForwarder;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

public class EventPumpTests
{
    [Fact]
    public async Task Events_of_all_shards_reach_every_sink_in_order()
    {
        var sinks = new[] { new FakeSink(), new FakeSink() };
        await using var scene = new Scene(shards: 2, OverflowPolicy.Block, sinks);
        await scene.StartAsync();

        for (int i = 0; i < FakeState.EventRingCapacity; i++)
            Assert.True(scene.Forwarder.Tell(EventKind.BlockAllocated, shard: i % 2));
        await TestGateway.UntilAsync(() => sinks.All(s => s.Count == FakeState.EventRingCapacity), "all events");

        Assert.All(sinks, sink => Assert.Equal(sink.Of(0).Order(), sink.Of(0)));
        Assert.Equal(FakeState.EventRingCapacity, scene.Pump.Taken[(byte)EventKind.BlockAllocated]);
    }

    [Fact]
    public async Task While_a_record_cannot_be_written_nothing_more_is_taken()
    {
        var sink = new FakeSink { IsBroken = true };
        await using var scene = new Scene(shards: 1, OverflowPolicy.Block, sink);
        await scene.StartAsync();

        scene.Forwarder.Tell(EventKind.BlockAllocated);
        await TestGateway.UntilAsync(() => sink.Attempts > 0, "an attempt");
        int told = 1;
        while (scene.Forwarder.Tell(EventKind.BlockAllocated))
            told++;
        Assert.Equal(FakeState.EventRingCapacity, told);
        sink.IsBroken = false;
        await TestGateway.UntilAsync(() => sink.Count == told, "all events");

        Assert.Equal(0, scene.Pump.Statistics[0].Statistics.Lost);
        Assert.Contains(
            $"its records wait in the state directory, {FakeState.EventRingCapacity} for each worker, and no new port "
            + "blocks are given out from when those are full",
            scene.Errors);
    }

    [Fact]
    public async Task What_cannot_be_written_until_an_orderly_end_stays_for_the_next_control_plane()
    {
        var sink = new FakeSink { IsBroken = true };
        await using var scene = new Scene(shards: 1, OverflowPolicy.Block, sink);
        await scene.StartAsync();
        for (int i = 0; i < 3; i++)
            scene.Forwarder.Tell(EventKind.BlockAllocated);
        await TestGateway.UntilAsync(() => sink.Attempts > 0, "an attempt");
        await scene.Pump.StopAsync(CancellationToken.None);

        Assert.Equal(3, scene.Waiting);
        Assert.Equal(0, scene.Pump.Statistics[0].Statistics.Lost);
        Assert.Contains("wait in the state directory", scene.Errors);
    }

    [Fact]
    public async Task Where_policy_is_to_drop_what_cannot_be_written_is_counted_and_told()
    {
        var sink = new FakeSink { IsBroken = true };
        await using var scene = new Scene(shards: 1, OverflowPolicy.Drop, sink);
        await scene.StartAsync();

        for (int i = 0; i < 5; i++)
            scene.Forwarder.Tell(EventKind.BlockAllocated);

        await TestGateway.UntilAsync(() => scene.Pump.Statistics[0].Statistics.Lost == 5, "five losses");
        sink.IsBroken = false;
        scene.Forwarder.Tell(EventKind.BlockAllocated);
        await TestGateway.UntilAsync(
            () => scene.Errors.Contains("lost since the start: 5 records", StringComparison.Ordinal), "the end of it");
        Assert.Single(Regex.Matches(scene.Errors, "records are lost until it can be"));
    }

    [Fact]
    [Requirement("RFC6333-S6.3-3")]
    public async Task A_threshold_that_is_crossed_is_a_warning_to_the_operator()
    {
        await using var scene = new Scene(shards: 1, OverflowPolicy.Block, new FakeSink());
        await scene.StartAsync();

        scene.Forwarder.Tell(EventKind.ThresholdCrossed);

        await TestGateway.UntilAsync(
            () => scene.Errors.Contains("in use", StringComparison.Ordinal), "a warning");
        Assert.Contains("warning: shard 0 has", scene.Errors);
    }

    [Fact]
    public void A_threshold_names_the_resource_its_pool_and_how_much_is_in_use()
    {
        PoolSettings[] pools = [new("metro", [], 1024, 65535, 512, 0)];
        Assert.Equal(
            "shard 3 has 81 % of its port blocks of pool metro in use: 1640 of 2016",
            ThresholdText.Of(
                new ForwarderEvent
                {
                    Shard = 3,
                    Resource = WatchedResource.PortBlocks,
                    Level = 1640,
                    Capacity = 2016,
                },
                new ConfigSnapshot { Pools = pools }));
    }

    [Fact]
    [Requirement("RFC8513-ST-24")]
    public async Task A_B4_that_changes_its_address_too_often_is_told_of_once_an_interval()
    {
        await using var scene = new Scene(shards: 1, OverflowPolicy.Block, new FakeSink());
        await scene.StartAsync();
        var violation = new ForwarderEvent
        {
            UnixMs = 1_700_000_000_000,
            Kind = EventKind.LimitHit,
            Reason = Contract.DropReason.B4AddressChange,
            SubscriberKind = Contract.Records.SubscriberKind.DsLite,
            SubscriberHigh = 0x2001_0DB8_0100_0100,
        };
        foreach (int seconds in (int[])[0, 1, 59, 60])
            scene.Pump.Publish(violation with { UnixMs = violation.UnixMs + (seconds * 1000) });

        await TestGateway.UntilAsync(() => scene.Pump.Taken[(byte)EventKind.LimitHit] == 4, "four events");
        Assert.Equal(3, scene.Errors.Split("subscriber 2001:db8:100:100::/56 has changed its B4's address").Length);
    }

    [Fact]
    [Requirement("RFC7659-ST-15")]
    public async Task What_the_control_plane_sees_itself_reaches_observers_and_the_operator_but_no_sink()
    {
        var sink = new FakeSink();
        await using var scene = new Scene(shards: 1, OverflowPolicy.Block, sink);
        await scene.StartAsync();

        scene.Pump.Publish(new ForwarderEvent
        {
            Kind = EventKind.ThresholdCrossed,
            Shard = ForwarderEvent.WholeGateway,
            Resource = WatchedResource.Softwires,
            Level = 60,
            Capacity = 100,
        });
        scene.Pump.Publish(new ForwarderEvent
        {
            Kind = EventKind.ThresholdCrossed,
            Resource = WatchedResource.SubscriberPorts,
            SubscriberKind = Contract.Records.SubscriberKind.Nat444,
            SubscriberLow = 0x64400005,
            Level = 1200,
        });

        await TestGateway.UntilAsync(() => scene.Observer.Count == 2, "two events");
        Assert.Contains("warning: the gateway has 60 % of its softwires in use", scene.Errors);
        Assert.Contains("subscriber 100.64.0.5 has 1200 ports in use, its plan's threshold", scene.Errors);
        Assert.Equal(1, scene.Pump.Crossed[(byte)WatchedResource.Softwires]);
        Assert.Equal(0, sink.Count);
    }

    private sealed class FakeObserver : IEventObserver
    {
        private int _count;

        public int Count => Volatile.Read(ref _count);

        public void Observe(ReadOnlySpan<ForwarderEvent> events) => Interlocked.Add(ref _count, events.Length);
    }

    private sealed class FakeSink : IEventSink
    {
        private readonly List<ForwarderEvent> _events = [];

        public string Name => "fake";

        public volatile bool IsBroken;

        public volatile int Attempts;

        public int Count
        {
            get
            {
                lock (_events)
                    return _events.Count;
            }
        }

        public ulong[] Of(int shard)
        {
            lock (_events)
                return [.. _events.Where(e => e.Shard == shard).Select(static e => e.Sequence)];
        }

        public bool TryWrite(ReadOnlySpan<ForwarderEvent> events, out int recorded)
        {
            Attempts++;
            recorded = events.Length;
            if (IsBroken)
                return false;
            lock (_events)
                _events.AddRange(events);
            return true;
        }

        public void Reopen()
        {
        }
    }

    private sealed class Scene : IAsyncDisposable
    {
        private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");
        private readonly GatewayAttachment _attachment = new();
        private readonly StringWriter _errors = new();

        public Scene(int shards, OverflowPolicy policy, params IEventSink[] sinks)
        {
            var directory = new StateDirectory(_folder);
            var snapshot =
                new ConfigSnapshot { Settings = new GatewaySettings { ShardCount = shards, OnOverflow = policy } };
            directory.Create();
            SnapshotFile.Write(directory.SnapshotFile, snapshot);
            Forwarder = new FakeState(directory, snapshot);
            _attachment.Attach(directory);
            var settings = new ControlSettings(
                Configuration.ConfigText.Options(Configuration.ConfigText.Small), snapshot, directory, null!);
            var desk = new ConfigurationDesk(settings, _attachment, sinks);
            Pump = new EventPump(
                _attachment, new OperatorLog(TextWriter.Synchronized(_errors)), desk, sinks, [Observer]);
        }

        public FakeState Forwarder { get; }

        public EventPump Pump { get; }

        public FakeObserver Observer { get; } = new();

        public string Errors => _errors.ToString();

        public int Waiting => _attachment.PeekEvents(0, new ForwarderEvent[FakeState.EventRingCapacity]);

        public Task StartAsync() => Pump.StartAsync(CancellationToken.None);

        public async ValueTask DisposeAsync()
        {
            await Pump.StopAsync(CancellationToken.None);
            Pump.Dispose();
            _attachment.Dispose();
            Forwarder.Dispose();
            Directory.Delete(_folder, recursive: true);
        }
    }
}
