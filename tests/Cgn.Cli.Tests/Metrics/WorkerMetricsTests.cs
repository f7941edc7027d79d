using System;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Frames;
using Cgn.Testing;

using Xunit;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>What workers tell of themselves: turns, time, handoffs, events.</summary>
public sealed class WorkerMetricsTests
{
    private const string Server = ScrapedGateway.Server;

    [Fact]
    [Requirement("MGMT-SUBS")]
    public async Task A_worker_with_a_thread_of_its_own_measures_how_long_its_turns_take()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        const int Frames = 20;
        LabMetrics before = await gateway.ScrapeAsync();
        for (ushort i = 1; i <= Frames; i++)
        {
            byte[] packet = Packets.Udp("100.64.0.1", i, Server, 53);
            Assert.True(gateway.Gateway.Inject(FramePort.Inside, Packets.Ethernet(packet)));
        }

        CounterBlock counters = gateway.Gateway.Worker(0).State.Counters;
        var thread = new WorkerThread(gateway.Gateway.Worker(0), [], -1, static _ => { });
        thread.Start();
        Assert.True(System.Threading.SpinWait.SpinUntil(
            () => counters[CounterId.Transmitted] == Frames && counters[CounterId.BusyNs] != 0,
            TimeSpan.FromSeconds(30)));
        thread.Stop();
        LabMetrics page = await gateway.ScrapeAsync();

        Assert.Equal(0, before.Sum("cgn_packet_latency_seconds_count"));
        Assert.Equal(Frames, page.Sum("cgn_packet_latency_seconds_count"));
        Assert.Equal(Frames, page.Sum("cgn_packet_latency_seconds_bucket{le=\"+Inf\"}"));
        Assert.Equal(Frames, page.Sum("cgn_mapping_setup_seconds_count"));
        Assert.True(page.Sum("cgn_packet_latency_seconds_sum") > 0);
        double busy = page.Sum("cgn_worker_busy_seconds_total")!.Value;
        double alive = page.Sum("cgn_worker_alive_seconds_total")!.Value;
        Assert.InRange(busy, 1e-9, alive);
        Assert.Equal(busy / alive, page.Sum("cgn_worker_busy_ratio")!.Value, 6);
        Assert.Equal(0, page.Sum("cgn_forwarder_collections"));
        foreach (byte side in (byte[])[FramePort.Inside, FramePort.Outside])
        {
            while (gateway.Gateway.TryCollect(side, new byte[4096], out _))
            {
            }
        }
    }

    [Fact]
    public async Task Frames_of_a_turn_fall_into_buckets_of_powers_of_two()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        byte[] frame = Packets.Ethernet(Packets.Udp("100.64.0.1", 4000, Server, 53));
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            gateway.Send(FramePort.Inside, frame);
            gateway.Send(FramePort.Inside, frame, frame);
            gateway.Send(FramePort.Inside, frame, frame, frame);
            gateway.Send(FramePort.Inside, frame, frame, frame, frame, frame);
        });
        Assert.Equal(1, moved("cgn_worker_batch_frames_bucket{le=\"1\"}"));
        Assert.Equal(2, moved("cgn_worker_batch_frames_bucket{le=\"2\"}"));
        Assert.Equal(3, moved("cgn_worker_batch_frames_bucket{le=\"4\"}"));
        Assert.Equal(4, moved("cgn_worker_batch_frames_bucket{le=\"8\"}"));
        Assert.Equal(11 / 4.0, moved("cgn_worker_batch_size"));
    }

    [Fact]
    public async Task Handoffs_and_events_count_by_shard()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            settings: static settings => settings with { ShardCount = 2 }, readsEvents: false);
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            for (int i = 1; i <= 40; i++)
                gateway.Send(FramePort.Inside, Packets.Ethernet(Packets.Udp($"100.64.0.{i}", 4000, Server, 53)));
        });

        double handed = moved("cgn_handoffs_sent_total{shard=\"0\"}");
        Assert.InRange(handed, 1, 39);
        Assert.Equal(handed, moved("cgn_handoffs_received_total{shard=\"1\"}"));
        // A subscriber seen and a block given out, each.
        Assert.Equal(80, moved("cgn_events_written_total"));
        Assert.Equal(80, moved("cgn_event_ring_depth"));
        LabMetrics page = await gateway.ScrapeAsync();
        Assert.Equal(2 * ShardFactory.EventRingCapacity, page.Sum("cgn_event_ring_capacity"));
        Assert.Equal(0, page.Sum("cgn_worker_allocated_bytes"));
    }

    [Fact]
    public async Task Events_that_found_the_ring_full_are_lost_by_count()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            settings: static settings => settings with { OnOverflow = OverflowPolicy.Drop }, readsEvents: false);
        while (gateway.Gateway.Worker(0).State.Events.TryWrite(default))
        {
        }

        Func<string, double> moved = await gateway.MovesAsync(() => gateway.Send(
            FramePort.Inside, Packets.Ethernet(Packets.Udp("100.64.0.1", 4000, Server, 53))));
        Assert.Equal(2, moved("cgn_events_lost_total"));
        Assert.Equal(1, moved("cgn_packets_total{direction=\"outbound\",access=\"nat444\"}"));
    }
}
