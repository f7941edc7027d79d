using System;
using System.IO;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>What becomes of the ports of a subscriber that is forgotten by command.</summary>
public sealed class ClearTests : IDisposable
{
    private static readonly PlanSettings s_oneBlock = new("one", 0, 0, 1, 0, 0);

    private readonly string _directory = Directory.CreateTempSubdirectory("cgn-clear-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6888-REQ-8b")]
    public void Others_get_its_ports_only_when_they_would_have_been_held_long_enough(bool softwire)
    {
        using Bench bench = new(OneBlock());
        SubscriberKey key = softwire ? Home(1) : Customer(1);
        bench.External(key, Udp, Host, 5000);
        bench.TakeEvents();
        Clear(bench, key);

        Assert.Equal(0u, bench.Shard.MappingCount + bench.Shard.SubscriberCount);
        Assert.Single(bench.TakeEvents(), told => told.Kind == EventKind.BlockReleased);
        Assert.Equal(0u, bench.Out(Home(2), Udp, Host, 1));
        Assert.Equal(DropReason.NoBlock, bench.Refusal);
        Invariants.Check(bench);
        bench.Wait(119.8);
        bench.Sweep();
        // Whoever has the prefix now is somebody else, too.
        Assert.Equal(0u, bench.Out(key, Udp, Host, 1));
        bench.Wait(0.3);
        bench.Sweep();
        Assert.NotEqual(0u, bench.Out(Home(2), Udp, Host, 1));
        Assert.DoesNotContain(bench.TakeEvents(), static told => told.Kind == EventKind.BlockReleased);
        Invariants.Check(bench);
    }

    [Fact]
    public void Where_nothing_is_held_down_they_are_free_at_once()
    {
        using Bench bench = new(OneBlock(holdDown: 0));
        bench.External(Home(1), Udp, Host, 5000);
        Clear(bench, Home(1));
        Assert.NotEqual(0u, bench.Out(Home(2), Udp, Host, 1));
        Invariants.Check(bench);
    }

    [Fact]
    [Requirement("RFC6888-REQ-8b")]
    public void A_killed_process_does_not_cut_the_wait_short()
    {
        long stopped;
        using (Arena arena = Arena.InDirectory(_directory))
        using (Bench bench = new(OneBlock(), arena))
        {
            bench.External(Home(1), Udp, Host, 5000);
            Clear(bench, Home(1));
            bench.Wait(60);
            stopped = bench.NowNs;
        }

        using Arena again = Arena.InDirectory(_directory);
        using Bench later = new(OneBlock(), again, nowNs: stopped);
        Assert.Equal(0u, later.Out(Home(2), Udp, Host, 1));
        Assert.Equal(DropReason.NoBlock, later.Refusal);
        Invariants.Check(later);
        later.Wait(60.2);
        later.Sweep();
        Assert.NotEqual(0u, later.Out(Home(2), Udp, Host, 1));
        Invariants.Check(later);
    }

    [Fact]
    public void Other_pools_keep_what_waits_and_forget_what_is_no_longer_theirs()
    {
        using Bench bench = new(OneBlock());
        bench.External(Home(1), Udp, Host, 5000);
        Clear(bench, Home(1));
        ConfigSnapshot more = OneBlock(prefix: 31);
        bench.Apply(more);
        Invariants.Check(bench);
        Assert.Equal(1u, bench.Shard.FreeBlockCount);
        PoolSettings elsewhere = new("two", [new(Pool + 16, 32)], 1024, 1087, 64, 0);
        bench.Apply(more with { Pools = [elsewhere] });
        Invariants.Check(bench);
        Assert.Equal(1u, bench.Shard.FreeBlockCount);
        Assert.DoesNotContain(
            Enumerable.Range(1, (int)bench.Shard.BlockEnd - 1),
            n => bench.Shard.Block((uint)n).Subscriber == BlockRecord.Waiting);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("MGMT-CLEAR")]
    [Requirement("RFC6888-REQ-11d")]
    public void Part_of_the_mappings_ends_by_protocol_or_external_address_and_the_blocks_stay(bool byProtocol)
    {
        using Bench bench = new(Config());
        (uint Address, ushort Port) stays = bench.External(Home(1), Udp, Host, 5000);
        (uint Address, ushort Port) tcp = bench.External(Home(1), Tcp, Host, 5000);
        bench.TakeEvents();
        bench.Shard.BeginClear(default, byProtocol ? 0 : tcp.Address, byProtocol ? Tcp : (byte)0);
        while (!bench.Shard.ContinueClear(bench.Now, 7))
        {
        }

        Assert.Equal(0u, bench.Shard.FindMapping(tcp.Address, tcp.Port, Tcp));
        Assert.Equal(byProtocol, bench.Shard.FindMapping(stays.Address, stays.Port, Udp) != 0);
        Assert.Equal(1u, bench.Shard.SubscriberCount);
        Assert.DoesNotContain(bench.TakeEvents(), static told => told.Kind == EventKind.BlockReleased);
        Invariants.Check(bench);
        bench.Shard.BeginClear(default, externalAddress: Pool + 200);
        Assert.True(bench.Shard.ContinueClear(bench.Now, 100));
        Assert.Equal(byProtocol, bench.Shard.FindMapping(stays.Address, stays.Port, Udp) != 0);
    }

    private static ConfigSnapshot OneBlock(uint holdDown = 1200, byte prefix = 32) => Config(
        s => s with { HoldDownTimeout = holdDown }, s_oneBlock,
        pools: [new("one", [new(Pool, prefix)], 1024, 1087, 64, 0)]);

    private static void Clear(Bench bench, in SubscriberKey key)
    {
        ulong low = key.Kind == SubscriberKind.Nat444 ? key.Low | 0xFFFF_0000_0000 : key.Low;
        bench.Shard.BeginClear(new Ipv6PrefixSetting(key.High, low, 128));
        while (!bench.Shard.ContinueClear(bench.Now, 7))
        {
        }
    }
}
