using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>First and further blocks of different sizes, blocks that age, blocks that are kept.</summary>
public sealed class BlockSizeTests
{
    private static readonly PlanSettings s_home = new("home", 0, 0, 8, 0, 0);

    [Theory]
    [InlineData(64, 16, true)]
    [InlineData(64, 16, false)]
    [InlineData(16, 64, true)]
    [InlineData(64, 1, true)]
    [InlineData(100, 50, true)]
    [Requirement("PBA-1")]
    public void The_first_block_has_one_size_and_further_ones_another(int first, int further, bool softwire)
    {
        using Bench bench = new(Sized(first, further));
        SubscriberKey key = softwire ? Home(1) : Customer(1);
        for (ushort i = 0; i < first + (2 * further); i++)
            bench.External(key, Udp, Host, i);
        Assert.Equal([first, further, further], Given(bench));
        Invariants.Check(bench);
    }

    [Fact]
    [Requirement("RFC6888-REQ-13")]
    public void Further_blocks_come_from_groups_that_are_broken_already()
    {
        // Two groups of 64 on one address: one first block and four further ones fill them, in whatever order.
        using Bench bench = new(Sized(64, 16, prefix: 32, lastPort: 1024 + 127));
        for (ushort i = 0; i < 128; i++)
            bench.External(Home(1), Udp, Host, i);
        Assert.Equal([64, 16, 16, 16, 16], Given(bench));
        Assert.Equal(0u, bench.Shard.FreeBlockCount);
    }

    [Fact]
    [Requirement("RFC6888-REQ-13")]
    public void Where_no_whole_group_is_left_a_first_block_is_smaller_rather_than_none()
    {
        using Bench bench = new(Sized(64, 16, prefix: 32, lastPort: 1024 + 127));
        for (ushort i = 0; i < 65; i++)
            bench.External(Home(1), Udp, Host, i);
        bench.External(Home(2), Udp, Host, 1);
        Assert.Equal([64, 16, 16], Given(bench));
        Invariants.Check(bench);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(7)]
    public void Inbound_packets_find_the_owner_of_every_block_by_arithmetic(int shards)
    {
        ConfigSnapshot config = Sized(64, 16, settings: s => s with { ShardCount = 7 });
        PoolTable pools = new(config);
        for (int shard = 0; shard < shards; shard++)
        {
            using Memory.Arenas.Arena arena = Memory.Arenas.Arena.Private();
            var counters = new Contract.Counting.CounterBlock(
                arena.Take("counters", Contract.Counting.CounterBlock.SizeBytes));
            using NatShard nat = new(
                shard, shards, arena, config, pools, counters, null, new WorkerTime(0, 1_700_000_000_000));
            for (ushort i = 0; i < 100; i++)
            {
                FlowKey flow = Flow(Udp, Host, i, Web, 80);
                uint session = nat.CreateOutbound(
                    nat.OutboundHash(Home(1), flow), Home(1), Home(1).High, 1, 0, flow, default,
                    new WorkerTime(0, 1_700_000_000_000), out _);
                Assert.Equal(
                    shard,
                    pools.OwnerShard(
                        nat.Session(session).ExternalAddress, nat.Session(session).ExternalPort, Udp, shards));
            }
        }
    }

    [Fact]
    public void Blocks_of_two_sizes_survive_a_restart_and_a_change_of_the_sizes()
    {
        using StateFolder folder = new();
        ConfigSnapshot config = Sized(64, 16);
        (uint, ushort)[] before;
        using (Memory.Arenas.Arena arena = folder.Open())
        using (Bench first = new(config, arena))
        {
            before = [.. Enumerable.Range(0, 90).Select(i => first.External(Home(1), Udp, Host, (ushort)i))];
            Invariants.Check(first);
        }

        using Memory.Arenas.Arena later = folder.Open();
        using Bench second = new(config, later);
        Invariants.Check(second);
        Assert.Equal(before, Enumerable.Range(0, 90).Select(i => second.External(Home(1), Udp, Host, (ushort)i)));
        // Units of 8 in the same groups: every block still is a run of units in a group.
        second.Apply(Sized(64, 8));
        Assert.Equal(before, Enumerable.Range(0, 90).Select(i => second.External(Home(1), Udp, Host, (ushort)i)));
        Invariants.Check(second);
    }

    [Fact]
    [Requirement("RFC6888-REQ-11d")]
    public void No_new_port_comes_from_a_block_past_its_active_time_while_another_may_be_had()
    {
        using Bench bench = new(Aging(seconds: 600, blocks: 2));
        (_, ushort old) = bench.External(Home(1), Udp, Host, 1);
        bench.Wait(599);
        Assert.Equal(old / 64, bench.External(Home(1), Udp, Host, 2).Port / 64);
        bench.Wait(1);
        ushort young = bench.External(Home(1), Udp, Host, 3).Port;
        Assert.NotEqual(old / 64, young / 64);
        // Two blocks are all: the second serves on when it is old, and the first when the second is full.
        bench.Wait(601);
        HashSet<int> blocks = [];
        for (ushort i = 100; i < 164; i++)
            blocks.Add(bench.External(Home(1), Udp, Host, i).Port / 64);
        Assert.Equal(2, blocks.Count);
    }

    [Fact]
    public void A_block_past_its_active_time_goes_back_when_it_has_drained()
    {
        using Bench bench = new(Aging(seconds: 60, blocks: 8));
        (_, ushort old) = bench.External(Home(1), Udp, Host, 1);
        for (int i = 0; i < 12; i++)
        {
            bench.Wait(61);
            bench.External(Home(1), Udp, Host, 2);
            bench.Sweep();
        }

        Assert.Contains(
            bench.TakeEvents(),
            told => told.Kind == EventKind.BlockReleased && told.ExternalPort == old / 64 * 64);
    }

    [Fact]
    [Requirement("PBA-1")]
    public void A_block_that_is_kept_is_told_at_the_interim_interval()
    {
        using Bench bench = new(Config(s => s with { BlockInterimSeconds = 1800 }));
        for (int i = 0; i < 100; i++)
        {
            bench.External(Home(1), Udp, Host, 1);
            bench.Sweep();
            bench.Wait(60);
        }

        ForwarderEvent[] all = [.. bench.TakeEvents()];
        ForwarderEvent given = all.First(static told => told.Kind == EventKind.BlockAllocated);
        ForwarderEvent[] held = [.. all.Where(static told => told.Kind == EventKind.BlockHeld)];
        Assert.Equal(3, held.Length);
        Assert.Equal([1800, 3600, 5400], held.Select(told => (int)((told.UnixMs - given.UnixMs) / 1000)));
        Assert.All(held, told => Assert.Equal(
            (given.ExternalAddress, given.ExternalPort, given.LastPort),
            (told.ExternalAddress, told.ExternalPort, told.LastPort)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6888-S4-1")]
    public void A_session_is_told_with_all_that_finds_its_subscriber(bool softwire)
    {
        using Bench bench = new(Config(s => s with { SessionLogging = true }));
        SubscriberKey key = softwire ? Home(1) : Customer(1);
        (uint address, ushort port) = bench.External(key, Tcp, Host, 5000);
        ForwarderEvent told = bench.TakeEvents().Single(static told => told.Kind == EventKind.SessionOpened);
        Assert.Equal((Tcp, address, port), (told.Protocol, told.ExternalAddress, told.ExternalPort));
        Assert.Equal((key.High, key.Kind), (told.SubscriberHigh, told.SubscriberKind));
        // Of a softwire it is the B4's whole address.
        Assert.Equal(softwire ? bench.Shard.Subscriber(told.Subscriber).B4Low : key.Low, told.SubscriberLow);
        Assert.Equal(1_700_000_000_000, told.UnixMs);
    }

    [Fact]
    public void By_default_a_block_that_is_kept_is_told_once()
    {
        using Bench bench = new();
        for (int i = 0; i < 100; i++)
        {
            bench.External(Home(1), Udp, Host, 1);
            bench.Sweep();
            bench.Wait(60);
        }

        Assert.DoesNotContain(bench.TakeEvents(), static told => told.Kind == EventKind.BlockHeld);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC7857-S4-2")]
    public void Soft_pairing_goes_on_with_another_address_and_leaves_old_flows_where_they_are(bool softwire)
    {
        using Bench bench = new(Config(
            s => s with { SoftPaired = true }, s_home, prefix: 31, blockSize: 16, lastPort: 1055));
        SubscriberKey key = softwire ? Home(1) : Customer(1);
        (uint Address, ushort)[] first =
            [.. Enumerable.Range(0, 32).Select(i => bench.External(key, Udp, Host, (ushort)i))];
        Assert.Single(first.Select(static one => one.Address).Distinct());
        Assert.NotEqual(first[0].Address, bench.External(key, Udp, Host, 32).Address);
        Assert.Equal(first, Enumerable.Range(0, 32).Select(i => bench.External(key, Udp, Host, (ushort)i)));
        Assert.Equal(
            2,
            bench.TakeEvents().Where(static told => told.Kind == EventKind.BlockAllocated)
                .Select(static told => told.ExternalAddress).Distinct().Count());
    }

    private static ConfigSnapshot Aging(int seconds, int blocks) => Config(
        plan: s_home with { MaxPortSets = blocks },
        pools: [PoolOf(30) with { PortSetActiveTimeout = (uint)seconds * Contract.Tick.PerSecond }]);

    private static ConfigSnapshot Sized(
        int first, int further, byte prefix = 30, ushort lastPort = 65535,
        System.Func<GatewaySettings, GatewaySettings>? settings = null) => Config(
        settings, s_home, pools: [PoolOf(prefix, further, lastPort) with { InitialPortSetSize = first }]);

    private static IEnumerable<int> Given(Bench bench) => bench.TakeEvents()
        .Where(static told => told.Kind == EventKind.BlockAllocated)
        .Select(static told => told.LastPort - told.ExternalPort + 1);
}
