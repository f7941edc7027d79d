using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>Destinations that see the subscriber's own address (RFC 6888 REQ-6, RFC 6333 section 11).</summary>
public sealed class PassThroughTests
{
    private const string Untranslated = "203.0.113.130";
    private const string Own = "192.0.2.10";

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [Requirement("RFC6888-REQ-6")]
    public void A_customer_is_seen_as_it_is_and_answers_find_it(int shards)
    {
        using GatewayBench bench = new(shards: shards, snapshot: Rules());
        for (int worker = 0; worker < shards; worker++)
        {
            Decoded sent = new(Assert.Single(bench.FromInside(
                Packets.Ethernet(Packets.Udp(GatewayBench.Customer, 5000, Untranslated, 53, ttl: 60)), worker)));
            Assert.Equal((GatewayBench.Customer, Untranslated), (sent.Source, sent.Destination));
            Assert.Equal((5000, 53, 59), (sent.Udp!.SourcePort, sent.Udp.DestinationPort, sent.Ipv4.TimeToLive));
            Decoded back = new(Assert.Single(bench.FromServer(
                Packets.Udp(Untranslated, 53, GatewayBench.Customer, 5000, ttl: 60), worker)));
            Assert.Null(back.Outer);
            Assert.Equal((Untranslated, GatewayBench.Customer), (back.Source, back.Destination));
            Assert.Equal((53, 5000, 59), (back.Udp!.SourcePort, back.Udp.DestinationPort, back.Ipv4.TimeToLive));
        }

        Assert.Equal(0, bench.Gateway.Counter(CounterId.MappingsCreatedUdp));
        Assert.Equal(2 * shards, bench.Gateway.Counter(CounterId.UntranslatedPackets));
        Assert.Equal(shards, bench.Gateway.Counter(CounterId.OutboundPacketsNat444));
        Assert.Equal(shards, bench.Gateway.Counter(CounterId.InboundPacketsNat444));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [Requirement("RFC6333-S11-2")]
    [Requirement("RFC6888-REQ-6")]
    public void An_address_behind_a_softwire_is_seen_as_it_is_and_answers_go_to_the_B4_it_is_bound_to(int shards)
    {
        using GatewayBench bench = new(shards: shards, snapshot: Rules());
        Decoded sent = new(Assert.Single(bench.FromB4(
            Packets.Tcp(Own, 5000, Untranslated, 80, TcpFlags.Syn), worker: shards - 1)));
        Assert.Null(sent.Outer);
        Assert.Equal((Own, 5000), (sent.Source, sent.Tcp!.SourcePort));
        for (int worker = 0; worker < shards; worker++)
        {
            Decoded back = new(Assert.Single(bench.FromServer(
                Packets.Tcp(Untranslated, 80, Own, 5000, TcpFlags.Syn | TcpFlags.Ack), worker)));
            Assert.Equal(GatewayBench.B4, back.Outer!.DestinationAddress.ToString());
            Assert.Equal(GatewayBench.Aftr, back.Outer.SourceAddress.ToString());
            Assert.Equal((Own, 5000), (back.Destination, back.Tcp!.DestinationPort));
        }

        Assert.Equal(0, bench.Gateway.Counter(CounterId.MappingsCreatedTcp));
    }

    [Fact]
    [Requirement("RFC6333-S11-2")]
    public void What_is_bound_is_reached_before_it_has_sent_anything()
    {
        using GatewayBench bench = new(snapshot: Rules());
        Decoded first = new(Assert.Single(bench.FromServer(Packets.Tcp(Untranslated, 80, Own, 5000, TcpFlags.Syn))));
        Assert.Equal(GatewayBench.B4, first.Outer!.DestinationAddress.ToString());
    }

    [Fact]
    [Requirement("RFC6333-S11-2")]
    public void A_private_address_passes_too_where_a_rule_says_so()
    {
        using GatewayBench bench = new(snapshot: Rules());
        Decoded sent = new(Assert.Single(bench.FromB4(Packets.Tcp("10.0.0.1", 5000, Untranslated, 80, TcpFlags.Syn))));
        Assert.Equal("10.0.0.1", sent.Source);
        Assert.Equal(0, bench.Gateway.Counter(CounterId.MappingsCreatedTcp));
    }

    [Fact]
    [Requirement("RFC6888-REQ-6")]
    public void Other_destinations_protocols_and_ports_are_translated_as_ever()
    {
        using GatewayBench bench = new(snapshot: all => Rules()(all) with
        {
            PassThrough = [new(new(0xCB007180, 25), (byte)IpProtocol.Tcp, 80)],
        });
        Assert.True(Decoded.IsInPool(new Decoded(Assert.Single(bench.FromB4(
            Packets.Udp("10.0.0.1", 1, Untranslated, 80)))).Source));
        Assert.True(Decoded.IsInPool(new Decoded(Assert.Single(bench.FromB4(
            Packets.Tcp("10.0.0.1", 2, Untranslated, 81, TcpFlags.Syn)))).Source));
        Assert.True(Decoded.IsInPool(new Decoded(Assert.Single(bench.FromB4(
            Packets.Tcp("10.0.0.1", 3, GatewayBench.Server, 80, TcpFlags.Syn)))).Source));
        Assert.False(Decoded.IsInPool(new Decoded(Assert.Single(bench.FromB4(
            Packets.Tcp("10.0.0.1", 4, Untranslated, 80, TcpFlags.Syn)))).Source));
        Assert.Empty(bench.FromServer(Packets.Tcp(Untranslated, 81, GatewayBench.Customer, 5, TcpFlags.Syn)));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.NotOurs));
    }

    [Fact]
    public void Without_a_rule_nobody_is_reached_by_its_own_address()
    {
        using GatewayBench bench = new();
        Assert.Empty(bench.FromServer(Packets.Udp(Untranslated, 53, GatewayBench.Customer, 5000)));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.NotOurs));
    }

    [Fact]
    [Requirement("RFC6269-S13.6-1")]
    public void An_address_that_is_bound_to_one_B4_no_other_may_use()
    {
        using GatewayBench bench = new(snapshot: Rules());
        Assert.Empty(bench.FromB4(Packets.Udp(Own, 1, Untranslated, 53), GatewayBench.OtherB4));
        Assert.Empty(bench.FromB4(Packets.Udp("192.0.2.11", 1, Untranslated, 53)));
        Assert.Equal(2, bench.Gateway.Drops(DropReason.BadInnerSource));
    }

    [Fact]
    public void A_plans_rates_hold_for_what_is_not_translated()
    {
        using GatewayBench bench = new(
            plan: home => home with { RateUp = 100_000, RateDown = 100_000 }, snapshot: Rules());
        int up = 0;
        int down = 0;
        for (int i = 0; i < 50; i++)
        {
            up += bench.FromInside(Packets.Ethernet(
                Packets.Udp(GatewayBench.Customer, 5000, Untranslated, 53, payloadBytes: 1000))).Count;
            down += bench.FromServer(
                Packets.Udp(Untranslated, 53, GatewayBench.Customer, 5000, payloadBytes: 1000)).Count;
        }

        Assert.InRange(up, 2, 10);
        Assert.InRange(down, 2, 10);
        Assert.Equal(50 - up, bench.Gateway.Drops(DropReason.RateLimitUp));
        Assert.Equal(50 - down, bench.Gateway.Drops(DropReason.RateLimitDown));
    }

    [Fact]
    public void A_packet_too_large_for_its_way_is_fragmented_or_answered()
    {
        using GatewayBench bench = new(
            settings => settings with { TunnelMtu = 1500, OutsideMtu = 1400 }, snapshot: Rules());
        Assert.Equal(2, bench.FromB4(Packets.Udp(Own, 1, Untranslated, 53, 1450, dontFragment: false)).Count);
        Assert.Empty(bench.FromB4(Packets.Udp(Own, 1, Untranslated, 53, 1450)));
        Decoded answer = new(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal((3, 4), (answer.Icmp!.Bytes[0], answer.Icmp.Bytes[1]));
        Assert.Equal(2, bench.FromServer(Packets.Udp(Untranslated, 53, Own, 1, 1472, dontFragment: false)).Count);
        Assert.Empty(bench.FromServer(Packets.Udp(Untranslated, 53, Own, 1, 1472)));
        Assert.Equal(2, bench.Gateway.Drops(DropReason.TooBig));
        bench.Collect(FramePort.Outside);
    }

    [Fact]
    public void A_packet_at_the_end_of_its_time_to_live_is_answered()
    {
        using GatewayBench bench = new(snapshot: Rules());
        Assert.Empty(bench.FromB4(Packets.Udp(Own, 1, Untranslated, 53, ttl: 1)));
        Assert.Equal(11, new Decoded(Assert.Single(bench.Collect(FramePort.Inside))).Icmp!.Bytes[0]);
        Assert.Empty(bench.FromServer(Packets.Udp(Untranslated, 53, Own, 1, ttl: 1)));
        Assert.Equal(2, bench.Gateway.Drops(DropReason.TtlExpired));
        bench.Collect(FramePort.Outside);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Pings_and_errors_pass_both_ways(int shards)
    {
        using GatewayBench bench = new(shards: shards, snapshot: Rules());
        byte[] out1 = Assert.Single(bench.FromB4(Packets.Echo(Own, Untranslated, 7)));
        Assert.Equal(7, new Decoded(out1).Icmp!.Id);
        Assert.Equal(7, new Decoded(Assert.Single(bench.FromServer(
            Packets.Echo(Untranslated, Own, 7, reply: true), shards - 1))).Icmp!.Id);
        // The other way round: a ping for the subscriber is the subscriber's to answer.
        Assert.Single(bench.FromServer(Packets.Echo(Untranslated, Own, 9), shards - 1));
        Assert.Single(bench.FromB4(Packets.Echo(Own, Untranslated, 9, reply: true)));

        byte[] sent = Assert.Single(bench.FromB4(Packets.Udp(Own, 1, Untranslated, 33434)));
        Decoded error = new(Assert.Single(bench.FromServer(Packets.IcmpError(
            "198.51.100.9", Own, IcmpType.TimeExceeded, 0, sent.AsSpan()[14..]), shards - 1)));
        Assert.Equal(("198.51.100.9", Own), (error.Source, error.Destination));
        byte[] came = Packets.Udp(Untranslated, 53, Own, 9);
        Decoded refused = new(Assert.Single(bench.FromB4(
            Packets.IcmpError(Own, Untranslated, IcmpType.DestinationUnreachable, 3, came))));
        Assert.Equal((Own, Untranslated), (refused.Source, refused.Destination));
        // About nothing that goes this way: not believed.
        Assert.Empty(bench.FromServer(Packets.IcmpError(
            "198.51.100.9", Own, IcmpType.TimeExceeded, 0, Packets.Udp(Own, 1, GatewayBench.Server, 53))));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fragments_pass_in_any_order_both_ways(int shards)
    {
        using GatewayBench bench = new(shards: shards, snapshot: all => Rules()(all) with
        {
            PassThrough = [new(new(0xCB007180, 25), (byte)IpProtocol.Udp, 53)],
        });
        byte[] whole = Packets.Udp(Own, 1, Untranslated, 53, 1000, dontFragment: false);
        byte[] answer = Packets.Udp(Untranslated, 53, Own, 1, 1000, dontFragment: false);
        List<byte[]> up = [];
        List<byte[]> down = [];
        foreach (int start in new[] { 800, 0, 400 })
        {
            up.AddRange(bench.FromB4(Piece(whole, Own, Untranslated, start)));
            down.AddRange(bench.FromServer(Piece(answer, Untranslated, Own, start), start / 400 % shards));
        }

        Assert.Equal([0, 50, 100], up.Select(static one => new Decoded(one).Ipv4.FragmentOffset).Order());
        Assert.Equal([0, 50, 100], down.Select(static one => new Decoded(one).Ipv4.FragmentOffset).Order());
        Assert.All(up, static one => Assert.Equal(Own, new Decoded(one).Source));
        Assert.All(down, static one => Assert.Equal(Own, new Decoded(one).Destination));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));
    }

    [Fact]
    public void Strangers_cannot_fill_the_table_of_subscribers()
    {
        using GatewayBench bench = new(settings => settings with { SubscriberCapacity = 20 }, snapshot: Rules());
        for (int i = 1; i < 100; i++)
            bench.FromServer(Packets.Udp(Untranslated, 53, $"100.64.0.{i}", 1));
        Assert.Equal(10, bench.Gateway.Counter(CounterId.Subscribers));
        Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", 1, GatewayBench.Server, 53)));
    }

    private static Func<ConfigSnapshot, ConfigSnapshot> Rules() => static all =>
    {
        Ipv6Address b4 = Ipv6Address.Parse(GatewayBench.B4);
        return all with
        {
            PassThrough = [new(new(0xCB007180, 25), 0, 0)],
            PassThroughBindings = [new(new(0xC000020A, 32), b4.High, b4.Low)],
        };
    };

    private static byte[] Piece(byte[] packet, string source, string destination, int start)
    {
        byte[] payload = packet[20..];
        int end = int.Min(payload.Length, start + 400);
        return Packets.Ipv4(
            source, destination, IpProtocol.Udp, payload.AsSpan(start, end - start), identification: 77,
            dontFragment: false,
            moreFragments: end < payload.Length, fragmentOffset: start);
    }
}
