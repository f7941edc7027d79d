using System;
using System.Buffers.Binary;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>What the comparison with the model has found, one by one.</summary>
public sealed class ModelFindingTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_neighbours_external_endpoint_is_no_source_outside_even_where_they_talk(int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Decoded other = new(Assert.Single(bench.FromB4(
            Packets.Udp("10.0.0.2", 2000, GatewayBench.Server, 53), GatewayBench.OtherB4)));
        bench.FromB4(Packets.Udp("10.0.0.1", 1000, other.Source, other.Udp!.SourcePort));
        Decoded hairpinned = new(Assert.Single(bench.Collect(FramePort.Inside)));

        // From outside, in the name of each towards the other: both have a session that this would fit.
        Assert.Empty(bench.FromServer(Packets.Udp(
            hairpinned.Source, hairpinned.Udp!.SourcePort, other.Source, other.Udp.SourcePort)));
        Assert.Empty(bench.FromServer(Packets.Udp(
            other.Source, other.Udp.SourcePort, hairpinned.Source, hairpinned.Udp.SourcePort)));
        Assert.Equal(2, bench.Gateway.Drops(DropReason.Martian));

        // They themselves talk on.
        bench.FromB4(Packets.Udp("10.0.0.1", 1000, other.Source, other.Udp.SourcePort));
        Assert.Single(bench.Collect(FramePort.Inside));
    }

    [Theory]
    [InlineData(64)]
    [InlineData(32)]
    public void An_error_about_a_flow_has_the_flows_label_in_the_softwire(byte hopLimit)
    {
        using GatewayBench bench = new(all => all with { SoftwireHopLimit = hopLimit });
        bench.FromB4(Packets.Udp("10.0.0.9", 9, GatewayBench.Server, 9));
        byte[] left = Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53)));
        Decoded sent = new(left);
        byte[] error = Assert.Single(bench.FromServer(
            Packets.IcmpError(Reports.Router, sent.Source, IcmpType.TimeExceeded, 0, left.AsSpan(14))));
        byte[] answer = Assert.Single(bench.FromServer(
            Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort)));
        uint label = Label(answer);
        Assert.NotEqual(0u, label);
        Assert.Equal(label, Label(error));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Later_fragments_are_refused_for_the_reason_of_the_first(bool inOrder)
    {
        using GatewayBench bench = new(plan: plan => plan with { ConnectionLimit = 1 });
        bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53));
        byte[] whole = Packets.Udp("10.0.0.1", 1001, GatewayBench.Server, 53, 56, dontFragment: false);
        (int Start, int End)[] pieces = inOrder ? [(0, 32), (32, 64)] : [(32, 64), (0, 32)];
        foreach ((int start, int end) in pieces)
        {
            Assert.Empty(bench.FromB4(Packets.Ipv4(
                "10.0.0.1", GatewayBench.Server, IpProtocol.Udp, whole.AsSpan(20 + start, end - start),
                identification: 7, dontFragment: false, moreFragments: end != 64, fragmentOffset: start)));
        }

        Assert.Equal(2, bench.Gateway.Drops(DropReason.SessionLimit));
        bench.Collect(FramePort.Inside);
    }

    private static uint Label(byte[] frame) => BinaryPrimitives.ReadUInt32BigEndian(frame.AsSpan(14)) & 0xF_FFFF;
}
