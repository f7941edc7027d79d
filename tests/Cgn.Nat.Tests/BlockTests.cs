using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>Port blocks: given, filled, refused, taken back, and told about.</summary>
public sealed class BlockTests
{
    private static readonly PlanSettings s_oneBlock = new("one", 0, 0, 1, 0, 0);

    [Theory]
    [InlineData(64)]
    [InlineData(100)]
    [InlineData(1)]
    [InlineData(4096)]
    public void Every_port_of_a_block_is_given_out_and_then_it_is_refused(int size)
    {
        using Bench bench = new(Config(plan: s_oneBlock, blockSize: size));
        HashSet<ushort> ports = [];
        for (int i = 0; i < size; i++)
            ports.Add(bench.External(Home(1), Udp, Host, (ushort)i).Port);
        Assert.Equal(size, ports.Count);
        Assert.Equal(size - 1, ports.Max() - ports.Min());
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, (ushort)size));
        Assert.Equal(DropReason.BlockLimit, bench.Refusal);
        Assert.NotEqual(0u, bench.Out(Home(1), Tcp, Host, (ushort)size));
    }

    [Fact]
    public void Block_full_but_for_one_port_gives_that_port()
    {
        using Bench bench = new(Config(plan: s_oneBlock));
        (uint, ushort)[] all = [.. Enumerable.Range(0, 64).Select(i => bench.External(Home(1), Udp, Host, (ushort)i))];
        // All but number 17 stay in use until its hold-down is over.
        for (int i = 0; i < 6; i++)
        {
            bench.Wait(100);
            foreach (int port in Enumerable.Range(0, 64).Where(port => port != 17))
                bench.Out(Home(1), Udp, Host, (ushort)port);
            bench.Sweep();
        }

        Assert.Equal(all[17], bench.External(Home(1), Udp, OtherHost, 9999));
        Assert.Equal(0u, bench.Out(Home(1), Udp, OtherHost, 9998));
    }

    [Fact]
    public void Query_without_a_free_identifier_is_refused_and_leaves_nothing_behind()
    {
        using Bench bench = new(Config(plan: s_oneBlock, blockSize: 2));
        bench.External(Home(1), Icmp, Host, 1, Web, 0);
        bench.External(Home(1), Icmp, Host, 2, Web, 0);
        (uint sessions, uint mappings) = (bench.Shard.SessionCount, bench.Shard.MappingCount);
        Assert.Equal(0u, bench.Out(Home(1), Icmp, Host, 3, Web, 0));
        Assert.Equal(DropReason.BlockLimit, bench.Refusal);
        Assert.Equal((sessions, mappings), (bench.Shard.SessionCount, bench.Shard.MappingCount));
    }

    [Fact]
    [Requirement("RFC6888-REQ-4")]
    [Requirement("PBA-1")]
    public void Further_blocks_come_from_the_paired_address_up_to_the_plans_limit()
    {
        using Bench bench = new(Config(plan: new("three", 0, 0, 3, 0, 0), blockSize: 16));
        HashSet<(uint, int)> blocks = [];
        for (ushort i = 0; i < 48; i++)
        {
            (uint address, ushort port) = bench.External(Home(1), Udp, Host, i);
            blocks.Add((address, port / 16));
        }

        Assert.Equal(3, blocks.Count);
        Assert.Single(blocks.Select(block => block.Item1).Distinct());
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 48));
        Assert.Equal(DropReason.BlockLimit, bench.Refusal);
    }

    [Fact]
    [Requirement("RFC7857-S4-1")]
    [Requirement("RFC7857-S4-3")]
    [Requirement("RFC6888-REQ-11a")]
    public void Exhausted_paired_address_refuses_though_others_have_ports()
    {
        // Two addresses with two blocks each.
        using Bench bench = new(Config(plan: new("many", 0, 0, 8, 0, 0), prefix: 31, blockSize: 16, lastPort: 1055));
        for (ushort i = 0; i < 32; i++)
            bench.External(Home(1), Udp, Host, i);
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 32));
        Assert.Equal(DropReason.NoBlock, bench.Refusal);
        Assert.Equal(2u, bench.Shard.FreeBlockCount);
        Assert.Equal(1, bench.Counters[CounterId.BlocksExhausted]);
    }

    [Fact]
    public void Arbitrary_pooling_goes_on_with_another_address()
    {
        using Bench bench = new(Config(
            s => s with { Paired = false }, new("many", 0, 0, 8, 0, 0), 31, 16, 1055));
        HashSet<uint> addresses = [];
        for (ushort i = 0; i < 64; i++)
            addresses.Add(bench.External(Home(1), Udp, Host, i).Address);
        Assert.Equal(2, addresses.Count);
    }

    [Fact]
    [Requirement("RFC6888-REQ-13")]
    public void Every_block_of_the_pool_finds_a_subscriber_before_one_is_refused()
    {
        using Bench bench = new(Config(plan: s_oneBlock, prefix: 29, blockSize: 64, lastPort: 1024 + (64 * 4) - 1));
        uint free = bench.Shard.FreeBlockCount;
        Assert.Equal(32u, free);
        for (int home = 0; home < 32; home++)
            bench.External(Home(home), Udp, Host, 5000);
        Assert.Equal(0u, bench.Shard.FreeBlockCount);
        Assert.Equal(0u, bench.Out(Home(99), Udp, Host, 5000));
        Assert.Equal(DropReason.NoBlock, bench.Refusal);
    }

    [Fact]
    public void New_subscribers_are_spread_over_the_addresses()
    {
        using Bench bench = new(Config(prefix: 28));
        Dictionary<uint, int> perAddress = [];
        for (int home = 0; home < 160; home++)
        {
            uint address = bench.External(Home(home), Udp, Host, 5000).Address;
            perAddress[address] = perAddress.GetValueOrDefault(address) + 1;
        }

        Assert.Equal(16, perAddress.Count);
        Assert.InRange(perAddress.Values.Max(), 10, 14);
    }

    [Fact]
    [Requirement("RFC6888-REQ-3")]
    public void Pools_of_scattered_prefixes_are_all_used()
    {
        PoolSettings[] pools =
        [
            new("a", [new(0xC0000200, 30), new(0xC0000264, 32)], 1024, 1087, 64, 1200),
            new("b", [new(0xC6336408, 31)], 2048, 2175, 128, 1200),
        ];
        using Bench bench = new(Config(plan: s_oneBlock, pools: pools));
        HashSet<uint> addresses = [];
        for (int home = 0; home < 7; home++)
            addresses.Add(bench.External(Home(home), Udp, Host, 5000).Address);
        Assert.Equal(
            [0xC0000200, 0xC0000201, 0xC0000202, 0xC0000203, 0xC0000264, 0xC6336408, 0xC6336409],
            addresses.Order());
    }

    [Fact]
    [Requirement("PBA-1")]
    [Requirement("RFC6888-REQ-14")]
    [Requirement("RFC6908-S2.3-1")]
    public void One_event_tells_that_a_block_is_given_and_one_that_it_went_back()
    {
        using Bench bench = new();
        (uint address, ushort port) = bench.External(Home(1), Udp, Host, 5000);
        for (ushort i = 0; i < 50; i++)
            bench.External(Home(1), Udp, Host, i);
        List<ForwarderEvent> given = bench.TakeEvents();
        Assert.Equal([EventKind.SubscriberSeen, EventKind.BlockAllocated], given.Select(told => told.Kind));
        Assert.Equal(Home(1).High, given[1].SubscriberHigh);
        Assert.Equal(address, given[1].ExternalAddress);
        Assert.Equal(port / 64 * 64, given[1].ExternalPort);
        Assert.Equal(given[1].ExternalPort + 63, given[1].LastPort);
        Assert.Equal(1_700_000_000_000, given[1].UnixMs);

        for (int i = 0; i < 10; i++)
        {
            bench.Wait(61);
            bench.Sweep();
        }

        List<ForwarderEvent> gone = bench.TakeEvents();
        Assert.Equal([EventKind.BlockReleased, EventKind.SubscriberGone], gone.Select(told => told.Kind));
        Assert.Equal((given[1].ExternalPort, given[1].LastPort), (gone[0].ExternalPort, gone[0].LastPort));
        Assert.Equal([1ul, 2, 3, 4], given.Concat(gone).Select(told => told.Sequence));
    }

    [Fact]
    [Requirement("PBA-1")]
    public void Idle_block_goes_back_after_its_timeout_but_not_while_it_is_the_last_of_a_live_subscriber()
    {
        using Bench bench = new(Config(plan: new("two", 0, 0, 2, 0, 0), blockSize: 4));
        for (ushort i = 0; i < 8; i++)
            bench.External(Home(1), Udp, Host, i);
        uint subscriber = bench.Shard.FindSubscriber(Home(1));
        Assert.Equal(2, bench.Shard.Subscriber(subscriber).BlockCount);
        // Number 7 lives on, in the second block; the first falls idle at 420 s and goes back 120 s later.
        for (int second = 0; second < 540; second += 20)
        {
            bench.Out(Home(1), Udp, Host, 7);
            bench.Sweep();
            Assert.Equal(2, bench.Shard.Subscriber(subscriber).BlockCount);
            bench.Wait(20.1);
        }

        bench.Out(Home(1), Udp, Host, 7);
        bench.Sweep();
        Assert.Equal(1, bench.Shard.Subscriber(subscriber).BlockCount);
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 7));
    }

    [Fact]
    public void No_block_is_given_while_its_event_would_be_lost()
    {
        using Bench bench = new(ringEntries: 2);
        bench.External(Home(1), Udp, Host, 5000);
        Assert.Equal(0u, bench.Out(Home(2), Udp, Host, 5000));
        Assert.Equal(DropReason.LogOverflow, bench.Refusal);
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 5001));
        bench.TakeEvents();
        Assert.NotEqual(0u, bench.Out(Home(2), Udp, Host, 5000));
    }

    [Fact]
    public void Block_whose_release_would_be_lost_stays_until_it_can_be_told()
    {
        using Bench bench = new(ringEntries: 2);
        uint free = bench.Shard.FreeBlockCount;
        bench.External(Home(1), Udp, Host, 5000);
        for (int i = 0; i < 10; i++)
        {
            bench.Wait(100);
            bench.Sweep();
        }

        Assert.Equal(free - 1, bench.Shard.FreeBlockCount);
        bench.TakeEvents();
        bench.Sweep();
        Assert.Equal(free, bench.Shard.FreeBlockCount);
    }

    [Fact]
    public void Events_that_may_be_lost_are_counted_and_leave_a_gap()
    {
        using Bench bench = new(Config(s => s with { OnOverflow = OverflowPolicy.Drop }), ringEntries: 2);
        for (int home = 0; home < 5; home++)
            bench.External(Home(home), Udp, Host, 5000);
        Assert.Equal(2, bench.Counters[CounterId.EventsWritten]);
        Assert.Equal(8, bench.Counters[CounterId.EventsLost]);
        bench.TakeEvents();
        bench.External(Home(9), Udp, Host, 5000);
        Assert.Equal(11ul, bench.TakeEvents()[0].Sequence);
    }

    [Fact]
    public void Blocks_that_reach_outside_the_pools_ports_are_not_given()
    {
        using Bench bench = new(Config(blockSize: 1000, lastPort: 3500, prefix: 32));
        // 2000 to 2999 alone lies wholly between 1024 and 3500.
        Assert.Equal(1u, bench.Shard.FreeBlockCount);
        Assert.InRange(bench.External(Home(1), Udp, Host, 5000).Port, 2000, 2999);
    }
}
