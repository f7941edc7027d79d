using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using PacketDotNet;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>SYNs from outside that nothing admits (RFC 5382 section 4.3): nothing for six seconds, then an
/// error.</summary>
public sealed class UnsolicitedSynTests
{
    private const string Peer = "192.0.2.77";
    private const ushort PeerPort = 7000;

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("RFC5382-REQ-4")]
    [Requirement("RFC6146-TCP-2")]
    [Requirement("RFC5382-S4.3-1")]
    public void Filtered_syn_is_answered_with_port_unreachable_after_six_seconds(bool softwire, int shards)
    {
        using GatewayBench bench = Filtering(shards);
        (string address, ushort port) = new Host(bench, softwire).External(tcp: true, 5000);
        byte[] syn = Packets.Tcp(Peer, PeerPort, address, port, TcpFlags.Syn, 4711);
        Assert.Empty(bench.FromServer(syn));
        Assert.Equal(1, bench.Gateway.Counter(CounterId.Held));
        bench.Advance(6.0);
        Assert.Empty(bench.Collect(FramePort.Outside));
        bench.Advance(0.2);
        Decoded answer = new(Assert.Single(bench.Collect(FramePort.Outside)));
        Assert.Equal(Peer, answer.Destination);
        Assert.Equal(IcmpV4TypeCode.UnreachablePort, answer.Icmp!.TypeCode);
        Assert.Equal(syn, answer.Icmp.Bytes[8..]);
        Assert.Equal(1, bench.Gateway.Drops(DropReason.Filtered));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC5382-REQ-4")]
    [Requirement("RFC5382-REQ-2a")]
    public void Connection_that_the_inside_opens_meanwhile_makes_the_syn_forgotten(bool softwire)
    {
        using GatewayBench bench = Filtering(1);
        Host host = new(bench, softwire);
        (string address, ushort port) = host.External(tcp: true, 5000);
        byte[] syn = Packets.Tcp(Peer, PeerPort, address, port, TcpFlags.Syn, 4711);
        Assert.Empty(bench.FromServer(syn));
        bench.Advance(3);
        Assert.Single(host.Tcp(5000, Peer, PeerPort, TcpFlags.Syn, 1));
        Assert.Equal(4711u, host.Receives(Assert.Single(bench.FromServer(syn))).Tcp!.SequenceNumber);
        Assert.Single(host.Tcp(5000, Peer, PeerPort, TcpFlags.Syn | TcpFlags.Ack, 1, 4712));
        bench.Advance(10);
        Assert.Empty(bench.Collect(FramePort.Outside));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));
    }

    [Theory]
    [InlineData(UnsolicitedSyn.Drop, true, 0)]
    [InlineData(UnsolicitedSyn.Drop, false, 0)]
    [InlineData(UnsolicitedSyn.IcmpIfMapped, true, 1)]
    [InlineData(UnsolicitedSyn.IcmpIfMapped, false, 0)]
    [InlineData(UnsolicitedSyn.Icmp, true, 1)]
    [InlineData(UnsolicitedSyn.Icmp, false, 1)]
    [Requirement("RFC5382-REQ-4a")]
    [Requirement("RFC5382-S4.3-1")]
    public void Policy_says_what_is_answered_and_nothing_is_ever_reset(UnsolicitedSyn policy, bool mapped, int answers)
    {
        using GatewayBench bench = Filtering(1, policy);
        (string address, ushort port) = new Host(bench, softwire: true).External(tcp: true, 5000);
        byte[] syn = Packets.Tcp(Peer, PeerPort, address, (ushort)(mapped ? port : port ^ 1), TcpFlags.Syn);
        Assert.Empty(bench.FromServer(syn));
        bench.Advance(7);
        List<byte[]> sent = bench.Collect(FramePort.Outside);
        Assert.Equal(answers, sent.Count);
        Assert.All(sent, frame => Assert.Null(new Decoded(frame).Tcp));
        Assert.Equal(1, bench.Gateway.Drops(mapped ? DropReason.Filtered : DropReason.NoMapping));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [Requirement("RFC5382-REQ-4")]
    public void Neighbours_syn_is_answered_as_an_outsiders(int shards)
    {
        using GatewayBench bench = Filtering(shards);
        (string address, ushort port) = new Host(bench, softwire: true).External(tcp: true, 5000);
        Host neighbour = new(bench, softwire: false, 7, worker: shards - 1);
        Assert.Empty(neighbour.ToNeighbour(Packets.Tcp(neighbour.Address, 6000, address, port, TcpFlags.Syn, 99)));
        bench.Advance(6);
        Assert.Empty(bench.Collect(FramePort.Inside));
        bench.Advance(0.2);
        Decoded answer = neighbour.Receives(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal(IcmpV4TypeCode.UnreachablePort, answer.Icmp!.TypeCode);
        IPv4Packet quoted = new(new PacketDotNet.Utils.ByteArraySegment(answer.Icmp.Bytes[8..]));
        Assert.Equal(neighbour.Address, quoted.SourceAddress.ToString());
        Assert.Equal(6000, quoted.Extract<TcpPacket>().SourcePort);
    }

    [Fact]
    [Requirement("RFC5382-REQ-4")]
    public void Repeated_syn_is_kept_and_answered_once()
    {
        using GatewayBench bench = Filtering(1);
        (string address, ushort port) = new Host(bench, softwire: true).External(tcp: true, 5000);
        for (int i = 0; i < 3; i++)
        {
            Assert.Empty(bench.FromServer(Packets.Tcp(Peer, PeerPort, address, port, TcpFlags.Syn, 4711)));
            bench.Advance(1);
        }

        Assert.Equal(1, bench.Gateway.Counter(CounterId.Held));
        bench.Advance(10);
        Assert.Single(bench.Collect(FramePort.Outside));
        Assert.Equal(3, bench.Gateway.Drops(DropReason.Filtered));
    }

    [Theory]
    [InlineData(false, 64)]
    [InlineData(true, 512)]
    [Requirement("RFC5382-REQ-4a")]
    public void Flood_is_dropped_silently_beyond_a_share_of_the_frames_for_each_address_and_in_all(
        bool everywhere, int kept)
    {
        using GatewayBench bench = Filtering(1, UnsolicitedSyn.Icmp);
        for (int i = 0; i < 4000; i++)
        {
            string address = $"203.0.113.{(everywhere ? i % 16 : 3)}";
            Assert.Empty(bench.FromServer(Packets.Tcp(Peer, (ushort)(1024 + i), address, 2000, TcpFlags.Syn)));
        }

        // A sixteenth of 8,192 frames, and an eighth of that for one address.
        Assert.Equal(kept, bench.Gateway.Counter(CounterId.Held));
        Assert.Equal(4000 - kept, bench.Gateway.Drops(DropReason.NoMapping));
        bench.Advance(7);
        Assert.InRange(bench.Collect(FramePort.Outside).Count, 1, kept);
        Assert.Equal(4000, bench.Gateway.Drops(DropReason.NoMapping));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));
    }

    [Fact]
    public void Only_syns_are_kept()
    {
        using GatewayBench bench = Filtering(1, UnsolicitedSyn.Icmp);
        TcpFlags[] others = [TcpFlags.Ack, TcpFlags.Syn | TcpFlags.Ack, TcpFlags.Rst, TcpFlags.Syn | TcpFlags.Fin];
        foreach (TcpFlags flags in others)
            Assert.Empty(bench.FromServer(Packets.Tcp(Peer, PeerPort, "203.0.113.3", 2000, flags)));
        Assert.Empty(bench.FromServer(Packets.Udp(Peer, PeerPort, "203.0.113.3", 2000)));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));
    }

    private static GatewayBench Filtering(int shards, UnsolicitedSyn policy = UnsolicitedSyn.IcmpIfMapped) =>
        new(s => s with { TcpFilteringType = FilteringType.AddressDependent, UnsolicitedSyn = policy }, shards);
}
