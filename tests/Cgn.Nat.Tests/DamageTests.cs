using System;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory;
using Cgn.Memory.Arenas;
using Cgn.Testing;

using Xunit;
using Xunit.Abstractions;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>
/// State whose bytes are not what any process has written: after a fault everything is made anew from the records, and
/// what of those can't be is left out.
/// </summary>
public sealed class DamageTests(ITestOutputHelper output)
{
    private static bool IsLong => Environment.GetEnvironmentVariable("CGN_LONG") == "1";

    [Theory]
    [InlineData("mappings", 4, MappingRecord.SizeBytes, 24, 0x7FFFFFF0u)]
    [InlineData("mappings", 4, MappingRecord.SizeBytes, 0, 0x7FFFFFF0u)]
    [InlineData("mappings", 4, MappingRecord.SizeBytes, 20, 0x7FFFFFF0u)]
    [InlineData("sessions", 4, SessionRecord.SizeBytes, 20, 0x7FFFFFF0u)]
    [InlineData("sessions", 4, SessionRecord.SizeBytes, 24, 0x7FFFFFF0u)]
    [InlineData("sessions", 4, SessionRecord.SizeBytes, 36, 0x7FFFFFF0u)]
    [InlineData("sessions", 4, SessionRecord.SizeBytes, 40, 0x7FFFFFF0u)]
    [InlineData("blocks", 2, BlockRecord.SizeBytes, 4, 0x7FFFFFF0u)]
    [InlineData("blocks", 2, BlockRecord.SizeBytes, 0, 0x7FFFFFF0u)]
    [InlineData("subscribers", 2, SubscriberRecord.SizeBytes, 68, 0x7FFFFFF0u)]
    [InlineData("header", 0, 0, 128, uint.MaxValue)]
    [InlineData("header", 0, 0, 132, uint.MaxValue)]
    [Requirement("RFC6888-REQ-8l")]
    public void One_damaged_link_costs_no_more_than_what_hangs_on_it(
        string section, int record, int size, int offset, uint value)
    {
        using DamagedState state = new(DamagedState.Mixed(false), 5);
        BitConverter.TryWriteBytes(state["shard-0-" + section].AsSpan((record * size) + offset), value);
        using Arena arena = state.Open();
        using Bench bench = state.Attach(arena);

        Invariants.Check(bench);
        Assert.False(bench.Shard.IsResumed);
        Assert.True(bench.Shard.SessionCount * 2 > state.Sessions, $"{bench.Shard.SessionCount} of {state.Sessions}");
        UseUp(bench);
    }

    [Fact]
    [Requirement("RFC6888-REQ-8l")]
    public void Nothing_is_lost_with_all_that_is_derived()
    {
        using DamagedState state = new(DamagedState.Mixed(true), 6);
        Prng chance = new(1);
        string[] derived = ["outbound", "inbound", "internal", "external", "keys"];
        foreach (string index in derived)
            DamagedState.Fill(state[ShardSections.Index(0, index)], ref chance);
        DamagedState.Fill(state[ShardSections.Expected(0)], ref chance);
        DamagedState.Fill(state[ShardSections.Header(0)].AsSpan(128), ref chance);
        DamagedState.Fill(state["counters"], ref chance);
        using Arena arena = state.Open();
        using Bench bench = state.Attach(arena);

        Invariants.Check(bench);
        Assert.Equal(0, bench.Shard.DamagedRecords);
        Assert.Equal(state.Sessions, bench.Shard.SessionCount);
        UseUp(bench);
    }

    [Fact]
    [Requirement("RFC6888-REQ-8l")]
    public void Subscribers_that_never_were_get_nothing_told_of_them()
    {
        using DamagedState state = new(DamagedState.Mixed(false), 7);
        Prng chance = new(2);
        DamagedState.Fill(state[ShardSections.Subscribers(0)], ref chance);
        using Arena arena = state.Open();
        using Bench bench = state.Attach(arena);

        Invariants.Check(bench);
        Assert.True(bench.Shard.DamagedRecords > 0);
        Assert.DoesNotContain(bench.TakeEvents(), static told => told.Kind == EventKind.BlockReleased);
        // Whom the configuration names is there again.
        Assert.Equal(1u, bench.Shard.SubscriberCount);
        UseUp(bench);
    }

    [Fact]
    [Requirement("RFC6888-REQ-8l")]
    public void Counts_that_do_not_agree_with_the_subscribers_are_not_believed()
    {
        using DamagedState state = new(DamagedState.Mixed(false), 8);
        state["counters"].AsSpan().Clear();
        using Arena arena = state.Open();
        using Bench bench = state.Attach(arena, isSuspect: false);

        Assert.False(bench.Shard.IsResumed);
        Assert.Equal((state.Sessions, 0), (bench.Shard.SessionCount, bench.Shard.DamagedRecords));
        Invariants.Check(bench);
    }

    [Theory]
    [InlineData(1, "plain")]
    [InlineData(2, "by address")]
    [InlineData(3, "computed")]
    [Requirement("RFC6888-REQ-8l")]
    public void Whatever_is_damaged_is_made_anew_without_a_fault_and_serves_on(ulong seed, string kind)
    {
        ConfigSnapshot config = kind == "computed" ? DamagedState.Computed() : DamagedState.Mixed(kind == "by address");
        using DamagedState state = new(config, seed);
        int rounds = IsLong ? 5000 : 150;
        long left = 0;
        long kept = 0;
        for (int round = 0; round < rounds; round++)
        {
            Prng chance = new((seed << 32) + (ulong)round);
            state.Restore();
            for (uint i = chance.Below(2) == 0 ? 1 : chance.Below(60); i > 0; i--)
                state.Damage(ref chance);
            try
            {
                using Arena arena = state.Open();
                using Bench bench = state.Attach(arena);
                left += bench.Shard.DamagedRecords;
                kept += bench.Shard.SessionCount;
                Serve(bench, ref chance);
            }
            catch (Exception error)
            {
                throw new InvalidOperationException($"round {round}: {error.Message}", error);
            }
        }

        output.WriteLine($"{rounds} rounds, {left} records left out, {kept} of {state.Sessions * rounds} sessions");
        Assert.True(kept * 2 > state.Sessions * rounds);
    }

    private static void Serve(Bench bench, ref Prng chance)
    {
        Invariants.Check(bench);
        for (int i = 0; i < 60; i++)
        {
            KillTests.Operate(bench, ref chance, i);
            if (i % 20 == 0)
                bench.TakeEvents();
        }

        Invariants.Check(bench);
        ConfigSnapshot before = bench.Snapshot;
        bench.Apply(before with
        {
            Pools = [before.Pools[0] with { Prefixes = [new Ipv4PrefixSetting(Pool, 31)] }],
            StaticMappings = [],
        });
        Invariants.Check(bench);
        bench.Apply(before);
        UseUp(bench);
    }

    // All is cleared and swept: nothing stays but what the configuration names.
    private static void UseUp(Bench bench)
    {
        Invariants.Check(bench);
        bench.Shard.BeginClear(new Ipv6PrefixSetting(0, 0, 0));
        while (!bench.Shard.ContinueClear(bench.Now, 50))
            bench.TakeEvents();
        for (int i = 0; i < 15; i++)
        {
            bench.Wait(61);
            bench.Sweep();
            bench.TakeEvents();
        }

        Invariants.Check(bench);
        uint statics = (uint)bench.Snapshot.StaticMappings.Length;
        Assert.Equal(
            (0u, statics, statics),
            (bench.Shard.SessionCount, bench.Shard.MappingCount, bench.Shard.SubscriberCount));
        Assert.Equal(0, bench.Counters[CounterId.MappingsHeld]);
    }
}
