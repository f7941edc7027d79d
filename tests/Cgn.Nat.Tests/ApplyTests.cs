using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>Static mappings, and changes of the configuration under traffic.</summary>
public sealed class ApplyTests
{
    private static readonly StaticMapping s_web = new(Home(1).High, 0, true, Tcp, Host, 443, Pool + 2, 443);

    [Fact]
    public void Three_addresses_with_the_second_removed_keep_the_first_and_the_third()
    {
        using Bench bench = new(Config(pools: Addresses(1, 2, 3)));
        Dictionary<int, (uint Address, ushort Port)> homes = [];
        for (int home = 0; home < 60; home++)
            homes[home] = bench.External(Home(home), Udp, Host, 5000);
        Assert.Equal(3, homes.Values.Select(home => home.Address).Distinct().Count());
        bench.TakeEvents();
        bench.Apply(Config(pools: Addresses(1, 3)));

        foreach ((int home, (uint address, ushort port)) in homes)
        {
            bool isKept = address != Pool + 2;
            Assert.Equal(isKept, bench.In(Udp, address, port) != 0);
            FlowKey flow = Flow(Udp, Host, 5000, Web, 80);
            Assert.Equal(
                isKept,
                bench.Shard.FindOutbound(
                    bench.Shard.OutboundHash(Home(home), flow), Home(home), flow, bench.Tick) != 0);
        }

        int gone = homes.Values.Count(home => home.Address == Pool + 2);
        List<ForwarderEvent> events = bench.TakeEvents();
        Assert.Equal(gone, events.Count(told => told is { Kind: EventKind.BlockReleased, ExternalAddress: Pool + 2 }));
        Assert.Equal(gone, events.Count);
        // Whoever lost its address is let in again by another.
        for (int home = 0; home < 60; home++)
            Assert.NotEqual(Pool + 2, bench.External(Home(home), Udp, Host, 5000).Address);
        Invariants.Check(bench);
    }

    [Fact]
    public void Blocks_that_moved_in_number_are_given_back_and_given_out_right()
    {
        using Bench bench = new(Config(pools: Addresses(5)));
        (uint, ushort) before = bench.External(Home(1), Udp, Host, 5000);
        bench.Apply(Config(pools: Addresses(1, 2, 3, 5, 9)));
        Assert.Equal(before, bench.External(Home(1), Udp, Host, 5000));
        for (int home = 2; home < 100; home++)
            bench.External(Home(home), Udp, Host, 5000);
        Invariants.Check(bench);
        for (int i = 0; i < 12; i++)
        {
            bench.Wait(61);
            bench.Sweep();
        }

        Assert.Equal(bench.Pools.BlockCount, bench.Shard.FreeBlockCount);
    }

    [Fact]
    public void New_timers_hold_for_sessions_that_exist()
    {
        using Bench bench = new();
        bench.External(Home(1), Udp, Host, 5000);
        bench.Wait(150);
        bench.Apply(Config(s => s with { UdpTimeout = 1200 }));
        bench.Sweep();
        Assert.Equal(0u, bench.Shard.SessionCount);
    }

    [Fact]
    [Requirement("RFC6888-REQ-4a")]
    [Requirement("RFC6888-REQ-11d")]
    public void Lower_limit_deletes_nothing_and_holds_for_what_is_new()
    {
        using Bench bench = new();
        for (ushort i = 0; i < 20; i++)
            bench.External(Home(1), Udp, Host, i);
        bench.Apply(Config(plan: new("ten", 0, 0, 4, 10, 0)));
        Assert.Equal(20u, bench.Shard.SessionCount);
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 20));
        Assert.Equal(DropReason.SessionLimit, bench.Refusal);
    }

    [Fact]
    public void Subscriber_whose_plan_was_taken_away_keeps_its_sessions_and_gets_no_more()
    {
        using Bench bench = new();
        bench.External(Home(1), Udp, Host, 1);
        bench.Apply(Config(s => s with { DefaultPlan = -1 }));
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 1));
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 2));
        Assert.Equal(DropReason.SubscriberRefused, bench.Refusal);
        uint subscriber = bench.Shard.FindSubscriber(Home(1));
        Assert.True(bench.Shard.ConformsUp(ref bench.Shard.Subscriber(subscriber), 1500, bench.NowNs));
    }

    [Fact]
    public void Static_mapping_admits_everybody_once_the_b4_is_known()
    {
        using Bench bench = new(Config(
            s => s with { FilteringType = FilteringType.AddressAndPortDependent }, statics: [s_web]));
        Assert.Equal(0u, bench.In(Tcp, Pool + 2, 443, Dns, 4000));
        Assert.Equal(DropReason.NoMapping, bench.Refusal);
        Assert.Empty(bench.TakeEvents());
        bench.Out(Home(1), Udp, OtherHost, 5000);
        Assert.Equal(EventKind.SubscriberSeen, bench.TakeEvents()[0].Kind);
        uint session = bench.In(Tcp, Pool + 2, 443, Dns, 4000);
        Assert.NotEqual(0u, session);
        Assert.Equal(Host, bench.Shard.Session(session).InternalAddress);
        Assert.Equal(443, bench.Shard.Session(session).InternalPort);
        Assert.Equal(1ul, bench.Shard.Subscriber(bench.Shard.Session(session).Subscriber).B4Low);
        Assert.Equal(0u, bench.Shard.Subscriber(bench.Shard.Session(session).Subscriber).B4ChangedAt);
    }

    [Fact]
    public void Static_mapping_serves_outbound_traffic_and_pairs_its_subscriber()
    {
        using Bench bench = new(Config(statics: [s_web]));
        Assert.Equal((Pool + 2, (ushort)443), bench.External(Home(1), Tcp, Host, 443));
        Assert.Equal(Pool + 2, bench.External(Home(1), Udp, OtherHost, 5000).Address);
        uint mapping = bench.Shard.FindMapping(Pool + 2, 443, Tcp);
        Assert.Equal(mapping, bench.Shard.FindMappingInternal(Home(1), Host, 443, Tcp));
        Assert.Equal(MappingState.Static, bench.Shard.Mapping(mapping).State);
    }

    [Fact]
    public void Static_mapping_outlives_its_sessions_and_goes_with_the_configuration()
    {
        using Bench bench = new(Config(statics: [s_web]));
        bench.External(Home(1), Tcp, Host, 443);
        for (int i = 0; i < 20; i++)
        {
            bench.Wait(100);
            bench.Sweep();
        }

        Assert.NotEqual(0u, bench.Shard.FindMapping(Pool + 2, 443, Tcp));
        Assert.NotEqual(0u, bench.In(Tcp, Pool + 2, 443, Dns, 4000));
        bench.Apply(Config());
        Assert.Equal(0u, bench.Shard.FindMapping(Pool + 2, 443, Tcp));
        Assert.Equal(0u, bench.Shard.SessionCount);
        bench.Wait(100);
        bench.Sweep();
        Assert.Equal(0u, bench.Shard.SubscriberCount);
    }

    [Fact]
    public void New_static_mapping_takes_its_port_and_its_block_from_whoever_had_them()
    {
        using Bench bench = new(Config(prefix: 32));
        (uint address, ushort port) = bench.External(Home(2), Udp, Host, 5000);
        (uint, ushort) other = bench.External(Home(3), Udp, Host, 5000);
        StaticMapping fix = new(Home(1).High, 0, true, Udp, Host, 53, address, port);
        bench.Apply(Config(prefix: 32, statics: [fix]));
        Assert.Equal((address, port), bench.External(Home(1), Udp, Host, 53));
        Assert.NotEqual(port / 64, bench.External(Home(2), Udp, Host, 5000).Port / 64);
        Assert.Equal(other, bench.External(Home(3), Udp, Host, 5000));
        Assert.Equal(0, bench.Shard.StaticMappingsRefused);
        Invariants.Check(bench);
    }

    [Fact]
    public void Static_mapping_of_a_refused_subscriber_is_counted()
    {
        using Bench bench = new(Config(s => s with { DefaultPlan = -1 }, statics: [s_web]));
        Assert.Equal(1, bench.Shard.StaticMappingsRefused);
    }

    private static PoolSettings[] Addresses(params uint[] last) =>
        [new("metro", [.. last.Select(n => new Ipv4PrefixSetting(Pool + n, 32))], 1024, 65535, 64, 1200)];
}
