using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>Fragments of either version through the whole gateway.</summary>
public sealed partial class FragmentRuleTests
{
    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [Requirement("RFC8900-S6.3")]
    [Requirement("RFC4787-REQ-14")]
    [Requirement("RFC815-ALG")]
    public void Datagrams_in_pieces_arrive_whole_in_any_order_with_duplicates_both_ways(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Random random = new(shards);
        for (ushort round = 1; round <= 40; round++)
        {
            Host host = new(bench, softwire, number: 1 + (round % 7), worker: random.Next(shards));
            byte[] whole = Packets.Udp(
                host.Address, (ushort)(1000 + round), GatewayBench.Server, 53, random.Next(1500, 3500),
                identification: round, dontFragment: false);
            byte[] arrived = Joined([.. Shuffled(whole, random).SelectMany(host.Send)], out Decoded first);
            Assert.Equal(whole[28..], arrived[8..]);
            byte[] answer = Packets.Udp(
                GatewayBench.Server, 53, first.Source, BinaryPrimitives.ReadUInt16BigEndian(arrived),
                random.Next(1500, 3500), identification: round, dontFragment: false);
            List<byte[]> inside = [.. Shuffled(answer, random)
                .SelectMany(piece => bench.FromServer(piece, random.Next(shards)))];
            byte[] back = Joined([.. inside.Select(frame => softwire ? Opened(frame) : frame)], out _);
            Assert.Equal(answer[28..], back[8..]);
        }

        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC1122-S3.3.2")]
    public void A_fragment_that_waits_too_long_is_dropped_and_nobody_is_told(bool softwire)
    {
        using GatewayBench bench = new(static all => all with { FragmentTimeout = 50 });
        Host host = new(bench, softwire);
        (string address, ushort port) = host.External(tcp: false, 1000);
        List<byte[]> pieces = Fragments.Ipv4(
            Packets.Udp(GatewayBench.Server, 9, address, port, 2000, dontFragment: false), 1480);
        Assert.Empty(bench.FromServer(pieces[1]));
        bench.Advance(4.9);
        Assert.Equal(1, bench.Gateway.Counter(CounterId.Held));
        bench.Advance(0.2);
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.FragmentTimeout));
        Assert.Empty(bench.Collect(FramePort.Outside));
        // The first alone passes: that it is incomplete is its receiver's to find out.
        Assert.Single(bench.FromServer(pieces[0]));
    }

    [Fact]
    [Requirement("RFC6864-S4.1-1")]
    [Requirement("RFC6864-S4.1-2")]
    public void Identifications_of_atomic_packets_mean_nothing_and_stay()
    {
        using GatewayBench bench = new();
        for (int i = 0; i < 100; i++)
        {
            Decoded sent = new(Assert.Single(bench.FromB4(
                Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, identification: 7))));
            Assert.Equal(7, sent.Ipv4.Id);
            Decoded back = new(Assert.Single(bench.FromServer(
                Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort, identification: 7))));
            Assert.Equal(7, back.Ipv4.Id);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC1812-S4.2.2.9")]
    public void A_ping_of_our_own_address_may_have_come_to_the_end_of_its_time(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        (string address, _) = host.External(tcp: false, 1000);
        Assert.Empty(host.Send(Packets.Echo(host.Address, softwire ? "192.0.0.1" : address, 5, ttl: 1)));
        Assert.Equal(0, new Decoded(Assert.Single(bench.Collect(FramePort.Inside))).Icmp!.Bytes[0]);
        Assert.Empty(bench.FromServer(Packets.Echo(GatewayBench.Server, address, 5, ttl: 1)));
        Decoded answer = new(Assert.Single(bench.Collect(FramePort.Outside)));
        Assert.Equal((0, 64), (answer.Icmp!.Bytes[0], answer.Ipv4.TimeToLive));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC1812-S5.3.1")]
    public void Time_to_live_goes_down_by_one_and_its_end_is_told_but_for_groups(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        Decoded sent = new(Assert.Single(host.Send(Packets.Udp(host.Address, 1000, GatewayBench.Server, 53, ttl: 2))));
        Assert.Equal(1, sent.Ipv4.TimeToLive);
        Assert.Empty(host.Send(Packets.Udp(host.Address, 1000, GatewayBench.Server, 53, ttl: 1)));
        Assert.Equal(11, new Decoded(Assert.Single(bench.Collect(FramePort.Inside))).Icmp!.Bytes[0]);
        Assert.Empty(bench.FromServer(Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort, ttl: 1)));
        Assert.Equal(11, new Decoded(Assert.Single(bench.Collect(FramePort.Outside))).Icmp!.Bytes[0]);
        Assert.Empty(host.Send(Packets.Udp(host.Address, 1000, "224.0.0.251", 53, ttl: 1)));
        Assert.Empty(bench.Collect(FramePort.Inside));
    }

    [Theory]
    [InlineData(133)]
    [InlineData(134)]
    [InlineData(135)]
    [InlineData(136)]
    [InlineData(137)]
    [InlineData(148)]
    [InlineData(149)]
    [Requirement("RFC6980-S5-1")]
    public void Neighbour_discovery_in_fragments_is_ignored(byte type)
    {
        using GatewayBench bench = new();
        byte[] message = new byte[80];
        message[0] = type;
        Checksum.FillIcmpv6(message, Checksum.PseudoHeader(
            Ipv6Address.Parse(GatewayBench.B4), Ipv6Address.Parse(GatewayBench.Aftr), IpProtocol.Icmpv6, 80));
        foreach (bool whole in new[] { true, false })
        {
            byte[][] fragments = whole ? [Part(message, 0, more: false)]
                : [Part(message.AsSpan(0, 40), 0, more: true), Part(message.AsSpan(40), 40, more: false)];
            foreach (byte[] fragment in fragments)
                Assert.Empty(bench.FromInside(Packets.Ethernet(fragment)));
        }

        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Equal(2, bench.Gateway.Drops(DropReason.UnsupportedIcmpv6));
    }

    [Fact]
    [Requirement("RFC6333-S6.3-3")]
    public void The_operator_is_told_before_reassembly_runs_out_and_nothing_is_lost_yet()
    {
        using GatewayBench bench = new();
        byte[] inner = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, payloadBytes: 1400);
        for (int i = 0; i < 850; i++)
        {
            string b4 = $"2001:db8:100:{1 + (i / 100):x}00::2";
            bench.FromInside(Packets.Ethernet(Fragments.Outer(b4, GatewayBench.Aftr, inner, 800, (uint)i)[0]));
        }

        bench.Advance(0.2);
        bench.Advance(0.2);
        ForwarderEvent[] events = new ForwarderEvent[1024];
        int count = bench.Gateway.ReadEvents(0, events);
        ForwarderEvent told = Assert.Single(events[..count], static e => e.Kind == EventKind.ThresholdCrossed);
        Assert.Equal((WatchedResource.Reassembly, 850u, 1024u), (told.Resource, told.Level, told.Capacity));
        Assert.Equal(1, bench.Gateway.Counter(CounterId.ThresholdsReassembly));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Dropped));
        Assert.Single(Fragments.Outer(GatewayBench.B4, GatewayBench.Aftr, inner, 800, 5000)
            .SelectMany(fragment => bench.FromInside(Packets.Ethernet(fragment))));
        bench.Advance(61);
    }

    [Fact]
    [Requirement("RFC6908-S2.2-1")]
    public void Many_fragmented_packets_among_whole_ones_all_arrive()
    {
        using GatewayBench bench = new(shards: 2);
        Random random = new(3);
        int fragmented = 0;
        for (uint i = 0; i < 2000; i++)
        {
            string b4 = $"2001:db8:100:{1 + random.Next(50):x}00::2";
            byte[] inner = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, payloadBytes: 1472);
            bool cut = random.Next(2) == 0;
            fragmented += cut ? 1 : 0;
            List<byte[]> packets = cut ? Fragments.Outer(b4, GatewayBench.Aftr, inner, identification: i)
                : [Packets.Softwire(b4, GatewayBench.Aftr, inner)];
            byte[] sent = Assert.Single(packets.SelectMany(p => bench.FromInside(Packets.Ethernet(p))));
            Assert.Equal(1500, new Decoded(sent).Ipv4.TotalLength);
        }

        Assert.Equal(fragmented, bench.Gateway.Counter(CounterId.Reassembled));
    }

    private static byte[] Opened(byte[] frame) => [.. frame[..12], 8, 0, .. frame[54..]];

    private static int Mtu(List<byte[]> frames)
    {
        byte[] message = new Decoded(Assert.Single(frames)).Icmp!.Bytes;
        Assert.Equal((3, 4), (message[0], message[1]));
        return BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6));
    }

    private static byte[] Part(ReadOnlySpan<byte> part, int offset, bool more) =>
        Fragments.Outer(GatewayBench.B4, GatewayBench.Aftr, part, offset, more, 9, IpProtocol.Icmpv6);

    private static byte[] WithOption(byte[] packet, byte type)
    {
        byte[] option = type == 1 ? [1, 1, 1, 1, 1, 1, 1, 0] : [type, 7, 4, 0, 0, 0, 0, 0];
        byte[] longer = [.. packet.AsSpan(0, 20), .. option, .. packet.AsSpan(20)];
        longer[0] = 0x47;
        BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(2), (ushort)longer.Length);
        Fragments.FillHeader(longer);
        return longer;
    }

    // The last fragment twice: a duplicate, wherever it falls.
    private static List<byte[]> Shuffled(byte[] packet, Random random)
    {
        List<byte[]> pieces = Fragments.Ipv4(packet, 8 * random.Next(60, 180));
        pieces.Add(pieces[^1]);
        return [.. pieces.OrderBy(_ => random.Next())];
    }

    private static byte[] Joined(List<byte[]> frames, out Decoded first)
    {
        byte[] joined = new byte[65536];
        int end = 0;
        first = new Decoded(frames[0]);
        foreach (byte[] frame in frames)
        {
            Decoded piece = new(frame);
            Assert.Equal((first.Ipv4.Id, first.Source), (piece.Ipv4.Id, piece.Source));
            int at = (BinaryPrimitives.ReadUInt16BigEndian(frame.AsSpan(14 + 6)) & 0x1FFF) * 8;
            int length = piece.Ipv4.TotalLength - 20;
            frame.AsSpan(34, length).CopyTo(joined.AsSpan(at));
            end = int.Max(end, at + length);
        }

        return joined[..end];
    }
}
