using System;
using System.IO;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Forwarder;
using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>A gateway that goes on with the records of another.</summary>
public sealed class RestartTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cgn-restart-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public void What_waited_is_counted_as_lost_and_the_sessions_go_on()
    {
        using GatewayBench model = new(all => all with { UnsolicitedSyn = UnsolicitedSyn.Icmp });
        byte[] udp = Packets.Ethernet(Packets.Udp(GatewayBench.Customer, 5000, GatewayBench.Server, 53));
        byte[] before = new byte[2048];
        using (SimulatedGateway first = new(model.Snapshot, arena: Arena.InDirectory(_directory), now: model.Now))
        {
            first.Inject(FramePort.Inside, udp);
            first.Inject(FramePort.Outside, Packets.Ethernet(Packets.Tcp(
                GatewayBench.Server, 5, "203.0.113.3", 2000, TcpFlags.Syn)));
            first.Inject(FramePort.Inside, Packets.Ethernet(Fragments.Ipv4(
                Packets.Udp(GatewayBench.Customer, 6000, GatewayBench.Server, 53, 100), 64)[1]));
            first.Run(model.Now);
            Assert.Equal(2, first.Counter(CounterId.Held));
            Assert.True(first.TryCollect(FramePort.Outside, before, out _));
        }

        using SimulatedGateway second = new(model.Snapshot, arena: Arena.InDirectory(_directory), now: model.Now);
        Assert.Equal(0, second.Counter(CounterId.Held));
        Assert.Equal(2, second.Drops(DropReason.Restart));
        Assert.Equal((0, 0), (second.Unaccounted, second.LeakedChunks));
        second.Inject(FramePort.Inside, udp);
        second.Run(model.Now);
        byte[] after = new byte[2048];
        Assert.True(second.TryCollect(FramePort.Outside, after, out _));
        Assert.Equal(before, after);
    }

    [Theory]
    [InlineData(CounterId.Received, 3, 3)]
    [InlineData(CounterId.Transmitted, 3, 0)]
    public void Books_balance_again_after_a_death_in_the_middle_of_a_batch(CounterId id, int frames, int lost)
    {
        using GatewayBench model = new(static all => all);
        using (SimulatedGateway first = new(model.Snapshot, arena: Arena.InDirectory(_directory), now: model.Now))
        {
            first.Worker(0).State.Counters[id] += frames;
            Assert.NotEqual(0, first.Unaccounted);
        }

        using SimulatedGateway second = new(model.Snapshot, arena: Arena.InDirectory(_directory), now: model.Now);
        Assert.Equal(0, second.Unaccounted);
        Assert.Equal(lost, second.Drops(DropReason.Restart));
    }
}
