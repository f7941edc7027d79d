using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

using Cgn.Ports.Kernel;

using CsCheck;

using Xunit;

namespace Cgn.Ports.Tests.Kernel;

public sealed class PrefixTrieTests
{
    [Fact]
    public void The_longest_prefix_decides_after_any_sequence_of_routes_coming_and_going()
    {
        // Few distinct bits, so that prefixes nest, share nodes and come back.
        Gen<(uint Seed, int Length, bool Adds)> step = Gen.Select(Gen.UInt[0, 63], Gen.Int[0, 32], Gen.Bool);
        step.Array[1, 60].Sample(
            steps => Compare(steps.Select(s => (Spread(s.Seed) << 96, s.Length, s.Adds)), 32), iter: 100);
        Gen<(uint Seed, int Length, bool Adds)> step6 = Gen.Select(Gen.UInt[0, 63], Gen.Int[0, 128], Gen.Bool);
        step6.Array[1, 60].Sample(
            steps => Compare(steps.Select(s => (Spread6(s.Seed), s.Length, s.Adds)), 128), iter: 100);
    }

    [Fact]
    public void Nodes_that_hold_nothing_are_given_back()
    {
        using PrefixTrie trie = new(64);
        for (uint i = 0; i < 20; i++)
            Assert.True(trie.TrySet((UInt128)i << 100, 32, i + 1));
        Assert.True(trie.NodeCount > 0);
        for (uint i = 0; i < 20; i++)
            trie.Clear((UInt128)i << 100, 32, 0, 0);
        Assert.Equal(0u, trie.NodeCount);
        Assert.Equal(0u, trie.Find((UInt128)3 << 100));
    }

    [Fact]
    public void A_full_table_refuses_and_keeps_what_it_has()
    {
        using PrefixTrie trie = new(2);
        Assert.True(trie.TrySet((UInt128)1 << 112, 32, 7));
        Assert.False(trie.TrySet((UInt128)2 << 112, 32, 8));
        Assert.True(trie.TrySet((UInt128)2 << 112, 16, 9));
        Assert.Equal(7u, trie.Find((UInt128)1 << 112));
        Assert.Equal(9u, trie.Find((UInt128)2 << 112));
    }

    [Fact]
    public void Readers_never_see_a_value_that_no_route_had()
    {
        using PrefixTrie trie = new(256);
        UInt128 address = (UInt128)0x0A01_0203 << 96;
        trie.TrySet((UInt128)0x0A00_0000 << 96, 8, 1);
        bool stop = false;
        bool wrong = false;
        Thread reader = new(() =>
        {
            while (!Volatile.Read(ref stop))
                wrong |= trie.Find(address) is not (1 or 2 or 3);
        });
        reader.Start();
        for (int i = 0; i < 20_000; i++)
        {
            trie.TrySet((UInt128)0x0A01_0000 << 96, 16, 2);
            trie.TrySet((UInt128)0x0A01_0203 << 96, 32, 3);
            trie.Clear((UInt128)0x0A01_0203 << 96, 32, 2, 16);
            trie.Clear((UInt128)0x0A01_0000 << 96, 16, 1, 8);
        }

        Volatile.Write(ref stop, true);
        reader.Join();
        Assert.False(wrong);
    }

    private static void Compare(IEnumerable<(UInt128 Bits, int Length, bool Adds)> steps, int width)
    {
        using PrefixTrie trie = new(1024);
        Dictionary<(UInt128, int), uint> model = [];
        uint value = 0;
        HashSet<UInt128> asked = [0, UInt128.MaxValue];
        foreach ((UInt128 bits, int length, bool adds) in steps)
        {
            UInt128 prefix = Cut(bits, length);
            asked.Add(bits);
            asked.Add(prefix | (length == width ? 0 : UInt128.One << (127 - length)));
            if (adds)
            {
                model[(prefix, length)] = ++value;
                Assert.True(trie.TrySet(prefix, length, value));
            }
            else if (model.Remove((prefix, length)))
            {
                (uint next, int nextLength) = Longest(model, prefix, length - 1);
                trie.Clear(prefix, length, next, nextLength);
            }

            foreach (UInt128 address in asked)
                Assert.Equal(Longest(model, address, width).Value, trie.Find(address));
        }
    }

    private static (uint Value, int Length) Longest(Dictionary<(UInt128, int), uint> model, UInt128 address, int from)
    {
        for (int length = from; length >= 0; length--)
        {
            if (model.TryGetValue((Cut(address, length), length), out uint value))
                return (value, length);
        }

        return (0, 0);
    }

    private static UInt128 Cut(UInt128 bits, int length) =>
        length == 0 ? 0 : bits & (UInt128.MaxValue << (128 - length));

    private static UInt128 Spread(uint seed) => (seed & 3) << 30 | (seed & 12) << 14 | (seed & 48) << 2 | (seed & 1);

    private static UInt128 Spread6(uint seed) =>
        (UInt128)(seed & 3) << 125 | (UInt128)(seed & 12) << 78 | (UInt128)(seed & 48) << 30 | (seed & 1);
}
