using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>Which external port a mapping gets: kept, parity, pairs, reserved, random, in order.</summary>
public sealed class PortChoiceTests
{
    private static readonly PlanSettings s_oneBlock = new("one", 0, 0, 1, 0, 0);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC4787-REQ-4")]
    public void Even_ports_stay_even_and_odd_ones_odd(bool softwire)
    {
        using Bench bench = new(Config(s => s with { PortParity = true }));
        SubscriberKey key = softwire ? Home(1) : Customer(1);
        for (ushort i = 0; i < 100; i++)
            Assert.Equal(i & 1, bench.External(key, i % 3 == 0 ? Tcp : Udp, Host, (ushort)(40000 + i)).Port & 1);
    }

    [Fact]
    [Requirement("RFC4787-REQ-4")]
    public void A_port_of_the_wrong_parity_is_better_than_none()
    {
        using Bench bench = new(Config(s => s with { PortParity = true }, s_oneBlock));
        ushort[] ports =
            [.. Enumerable.Range(0, 64).Select(i => bench.External(Home(1), Udp, Host, (ushort)(i * 2)).Port)];
        Assert.Equal(64, ports.Distinct().Count());
        Assert.All(ports[..32], static port => Assert.Equal(0, port & 1));
    }

    [Fact]
    [Requirement("RFC7857-S8-1")]
    public void Parity_is_not_kept_unless_asked_for()
    {
        using Bench bench = new();
        int odd = Enumerable.Range(0, 60)
            .Count(i => (bench.External(Home(1), Udp, Host, (ushort)(i * 2)).Port & 1) != 0);
        Assert.InRange(odd, 15, 45);
    }

    [Theory]
    [InlineData(true, 0)]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    [Requirement("RFC4787-REQ-4")]
    public void The_second_of_a_pair_gets_the_port_beside_the_first_ones(bool softwire, int secondFirst)
    {
        using Bench bench = new(Config(s => s with { PortContiguity = true }));
        SubscriberKey key = softwire ? Home(1) : Customer(1);
        for (ushort pair = 0; pair < 30; pair++)
        {
            ushort first = bench.External(key, Udp, Host, (ushort)(6000 + (pair * 2) + secondFirst)).Port;
            ushort second = bench.External(key, Udp, Host, (ushort)(6000 + (pair * 2) + 1 - secondFirst)).Port;
            Assert.Equal(first ^ 1, second);
            Assert.Equal(secondFirst, first & 1);
        }
    }

    [Fact]
    public void A_pair_is_not_torn_apart_by_ports_that_come_between()
    {
        using Bench bench = new(Config(s => s with { PortContiguity = true }));
        ushort[] even =
            [.. Enumerable.Range(0, 16).Select(i => bench.External(Home(1), Udp, Host, (ushort)(i * 2)).Port)];
        for (int i = 15; i >= 0; i--)
            Assert.Equal(even[i] + 1, bench.External(Home(1), Udp, Host, (ushort)((i * 2) + 1)).Port);
    }

    [Fact]
    public void Ports_of_a_block_in_order_where_that_is_wanted()
    {
        using Bench bench = new(Config(s => s with { PortsInOrder = true }));
        int[] ports = [.. Enumerable.Range(0, 64).Select(i => (int)bench.External(Home(1), Udp, Host, (ushort)i).Port)];
        Assert.Equal(Enumerable.Range(ports[0], 64), ports);
        Assert.Equal(0, ports[0] % 64);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(true, true)]
    [Requirement("RFC6908-S2.11-1")]
    public void Reserved_ports_are_given_to_nobody(bool byPool, bool byPlan)
    {
        PortRangeSetting[] reserved = [new(1030, 1030), new(1040, 1055)];
        using Bench bench = new(Config(
            plan: s_oneBlock with { ReservedPorts = byPlan ? reserved : [] },
            pools: [PoolOf(32, lastPort: 1087) with { ReservedPorts = byPool ? reserved : [] }]));
        foreach (byte protocol in new[] { Udp, Tcp, Icmp })
        {
            HashSet<ushort> ports =
                [.. Enumerable.Range(5000, 47).Select(i => bench.External(Home(1), protocol, Host, (ushort)i).Port)];
            Assert.Equal(47, ports.Count);
            Assert.DoesNotContain(ports, port => port == 1030 || port is >= 1040 and <= 1055);
            Assert.Equal(0u, bench.Out(Home(1), protocol, Host, 9));
        }
    }

    [Fact]
    public void A_plan_keeps_its_own_subscribers_off_a_port_and_no_others()
    {
        ConfigSnapshot config = Config(pools: [PoolOf(32, lastPort: 1024 + 127)]) with
        {
            Plans =
            [
                s_oneBlock, s_oneBlock with { Name = "no-sip", ReservedPorts = [new(1024, 1055), new(1088, 1119)] },
            ],
            StaticSubscribers = [new(new(Home(2).High, 0, 56), 1)],
        };
        using Bench bench = new(config);
        Assert.Equal(64, Enumerable.Range(0, 99).Count(i => bench.Out(Home(1), Udp, Host, (ushort)i) != 0));
        Assert.Equal(32, Enumerable.Range(0, 99).Count(i => bench.Out(Home(2), Udp, Host, (ushort)i) != 0));
    }

    [Fact]
    public void Neither_preservation_nor_pairs_get_around_reserved_ports()
    {
        using Bench bench = new(Config(
            s => s with { PortPreservation = true, PortContiguity = true }, s_oneBlock,
            pools: [PoolOf(32, lastPort: 1087) with { ReservedPorts = [new(1031, 1031)] }]));
        Assert.NotEqual(1031, bench.External(Home(1), Udp, Host, 1031).Port);
        Assert.Equal(1030, bench.External(Home(1), Tcp, Host, 1030).Port);
        Assert.NotEqual(1031, bench.External(Home(1), Tcp, Host, 1031).Port);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC4787-REQ-3a")]
    public void A_user_port_never_becomes_a_system_port_even_where_the_pool_has_those(bool softwire)
    {
        // 512 to 1535 in one block.
        using Bench bench = new(Config(plan: s_oneBlock, pools:
            [new("metro", [new Ipv4PrefixSetting(Pool, 32)], 512, 1535, 512, 1200) { InitialPortSetSize = 512 }]));
        SubscriberKey key = softwire ? Home(1) : Customer(1);
        for (ushort i = 0; i < 300; i++)
        {
            uint session = bench.Out(key, Udp, Host, (ushort)(40000 + i));
            if (session != 0)
                Assert.InRange(bench.Shard.Session(session).ExternalPort, 1024, 1535);
        }

        using Bench plain = new();
        for (ushort i = 0; i < 200; i++)
            Assert.InRange(plain.External(key, Udp, Host, (ushort)(40000 + i)).Port, 1024, 65535);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6908-S2.11-1")]
    public void A_system_port_is_had_by_a_static_mapping_alone(bool softwire)
    {
        SubscriberKey key = softwire ? Home(1) : Customer(1);
        using Bench bench = new(Config(statics:
            [new(key.High, key.Low, softwire, Tcp, Host, 80, Pool, 80)]));
        Assert.Equal((Pool, (ushort)80), bench.External(key, Tcp, Host, 80));
        for (ushort i = 0; i < 250; i++)
            Assert.InRange(bench.External(key, Tcp, OtherHost, i).Port, 1024, 65535);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [Requirement("RFC6056-S4-1")]
    [Requirement("RFC7857-S9-1")]
    public void Ports_are_uniform_in_the_block_with_parity_and_with_reserved_ports_too(bool parity, bool reserved)
    {
        using Bench bench = new(Config(
            s => s with { PortParity = parity, SubscriberCapacity = 4000 },
            pools: [PoolOf(24, 256) with { ReservedPorts = reserved ? [new(60000, 60010)] : [] }]), ringEntries: 8192);
        int[] buckets = new int[16];
        const int Homes = 1600;
        for (int home = 0; home < Homes; home++)
            buckets[bench.External(Home(home), Udp, Host, (ushort)(home * 2)).Port % 256 / 16]++;
        const double Each = Homes / 16.0;
        double chiSquare = buckets.Sum(static count => (count - Each) * (count - Each) / Each);
        Assert.InRange(chiSquare, 0, 37.7);
    }
}
