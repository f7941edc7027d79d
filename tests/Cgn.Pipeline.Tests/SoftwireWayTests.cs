using System;
using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>The whole way of a packet through a softwire and back, for each transport.</summary>
public sealed class SoftwireWayTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(false, 4)]
    [Requirement("RFC6333-S6.1-1")]
    [Requirement("RFC6333-S6.6-2")]
    [Requirement("RFC2473-S3.1-1")]
    public void Udp_leaves_translated_and_its_answer_returns_to_the_B4(bool limit, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Decoded sent = new(Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", 10000, GatewayBench.Server, 53),
            limit: limit)));
        Assert.Null(sent.Outer);
        Assert.True(Decoded.IsInPool(sent.Source));
        Assert.Equal(GatewayBench.Server, sent.Destination);
        Assert.Equal(63, sent.Ipv4.TimeToLive);
        Assert.InRange(sent.Udp!.SourcePort, 1024, 65535);

        byte[] answer = Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp.SourcePort);
        Decoded back = new(Assert.Single(bench.FromServer(answer, worker: shards - 1)));
        Assert.Equal(GatewayBench.B4, back.Outer!.DestinationAddress.ToString());
        Assert.Equal(GatewayBench.Aftr, back.Outer.SourceAddress.ToString());
        Assert.Equal("10.0.0.1", back.Destination);
        Assert.Equal(10000, back.Udp!.DestinationPort);
        Assert.Equal(63, back.Ipv4.TimeToLive);
        Assert.Equal(back.Ipv4.TotalLength, back.Outer.PayloadLength);
    }

    [Fact]
    [Requirement("RFC6333-S6.6-1")]
    public void Two_B4s_with_the_same_inner_endpoint_keep_apart()
    {
        using GatewayBench bench = new();
        byte[] packet = Packets.Udp("10.0.0.1", 10000, GatewayBench.Server, 53);
        Decoded first = new(Assert.Single(bench.FromB4(packet)));
        Decoded second = new(Assert.Single(bench.FromB4(packet, GatewayBench.OtherB4)));
        Assert.NotEqual((first.Source, first.Udp!.SourcePort), (second.Source, second.Udp!.SourcePort));
        Decoded back = new(Assert.Single(bench.FromServer(
            Packets.Udp(GatewayBench.Server, 53, second.Source, second.Udp.SourcePort))));
        Assert.Equal(GatewayBench.OtherB4, back.Outer!.DestinationAddress.ToString());
    }

    [Fact]
    [Requirement("RFC5508-REQ-1")]
    public void Ping_passes_with_its_identifier_restored()
    {
        using GatewayBench bench = new();
        Decoded sent = new(Assert.Single(bench.FromB4(Packets.Echo("192.168.1.5", GatewayBench.Server, 7))));
        Decoded back = new(Assert.Single(bench.FromServer(
            Packets.Echo(GatewayBench.Server, sent.Source, sent.Icmp!.Id, reply: true))));
        Assert.Equal(7, back.Icmp!.Id);
        Assert.Equal("192.168.1.5", back.Destination);
    }

    [Fact]
    [Requirement("RFC4787-REQ-9a")]
    public void Subscribers_reach_each_other_by_their_external_endpoints()
    {
        using GatewayBench bench = new(shards: 2);
        Decoded second = new(Assert.Single(bench.FromB4(
            Packets.Udp("10.0.0.2", 2000, GatewayBench.Server, 53), GatewayBench.OtherB4)));
        Assert.Empty(bench.FromB4(Packets.Udp("10.0.0.1", 1000, second.Source, second.Udp!.SourcePort)));
        Decoded arrived = new(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal(GatewayBench.OtherB4, arrived.Outer!.DestinationAddress.ToString());
        Assert.Equal(("10.0.0.2", 2000), (arrived.Destination, arrived.Udp!.DestinationPort));
        Assert.True(Decoded.IsInPool(arrived.Source));
        Assert.Equal(63, arrived.Ipv4.TimeToLive);
    }

    [Fact]
    [Requirement("RFC5508-REQ-10a2")]
    [Requirement("RFC6333-S6.5-1")]
    public void A_packet_at_the_end_of_its_time_to_live_is_answered_from_the_softwires_own_address()
    {
        using GatewayBench bench = new();
        Assert.Empty(bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 33434, ttl: 1)));
        Decoded answer = new(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal("192.0.0.1", answer.Source);
        Assert.Equal("10.0.0.1", answer.Destination);
        Assert.Equal(GatewayBench.B4, answer.Outer!.DestinationAddress.ToString());
        Assert.Equal(11, answer.Icmp!.Bytes[0]);
        Assert.Equal(1, bench.Gateway.Drops(DropReason.TtlExpired));
    }

    [Fact]
    [Requirement("RFC5508-REQ-4a")]
    public void An_error_from_outside_reaches_its_session_with_the_quote_restored()
    {
        using GatewayBench bench = new();
        byte[] left = Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 33434)));
        byte[] error = Packets.IcmpError("192.0.2.9", new Decoded(left).Source, Wire.IcmpType.DestinationUnreachable,
            3, left.AsSpan(14));
        Decoded back = new(Assert.Single(bench.FromServer(error)));
        Assert.Equal(("192.0.2.9", "10.0.0.1"), (back.Source, back.Destination));
        Decoded quote = new(Packets.Ethernet(back.Icmp!.Bytes.AsSpan(8)));
        Assert.Equal(("10.0.0.1", 1000), (quote.Source, quote.Udp!.SourcePort));
    }

    [Theory]
    [InlineData(new[] { 0, 1, 2 }, 1)]
    [InlineData(new[] { 2, 1, 0 }, 1)]
    [InlineData(new[] { 1, 0, 2 }, 3)]
    [Requirement("RFC4787-REQ-14")]
    public void Fragments_pass_in_any_order_both_ways(int[] order, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        byte[] whole = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, payloadBytes: 1000);
        List<byte[]> outside = [];
        foreach (int i in order)
            outside.AddRange(bench.FromB4(Piece(whole, i)));
        Assert.Equal(3, outside.Count);
        Decoded first = new(outside.Find(frame => (frame[14 + 6] & 0x1F) == 0 && frame[14 + 7] == 0)!);
        foreach (byte[] frame in outside)
            Assert.Equal(first.Source, new Decoded(frame).Source);

        byte[] answer = Packets.Udp(GatewayBench.Server, 53, first.Source, first.Udp!.SourcePort, payloadBytes: 1000);
        List<byte[]> inside = [];
        foreach (int i in order)
            inside.AddRange(bench.FromServer(Piece(answer, i), worker: i % shards));
        Assert.Equal(3, inside.Count);
        foreach (byte[] frame in inside)
            Assert.Equal("10.0.0.1", new Decoded(frame).Destination);
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));
    }

    [Fact]
    [Requirement("RFC6333-S6.3-1")]
    public void An_answer_too_large_for_the_tunnel_is_fragmented_outside()
    {
        using GatewayBench bench = new(settings => settings with { TunnelMtu = 1500 });
        Decoded sent = new(Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53))));
        List<byte[]> pieces = bench.FromServer(Packets.Udp(
            GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort, payloadBytes: 1472, dontFragment: false));
        Assert.Equal([14 + 1496, 14 + 100], [pieces[0].Length, pieces[1].Length]);
    }

    private static byte[] Piece(byte[] packet, int number)
    {
        const int Each = 400;
        byte[] payload = packet[20..];
        int start = number * Each;
        int end = int.Min(payload.Length, start + Each);
        string source = new System.Net.IPAddress(packet[12..16]).ToString();
        string destination = new System.Net.IPAddress(packet[16..20]).ToString();
        return Packets.Ipv4(
            source, destination, Wire.IpProtocol.Udp, payload.AsSpan(start..end), identification: 77,
            dontFragment: false,
            moreFragments: end < payload.Length, fragmentOffset: start);
    }
}
