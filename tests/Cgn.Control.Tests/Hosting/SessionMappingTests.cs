using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Policy;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Control.Tests.Configuration;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>Who may hold which static mappings, and what becomes of them.</summary>
public class SessionMappingTests
{
    private const string Static = """
        nat-policy:
          static-mappings:
            - subscriber: "2001:db8:100:900::/56"
              protocol: tcp
              internal: "10.0.0.1:80"
              external: "203.0.113.2:80"

        """;

    private static readonly GatewayOptions s_options = ConfigText.Options(ConfigText.Small + Static);
    private static readonly SubscriberIdentity s_one = Home(1);
    private static readonly SubscriberIdentity s_other = Home(2);

    private readonly RuntimeMappings _mappings = new(null);
    private int _changes;

    public SessionMappingTests() => Held.Changed = () => _changes++;

    private SessionMappings Held => _mappings.Sessions;

    [Fact]
    [Requirement("RFC8045-S3.1.3-1")]
    public void Endpoint_is_one_subscribers_until_he_lets_it_go()
    {
        Assert.Null(Held.TryPut(s_options, [Of(s_one, Map(81), Map(82, 444))]));
        MappingRefusal refusal = Held.TryPut(s_options, [Of(s_other, Map(82))])!;
        Assert.True(refusal.IsTaken);
        Assert.Contains("given away to 192.168.1.10:444 of 2001:db8:100:100::/56 already", refusal.Why);
        Assert.True(Held.Refusal(s_options, [Of(s_other, Map(80))])!.IsTaken);
        Assert.True(Held.Refusal(s_options, [Of(s_one, Map(81), Map(83))])!.IsTaken);

        // He may keep one, and give another up.
        Assert.Null(Held.TryPut(s_options, [Of(s_one, Map(81))]));
        Assert.Null(Held.TryPut(s_options, [Of(s_other, Map(82))]));
        Assert.Equal(3, _changes);
        Assert.Null(Held.TryPut(s_options, [Of(s_other, Map(82))]));
        Assert.Equal(3, _changes);
        Held.Remove(s_one.Key);
        Held.Remove(s_one.Key);
        Assert.Equal(4, _changes);
        Assert.Null(Held.TryPut(s_options, [Of(s_other, Map(81), Map(82, 444))]));
    }

    [Fact]
    [Requirement("RFC5176-S2.3-ATOM")]
    public void Change_of_several_subscribers_is_made_for_all_or_for_none()
    {
        Assert.Null(Held.TryPut(s_options, [Of(s_one, Map(81)), Of(s_other, Map(82))]));
        StaticMappingSection[] before = [.. Held.Entries];
        Assert.NotNull(Held.TryPut(s_options, [Of(s_one, Map(90)), Of(s_other, Map(90))]));
        Assert.NotNull(Held.TryPut(s_options, [Of(s_one, Map(90)), Of(s_other, Map(80))]));
        Assert.Equal(before, Held.Entries);
        Assert.NotNull(Held.Refusal(s_options, [Of(Home(3), Map(81))]));
        Assert.Null(Held.Refusal(s_options, [Of(Home(3), Map(90))]));
        // Two may exchange what they have.
        Assert.Null(Held.TryPut(s_options, [Of(s_one, Map(82)), Of(s_other, Map(81))]));
    }

    [Fact]
    public void What_a_new_configuration_gives_away_is_out_of_force_until_it_is_free_again()
    {
        Assert.Null(Held.TryPut(s_options, [Of(s_one, Map(81), Map(82, 444))]));
        GatewayOptions greedy = ConfigText.Options(
            ConfigText.Small + Static.Replace("203.0.113.2:80", "203.0.113.2:81"));
        Assert.Equal(1, _mappings.Unfit(greedy));
        Assert.Equal([81, 82], Ports(greedy));
        // What is out of force gives nothing away, and what the configuration has stays its own.
        Held.Remove(s_one.Key);
        Assert.NotNull(Held.TryPut(greedy, [Of(s_other, Map(81))]));
        Assert.Null(Held.TryPut(s_options, [Of(s_other, Map(81))]));
        Assert.Equal([80, 81], Ports(s_options));
    }

    [Fact]
    public void Computed_ports_are_nobody_elses_and_an_address_left_out_is_the_computed_one()
    {
        GatewayOptions computed = ConfigText.Options(
            ConfigText.Small.Replace("/40", "/52") + "nat-policy: { port-allocation-type: deterministic }\n");
        SubscriberIdentity who = Home(1);
        uint own = Held.ComputedAddress(computed, who.Key);
        Assert.InRange(own, 0xCB007100, 0xCB00710F);
        Assert.Equal(0u, Held.ComputedAddress(s_options, who.Key));
        Ipv4Address others = new(own == 0xCB007100 ? own + 1 : own - 1);
        Assert.False(Held.Refusal(computed, [Of(who, Map(40000) with { External = others })])!.IsTaken);
        Assert.Null(Held.Refusal(computed, [Of(who, Map(443) with { External = new Ipv4Address(own) })]));
    }

    [Theory]
    [InlineData("protocol", "protocol 132 has no static mappings")]
    [InlineData("host", "IP-Port-Int-IPv4-Addr is missing")]
    [InlineData("prefix", "2001:db8:100:200::9 is not in 2001:db8:100:100::/56")]
    [InlineData("local", "IP-Port-Local-Id 2001:db8:100:200::/56 is not in")]
    [InlineData("external", "IP-Port-Ext-IPv4-Addr is missing")]
    [Requirement("RFC8045-S3.1.3-1")]
    public void Map_that_is_none_of_a_softwires_hosts_is_refused_with_its_fault(string which, string fault)
    {
        IpPortForwardingMap map = which switch
        {
            "protocol" => Map(81) with { Protocol = 132 },
            "host" => Map(81) with { InternalIpv4 = null, InternalIpv6 = s_one.B4 },
            "prefix" => Map(81) with { InternalIpv6 = Ipv6Address.Parse("2001:db8:100:200::9") },
            "local" => Map(81) with { LocalId = "2001:db8:100:200::/56" },
            _ => Map(81) with { External = null },
        };
        Assert.Contains(fault, ForwardingMaps.TryMake(s_one, [map], out _));
    }

    [Fact]
    [Requirement("RFC8045-S3.1.3-1")]
    public void Map_is_of_one_protocol_or_of_tcp_and_udp_and_said_twice_it_is_one()
    {
        Assert.Null(ForwardingMaps.TryMake(
            s_one,
            [
                Map(81) with { Protocol = null, InternalIpv6 = s_one.B4, LocalId = "b4-7" },
                Map(81), Map(7) with { Protocol = 1, LocalId = "2001:db8:100:101::2" },
            ],
            out IReadOnlyList<StaticMappingSection> made));
        Assert.Equal(
            [StaticProtocol.Tcp, StaticProtocol.Udp, StaticProtocol.Icmp], made.Select(static one => one.Protocol));
        SubscriberIdentity customer = SubscriberIdentity.Nat444(new Ipv4Address(100, 64, 0, 7));
        Assert.Null(ForwardingMaps.TryMake(
            customer, [Map(81) with { InternalIpv4 = customer.Ipv4 }], out made));
        Assert.Equal("100.64.0.7/32", Assert.Single(made).Subscriber.ToString());
        Assert.NotNull(ForwardingMaps.TryMake(customer, [Map(81) with { InternalIpv6 = s_one.B4 }], out _));
    }

    private static SubscriberIdentity Home(int number) =>
        SubscriberIdentity.DsLite(Ipv6Address.Parse($"2001:db8:100:{number}01::2"), 56);

    private static IpPortForwardingMap Map(ushort port, ushort inside = 443) => new(
        inside, port, Ipv4Address.Parse("192.168.1.10"), External: Ipv4Address.Parse("203.0.113.2"), Protocol: 6);

    private static HeldMappings Of(SubscriberIdentity who, params IpPortForwardingMap[] maps)
    {
        Assert.Null(ForwardingMaps.TryMake(who, maps, out IReadOnlyList<StaticMappingSection> made));
        return new HeldMappings(who.Key, made);
    }

    private IEnumerable<int> Ports(GatewayOptions options) =>
        _mappings.Into(options, SnapshotCompiler.Compile(options, 1)).StaticMappings
            .Select(static one => (int)one.ExternalPort);
}
