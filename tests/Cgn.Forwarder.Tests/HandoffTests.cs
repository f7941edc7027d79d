using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Forwarder.Tests;

/// <summary>Traffic that arrives at the wrong worker: it is carried all the same, and drains nobody's frames.</summary>
public sealed class HandoffTests
{
    private const int Subscribers = 64;
    private const string Aftr = "2001:db8:ffff::1";

    [Theory]
    [InlineData(2)]
    [InlineData(4)]
    public void Packets_that_all_arrive_at_one_worker_are_all_carried_and_its_frames_come_back(int shards)
    {
        using SimulatedGateway gateway = new(Snapshot(shards), chunkCount: 512 * shards);
        WorkerTime now = new(1_000_000_000, 0);
        byte[] buffer = new byte[4096];
        HashSet<(string, ushort)> externals = [];
        for (int round = 0; round < 200; round++)
        {
            for (int i = 0; i < Subscribers; i++)
                Assert.True(gateway.Inject(FramePort.Inside, Outbound(i)),
                    $"worker 0 ran out of frames in round {round}");
            gateway.Run(now);
            for (int i = 0; i < Subscribers; i++)
            {
                Assert.True(gateway.TryCollect(FramePort.Outside, buffer, out int length),
                    $"packet {i} of round {round} is missing");
                Assert.True(Ipv4View.TryOpen(buffer.AsSpan(14, length - 14), out Ipv4View packet, out _));
                Assert.True(UdpView.TryOpen(packet.Payload, out UdpView udp, out _));
                externals.Add((packet.Source.ToString(), udp.SourcePort));
            }

            Assert.False(gateway.TryCollect(FramePort.Outside, buffer, out _));
        }

        // Endpoint-independent mapping: each subscriber kept its one external endpoint all the while.
        Assert.Equal(Subscribers, externals.Count);
        Assert.True(gateway.Counter(CounterId.HandoffsSent) > 0);
        Assert.Equal(gateway.Counter(CounterId.HandoffsSent), gateway.Counter(CounterId.HandoffsReceived));
        Assert.Equal(0, gateway.Unaccounted);
        Assert.Equal(0, gateway.LeakedChunks);
    }

    [Fact]
    public void Hairpinned_packets_find_their_owner_after_they_were_handed_over_already()
    {
        const int Neighbours = 12;
        using SimulatedGateway gateway = new(Snapshot(4, hairpinning: true));
        WorkerTime now = new(1_000_000_000, 0);
        byte[] buffer = new byte[4096];
        (string Address, ushort Port)[] external = new (string, ushort)[Neighbours];
        for (int i = 0; i < Neighbours; i++)
        {
            Assert.True(gateway.Inject(FramePort.Inside, Outbound(i)));
            gateway.Run(now);
            Assert.True(gateway.TryCollect(FramePort.Outside, buffer, out int length));
            Assert.True(Ipv4View.TryOpen(buffer.AsSpan(14, length - 14), out Ipv4View packet, out _));
            Assert.True(UdpView.TryOpen(packet.Payload, out UdpView udp, out _));
            external[i] = (packet.Source.ToString(), udp.SourcePort);
        }

        for (int from = 0; from < Neighbours; from++)
        {
            for (int to = 0; to < Neighbours; to++)
            {
                byte[] call = Packets.Udp("10.0.0.1", 10000, external[to].Address, external[to].Port);
                Assert.True(gateway.Inject(FramePort.Inside, Packets.Ethernet(Packets.Softwire(B4(from), Aftr, call))));
                gateway.Run(now);
                Assert.True(gateway.TryCollect(FramePort.Inside, buffer, out int length), $"{from} to {to}");
                Assert.True(Ipv6View.TryOpen(buffer.AsSpan(14, length - 14), out Ipv6View softwire, out _));
                Assert.Equal(B4(to), softwire.Destination.ToString());
            }
        }

        Assert.True(gateway.Counter(CounterId.HandoffsSent) > Neighbours * Neighbours);
        Assert.Equal(0, gateway.Unaccounted);
        Assert.Equal(0, gateway.LeakedChunks);
    }

    [Fact]
    public void What_many_workers_have_left_for_one_that_stood_still_leaves_whole_if_not_at_once()
    {
        const int Shards = 12;
        const int Turns = 4;
        const int Each = 64;
        using SimulatedGateway gateway = new(Snapshot(Shards), chunkCount: 4096 * Shards);
        WorkerTime now = new(1_000_000_000, 0);
        byte[] buffer = new byte[4096];
        Assert.True(gateway.Inject(FramePort.Inside, Outbound(1)));
        gateway.Run(now);
        int owner = Enumerable.Range(0, Shards).Single(shard => gateway.Shard(shard).SessionCount != 0);
        Assert.True(gateway.TryCollect(FramePort.Outside, buffer, out _));
        for (int turn = 0; turn < Turns; turn++)
        {
            foreach (int worker in Enumerable.Range(0, Shards).Where(worker => worker != owner))
            {
                for (int i = 0; i < Each; i++)
                    Assert.True(gateway.Inject(FramePort.Inside, Outbound(1), worker));
                gateway.Worker(worker).Turn(now);
            }
        }

        gateway.Run(now);

        int left = 0;
        while (gateway.TryCollect(FramePort.Outside, buffer, out _))
            left++;
        Assert.Equal(Turns * Each * (Shards - 1), left);
        Assert.Equal(0, gateway.Counter(CounterId.Dropped));
        Assert.Equal(0, gateway.Unaccounted);
    }

    [Fact]
    public void The_same_traffic_leaves_the_same_bytes_however_often_it_is_run()
    {
        Assert.Equal(Run(), Run());

        static List<byte[]> Run()
        {
            using SimulatedGateway gateway = new(Snapshot(3));
            byte[] buffer = new byte[4096];
            List<byte[]> left = [];
            for (int i = 0; i < Subscribers; i++)
            {
                Assert.True(gateway.Inject(FramePort.Inside, Outbound(i), i % 3));
                gateway.Run(new WorkerTime(1_000_000_000 + (i * 1000), 0));
                while (gateway.TryCollect(FramePort.Outside, buffer, out int length))
                    left.Add(buffer[..length]);
            }

            return left;
        }
    }

    private static string B4(int subscriber) => $"2001:db8:100:{(subscriber << 8) + 0x100:x}::2";

    private static byte[] Outbound(int subscriber) => Packets.Ethernet(Packets.Softwire(
        B4(subscriber), Aftr, Packets.Udp("10.0.0.1", 10000, "198.51.100.1", 53)));

    private static ConfigSnapshot Snapshot(int shards, bool hairpinning = false)
    {
        Ipv6Address aftr = Ipv6Address.Parse(Aftr);
        Ipv6Address access = Ipv6Address.Parse("2001:db8:100::");
        return new ConfigSnapshot
        {
            Settings = new GatewaySettings
            {
                ShardCount = shards,
                SubscriberCapacity = 1000,
                MappingCapacity = 4000,
                SessionCapacity = 4000,
                DefaultPlan = 0,
                Hairpinning = hairpinning,
            },
            AftrAddresses = [new Ipv6PrefixSetting(aftr.High, aftr.Low, 128)],
            SoftwireSources = [new Ipv6PrefixSetting(access.High, access.Low, 40)],
            Pools = [new PoolSettings("metro", [new Ipv4PrefixSetting(0xCB007100, 28)], 1024, 65535, 512, 1200)],
            Plans = [new PlanSettings("home", 0, 0, 4, 0, 0)],
        };
    }
}
