using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>Ways in which operators set the gateway up (RFC 6333 appendix A, RFC 6908).</summary>
public sealed class DeploymentTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6333-A1-1")]
    public void Whoever_comes_from_the_prefixes_is_served_by_any_gateway_with_nothing_said_of_him(bool softwire)
    {
        using GatewayBench one = new(shards: 4);
        using GatewayBench other = new(shards: 2);
        Assert.Empty(one.Snapshot.StaticSubscribers);
        Assert.Empty(one.Snapshot.StaticMappings);
        for (int number = 1; number <= 100; number++)
        {
            // The second gateway takes the same homes over without a word.
            foreach (GatewayBench bench in new[] { one, other })
            {
                Host host = new(bench, softwire, number);
                (string address, ushort port) = host.External(tcp: false, 5000);
                Assert.True(Decoded.IsInPool(address));
                host.Receives(Assert.Single(bench.FromServer(Packets.Udp(GatewayBench.Server, 9, address, port))));
            }
        }
    }

    [Theory]
    [InlineData(true, 0, 0)]
    [InlineData(false, 0, 0)]
    [InlineData(true, 100, 200)]
    [InlineData(false, 100, 200)]
    [Requirement("RFC6908-S2.1-1")]
    public void Sides_are_told_apart_and_counted_apart_on_two_interfaces_and_on_vlans_of_one(
        bool softwire, int insideVlan, int outsideVlan)
    {
        using GatewayBench bench = new();
        ushort[] inside = insideVlan == 0 ? [] : [(ushort)insideVlan];
        ushort[] outside = outsideVlan == 0 ? [] : [(ushort)outsideVlan];
        byte[] inner = Packets.Udp(
            softwire ? "10.0.0.1" : GatewayBench.Customer, 5000, GatewayBench.Server, 53);
        byte[] packet = softwire ? Packets.Softwire(GatewayBench.B4, GatewayBench.Aftr, inner) : inner;
        Decoded sent = new(Assert.Single(bench.FromInside(Packets.Ethernet(packet, inside))));
        byte[] answer = Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort);
        for (int i = 0; i < 3; i++)
            Assert.Single(bench.FromOutside(Packets.Ethernet(answer, outside)));
        Assert.Equal(
            softwire ? (1, 3, 0, 0) : (0, 0, 1, 3),
            (Count(bench, CounterId.OutboundPacketsDsLite), Count(bench, CounterId.InboundPacketsDsLite),
                Count(bench, CounterId.OutboundPacketsNat444), Count(bench, CounterId.InboundPacketsNat444)));
        // What belongs to one side is refused on the other.
        List<byte[]> wrong = bench.FromOutside(Packets.Ethernet(packet, outside));
        Assert.Empty(wrong);
        Assert.Empty(bench.FromInside(Packets.Ethernet(answer, inside)));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.NotOurs));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.UnknownInsideSource));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Empty(bench.Collect(FramePort.Outside));
    }

    private static long Count(GatewayBench bench, CounterId counter) => bench.Gateway.Counter(counter);
}
