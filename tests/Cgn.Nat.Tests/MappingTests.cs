using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>How internal endpoints become external ones (RFC 4787 section 4, RFC 5382, RFC 5508).</summary>
public sealed class MappingTests
{
    [Theory]
    [InlineData(Udp)]
    [InlineData(Tcp)]
    [InlineData(Icmp)]
    [Requirement("RFC4787-REQ-1")]
    [Requirement("RFC5382-REQ-1")]
    [Requirement("RFC5508-REQ-1a")]
    public void Endpoint_independent_mapping_serves_every_remote_endpoint(byte protocol)
    {
        using Bench bench = new();
        (uint, ushort) first = bench.External(Home(1), protocol, Host, 5000, Web, 80);
        Assert.Equal(first, bench.External(Home(1), protocol, Host, 5000, Web, 81));
        Assert.Equal(first, bench.External(Home(1), protocol, Host, 5000, Dns, 80));
        Assert.Equal(1u, bench.Shard.MappingCount);
        Assert.Equal(3u, bench.Shard.SessionCount);
    }

    [Fact]
    [Requirement("RFC4787-REQ-1")]
    public void Address_dependent_mapping_differs_by_remote_address_only()
    {
        using Bench bench = new(Config(s => s with { MappingType = MappingType.AddressDependent }));
        (uint, ushort) first = bench.External(Home(1), Udp, Host, 5000, Web, 80);
        Assert.Equal(first, bench.External(Home(1), Udp, Host, 5000, Web, 81));
        Assert.NotEqual(first, bench.External(Home(1), Udp, Host, 5000, Dns, 80));
    }

    [Fact]
    [Requirement("RFC4787-REQ-1")]
    public void Address_and_port_dependent_mapping_differs_by_remote_endpoint()
    {
        using Bench bench = new(Config(s => s with { MappingType = MappingType.AddressAndPortDependent }));
        (uint, ushort) first = bench.External(Home(1), Udp, Host, 5000, Web, 80);
        Assert.NotEqual(first, bench.External(Home(1), Udp, Host, 5000, Web, 81));
        Assert.Equal(first, bench.External(Home(1), Udp, Host, 5000, Web, 80));
    }

    [Fact]
    [Requirement("RFC4787-REQ-3")]
    [Requirement("RFC5382-REQ-7")]
    public void Two_internal_endpoints_never_share_an_external_one()
    {
        using Bench bench = new();
        HashSet<(uint, ushort)> seen = [];
        for (int home = 0; home < 20; home++)
        {
            for (ushort port = 5000; port < 5100; port++)
                Assert.True(seen.Add(bench.External(Home(home), Udp, Host, port, Dns, 53)));
        }
    }

    [Fact]
    [Requirement("RFC4787-REQ-2")]
    [Requirement("RFC6888-REQ-2")]
    public void All_of_a_subscriber_goes_by_one_external_address()
    {
        using Bench bench = new();
        HashSet<uint> addresses = [];
        for (ushort i = 0; i < 60; i++)
        {
            addresses.Add(bench.External(Home(1), Udp, Host, (ushort)(5000 + i)).Address);
            addresses.Add(bench.External(Home(1), Tcp, Host, (ushort)(5000 + i)).Address);
            addresses.Add(bench.External(Home(1), Icmp, OtherHost, i).Address);
        }

        Assert.Single(addresses);
    }

    [Fact]
    [Requirement("RFC6888-REQ-2s")]
    [Requirement("RFC7785-S4.2-1")]
    public void Hosts_of_one_subscriber_are_paired_together_and_the_same_host_of_another_is_its_own()
    {
        using Bench bench = new();
        (uint Address, ushort Port) one = bench.External(Home(1), Udp, Host, 5000);
        (uint Address, ushort Port) two = bench.External(Home(1), Udp, OtherHost, 5000);
        (uint, ushort) other = bench.External(Home(2), Udp, Host, 5000);
        Assert.Equal(one.Address, two.Address);
        Assert.NotEqual(one, two);
        Assert.NotEqual(one, other);
        Assert.Equal(2u, bench.Shard.SubscriberCount);
    }

    [Fact]
    [Requirement("RFC7857-S5-1")]
    [Requirement("RFC7857-S6-1")]
    public void Mappings_and_filters_are_per_protocol()
    {
        using Bench bench = new();
        (uint address, ushort port) = bench.External(Home(1), Tcp, Host, 5000);
        Assert.Equal(0u, bench.In(Udp, address, port, Dns, 53));
        Assert.Equal(DropReason.NoMapping, bench.Refusal);
    }

    [Fact]
    [Requirement("RFC4787-S4.2.1-1")]
    public void Source_port_zero_is_a_port_like_any_other()
    {
        using Bench bench = new();
        (uint address, ushort port) = bench.External(Home(1), Udp, Host, 0);
        Assert.NotEqual(0, port);
        Assert.NotEqual(0u, bench.In(Udp, address, port));
    }

    [Fact]
    [Requirement("RFC4787-REQ-3a")]
    public void External_ports_stay_inside_the_pool()
    {
        using Bench bench = new(Config(lastPort: 2047));
        for (ushort port = 0; port < 200; port++)
            Assert.InRange(bench.External(Home(1), Udp, Host, port).Port, 1024, 2047);
    }

    [Fact]
    [Requirement("RFC7857-S9-1")]
    [Requirement("RFC6888-REQ-15")]
    [Requirement("RFC6056-S4-1")]
    public void Ports_are_spread_over_the_block_and_do_not_follow_the_internal_ones()
    {
        using Bench bench = new(Config(blockSize: 1024));
        int[] buckets = new int[16];
        int consecutive = 0;
        int previous = -1;
        const int Homes = 60;
        const int Each = 64;
        for (int home = 0; home < Homes; home++)
        {
            for (ushort i = 0; i < Each; i++)
            {
                int port = bench.External(Home(home), Udp, Host, (ushort)(6000 + i)).Port;
                buckets[port % 1024 / 64]++;
                consecutive += port == previous + 1 ? 1 : 0;
                previous = port;
            }
        }

        double expected = Homes * Each / 16.0;
        double chiSquare = 0;
        foreach (int count in buckets)
            chiSquare += (count - expected) * (count - expected) / expected;
        // 15 degrees of freedom: 37.7 is the 0.1 % point. The seed is fixed, so this can't flicker.
        Assert.InRange(chiSquare, 0, 37.7);
        Assert.InRange(consecutive, 0, 40);
    }

    [Fact]
    public void Port_preservation_keeps_a_port_of_the_own_block_and_gives_another_when_it_is_taken()
    {
        using Bench bench = new(Config(s => s with { PortPreservation = true }));
        ushort first = bench.External(Home(1), Udp, Host, 5000).Port;
        ushort wanted = (ushort)((first / 64 * 64) + ((first + 1) % 64));
        Assert.Equal(wanted, bench.External(Home(1), Udp, Host, wanted).Port);
        Assert.NotEqual(wanted, bench.External(Home(1), Udp, OtherHost, wanted).Port);
    }

    [Fact]
    public void Session_deltas_are_those_of_the_rewritten_fields()
    {
        using Bench bench = new();
        ref SessionRecord udp = ref bench.Shard.Session(bench.Out(Home(1), Udp, Host, 5000));
        ref SessionRecord icmp = ref bench.Shard.Session(bench.Out(Home(1), Icmp, Host, 5000, Web, 0));
        Assert.Equal(Sum(~udp.InternalAddress, udp.ExternalAddress, 0xFFFF, 0), Fold(udp.AddressDelta));
        Assert.Equal(
            Sum(~udp.InternalAddress, udp.ExternalAddress, (ushort)~udp.InternalPort, udp.ExternalPort),
            Fold(udp.TransportDelta));
        Assert.Equal(Sum(0, 0, (ushort)~icmp.InternalPort, icmp.ExternalPort), Fold(icmp.TransportDelta));
    }

    [Fact]
    [Requirement("RFC4787-REQ-9")]
    public void Session_towards_a_pool_address_is_marked_as_hairpin()
    {
        using Bench bench = new();
        (uint address, ushort port) = bench.External(Home(1), Udp, Host, 5000);
        uint session = bench.Out(Home(2), Udp, Host, 7000, address, port);
        Assert.Equal(SessionFlags.Hairpin, bench.Shard.Session(session).Flags & SessionFlags.Hairpin);
        uint plain = bench.Out(Home(2), Udp, Host, 7000);
        Assert.Equal(SessionFlags.None, bench.Shard.Session(plain).Flags & SessionFlags.Hairpin);
    }

    [Fact]
    public void Hairpinning_that_is_off_is_refused()
    {
        using Bench bench = new(Config(s => s with { Hairpinning = false }));
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 5000, Pool, 2000));
        Assert.Equal(DropReason.HairpinOff, bench.Refusal);
    }

    // One's complement sums modulo 0xFFFF, computed another way than the code does.
    private static uint Sum(uint a, uint b, uint c, uint d) =>
        (uint)(((ulong)(a >> 16) + (a & 0xFFFF) + (b >> 16) + (b & 0xFFFF) + (c & 0xFFFF) + d) % 0xFFFF);

    private static uint Fold(ushort delta) => delta % 0xFFFFu;
}
