using System;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>MAP: who gets what (RFC 6887 sections 11 and 13).</summary>
public sealed class PcpMapTests
{
    private const string Server = GatewayBench.Server;
    private static readonly byte[] s_preferFailure = [2, 0, 0, 0];

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("RFC6887-S11-EIM")]
    [Requirement("RFC6887-S11-BIDIR")]
    [Requirement("RFC6887-S11.1-NONCE")]
    [Requirement("PCP-DSL-ENC")]
    [Requirement("RFC6888-REQ-9")]
    [Requirement("RFC6333-S8.5-1")]
    public void A_host_is_reached_by_anybody_for_as_long_as_it_asked(bool softwire, int shards)
    {
        using GatewayBench bench = new(
            settings: static all => all with { FilteringType = FilteringType.AddressAndPortDependent },
            shards: shards);
        PcpHost host = new(bench, softwire);
        PcpAnswer answer = host.Map(nonce: 9);
        Assert.Equal((0, 3600u), (answer.Result, answer.Lifetime));
        Assert.All(answer.Bytes.AsSpan(24, 12).ToArray(), static octet => Assert.Equal(9, octet));
        Assert.True(Decoded.IsInPool(answer.Address));
        bench.Advance(3500);
        byte[] packet = Packets.Udp("198.51.100.77", 9, answer.Address, answer.Port);
        Assert.Equal(5000, host.Host.Receives(Assert.Single(bench.FromServer(packet))).Udp!.DestinationPort);
        Assert.Equal((answer.Address, answer.Port), host.Host.External(tcp: false, 5000));
        bench.Advance(500);
        Assert.Empty(bench.FromServer(packet));
    }

    [Fact]
    [Requirement("RFC6887-S11-ICMP")]
    public void Errors_about_it_are_translated()
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire: true);
        PcpAnswer answer = host.Map();
        bench.Advance(1000);
        Assert.Single(bench.FromServer(Packets.IcmpError(
            "198.51.100.99", answer.Address, IcmpType.DestinationUnreachable, 3,
            Packets.Udp(answer.Address, answer.Port, Server, 53))));
    }

    [Theory]
    [InlineData(6, 0, 9)]
    [InlineData(0, 0, 9)]
    [InlineData(0, 5000, 3)]
    [Requirement("RFC6887-S11.1-WILD")]
    public void Nobody_gets_all_ports_or_protocols_of_a_shared_address(int protocol, ushort port, int result)
    {
        using GatewayBench bench = new();
        Assert.Equal(result, new PcpHost(bench, softwire: true).Map(port, protocol: protocol).Result);
    }

    [Theory]
    [InlineData(132)]
    [InlineData(1)]
    [InlineData(47)]
    [Requirement("RFC6887-S11.3-PROTO")]
    public void Protocols_without_ports_are_not_mapped(int protocol)
    {
        using GatewayBench bench = new();
        PcpAnswer answer = new PcpHost(bench, softwire: true).Map(protocol: protocol);
        Assert.Equal((9, 1800u), (answer.Result, answer.Lifetime));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S11.3-OWNER")]
    public void Another_nonce_changes_nothing(bool softwire)
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire);
        host.Map(nonce: 1);
        bench.Advance(600);
        PcpAnswer refused = host.Map(nonce: 2);
        Assert.Equal((2, 3000u), (refused.Result, refused.Lifetime));
        Assert.Equal(2, host.Map(lifetime: 0, nonce: 2).Result);
    }

    [Fact]
    [Requirement("RFC6887-S11.3-STATIC")]
    public void A_static_mapping_is_told_and_never_ends()
    {
        Ipv6Address b4 = Ipv6Address.Parse(GatewayBench.B4);
        StaticMapping mapping = new(b4.High & ~0xFFUL, 0, true, 17, 0xC0A80102, 5000, 0xCB00710E, 443);
        using GatewayBench bench = new(snapshot: all => all with { StaticMappings = [mapping] });
        PcpHost host = new(bench, softwire: true);
        PcpAnswer answer = host.Map();
        Assert.Equal((0, uint.MaxValue, 443), (answer.Result, answer.Lifetime, answer.Port));
        Assert.Equal(0, host.Map(nonce: 2).Result);
        Assert.Equal(2, host.Map(lifetime: 0).Result);
    }

    [Fact]
    [Requirement("RFC6887-S11.3-RENEW")]
    public void Renewing_keeps_the_port_and_takes_the_lifetime()
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire: true);
        PcpAnswer first = host.Map(lifetime: 200);
        bench.Advance(100);
        PcpAnswer second = host.Map(lifetime: 900, suggested: (ushort)(first.Port ^ 1));
        Assert.Equal((first.Port, 900u), (second.Port, second.Lifetime));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S11.3-IMPL")]
    public void The_mapping_of_traffic_is_the_one_that_is_made_explicit(bool softwire)
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire);
        (string Address, ushort Port) before = host.Host.External(tcp: false, 5000);
        PcpAnswer answer = host.Map();
        Assert.Equal(before, (answer.Address, answer.Port));
        Assert.Equal(before, host.Host.External(tcp: false, 5000));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S11.3-SUGG")]
    [Requirement("RFC6887-S11.3-ALT")]
    public void A_suggestion_is_honoured_within_the_own_block_and_does_no_harm_else(bool softwire)
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire);
        ushort used = host.Map(port: 4000).Port;
        ushort wished = (ushort)(((used - 1024) & ~511) + 1024 + ((used + 77) & 511));
        Assert.Equal(wished, host.Map(port: 4001, suggested: wished).Port);
        PcpAnswer other = host.Map(port: 4002, suggested: 80);
        Assert.Equal(0, other.Result);
        Assert.NotEqual(80, other.Port);
    }

    [Fact]
    [Requirement("RFC6887-S11.3-RSV")]
    public void The_ports_of_servers_are_nobodys()
    {
        using GatewayBench bench = new(snapshot: static all => all with
        {
            Pools = [new PoolSettings("four", [new Ipv4PrefixSetting(0xCB007100, 32)], 5348, 5351, 4, 1200)],
        });
        PcpHost host = new(bench, softwire: true);
        ushort[] ports = [.. Enumerable.Range(4000, 12)
            .Select(port => host.Map((ushort)port, suggested: 5351)).Where(static answer => answer.Result == 0)
            .Select(static answer => answer.Port)];
        Assert.NotEmpty(ports);
        Assert.DoesNotContain(ports, static port => port is 5350 or 5351);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S11.3-ONEPROTO")]
    public void Only_the_protocol_that_was_asked_for_is_open(bool softwire)
    {
        using GatewayBench bench = new();
        PcpAnswer answer = new PcpHost(bench, softwire).Map(protocol: 6);
        Assert.Empty(bench.FromServer(Packets.Udp(Server, 9, answer.Address, answer.Port)));
        Assert.Single(bench.FromServer(Packets.Tcp(Server, 9, answer.Address, answer.Port, TcpFlags.Syn)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S11.3-QUOTA")]
    public void One_more_than_a_subscriber_may_have_exceeds_its_quota(bool softwire)
    {
        using GatewayBench bench = new(settings: static all => all with { Pcp = all.Pcp with { MappingsMax = 3 } });
        PcpHost host = new(bench, softwire);
        for (ushort port = 1; port <= 3; port++)
            Assert.Equal(0, host.Map(port).Result);
        PcpAnswer refused = host.Map(4);
        Assert.Equal((10, 30u), (refused.Result, refused.Lifetime));
        Assert.Equal(0, host.Map(3).Result);
    }

    [Fact]
    [Requirement("RFC6887-S13.2-PF")]
    [Requirement("RFC6887-S11.3-MOPT")]
    public void Who_prefers_failure_gets_the_suggestion_or_nothing()
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire: true);
        ushort used = host.Map(port: 4000).Port;
        ushort wished = (ushort)(((used - 1024) & ~511) + 1024 + ((used + 77) & 511));
        PcpAnswer granted = host.Map(4001, suggested: wished, options: s_preferFailure);
        Assert.Equal((0, wished, 64), (granted.Result, granted.Port, granted.Bytes.Length));
        Assert.Equal(11, host.Map(4002, suggested: wished, options: s_preferFailure).Result);
        Assert.Equal(11, host.Map(4000, suggested: wished, options: s_preferFailure).Result);
        Assert.Equal(6, host.Map(4003, options: s_preferFailure).Result);
        Assert.Equal(6, host.Map(4001, lifetime: 0, suggested: wished, options: s_preferFailure).Result);
    }

    [Fact]
    [Requirement("PCP-DSL-SUB")]
    public void Mappings_follow_the_subscriber_to_another_b4_address()
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire: true);
        PcpAnswer answer = host.Map();
        byte[] inner = Packets.Udp(host.Host.Address, 1, Server, 53);
        Assert.Single(bench.FromB4(inner, GatewayBench.B4));
        bench.Advance(1900);
        Assert.Single(bench.FromB4(inner, "2001:db8:100:100::77"));
        Decoded arrived = new(Assert.Single(bench.FromServer(Packets.Udp(Server, 9, answer.Address, answer.Port))));
        Assert.Equal("2001:db8:100:100::77", arrived.Outer!.DestinationAddress.ToString());
    }

    [Fact]
    public void Same_endpoint_of_two_subscribers_is_two_mappings()
    {
        using GatewayBench bench = new();
        PcpAnswer one = new PcpHost(bench, softwire: true, 1, "192.168.1.2").Map(nonce: 1);
        PcpAnswer two = new PcpHost(bench, softwire: true, 2, "192.168.1.2").Map(nonce: 2);
        Assert.Equal((0, 0), (one.Result, two.Result));
        Assert.NotEqual((one.Address, one.Port), (two.Address, two.Port));
        Assert.Empty(bench.Collect(FramePort.Outside));
    }
}
