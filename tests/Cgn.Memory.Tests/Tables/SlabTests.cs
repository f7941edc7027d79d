using System;
using System.Collections.Generic;

using Cgn.Memory.Arenas;
using Cgn.Memory.Tables;

using CsCheck;

using Xunit;

namespace Cgn.Memory.Tests.Tables;

public sealed class SlabTests
{
    private const uint Places = 20;

    [Fact]
    public void Every_place_is_given_once_and_then_it_says_full()
    {
        using Arena arena = Arena.Private();
        Slab<Thing> slab = Make(arena, "things");
        HashSet<uint> given = [];
        for (uint i = 0; i < Places; i++)
            Assert.True(given.Add(TakeLive(slab)));
        Assert.DoesNotContain(0u, given);
        Assert.Equal(0u, slab.Take());
        Assert.Equal(Places, slab.Count);
        slab.Give(7);
        Assert.Equal(7u, slab.Take());
    }

    [Fact]
    public void Number_beyond_the_last_place_is_a_broken_invariant()
    {
        using Arena arena = Arena.Private();
        Slab<Thing> slab = Make(arena, "things");
        Assert.Throws<InvalidOperationException>(() => slab[Places + 1].Value = 1);
        Assert.False(slab[0].IsLive);
    }

    [Fact]
    public void Section_too_small_for_its_records_is_refused()
    {
        using Arena arena = Arena.Private();
        ArenaSection section = arena.Take("small", 4096);
        Assert.Throws<ArgumentOutOfRangeException>(() => new Slab<Thing>(section, 4096));
    }

    // Whatever was live stays where it was, whatever was not is free, and a slab attached to twice is none the worse.
    [Fact]
    public void Attaching_finds_exactly_what_is_live() =>
        Gen.Bool.Array[60].Sample(
            takes =>
            {
                using Arena arena = Arena.Private();
                ArenaSection section = arena.Take("things", 4096);
                Slab<Thing> slab = new(section, Places);
                Dictionary<uint, uint> live = [];
                uint stamp = 1;
                foreach (bool take in takes)
                {
                    if (take && slab.Count < Places)
                    {
                        uint number = slab.Take();
                        slab[number].Value = stamp;
                        slab[number].Live = 1;
                        live.Add(number, stamp++);
                    }
                    else if (live.Count != 0)
                    {
                        uint oldest = System.Linq.Enumerable.First(live.Keys);
                        slab.Give(oldest);
                        live.Remove(oldest);
                    }
                }

                Slab<Thing> attached = new(section with { WasThere = true }, Places);
                attached = new(section with { WasThere = true }, Places);
                Assert.Equal((uint)live.Count, attached.Count);
                foreach ((uint number, uint value) in live)
                    Assert.Equal((value, 1u), (attached[number].Value, attached[number].Live));
                for (uint left = Places - attached.Count; left > 0; left--)
                    Assert.True(live.TryAdd(TakeLive(attached), 0));
                Assert.Equal(0u, attached.Take());
            },
            iter: 200);

    private static Slab<Thing> Make(Arena arena, string name) => new(arena.Take(name, 4096), Places);

    private static uint TakeLive(Slab<Thing> slab)
    {
        uint number = slab.Take();
        slab[number].Live = 1;
        return number;
    }

    private struct Thing : ISlabRecord
    {
        public uint Live;
        public uint Value;

        public static int LiveAt => 0;

        public static int LinkAt => 0;

        public readonly bool IsLive => Live != 0;

        public uint Link
        {
            readonly get => Value;
            set => Value = value;
        }

        public void Clear() => Live = 0;
    }
}
