using Cgn.Contract.Counting;
using Cgn.Pipeline.Tests.Gateways;
using Cgn.Testing;

using PacketDotNet;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>Whoever asks for too much does not take it from others: what all share is shared out.</summary>
public sealed class FairShareTests
{
    [Fact]
    public void Subscriber_with_many_connections_leaves_gateways_for_others()
    {
        using GatewayScene scene = new();
        for (int i = 0; i < 200; i++)
            scene.Host.Tcp((ushort)(20000 + i), GatewayBench.Server, 21, Wire.TcpFlags.Syn);
        Cgn.Nat.NatShard shard = scene.Bench.Gateway.Shard(0);
        Assert.Equal(shard.GatewayCapacity / 8, shard.GatewayCount);
        new Host(scene.Bench, softwire: false, 7).Tcp(40000, GatewayBench.Server, 21, Wire.TcpFlags.Syn);
        Assert.Equal((shard.GatewayCapacity / 8) + 1, shard.GatewayCount);

        scene.Bench.Advance(10_000);
        Assert.Equal(0u, shard.GatewayCount);
        scene.Host.Tcp(20000, GatewayBench.Server, 21, Wire.TcpFlags.Syn);
        Assert.Equal(1u, shard.GatewayCount);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Outsiders_pings_leave_errors_for_the_inside(bool softwire)
    {
        using GatewayBench bench = new(all => all with { IcmpErrorsPerSecond = 10 });
        for (int i = 0; i < 100; i++)
            bench.FromServer(Packets.Echo(GatewayBench.Server, "203.0.113.1", 7));
        Assert.NotEqual(0, bench.Gateway.Counter(CounterId.IcmpSuppressed));
        bench.Collect(Memory.Frames.FramePort.Outside);
        Host host = new(bench, softwire);
        Assert.Empty(host.Send(Packets.Udp(host.Address, 5000, GatewayBench.Server, 53, ttl: 1)));
        Decoded answer = host.Receives(Assert.Single(bench.Collect(Memory.Frames.FramePort.Inside)));
        Assert.Equal(IcmpV4TypeCode.TimeExceeded, answer.Icmp!.TypeCode);
    }

    [Fact]
    public void Subscriber_with_many_pcp_requests_leaves_answers_for_others()
    {
        using GatewayBench bench = new();
        int greedy = 0;
        for (int i = 0; i < 500; i++)
        {
            greedy += Ask(bench, 1) + Ask(bench, 1);
            if (i % 10 == 0)
                Assert.Equal(1, Ask(bench, 2));
            bench.Advance(0.001);
        }

        // A hundred at once and an eighth of the rate.
        Assert.InRange(greedy, 150, 170);
    }

    private static int Ask(GatewayBench bench, int number)
    {
        string host = $"100.64.0.{number}";
        Assert.Empty(bench.FromInside(Packets.Ethernet(PcpPackets.Datagram(
            host, 7000, "192.0.0.1", 5351, PcpPackets.Request(host, opcode: 0)))));
        return bench.Collect(Memory.Frames.FramePort.Inside).Count;
    }
}
