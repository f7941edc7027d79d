using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;
using Cgn.Memory.Tables;
using Cgn.Nat.Forecasts;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>What is foretold of a change is what the change then does.</summary>
public sealed class ForecastTests : IDisposable
{
    private const int Homes = 200;

    private static readonly StaticSubscriber s_named = new(new Ipv6PrefixSetting(Home(3).High, 0, 56), 1);

    private readonly string _directory = Directory.CreateTempSubdirectory("cgn-nat-").FullName;
    private readonly List<IDisposable> _mapped = [];

    /// <summary>Each change by its name, and what it must cut at least.</summary>
    public static TheoryData<string, bool> Changes => new()
    {
        { "nothing", false },
        { "pool-shrinks", true },
        { "pool-grows", false },
        { "pool-replaced", true },
        { "block-size", true },
        { "drain", false },
        { "ports-narrowed", true },
        { "static-takes-endpoint", true },
        { "static-takes-inside", true },
        { "static-gone", true },
        { "plan-renamed", false },
        { "default-refuses", false },
        { "default-asks", false },
        { "named-subscriber", false },
        { "sources-narrowed", false },
    };

    [Theory]
    [MemberData(nameof(Changes))]
    public void Sessions_mappings_blocks_and_plans_are_foretold(string name, bool mustCut)
    {
        using Arena arena = Arena.InDirectory(_directory);
        using Bench bench = new(Before(), arena);
        Traffic(bench);
        ConfigSnapshot next = After(name, bench);
        Forecast forecast = new Forecaster(bench.Snapshot, next).Read([Records()]);
        State before = State.Of(Records(), bench);
        bench.Apply(next);
        State after = State.Of(Records(), bench);

        Assert.Equal(before.Sessions.Except(after.Sessions).Count(), forecast.SessionsCut);
        Assert.Equal(before.Mappings.Except(after.Mappings).Count(), forecast.MappingsCut);
        Assert.Equal(before.Blocks.Except(after.Blocks).Count(), forecast.BlocksCut);
        Assert.Equal(
            (before.Sessions.Count, before.Mappings.Count, before.Blocks.Count, before.Plans.Count),
            (forecast.Sessions, forecast.Mappings, forecast.Blocks, forecast.Subscribers));
        SubscriberKey[] changed =
            [.. before.Plans.Where(who => after.Plans[who.Key] != who.Value).Select(static who => who.Key)];
        Assert.Equal(changed.Length, forecast.PlansChanged);
        Assert.Equal(changed.Count(who => IsRefused(after.Plans[who])), forecast.Refused);
        Assert.Equal(changed.Count(who => after.Plans[who].IsAsked), forecast.Asked);
        Assert.Equal(mustCut, forecast.MappingsCut != 0);
        Assert.Equal(
            Math.Min(Forecast.NamedMax, changed.Length),
            forecast.First.Count(move => after.Plans[move.Subscriber] == move.To));
    }

    private static bool IsRefused(PlanChoice plan) => plan is { Name: null, IsAsked: false };

    [Fact]
    public void What_ends_nothing_is_counted_too()
    {
        using Arena arena = Arena.InDirectory(_directory);
        using Bench bench = new(Before(), arena);
        Traffic(bench);
        Forecast drained = new Forecaster(bench.Snapshot, After("drain", bench)).Read([Records()]);
        Forecast narrowed = new Forecaster(bench.Snapshot, After("sources-narrowed", bench)).Read([Records()]);
        Forecast denied = new Forecaster(bench.Snapshot, bench.Snapshot with
        {
            InsideDeny = [new AccessRule(default, new Ipv4PrefixSetting(Dns, 32))],
        }).Read([Records()]);

        Assert.Equal(drained.Blocks, drained.BlocksDraining);
        Assert.Equal(Homes - 1, narrowed.Unmatched);
        Assert.Equal(Homes + 1, denied.SessionsDenied);
    }

    public void Dispose()
    {
        _mapped.ForEach(static region => region.Dispose());
        Directory.Delete(_directory, recursive: true);
    }

    // The plan of static mapping 443, a plan that few have, and room for everybody.
    private static ConfigSnapshot Before() => Config(
        prefix: 29, statics: [new StaticMapping(Home(1).High, 0, true, Tcp, Host, 443, Pool + 2, 443)]) with
    {
        Plans = [new PlanSettings("home", 0, 0, 4, 0, 0), new PlanSettings("office", 0, 0, 4, 0, 0)],
        SoftwireSources = [new Ipv6PrefixSetting(0x20010DB8_01000000, 0, 40)],
    };

    private static ConfigSnapshot After(string name, Bench bench)
    {
        ConfigSnapshot now = bench.Snapshot;
        (uint address, ushort port) = bench.External(Home(5), Udp, Host, 5000);
        return name switch
        {
            "pool-shrinks" => now with { Pools = [PoolOf(30)] },
            "pool-grows" => now with { Pools = [PoolOf(28)] },
            "pool-replaced" => now with
            {
                Pools = [new PoolSettings("other", [new Ipv4PrefixSetting(Pool + 64, 29)], 1024, 65535, 64, 1200)],
                StaticMappings = [],
            },
            "block-size" => now with { Pools = [PoolOf(29, 128)] },
            "drain" => now with { Pools = [PoolOf(29) with { Drain = [new Ipv4PrefixSetting(Pool, 29)] }] },
            "ports-narrowed" => now with { Pools = [PoolOf(29, lastPort: 30000)] },
            "static-takes-endpoint" => now with
            {
                StaticMappings = [.. now.StaticMappings,
                    new StaticMapping(Home(7).High, 0, true, Udp, OtherHost, 9, address, port)],
            },
            "static-takes-inside" => now with
            {
                StaticMappings = [.. now.StaticMappings,
                    new StaticMapping(Home(8).High, 0, true, Udp, Host, 5000, Pool + 1, 80)],
            },
            "static-gone" => now with { StaticMappings = [] },
            "plan-renamed" => now with { Plans = [now.Plans[0] with { Name = "house" }, now.Plans[1]] },
            "default-refuses" => now with { Settings = now.Settings with { DefaultPlan = -1 } },
            "default-asks" => now with { Settings = now.Settings with { AsksUnknown = true } },
            "named-subscriber" => now with { StaticSubscribers = [s_named] },
            "sources-narrowed" => now with
            {
                SoftwireSources = [new Ipv6PrefixSetting(Home(3).High, 0, 56)],
            },
            _ => now,
        };
    }

    private static void Traffic(Bench bench)
    {
        for (int home = 0; home < Homes; home++)
        {
            for (ushort port = 5000; port < 5003; port++)
                bench.External(Home(home), Udp, Host, port);
            bench.External(Home(home), Udp, Host, 5000, Dns, 53);
        }

        Assert.NotEqual(0u, bench.In(Tcp, Pool + 2, 443, Dns, 4000));
    }

    private ShardRecords Records() => new(
        Map<SubscriberRecord>(ShardSections.Subscribers(0)), Map<MappingRecord>(ShardSections.Mappings(0)),
        Map<SessionRecord>(ShardSections.Sessions(0)), Map<BlockRecord>(ShardSections.Blocks(0)));

    private NativeArray<T> Map<T>(string section)
        where T : unmanaged
    {
        NativeRegion region = NativeRegion.ReadOnlyFile(Arena.PathOf(_directory, section));
        _mapped.Add(region);
        var bytes = new ArenaSection(region.Address, region.Bytes, WasThere: true);
        return new NativeArray<T>(
            bytes, (uint)(region.Bytes / (nuint)System.Runtime.CompilerServices.Unsafe.SizeOf<T>()));
    }

    private sealed record State(
        HashSet<(uint, ushort, uint, ushort, byte)> Sessions,
        HashSet<(uint, uint, ushort, ushort, byte, uint)> Mappings,
        HashSet<(uint, ushort, ushort, uint)> Blocks, Dictionary<SubscriberKey, PlanChoice> Plans)
    {
        public static State Of(ShardRecords records, Bench bench) => new(
            [.. Live(records.Sessions).Select(
                s => (s.ExternalAddress, s.ExternalPort, s.RemoteAddress, s.RemotePort, s.Protocol))],
            [.. Live(records.Mappings).Select(
                m => (m.ExternalAddress, m.InternalAddress, m.ExternalPort, m.InternalPort, m.Protocol, m.Subscriber))],
            [.. Live(records.Blocks).Where(b => b.IsGivenOut).Select(
                b => (b.ExternalAddress, b.FirstPort, b.LastPort, b.Subscriber))],
            Live(records.Subscribers).ToDictionary(
                s => bench.Shard.KeyOf(s),
                s => new PlanChoice(
                    s.Plan < bench.Snapshot.Plans.Length ? bench.Snapshot.Plans[s.Plan].Name : null,
                    s.Plan == PlanNumber.Pending)));

        private static T[] Live<T>(NativeArray<T> records)
            where T : unmanaged, ISlabRecord => [.. records.Span.ToArray().Where(record => record.IsLive)];
    }
}
