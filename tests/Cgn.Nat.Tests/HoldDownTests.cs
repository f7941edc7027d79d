using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>How long a freed port waits, how many wait, and which need not (RFC 6888 REQ-8).</summary>
public sealed class HoldDownTests
{
    private static readonly PlanSettings s_oneBlock = new("one", 0, 0, 1, 0, 0);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6888-REQ-8k")]
    public void As_many_ports_wait_as_may_and_for_as_long_as_is_set(bool softwire)
    {
        using Bench bench = new(Config(
            s => s with { HoldDownTimeout = 300 }, s_oneBlock, pools: [PoolOf(30) with { HoldDownMax = 40 }]));
        SubscriberKey key = softwire ? Home(1) : Customer(1);
        for (ushort i = 0; i < 64; i++)
            bench.External(key, Icmp, Host, i);
        bench.Wait(61);
        bench.Sweep();
        Assert.Equal(40, bench.Counters[CounterId.MappingsHeld]);
        Assert.Equal(24, Enumerable.Range(100, 64).Count(i => bench.Out(key, Icmp, OtherHost, (ushort)i) != 0));
        bench.Wait(29);
        bench.Sweep();
        Assert.Equal(0u, bench.Out(key, Icmp, OtherHost, 1));
        bench.Wait(1.1);
        bench.Sweep();
        Assert.Equal(40, Enumerable.Range(200, 64).Count(i => bench.Out(key, Icmp, OtherHost, (ushort)i) != 0));
        Invariants.Check(bench);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6888-REQ-8a")]
    public void Tracked_tcp_ports_are_free_at_once_where_that_is_allowed(bool allowed)
    {
        using Bench bench = new(Config(
            s => s with { HoldDownExceptions = allowed ? HoldDownExceptions.TrackedTcp : HoldDownExceptions.None },
            s_oneBlock));
        for (ushort i = 0; i < 64; i++)
        {
            bench.External(Home(1), Tcp, Host, i);
            bench.External(Home(1), Icmp, Host, i);
        }

        bench.Wait(241);
        bench.Sweep();
        Assert.Equal(allowed, bench.Out(Home(1), Tcp, OtherHost, 1) != 0);
        // Identifiers ended earlier and wait all the same, until 120 s are over.
        Assert.Equal(allowed ? 64 : 128, bench.Counters[CounterId.MappingsHeld]);
    }

    [Fact]
    [Requirement("RFC6888-REQ-8b")]
    public void The_same_subscriber_has_its_ports_again_at_once_and_others_wait_for_the_block()
    {
        // One block for everybody, which goes back at once when it is unused.
        using Bench bench = new(Config(
            s => s with { HoldDownExceptions = HoldDownExceptions.SameSubscriber }, s_oneBlock,
            pools: [new("one", [new(Pool, 32)], 1024, 1087, 64, 0)]));
        for (ushort i = 0; i < 64; i++)
            bench.External(Home(1), Udp, Host, i);
        bench.Wait(301);
        bench.Sweep();
        Assert.Equal(64, Enumerable.Range(0, 64).Count(i => bench.Out(Home(1), Udp, OtherHost, (ushort)i) != 0));
        bench.Wait(301);
        bench.Sweep();
        Assert.Equal(0u, bench.Out(Home(2), Udp, Host, 1));
        Assert.Equal(DropReason.NoBlock, bench.Refusal);
        bench.Wait(119);
        bench.Sweep();
        Assert.Equal(0u, bench.Out(Home(2), Udp, Host, 1));
        bench.Wait(1.2);
        bench.Sweep();
        Assert.NotEqual(0u, bench.Out(Home(2), Udp, Host, 1));
    }

    [Theory]
    [InlineData(FilteringType.EndpointIndependent, false)]
    [InlineData(FilteringType.AddressDependent, true)]
    [InlineData(FilteringType.AddressAndPortDependent, true)]
    [Requirement("RFC6888-REQ-8c")]
    public void Filtered_ports_are_free_at_once_where_that_is_allowed(FilteringType filtering, bool free)
    {
        using Bench bench = new(Config(
            s => s with { FilteringType = filtering, HoldDownExceptions = HoldDownExceptions.Filtered }, s_oneBlock));
        for (ushort i = 0; i < 64; i++)
            bench.External(Home(1), Udp, Host, i);
        bench.Wait(301);
        bench.Sweep();
        Assert.Equal(free, bench.Out(Home(1), Udp, OtherHost, 1) != 0);
    }

    [Fact]
    [Requirement("RFC6888-REQ-8")]
    public void No_port_goes_from_one_subscriber_to_another_within_two_minutes()
    {
        using Bench bench = new(Config(plan: s_oneBlock, pools: [new("one", [new(Pool, 32)], 1024, 1087, 64, 0)]));
        bench.External(Home(1), Udp, Host, 1);
        bench.Wait(301);
        bench.Sweep();
        bench.Wait(119);
        bench.Sweep();
        Assert.Equal(0u, bench.Out(Home(2), Udp, Host, 1));
        bench.Wait(1.2);
        bench.Sweep();
        bench.Sweep();
        Assert.NotEqual(0u, bench.Out(Home(2), Udp, Host, 1));
    }

    [Fact]
    [Requirement("RFC6888-REQ-8l")]
    public void After_a_start_without_earlier_state_no_port_is_given_out_for_as_long_as_is_set()
    {
        using StateFolder folder = new();
        ConfigSnapshot config = Config(
            s => s with { HoldDownAfterLoss = 1200 },
            statics: [new(Home(1).High, 0, true, Udp, Host, 53, Pool, 53)]);
        using (Memory.Arenas.Arena arena = folder.Open())
        using (Bench bench = new(config, arena, nowNs: 5_000_000_000))
        {
            Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 1));
            Assert.Equal(DropReason.StateLossHold, bench.Refusal);
            // What the configuration fixes was the same before the loss.
            Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 53));
        }

        // A process that is killed meanwhile does not cut it short.
        using (Memory.Arenas.Arena arena = folder.Open())
        using (Bench bench = new(config, arena, nowNs: 65_000_000_000))
        {
            Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 1));
            bench.Wait(59.8);
            Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 1));
            bench.Wait(0.2);
            Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 1));
        }

        // One that finds the state again later has nothing to wait for.
        using Memory.Arenas.Arena later = folder.Open();
        using Bench again = new(config, later, nowNs: 126_000_000_000);
        Assert.NotEqual(0u, again.Out(Home(1), Udp, Host, 2));
    }

    [Fact]
    [Requirement("RFC6888-REQ-8k")]
    public void Limits_of_what_waits_may_change_while_it_waits()
    {
        using Bench bench = new(Config(plan: s_oneBlock));
        for (ushort i = 0; i < 30; i++)
            bench.External(Home(1), Icmp, Host, i);
        bench.Wait(61);
        bench.Sweep();
        Assert.Equal(30, bench.Counters[CounterId.MappingsHeld]);
        PoolSettings second = new("b", [new(Pool + 64, 32)], 1024, 2047, 64, 0);
        bench.Apply(bench.Snapshot with { Pools = [PoolOf(30) with { HoldDownMax = 10 }, second] });
        Assert.Equal(30, bench.Counters[CounterId.MappingsHeld]);
        for (ushort i = 30; i < 60; i++)
            bench.External(Home(1), Icmp, Host, i);
        bench.Wait(61);
        bench.Sweep();
        Assert.Equal(30, bench.Counters[CounterId.MappingsHeld]);
        bench.Wait(61);
        bench.Sweep();
        Assert.Equal(0, bench.Counters[CounterId.MappingsHeld]);
        Invariants.Check(bench);
    }
}
