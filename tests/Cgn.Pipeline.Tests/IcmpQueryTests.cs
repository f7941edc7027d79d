using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>ICMP queries through the gateway and to it, and the ICMP that it carries not at all.</summary>
public sealed class IcmpQueryTests
{
    private const string Other = "198.51.100.77";

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("RFC6333-S8.2-1")]
    [Requirement("RFC5508-REQ-1")]
    [Requirement("RFC5508-REQ-1a")]
    public void A_query_keeps_its_identifier_whomever_it_asks(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host host = new(bench, softwire, worker: shards - 1);
        Decoded one = new(Assert.Single(host.Send(Packets.Echo(host.Address, GatewayBench.Server, 7))));
        Decoded two = new(Assert.Single(host.Send(Packets.Echo(host.Address, Other, 7))));
        Assert.Equal((one.Source, one.Icmp!.Id), (two.Source, two.Icmp!.Id));
        foreach (string server in new[] { GatewayBench.Server, Other })
        {
            Decoded back = host.Receives(Assert.Single(bench.FromServer(
                Packets.Echo(server, one.Source, one.Icmp.Id, reply: true))));
            Assert.Equal((server, 7), (back.Source, back.Icmp!.Id));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_message_of_nothing_but_zeros_has_a_checksum_that_verifies(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        byte[] query = [8, 0, 0xF7, 0xFF, .. new byte[36]];
        Decoded sent = new(Assert.Single(host.Send(
            Packets.Ipv4(host.Address, GatewayBench.Server, IpProtocol.Icmp, query))));
        byte[] answer = [.. sent.Ipv4.PayloadPacket.Bytes];
        answer[0] = 0;
        Checksum.FillIcmp(answer);
        Decoded back = host.Receives(Assert.Single(bench.FromServer(
            Packets.Ipv4(GatewayBench.Server, sent.Source, IpProtocol.Icmp, answer))));
        Assert.Equal((0, 0xFFFF), (back.Icmp!.Id, back.Icmp.Checksum));

        Assert.Empty(bench.FromServer(Packets.Ipv4(GatewayBench.Server, sent.Source, IpProtocol.Icmp, query)));
        Decoded pong = new(Assert.Single(bench.Collect(FramePort.Outside)));
        Assert.Equal(0xFFFF, pong.Icmp!.Checksum);
    }

    [Theory]
    [InlineData(600u, 59, true)]
    [InlineData(600u, 60.3, false)]
    [InlineData(1200u, 119, true)]
    [InlineData(1200u, 120.3, false)]
    [Requirement("RFC6333-S8.2-1")]
    [Requirement("RFC5508-REQ-2")]
    [Requirement("RFC5508-REQ-2a")]
    public void A_query_waits_for_its_reply_as_long_as_configured(uint timeout, double seconds, bool delivered)
    {
        using GatewayBench bench = new(all => all with { IcmpTimeout = timeout });
        Host host = new(bench, softwire: true);
        Decoded sent = new(Assert.Single(host.Send(Packets.Echo(host.Address, GatewayBench.Server, 7))));
        bench.Advance(seconds);
        List<byte[]> back = bench.FromServer(
            Packets.Echo(GatewayBench.Server, sent.Source, sent.Icmp!.Id, reply: true));
        Assert.Equal(delivered ? 1 : 0, back.Count);
        Assert.Equal(delivered ? 0 : 1, bench.Gateway.Drops(DropReason.NoMapping));
    }

    [Fact]
    [Requirement("RFC7857-S11-1")]
    public void The_mapping_of_a_query_goes_with_its_last_session()
    {
        using GatewayBench bench = new(all => all with { HoldDownTimeout = 10 });
        Host host = new(bench, softwire: true);
        host.Send(Packets.Echo(host.Address, GatewayBench.Server, 7));
        bench.Advance(30);
        host.Send(Packets.Echo(host.Address, Other, 7));
        bench.Advance(40);
        Assert.Equal(1u, bench.Gateway.Shard(0).MappingCount);
        bench.Advance(25);
        bench.Advance(10);
        Assert.Equal(0u, bench.Gateway.Shard(0).MappingCount);
    }

    [Theory]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(9)]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(18)]
    [InlineData(30)]
    [InlineData(40)]
    [InlineData(41)]
    [InlineData(253)]
    [Requirement("RFC5508-REQ-10b")]
    [Requirement("RFC5508-REQ-10c")]
    [Requirement("RFC5508-REQ-11")]
    public void Obsolete_and_strange_messages_are_dropped_and_counted_both_ways(byte type)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire: true);
        byte[] left = Assert.Single(host.Send(Reports.Request("udp", host.Address)));
        Decoded inside = host.Receives(Assert.Single(bench.FromServer(Reports.Answer("udp", left))));
        Assert.Empty(bench.FromServer(Reports.Icmp(
            Reports.Router, new Decoded(left).Source, type, 0, [0, 7, 0, 0, .. left.AsSpan(14)])));
        Assert.Empty(host.Send(Reports.Icmp(
            host.Address, GatewayBench.Server, type, 0, [0, 7, 0, 0, .. inside.Ipv4.Bytes])));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Empty(bench.Collect(FramePort.Outside));
        Assert.Equal(2, bench.Gateway.Drops(DropReason.UnsupportedIcmp));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC5508-REQ-10b")]
    public void Timestamps_are_asked_and_answered_like_pings(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        Decoded sent = new(Assert.Single(host.Send(Reports.Icmp(
            host.Address, GatewayBench.Server, 13, 0, [0, 7, 0, 1, .. new byte[12]]))));
        byte[] asked = Reports.Message(sent);
        Decoded back = host.Receives(Assert.Single(bench.FromServer(Reports.Icmp(
            GatewayBench.Server, sent.Source, 14, 0, [asked[4], asked[5], 0, 1, .. new byte[12]]))));
        Assert.Equal([14, 0, 0, 7], new[] { 0, 1, 4, 5 }.Select(i => Reports.Message(back)[i]));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("RFC5508-DSL-1")]
    [Requirement("RFC6908-S3.2.2-1")]
    [Requirement("RFC6333-S6.5-1")]
    [Requirement("RFC1812-S4.2.2.9")]
    public void The_gateway_answers_pings_of_itself_even_at_the_end_of_their_time_to_live(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host host = new(bench, softwire, worker: shards - 1);
        foreach (byte ttl in new byte[] { 64, 1, 0 })
        {
            byte[] ping = Packets.Echo(host.Address, "192.0.0.1", 5, ttl: ttl);
            Decoded answer = host.Receives(Assert.Single(host.ToNeighbour(ping)));
            Assert.Equal(("192.0.0.1", 64), (answer.Source, answer.Ipv4.TimeToLive));
            Assert.Equal([0, 0, .. ping[24..]], Without(Reports.Message(answer)));
        }

        Assert.Empty(Reports.Sessions(bench));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.MappingsCreatedIcmp));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [Requirement("RFC5508-REQ-10a3")]
    [Requirement("RFC6269-S9-1")]
    public void Pings_of_pool_addresses_are_answered_or_dropped_as_configured(bool replies, bool mapped)
    {
        using GatewayBench bench = new(all => all with { PoolPing = replies });
        Host host = new(bench, softwire: true);
        Decoded sent = new(Assert.Single(host.Send(Packets.Echo(host.Address, GatewayBench.Server, 7))));
        ushort id = mapped ? sent.Icmp!.Id : (ushort)9;
        Assert.Empty(bench.FromServer(Packets.Echo(GatewayBench.Server, sent.Source, id)));
        List<byte[]> outside = bench.Collect(FramePort.Outside);
        Assert.Empty(host.Send(Packets.Echo(host.Address, sent.Source, id)));
        List<byte[]> inside = bench.Collect(FramePort.Inside);
        Assert.Equal((replies ? 1 : 0, replies ? 1 : 0), (outside.Count, inside.Count));
        Assert.Equal(replies ? 0 : 2, bench.Gateway.Drops(DropReason.NoMapping));
        if (replies)
            Assert.Equal((sent.Source, GatewayBench.Server), (new Decoded(outside[0]).Source, Decoded4(outside[0])));
    }

    [Theory]
    [InlineData(true, 1, new[] { 0, 1, 2 })]
    [InlineData(true, 4, new[] { 2, 1, 0 })]
    [InlineData(false, 1, new[] { 1, 0, 2 })]
    [InlineData(false, 4, new[] { 2, 0, 1 })]
    [Requirement("RFC1812-S4.2.2.8")]
    [Requirement("RFC6908-S3.2.2-1")]
    public void A_ping_in_fragments_is_answered(bool softwire, int shards, int[] order)
    {
        using GatewayBench bench = new(shards: shards);
        Host host = new(bench, softwire, worker: shards - 1);
        byte[] ping = Packets.Echo(host.Address, "192.0.0.1", 5, payloadBytes: 1192);
        List<byte[]> answers = [];
        foreach (int piece in order)
            answers.AddRange(host.ToNeighbour(Piece(ping, piece)));
        Assert.Equal(Whole(ping), Assembled(answers, frame => host.Receives(frame)));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));

        ping = Packets.Echo(GatewayBench.Server, "203.0.113.3", 5, payloadBytes: 1192);
        List<byte[]> outside = [];
        foreach (int piece in order)
        {
            Assert.Empty(bench.FromServer(Piece(ping, piece), worker: piece % shards));
            outside.AddRange(bench.Collect(FramePort.Outside));
        }

        Assert.Equal(Whole(ping), Assembled(outside, static frame => new Decoded(frame)));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));
        Assert.Empty(Reports.Sessions(bench));
    }

    [Fact]
    [Requirement("RFC1812-S4.2.2.8")]
    public void Fragments_of_anything_but_a_ping_are_not_answered()
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire: true);
        byte[] stamp = Reports.Icmp(host.Address, "192.0.0.1", 13, 0, new byte[1196]);
        foreach (int piece in new[] { 2, 1, 0 })
            Assert.Empty(host.ToNeighbour(Piece(stamp, piece)));
        bench.Advance(60);
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Originated));
    }

    private static string Decoded4(byte[] frame) => new Decoded(frame).Destination;

    // A message without its checksum.
    private static byte[] Without(byte[] message) => [message[0], message[1], .. message[4..]];

    private static byte[] Piece(byte[] packet, int number)
    {
        int start = number * 400;
        int end = Math.Min(packet.Length - 20, start + 400);
        string source = new System.Net.IPAddress(packet[12..16]).ToString();
        string destination = new System.Net.IPAddress(packet[16..20]).ToString();
        return Packets.Ipv4(
            source, destination, IpProtocol.Icmp, packet.AsSpan(20)[start..end], identification: 77,
            dontFragment: false, moreFragments: end < packet.Length - 20, fragmentOffset: start);
    }

    // What the reply to a ping has to be, and the pieces that came, put together.
    private static byte[] Whole(byte[] ping)
    {
        byte[] message = [0, 0, 0, 0, .. ping.AsSpan(24)];
        Checksum.FillIcmp(message);
        return message;
    }

    private static byte[] Assembled(List<byte[]> frames, Func<byte[], Decoded> read) =>
    [
        .. frames.Select(read).OrderBy(static piece => piece.Ipv4.FragmentOffset)
            .SelectMany(static piece => piece.Ipv4.Bytes[20..piece.Ipv4.TotalLength]),
    ];
}
