using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>Softwire packets that come in outer fragments and are larger than a frame.</summary>
public sealed class LargePacketTests
{
    [Theory]
    [InlineData(1, 4000, false)]
    [InlineData(2, 4000, true)]
    [InlineData(3, 9000, false)]
    [InlineData(4, 1800, false)]
    [InlineData(5, 8000, true)]
    [Requirement("RFC8200-S5-1")]
    [Requirement("RFC6333-S6.3-2")]
    public void A_jumbo_packet_goes_on_in_fragments_of_the_outside_in_whatever_order_it_came(
        int seed, int payloadBytes, bool sharded)
    {
        using GatewayBench bench = new(shards: sharded ? 4 : 1);
        byte[] inner = Packets.Udp(
            "10.0.0.1", 1000, GatewayBench.Server, 53, payloadBytes, dontFragment: false, identification: 77);
        Random random = new(seed);
        List<byte[]> outside = [];
        foreach (byte[] fragment in Outer(inner).OrderBy(_ => random.Next()))
            outside.AddRange(bench.FromInside(Packets.Ethernet(fragment), sharded ? random.Next(4) : 0));
        Decoded[] pieces = [.. outside.Select(static frame => new Decoded(frame))];
        Assert.Equal((inner.Length - 20 + 1479) / 1480, pieces.Length);
        Assert.Single(pieces.Select(static piece => (piece.Source, piece.Ipv4.Id)).Distinct());
        Assert.All(pieces, static piece => Assert.Equal(63, piece.Ipv4.TimeToLive));
        byte[] datagram = Joined(outside);
        // The source alone has changed; the checksum of the whole is right, which a real receiver would ask.
        Assert.Equal(inner[28..], datagram[8..]);
        IsRight(datagram, pieces[0].Source, GatewayBench.Server);
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));
    }

    [Fact]
    [Requirement("RFC2473-S7.2a-1")]
    [Requirement("RFC8200-S5-1")]
    public void A_jumbo_packet_that_may_not_be_fragmented_is_answered()
    {
        using GatewayBench bench = new();
        byte[] inner = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, 4000);
        foreach (byte[] fragment in Outer(inner))
            Assert.Empty(bench.FromInside(Packets.Ethernet(fragment)));
        Decoded report = new(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal(("192.0.0.1", "10.0.0.1"), (report.Source, report.Destination));
        byte[] message = report.Icmp!.Bytes;
        Assert.Equal((3, 4, 1500), (message[0], message[1], BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6))));
        Assert.Equal(inner[..28], message[8..36]);
        Assert.Equal(0u, bench.Gateway.Shard(0).SessionCount);
    }

    [Fact]
    [Requirement("RFC8200-S5-1")]
    public void The_limit_is_configured()
    {
        using GatewayBench bench = new(static all => all with { ReassemblyLimit = 4000 });
        byte[] inner = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, 3972, dontFragment: false);
        Assert.Equal(3, Outer(inner).SelectMany(f => bench.FromInside(Packets.Ethernet(f))).Count());
        byte[] larger = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, 3980, dontFragment: false);
        Assert.Empty(Outer(larger, 8).SelectMany(f => bench.FromInside(Packets.Ethernet(f))));
        bench.Advance(0.2);
        Assert.Equal(3, bench.Gateway.Drops(DropReason.FragmentTooLong));
    }

    [Fact]
    [Requirement("RFC4787-REQ-9")]
    public void A_jumbo_packet_to_a_neighbour_arrives_in_his_softwire()
    {
        using GatewayBench bench = new();
        Decoded other = new(Assert.Single(bench.FromB4(
            Packets.Udp("10.0.0.2", 2000, GatewayBench.Server, 53), GatewayBench.OtherB4)));
        byte[] inner = Packets.Udp(
            "10.0.0.1", 1000, other.Source, other.Udp!.SourcePort, 5000, dontFragment: false);
        foreach (byte[] fragment in Outer(inner))
            Assert.Empty(bench.FromInside(Packets.Ethernet(fragment)));
        List<byte[]> arrived = bench.Collect(FramePort.Inside);
        Assert.Equal(4, arrived.Count);
        Assert.All(arrived, static frame =>
            Assert.Equal(GatewayBench.OtherB4, new Decoded(frame).Outer!.DestinationAddress.ToString()));
        byte[] datagram = Joined([.. arrived.Select(static frame => frame[..14].Concat(frame[54..]).ToArray())]);
        Assert.Equal(inner[28..], datagram[8..]);
    }

    [Fact]
    [Requirement("RFC6333-S6.3-2")]
    public void Memory_is_bounded_for_each_prefix_and_the_neighbour_is_not_hurt()
    {
        using GatewayBench bench = new(static all => all with { ReassemblyLimit = 65535 });
        byte[] jumbo = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, 60_000, dontFragment: false);
        byte[] own = Packets.Udp("10.0.0.2", 1000, GatewayBench.Server, 53, 4000, dontFragment: false);
        byte[][] neighbours = [.. Outer(own, 500, GatewayBench.OtherB4)];
        bench.FromInside(Packets.Ethernet(neighbours[0]));
        for (uint i = 0; i < 20; i++)
        {
            foreach (byte[] fragment in Outer(jumbo, 1000 + i).Skip(1))
                Assert.Empty(bench.FromInside(Packets.Ethernet(fragment)));
            Assert.InRange(bench.Gateway.Worker(0).State.Tables.Outer.HeldChunks, 1, 128 + 8);
        }

        Assert.Equal(3, neighbours.Skip(1).SelectMany(f => bench.FromInside(Packets.Ethernet(f))).Count());
        bench.Advance(61);
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));
        Assert.Equal(0, bench.Gateway.Worker(0).State.Tables.Outer.HeldChunks);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Requirement("RFC8200-S4.5-OVL")]
    public void Duplicates_and_overlaps_are_told_apart_across_frames(bool overlap)
    {
        using GatewayBench bench = new();
        byte[] inner = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, 5000, dontFragment: false);
        byte[][] fragments = [.. Outer(inner)];
        List<byte[]> left = [];
        left.AddRange(bench.FromInside(Packets.Ethernet(fragments[0])));
        left.AddRange(bench.FromInside(Packets.Ethernet(fragments[1])));
        byte[] again = [.. fragments[1]];
        if (overlap)
            again[^1] ^= 1;
        left.AddRange(bench.FromInside(Packets.Ethernet(again)));
        foreach (byte[] fragment in fragments[2..])
            left.AddRange(bench.FromInside(Packets.Ethernet(fragment)));
        Assert.Equal(overlap ? 0 : 4, left.Count);
        bench.Advance(61);
        Assert.Equal(overlap ? fragments.Length + 1 : 0, bench.Gateway.Drops(DropReason.FragmentOverlap));
    }

    [Fact]
    [Requirement("RFC1812-S5.2.2-1")]
    public void A_large_packet_that_is_none_is_dropped_once_for_its_reason()
    {
        using GatewayBench bench = new();
        byte[] inner = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, 4000, dontFragment: false);
        inner[10] ^= 1;
        Assert.Empty(Outer(inner).SelectMany(f => bench.FromInside(Packets.Ethernet(f))));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.BadIpv4Checksum));
    }

    // The bytes behind the IPv4 headers, put together by their offsets.
    private static byte[] Joined(List<byte[]> frames)
    {
        byte[] joined = new byte[65536];
        int end = 0;
        foreach (byte[] frame in frames)
        {
            int at = (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(14 + 6)) & 0x1FFF) * 8;
            int length = BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(14 + 2)) - 20;
            frame.AsSpan(34, length).CopyTo(joined.AsSpan(at));
            end = int.Max(end, at + length);
        }

        return joined[..end];
    }

    private static void IsRight(byte[] datagram, string source, string destination)
    {
        ushort pseudo = Checksum.PseudoHeader(
            Ipv4Address.Parse(source), Ipv4Address.Parse(destination), IpProtocol.Udp, datagram.Length);
        ushort sent = BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(6));
        Checksum.FillUdp(datagram, pseudo);
        Assert.Equal(sent, BinaryPrimitives.ReadUInt16BigEndian(datagram.AsSpan(6)));
    }

    private static List<byte[]> Outer(byte[] inner, uint identification = 7, string b4 = GatewayBench.B4) =>
        Fragments.Outer(b4, GatewayBench.Aftr, inner, identification: identification);
}
