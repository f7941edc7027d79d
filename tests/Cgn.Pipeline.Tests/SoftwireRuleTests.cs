using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>What goes into softwires, who may send there, and that the two families never mix.</summary>
public sealed class SoftwireRuleTests
{
    [Theory]
    [InlineData(IpProtocol.Udp, "2001:db8:1::1", DropReason.NotOurs)]
    [InlineData(IpProtocol.Ipv4, "2001:db8:1::1", DropReason.NotOurs)]
    [InlineData(IpProtocol.Udp, GatewayBench.Aftr, DropReason.NotSoftwire)]
    [InlineData(IpProtocol.Ipv6, GatewayBench.Aftr, DropReason.NotSoftwire)]
    [InlineData(IpProtocol.Gre, GatewayBench.Aftr, DropReason.NotSoftwire)]
    [Requirement("RFC6333-S4.1-1")]
    [Requirement("RFC6333-S5.2-1")]
    public void Native_IPv6_is_never_opened_and_leaves_no_state(IpProtocol next, string to, DropReason reason)
    {
        using GatewayBench bench = new();
        byte[] packet = Packets.Softwire(
            GatewayBench.B4, to, Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53));
        packet[6] = (byte)next;
        Assert.Empty(bench.FromInside(Packets.Ethernet(packet)));
        Assert.Equal(1, bench.Gateway.Drops(reason));
        Assert.Equal(0u, bench.Gateway.Shard(0).SubscriberCount);
    }

    [Fact]
    [Requirement("RFC6333-S4.2-2")]
    public void Each_query_of_a_resolver_is_a_mapping_until_its_timer_ends()
    {
        using GatewayBench bench = new();
        for (int i = 0; i < 1000; i++)
            Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", (ushort)(2000 + i), GatewayBench.Server, 53)));
        Assert.Equal(1000, bench.Gateway.Counter(CounterId.MappingsCreatedUdp));
        bench.Advance(301);
        Assert.Equal(1000, bench.Gateway.Counter(CounterId.MappingsExpiredUdp));
    }

    [Fact]
    [Requirement("RFC6333-S5.3-2")]
    public void An_access_MTU_raised_by_forty_carries_whole_packets_both_ways()
    {
        using GatewayBench bench = new(static all => all with { TunnelMtu = 1540 });
        Decoded sent = new(Assert.Single(bench.FromB4(
            Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, payloadBytes: 1472))));
        Assert.Equal(1500, sent.Ipv4.TotalLength);
        Decoded back = new(Assert.Single(bench.FromServer(
            Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort, payloadBytes: 1472))));
        Assert.Equal((1500, 4), (back.Outer!.PayloadLength, (int)back.Outer.NextHeader));
    }

    [Fact]
    [Requirement("RFC6333-S5.7-1")]
    public void Every_B4_may_use_the_well_known_address_and_others_of_its_range()
    {
        using GatewayBench bench = new();
        HashSet<(string, ushort)> external = [];
        for (int home = 1; home <= 100; home++)
        {
            string b4 = $"2001:db8:100:{home:x}00::2";
            Decoded sent = new(Assert.Single(bench.FromB4(
                Packets.Udp("192.0.0.2", 1000, GatewayBench.Server, 53), b4)));
            Assert.True(external.Add((sent.Source, sent.Udp!.SourcePort)));
            Decoded back = new(Assert.Single(bench.FromServer(
                Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp.SourcePort))));
            Assert.Equal((b4, "192.0.0.2"), (back.Outer!.DestinationAddress.ToString(), back.Destination));
        }

        for (int host = 3; host <= 6; host++)
            Assert.Single(bench.FromB4(Packets.Udp($"192.0.0.{host}", 1000, GatewayBench.Server, 53)));
    }

    [Theory]
    [InlineData("10.255.0.1", true)]
    [InlineData("172.16.0.1", true)]
    [InlineData("172.31.255.254", true)]
    [InlineData("192.168.77.1", true)]
    [InlineData("192.0.0.3", true)]
    [InlineData("8.8.8.8", false)]
    [InlineData("172.32.0.1", false)]
    [InlineData("192.0.0.8", false)]
    [InlineData("192.0.0.1", false)]
    [InlineData("100.64.0.1", false)]
    [Requirement("RFC6333-S11-3")]
    public void Only_private_sources_and_those_of_the_softwire_pass(string source, bool passes)
    {
        using GatewayBench bench = new();
        List<byte[]> left = bench.FromB4(Packets.Udp(source, 1000, GatewayBench.Server, 53));
        Assert.Equal(passes ? 1 : 0, left.Count);
        Assert.Equal(passes ? 0 : 1, bench.Gateway.Drops(DropReason.BadInnerSource));
        Assert.Equal(passes ? 1u : 0, bench.Gateway.Shard(0).MappingCount);
        Assert.Empty(bench.Collect(FramePort.Inside));
    }

    [Fact]
    [Requirement("RFC6333-S11-3")]
    public void Further_sources_pass_where_the_operator_authorises_them()
    {
        using GatewayBench bench = new(snapshot: static all => all with
        {
            Nat444Sources = [],
            InnerSources = [.. ConfigSnapshot.DefaultInnerSources(), new Ipv4PrefixSetting(0x64400000, 10)],
        });
        Assert.Single(bench.FromB4(Packets.Udp("100.64.0.1", 1000, GatewayBench.Server, 53)));
    }

    [Theory]
    [InlineData("224.0.0.5")]
    [InlineData("255.255.255.255")]
    [InlineData("127.0.0.1")]
    [InlineData("0.0.0.0")]
    [InlineData("240.0.0.1")]
    [Requirement("RFC6333-S11-4")]
    [Requirement("RFC1812-S5.3.7")]
    public void Impossible_sources_are_dropped_by_either_access(string source)
    {
        using GatewayBench bench = new();
        Assert.Empty(bench.FromB4(Packets.Udp(source, 1000, GatewayBench.Server, 53)));
        bench.FromInside(Packets.Ethernet(Packets.Udp(source, 1000, GatewayBench.Server, 53)));
        Assert.Equal(2, bench.Gateway.Drops(DropReason.Martian));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Equal(0u, bench.Gateway.Shard(0).SubscriberCount);
    }

    [Fact]
    [Requirement("RFC6333-S11-4")]
    public void A_softwire_whose_inner_packet_is_not_version_4_carries_nothing()
    {
        using GatewayBench bench = new();
        byte[] inner = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53);
        inner[0] = 0x65;
        Assert.Empty(bench.FromB4(inner));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.BadIpv4Header));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC1812-S5.3.7")]
    public void Impossible_destinations_and_sources_are_never_forwarded(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        foreach (string to in new[] { "0.1.2.3", "127.0.0.1", "240.0.0.1", "224.0.0.251", "255.255.255.255" })
            Assert.Empty(host.Udp(1000, to, 53));
        Assert.Equal(5, bench.Gateway.Drops(DropReason.Martian));
        (string address, ushort port) = host.External(tcp: false, 1000);
        foreach (string from in new[] { "0.1.2.3", "127.0.0.1", "240.0.0.1", "224.0.0.251" })
            Assert.Empty(bench.FromServer(Packets.Udp(from, 53, address, port)));
        Assert.Equal(9, bench.Gateway.Drops(DropReason.Martian));
        // The address ranges of documentation and benchmarks are no martians.
        foreach (string test in new[] { "198.18.0.1", "192.0.2.1", "198.51.100.2" })
            Assert.Single(host.Udp(1000, test, 53));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Requirement("RFC6333-S11-6")]
    [Requirement("RFC6908-S2.12-1")]
    public void Softwires_from_elsewhere_are_dropped_and_counted_whole_or_in_fragments(bool fragments)
    {
        using GatewayBench bench = new();
        byte[] inner = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, payloadBytes: 1400);
        const string Stranger = "2001:db8:900::2";
        byte[][] packets = fragments ? [.. Fragments.Outer(Stranger, GatewayBench.Aftr, inner, 800)]
            : [Packets.Softwire(Stranger, GatewayBench.Aftr, inner)];
        foreach (byte[] packet in packets)
            Assert.Empty(bench.FromInside(Packets.Ethernet(packet)));
        Assert.Equal(packets.Length, bench.Gateway.Drops(DropReason.UnknownSoftwireSource));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Equal(0u, bench.Gateway.Shard(0).SubscriberCount);
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Requirement("RFC2473-S4.1.2-1")]
    public void A_softwire_from_our_own_address_is_a_loop(bool fragment)
    {
        using GatewayBench bench = new(snapshot: static all => all with
        {
            SoftwireSources = [new Ipv6PrefixSetting(0x2001_0DB8_0000_0000, 0, 32)],
        });
        byte[] inner = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53);
        byte[] packet = fragment
            ? Fragments.Outer(GatewayBench.Aftr, GatewayBench.Aftr, inner.AsSpan(0, 40), 0, more: true)
            : Packets.Softwire(GatewayBench.Aftr, GatewayBench.Aftr, inner);
        Assert.Empty(bench.FromInside(Packets.Ethernet(packet)));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.Loop));
        Assert.Empty(bench.Collect(FramePort.Inside));
    }

    [Fact]
    [Requirement("RFC8200-HL")]
    public void A_softwire_at_the_end_of_its_hop_limit_has_arrived()
    {
        using GatewayBench bench = new();
        byte[] packet = Packets.Softwire(
            GatewayBench.B4, GatewayBench.Aftr, Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53));
        packet[7] = 1;
        Assert.Equal(63, new Decoded(Assert.Single(bench.FromInside(Packets.Ethernet(packet)))).Ipv4.TimeToLive);
    }

    [Fact]
    [Requirement("RFC6333-S7.1-1")]
    [Requirement("RFC6333-B1.2-1")]
    public void The_example_of_RFC_6333_goes_as_its_figures_show()
    {
        const string B4 = "2001:db8:0:1::1";
        StaticMapping mapping = new(
            0x2001_0DB8_0000_0000, 0, true, (byte)IpProtocol.Tcp, 0x0A000001, 10000, 0xC0000201, 5000);
        using GatewayBench bench = new(snapshot: all => all with
        {
            AftrAddresses = [new Ipv6PrefixSetting(0x2001_0DB8_0000_0002, 1, 128)],
            SoftwireSources = [new Ipv6PrefixSetting(0x2001_0DB8_0000_0001, 0, 64)],
            Pools = [new PoolSettings("example", [new Ipv4PrefixSetting(0xC0000200, 24)], 1024, 65535, 512, 1200)],
            StaticMappings = [mapping],
        });
        // Figure 2: outbound.
        byte[] inner = Packets.Tcp("10.0.0.1", 10000, GatewayBench.Server, 80, TcpFlags.Syn);
        Decoded sent = new(Assert.Single(bench.FromInside(
            Packets.Ethernet(Packets.Softwire(B4, "2001:db8:0:2::1", inner)))));
        Assert.Equal(("192.0.2.1", 5000), (sent.Source, sent.Tcp!.SourcePort));
        Assert.Equal((GatewayBench.Server, 80), (sent.Destination, sent.Tcp.DestinationPort));
        // Figure 3: inbound.
        Decoded back = new(Assert.Single(bench.FromServer(
            Packets.Tcp(GatewayBench.Server, 80, "192.0.2.1", 5000, TcpFlags.Syn | TcpFlags.Ack))));
        Assert.Equal(
            ("2001:db8:0:2::1", B4),
            (back.Outer!.SourceAddress.ToString(), back.Outer.DestinationAddress.ToString()));
        Assert.Equal((GatewayBench.Server, 80), (back.Source, back.Tcp!.SourcePort));
        Assert.Equal(("10.0.0.1", 10000), (back.Destination, back.Tcp.DestinationPort));
    }

    [Fact]
    [Requirement("RFC6908-S2.6-1")]
    public void What_each_subscriber_sends_and_gets_is_counted_under_his_prefix()
    {
        using GatewayBench bench = new();
        Decoded sent = new(Assert.Single(bench.FromB4(
            Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53, payloadBytes: 72))));
        for (int i = 0; i < 3; i++)
            bench.FromServer(Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort, 172));
        bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53), GatewayBench.OtherB4);
        ref SubscriberRecord s = ref bench.Gateway.Shard(0).Subscriber(
            bench.Gateway.Shard(0).FindSubscriber(new(0x2001_0DB8_0100_0100, 0, SubscriberKind.DsLite)));
        Assert.Equal((100ul, 1u), (s.BytesUp, s.PacketsUp));
        Assert.Equal((600ul, 3u), (s.BytesDown, s.PacketsDown));
    }

    [Fact]
    [Requirement("RFC6908-S2.11-1")]
    public void System_ports_are_given_to_nobody_but_by_a_static_mapping()
    {
        StaticMapping mapping = new(0x2001_0DB8_0100_0100, 0, true, 6, 0x0A000001, 80, 0xCB00710E, 80);
        using GatewayBench bench = new(snapshot: all => all with { StaticMappings = [mapping] });
        for (ushort port = 1; port < 1024; port++)
        {
            Decoded sent = new(Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", port, GatewayBench.Server, 53))));
            Assert.InRange(sent.Udp!.SourcePort, 1024, 65535);
        }

        Decoded served = new(Assert.Single(bench.FromB4(
            Packets.Tcp("10.0.0.1", 80, GatewayBench.Server, 5000, TcpFlags.Syn))));
        Assert.Equal(("203.0.113.14", 80), (served.Source, served.Tcp!.SourcePort));
    }
}
