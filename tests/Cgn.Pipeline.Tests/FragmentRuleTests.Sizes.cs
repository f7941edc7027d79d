using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

// What is fragmented, and packets that are longer or shorter than they say.
public sealed partial class FragmentRuleTests
{
    [Theory]
    [InlineData(1500, 1496, 100)]
    [InlineData(1280, 1280, 316)]
    [Requirement("RFC2473-S7-1")]
    [Requirement("RFC8513-MTU")]
    public void The_tunnel_MTU_says_what_is_fragmented_and_how(int mtu, int first, int second)
    {
        using GatewayBench bench = new(all => all with { TunnelMtu = mtu });
        Decoded sent = new(Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53))));
        List<byte[]> pieces = bench.FromServer(Packets.Udp(
            GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort, 1472, dontFragment: false));
        Assert.Equal([first, second], pieces.Select(static piece => piece.Length - 14));
        Assert.Equal(first - 48, (pieces[1][14 + 42] << 8 | pieces[1][14 + 43]) & 0xFFF8);
        Assert.Equal(pieces[0][58..62], pieces[1][58..62]);
    }

    [Theory]
    [InlineData(IpOptionsPolicy.Pass, 7, DropReason.None)]
    [InlineData(IpOptionsPolicy.Pass, 68, DropReason.None)]
    [InlineData(IpOptionsPolicy.Pass, 131, DropReason.SourceRoute)]
    [InlineData(IpOptionsPolicy.Pass, 137, DropReason.SourceRoute)]
    [InlineData(IpOptionsPolicy.DropRecording, 7, DropReason.IpOption)]
    [InlineData(IpOptionsPolicy.DropRecording, 68, DropReason.IpOption)]
    [InlineData(IpOptionsPolicy.DropRecording, 136, DropReason.IpOption)]
    [InlineData(IpOptionsPolicy.DropRecording, 148, DropReason.None)]
    [InlineData(IpOptionsPolicy.DropAll, 148, DropReason.IpOption)]
    [InlineData(IpOptionsPolicy.DropAll, 1, DropReason.None)]
    [Requirement("RFC1812-S4.2.2.1")]
    public void Options_pass_or_not_as_configured_either_way(IpOptionsPolicy policy, byte type, DropReason reason)
    {
        using GatewayBench bench = new(all => all with { IpOptions = policy });
        Decoded sent = new(Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53))));
        byte[] outbound = WithOption(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53), type);
        byte[] inbound = WithOption(
            Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort), type);
        List<byte[]> left = bench.FromB4(outbound);
        List<byte[]> arrived = bench.FromServer(inbound);
        Assert.Equal(reason == DropReason.None ? (1, 1) : (0, 0), (left.Count, arrived.Count));
        if (reason != DropReason.None)
            Assert.Equal(2, bench.Gateway.Drops(reason));
        else
            Assert.Equal(outbound[20..28], left[0][34..42]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC1812-S5.2.2-2")]
    public void Link_padding_is_not_forwarded_and_what_is_cut_short_is_dropped(bool softwire)
    {
        using GatewayBench bench = new();
        byte[] packet = Packets.Udp(softwire ? "10.0.0.1" : GatewayBench.Customer, 1000, GatewayBench.Server, 53, 2);
        byte[] inside = softwire ? Packets.Softwire(GatewayBench.B4, GatewayBench.Aftr, packet) : packet;
        byte[] sent = Assert.Single(bench.FromInside([.. Packets.Ethernet(inside), 1, 2, 3, 4, 5, 6]));
        Assert.Equal(14 + 30, sent.Length);
        Decoded d = new(sent);
        byte[] answer = Packets.Udp(GatewayBench.Server, 53, d.Source, d.Udp!.SourcePort, 2);
        Assert.Equal(
            14 + 30 + (softwire ? 40 : 0),
            Assert.Single(bench.FromOutside([.. Packets.Ethernet(answer), .. new byte[16]])).Length);
        Assert.Empty(bench.FromInside(Packets.Ethernet(inside)[..^1]));
        Assert.Empty(bench.FromOutside(Packets.Ethernet(answer)[..^1]));
        Assert.Equal(2, bench.Gateway.Drops(DropReason.Truncated));
    }

    [Fact]
    [Requirement("RFC8900-S6.5")]
    public void Packets_too_big_are_told_of_both_ways()
    {
        using GatewayBench bench = new(static all => all with { OutsideMtu = 1400, TunnelMtu = 1340 });
        Assert.Empty(bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, 1400)));
        Assert.Equal(1400, Mtu(bench.Collect(FramePort.Inside)));
        Decoded sent = new(Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53))));
        Assert.Empty(bench.FromServer(Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort, 1300)));
        Assert.Equal(1300, Mtu(bench.Collect(FramePort.Outside)));
    }

    [Fact]
    public void Other_MTUs_hold_at_once_for_sessions_that_there_are()
    {
        using GatewayBench bench = new(static all => all with { OutsideMtu = 1500, TunnelMtu = 1540 });
        Decoded sent = new(Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53))));
        byte[] outbound = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, 1400);
        byte[] inbound = Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort, 1300);
        Assert.Equal((1, 1), (bench.FromB4(outbound).Count, bench.FromServer(inbound).Count));
        ConfigSnapshot before = bench.Snapshot;
        bench.Gateway.Apply(before with
        {
            Generation = 2,
            Settings = before.Settings with { OutsideMtu = 1400, TunnelMtu = 1340 },
        });
        Assert.Empty(bench.FromB4(outbound));
        Assert.Equal(1400, Mtu(bench.Collect(FramePort.Inside)));
        Assert.Empty(bench.FromServer(inbound));
        Assert.Equal(1300, Mtu(bench.Collect(FramePort.Outside)));
        bench.Gateway.Apply(before with { Generation = 3 });
        Assert.Equal((1, 1), (bench.FromB4(outbound).Count, bench.FromServer(inbound).Count));
    }
}
