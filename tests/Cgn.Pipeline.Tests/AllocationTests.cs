using System;
using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>
/// The promise that no collection ever delays a packet: the gateway takes nothing from the managed heap once it runs.
/// Alone in its collection, so that the collections of other tests are not mistaken for its own.
/// </summary>
[Collection(nameof(AllocationTests))]
[CollectionDefinition(nameof(AllocationTests), DisableParallelization = true)]
public sealed class AllocationTests
{
    private const int Flows = 512;
    private const int PacketsMin = 10_000_000;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Ten_million_packets_allocate_nothing_and_collect_nothing(int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Traffic traffic = new(bench, shards);
        long warm = traffic.Pass(20);

        int collections = GC.CollectionCount(0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        long carried = 0;
        while (carried < PacketsMin)
            carried += traffic.Pass(100);
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;

        Assert.Equal(0, allocated);
        Assert.Equal(0, GC.CollectionCount(0) - collections);
        // Every packet of every pass came out again, or nothing was measured.
        Assert.Equal(Flows * 2 * 20, warm);
        Assert.Equal(traffic.Sent, traffic.Carried);
        Assert.Equal(0, bench.Gateway.Unaccounted);
    }

    [Fact]
    public void Syns_nobody_asked_for_and_idle_connections_allocate_nothing()
    {
        using GatewayBench bench = new(s => s with
        {
            UnsolicitedSyn = Contract.Settings.UnsolicitedSyn.Icmp,
            TcpKeepaliveProbe = true,
            RstOnTimeout = true,
        });
        byte[] syn = Packets.Ethernet(
            Packets.Tcp(GatewayBench.Server, 80, "203.0.113.3", 2000, Wire.TcpFlags.Syn));
        byte[] opening = Packets.Ethernet(
            Packets.Tcp(GatewayBench.Customer, 5000, GatewayBench.Server, 80, Wire.TcpFlags.Syn, 1));
        Decoded left = new(Assert.Single(bench.FromInside(opening)));
        byte[] answer = Packets.Ethernet(Packets.Tcp(
            GatewayBench.Server, 80, left.Source, left.Tcp!.SourcePort, Wire.TcpFlags.Syn | Wire.TcpFlags.Ack, 1, 2));
        byte[] buffer = new byte[2048];
        long told = 0;
        long before = 0;
        for (int round = 0; round < 12; round++)
        {
            if (round == 2)
                before = GC.GetAllocatedBytesForCurrentThread();
            bench.Gateway.Inject(FramePort.Inside, opening);
            bench.Gateway.Inject(FramePort.Outside, syn);
            bench.Advance(0);
            bench.Gateway.Inject(FramePort.Outside, answer);
            // The SYN's time, a probe, a RST.
            bench.Advance(7);
            bench.Advance(7441);
            bench.Advance(300);
            while (bench.Gateway.TryCollect(FramePort.Inside, buffer, out _)
                || bench.Gateway.TryCollect(FramePort.Outside, buffer, out _))
            {
                told++;
            }
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        // The SYN out and its answer in; an error; a probe; a RST each way.
        Assert.Equal(12 * 6, told);
    }

    /// <summary>Softwire and NAT444 flows, both directions, with what is seldom beside what is common.</summary>
    private sealed class Traffic
    {
        private const int BatchFrames = 256;
        private readonly GatewayBench _bench;
        private readonly int _shards;
        private readonly List<byte[]> _inside = [];
        private readonly List<byte[]> _outside = [];
        private readonly byte[] _buffer = new byte[2048];
        private long _nowNs = 2_000_000_000;

        public Traffic(GatewayBench bench, int shards)
        {
            _bench = bench;
            _shards = shards;
            for (int flow = 0; flow < Flows; flow++)
            {
                bool softwire = flow % 2 == 0;
                ushort port = (ushort)(10000 + flow);
                byte[] packet = (flow % 5) switch
                {
                    0 => Packets.Echo("10.0.0.1", GatewayBench.Server, port),
                    1 => Packets.Tcp("10.0.0.1", port, GatewayBench.Server, 443, Wire.TcpFlags.Syn),
                    _ => Packets.Udp("10.0.0.1", port, GatewayBench.Server, 53),
                };
                if (!softwire)
                    packet = Packets.Udp($"100.64.0.{1 + (flow % 200)}", port, GatewayBench.Server, 53);
                byte[] frame = Packets.Ethernet(softwire
                    ? Packets.Softwire(
                        $"2001:db8:100:{flow % 64:x}00::2", GatewayBench.Aftr, packet,
                        encapsulationLimit: flow % 4 == 0)
                    : packet);
                Decoded left = new(Assert.Single(bench.FromInside(frame)));
                _inside.Add(frame);
                _outside.Add(Packets.Ethernet(Answer(left)));
            }
        }

        public long Sent { get; private set; }

        public long Carried { get; private set; }

        /// <summary>Sends every flow's packet out and its answer back, so many times; returns what came out.</summary>
        public long Pass(int times)
        {
            long before = Carried;
            for (int time = 0; time < times; time++)
            {
                Send(FramePort.Inside, _inside);
                Send(FramePort.Outside, _outside);
            }

            return Carried - before;
        }

        private static byte[] Answer(Decoded left) => left switch
        {
            { Udp: { } udp } => Packets.Udp(GatewayBench.Server, 53, left.Source, udp.SourcePort),
            { Tcp: { } tcp } => Packets.Tcp(
                GatewayBench.Server, 443, left.Source, tcp.SourcePort, Wire.TcpFlags.Syn | Wire.TcpFlags.Ack),
            _ => Packets.Echo(GatewayBench.Server, left.Source, left.Icmp!.Id, reply: true),
        };

        private void Send(byte side, List<byte[]> frames)
        {
            for (int first = 0; first < frames.Count; first += BatchFrames)
            {
                int last = int.Min(frames.Count, first + BatchFrames);
                for (int i = first; i < last; i++)
                    Sent += _bench.Gateway.Inject(side, frames[i], i % _shards) ? 1 : 0;
                _nowNs += 1_000_000;
                _bench.Gateway.Run(new WorkerTime(_nowNs, 1_700_000_000_000 + (_nowNs / 1_000_000)));
                byte far = side == FramePort.Inside ? FramePort.Outside : FramePort.Inside;
                while (_bench.Gateway.TryCollect(far, _buffer, out _))
                    Carried++;
            }
        }
    }
}
