using System;
using System.Collections.Generic;
using System.IO;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;
using Cgn.Testing;

using CsCheck;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>A shard laid over what an earlier one left.</summary>
public sealed class AttachTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("cgn-nat-").FullName;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    [Requirement("RFC4787-REQ-8a")]
    [Requirement("RFC4787-REQ-5a")]
    public void Mapping_keeps_its_filtering_over_a_restart_and_sessions_have_the_timers_of_the_new_process()
    {
        (uint Address, ushort Port) filtered;
        long stopped;
        using (Arena arena = Arena.InDirectory(_directory))
        using (Bench bench = new(Config(s => s with { FilteringType = FilteringType.AddressDependent }), arena))
        {
            filtered = bench.External(Home(1), Udp, Host, 5000);
            bench.External(Home(1), Udp, OtherHost, 6000, Dns, 53);
            stopped = bench.NowNs;
        }

        using Arena again = Arena.InDirectory(_directory);
        using Bench later = new(
            Config() with { UdpPortTimeouts = [new UdpPortTimeout(53, 100)] }, again, nowNs: stopped);
        Assert.Equal(0u, later.In(Udp, filtered.Address, filtered.Port, Dns, 53));
        Assert.Equal(DropReason.Filtered, later.Refusal);
        Assert.NotEqual(0u, later.In(Udp, filtered.Address, filtered.Port, Web, 81));
        Assert.Equal(3u, later.Shard.SessionCount);
        later.Wait(10.2);
        later.Sweep();
        Assert.Equal(2u, later.Shard.SessionCount);
    }

    [Fact]
    [Requirement("RFC6888-REQ-8l")]
    public void Sessions_mappings_and_held_ports_survive_the_process()
    {
        List<(int Home, ushort Port, (uint Address, ushort Port) External)> made = [];
        (uint Address, ushort Port) held;
        long stopped;
        using (Arena arena = Arena.InDirectory(_directory))
        using (Bench bench = new(Small(), arena))
        {
            held = bench.External(Home(1), Udp, OtherHost, 9);
            bench.Wait(200);
            for (ushort i = 0; i < 100; i++)
                made.Add((i % 10, i, bench.External(Home(i % 10), Udp, Host, i)));
            bench.Wait(101);
            bench.Sweep();
            stopped = bench.NowNs;
        }

        using Arena again = Arena.InDirectory(_directory);
        using Bench later = new(Small(), again, nowNs: stopped);
        Invariants.Check(later);
        Assert.Equal(100u, later.Shard.SessionCount);
        Assert.Equal(101u, later.Shard.MappingCount);
        foreach ((int home, ushort port, (uint Address, ushort Port) external) in made)
        {
            Assert.NotEqual(0u, later.In(Udp, external.Address, external.Port));
            Assert.Equal(external, later.External(Home(home), Udp, Host, port));
        }

        Assert.Equal(0u, later.In(Udp, held.Address, held.Port));
        Assert.Equal(held, later.External(Home(1), Udp, OtherHost, 9));
    }

    [Fact]
    public void Event_numbers_go_on_where_they_stopped()
    {
        ulong last;
        using (Arena arena = Arena.InDirectory(_directory))
        using (Bench bench = new(Small(), arena))
        {
            bench.External(Home(1), Udp, Host, 1);
            last = bench.TakeEvents()[^1].Sequence;
        }

        using Arena again = Arena.InDirectory(_directory);
        using Bench later = new(Small(), again);
        later.External(Home(2), Udp, Host, 1);
        Assert.Equal(last + 1, later.TakeEvents()[0].Sequence);
    }

    [Fact]
    public void Other_pools_keep_what_they_still_have()
    {
        (uint Address, ushort Port)[] made = new (uint, ushort)[40];
        using (Arena arena = Arena.InDirectory(_directory))
        using (Bench bench = new(Small(), arena))
        {
            for (int home = 0; home < made.Length; home++)
                made[home] = bench.External(Home(home), Udp, Host, 1);
        }

        using Arena again = Arena.InDirectory(_directory);
        using Bench later = new(Small(prefix: 31), again);
        Invariants.Check(later);
        foreach ((uint address, ushort port) in made)
            Assert.Equal(address < Pool + 2, later.In(Udp, address, port) != 0);
    }

    [Fact]
    public void State_of_another_seed_is_refused_with_a_sentence()
    {
        using (Arena arena = Arena.InDirectory(_directory))
        using (Bench bench = new(Small(), arena))
            bench.External(Home(1), Udp, Host, 1);
        using Arena again = Arena.InDirectory(_directory);
        InvalidDataException refusal = Assert.Throws<InvalidDataException>(
            () => new Bench(Config(s => Capacities(s) with { Seed = 2 }), again));
        Assert.Contains("seed", refusal.Message, StringComparison.Ordinal);
    }

    // A process that is killed leaves records written half: any record may lack its last store, and all links may be
    // old.
    [Fact]
    public void Whatever_a_killed_process_leaves_is_attached_to() =>
        Gen.Select(Gen.Int[0, 3], Gen.UInt[1, 120], Gen.UInt).Array[0, 20].Sample(
            damages =>
            {
                string directory = Path.Combine(_directory, Guid.NewGuid().ToString("N"));
                using (Arena arena = Arena.InDirectory(directory))
                using (Bench bench = new(Small(), arena))
                {
                    for (ushort i = 0; i < 100; i++)
                        bench.Out(Home(i % 10), i % 3 == 0 ? Tcp : Udp, Host, (ushort)(i / 2), Web, i);
                    bench.Shard.Distrust();
                    foreach ((int kind, uint number, uint value) in damages)
                        Damage(bench, kind, number, value);
                }

                using Arena again = Arena.InDirectory(directory);
                using Bench later = new(Small(), again);
                Invariants.Check(later);
                for (int i = 0; i < 15; i++)
                {
                    later.Wait(61);
                    later.Sweep();
                }

                Assert.Equal(
                    (0u, 0u, 0u), (later.Shard.SessionCount, later.Shard.MappingCount, later.Shard.SubscriberCount));
                Assert.Equal(later.Pools.BlockCount, later.Shard.FreeBlockCount);
            },
            iter: 60, threads: 1);

    private static void Damage(Bench bench, int kind, uint number, uint value)
    {
        switch (kind)
        {
            case 0:
                bench.Shard.Session(number).Clear();
                break;
            case 1:
                bench.Shard.Mapping(number).Clear();
                bench.Shard.Mapping(number).FirstSession = value;
                break;
            case 2:
                bench.Shard.Subscriber((number % 10) + 1).Clear();
                break;
            default:
                bench.Shard.Block((number % 10) + 1).Clear();
                bench.Shard.Block((number % 10) + 1).NextOfSubscriber = value;
                break;
        }
    }

    private static GatewaySettings Capacities(GatewaySettings settings) =>
        settings with { SubscriberCapacity = 100, MappingCapacity = 400, SessionCapacity = 400 };

    private static ConfigSnapshot Small(byte prefix = 30) => Config(Capacities, prefix: prefix);
}
