using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>Several pools: who draws from which, and pools that change under traffic.</summary>
public sealed class PoolChoiceTests
{
    private const uint Other = 0xC0000200;

    private static readonly Ipv6PrefixSetting s_north = new(0x20010DB8_01000000, 0, 48);

    [Fact]
    [Requirement("RFC6333-S8.1-1")]
    public void Prefix_of_the_b4_chooses_the_pool()
    {
        using Bench bench = new(Two(match: [s_north]));
        for (int i = 0; i < 40; i++)
        {
            Assert.Equal(Other, bench.External(Home(i), Udp, Host, 5000).Address & ~3u);
            Assert.Equal(Pool, bench.External(Home(256 + i), Udp, Host, 5000).Address & ~3u);
        }
    }

    [Fact]
    public void Customers_prefix_chooses_the_pool_and_the_longest_wins()
    {
        using Bench bench = new(Two(match: [new(0, 0x0000FFFF_64400000, 106), new(0, 0x0000FFFF_64400005, 128)]) with
        {
            StaticSubscribers = [new(new(0, 0x0000FFFF_64400006, 128), 0) { Pool = 0 }],
        });
        Assert.Equal(Other, bench.External(Customer(5), Udp, Host, 5000).Address & ~3u);
        Assert.Equal(Pool, bench.External(Customer(6), Udp, Host, 5000).Address & ~3u);
    }

    [Fact]
    public void Plan_chooses_the_pool_of_whom_no_prefix_names()
    {
        using Bench bench = new(Two() with
        {
            Plans = [new("home", 0, 0, 4, 0, 0), new("office", 0, 0, 4, 0, 0) { Pool = 1 }],
            StaticSubscribers = [new(s_north, 1)],
        });
        Assert.Equal(Other, bench.External(Home(1), Udp, Host, 5000).Address & ~3u);
        Assert.Equal(Pool, bench.External(Home(257), Udp, Host, 5000).Address & ~3u);
    }

    [Fact]
    public void Subscriber_without_a_pool_of_his_own_never_falls_back_to_anothers()
    {
        using Bench bench = new(Two(match: [s_north], prefix: 32, size: 32256));
        bench.External(Home(256), Udp, Host, 5000);
        Assert.Equal(0u, bench.Out(Home(259), Udp, Host, 5000));
        Assert.Equal(DropReason.NoBlock, bench.Refusal);
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 5000));
    }

    [Fact]
    public void Drained_pool_keeps_what_lives_and_gives_nothing_new()
    {
        using Bench bench = new(Config());
        Dictionary<int, (uint Address, ushort Port)> before = [];
        for (int home = 0; home < 20; home++)
            before[home] = bench.External(Home(home), Udp, Host, 5000);
        bench.TakeEvents();
        bench.Apply(Two(drain: [new(Pool, 30)]));
        Assert.Empty(bench.TakeEvents());
        foreach ((int home, (uint address, ushort port)) in before)
        {
            Assert.NotEqual(0u, bench.In(Udp, address, port));
            Assert.Equal((address, port), bench.External(Home(home), Udp, Host, 5000));
            // A block of his has room: that isn't a new one.
            Assert.Equal(address, bench.External(Home(home), Udp, Host, 5001).Address);
        }

        for (int home = 100; home < 120; home++)
            Assert.Equal(Other, bench.External(Home(home), Udp, Host, 5000).Address & ~3u);
        Invariants.Check(bench);
    }

    [Fact]
    public void Single_drained_prefix_empties_by_itself()
    {
        using Bench bench = new(Config());
        for (int home = 0; home < 40; home++)
            bench.External(Home(home), Udp, Host, 5000);
        bench.Apply(Config(pools: [PoolOf(30) with { Drain = [new(Pool + 3, 32)] }]));
        for (int i = 0; i < 12; i++)
        {
            bench.Wait(61);
            bench.Sweep();
        }

        bench.TakeEvents();
        for (int home = 0; home < 200; home++)
            Assert.NotEqual(Pool + 3, bench.External(Home(home), Udp, Host, 5000).Address);
        Invariants.Check(bench);
    }

    [Fact]
    public void Shrunken_port_range_ends_only_what_is_outside_it()
    {
        using Bench bench = new(Config(prefix: 32));
        Dictionary<int, (uint Address, ushort Port)> before = [];
        for (int home = 0; home < 400; home++)
            before[home] = bench.External(Home(home), Udp, Host, 5000);
        bench.TakeEvents();
        bench.Apply(Config(prefix: 32, lastPort: 32767));
        int outside = before.Values.Count(home => home.Port > 32767);
        Assert.Equal(outside, bench.TakeEvents().Count(told => told.Kind == EventKind.BlockReleased));
        Assert.InRange(outside, 100, 300);
        foreach ((uint address, ushort port) in before.Values)
            Assert.Equal(port <= 32767, bench.In(Udp, address, port) != 0);
        Invariants.Check(bench);
    }

    [Fact]
    public void Prefix_that_is_added_before_all_others_moves_no_block_to_another_shard()
    {
        ConfigSnapshot before = Config();
        PoolTable one = new(before);
        PoolSettings other = new("new", [new(0x01010100, 29)], 500, 60000, 100, 1);
        PoolTable two = new(before with { Pools = [other, .. before.Pools] });
        PoolTable wider = new(Config(pools: [PoolOf(30) with { FirstPort = 128, LastPort = 50047 }]));
        for (int shards = 2; shards <= 8; shards++)
        {
            for (int port = 1024; port < 50000; port += 7)
            {
                int owner = one.OwnerShard(Pool + 1, (ushort)port, Udp, shards);
                Assert.Equal(owner, two.OwnerShard(Pool + 1, (ushort)port, Udp, shards));
                Assert.Equal(owner, wider.OwnerShard(Pool + 1, (ushort)port, Udp, shards));
            }
        }
    }

    private static ConfigSnapshot Two(
        Ipv6PrefixSetting[]? match = null, Ipv4PrefixSetting[]? drain = null, byte prefix = 30, int size = 64) =>
        Config(pools:
        [
            PoolOf(prefix, size) with { Drain = drain ?? [] },
            new("north", [new Ipv4PrefixSetting(Other, prefix)], 1024, 65535, size, 1200) { Match = match ?? [] },
        ]);
}
