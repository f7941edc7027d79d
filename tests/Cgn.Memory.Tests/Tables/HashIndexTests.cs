using System;
using System.Collections.Generic;

using Cgn.Memory.Tables;

using CsCheck;

using Xunit;

namespace Cgn.Memory.Tests.Tables;

public sealed class HashIndexTests
{
    [Fact]
    public void Every_entry_is_found_at_full_capacity_and_none_after_removal()
    {
        const uint Capacity = 10_000;
        using HashIndex index = new(Capacity);
        Prng chance = new(1);
        ulong[] hashes = new ulong[Capacity + 1];
        for (uint record = 1; record <= Capacity; record++)
        {
            hashes[record] = chance.Next();
            Assert.True(index.Insert(hashes[record], record), $"record {record} found no place");
        }

        for (uint record = 1; record <= Capacity; record++)
            Assert.True(IsFound(index, hashes[record], record));
        Assert.Equal(Capacity, index.Count);
        for (uint record = 1; record <= Capacity; record++)
        {
            Assert.True(index.Remove(hashes[record], record));
            Assert.False(index.Remove(hashes[record], record));
        }

        Assert.Equal(0u, index.Count);
        for (uint record = 1; record <= Capacity; record++)
            Assert.False(IsFound(index, hashes[record], record));
    }

    [Fact]
    public void A_bucket_whose_reach_is_full_refuses_and_keeps_what_it_has()
    {
        using HashIndex index = new(1);
        uint inserted = 0;
        while (index.Insert(0x1234_0000_0000_0000, inserted + 1))
            inserted++;
        Assert.Equal((uint)(HashIndex.ReachBuckets + 1) * 10, inserted);
        for (uint record = 1; record <= inserted; record++)
            Assert.True(IsFound(index, 0x1234_0000_0000_0000, record));
    }

    [Fact]
    public void It_behaves_as_a_set_under_any_sequence_of_operations() =>
        Gen.Select(Gen.Bool, Gen.UInt[1, 60]).Array[0, 400].Sample(operations =>
        {
            using HashIndex index = new(16);
            HashSet<uint> model = [];
            foreach ((bool insert, uint record) in operations)
            {
                if (insert && !model.Contains(record))
                {
                    if (index.Insert(CollidingHash(record), record))
                        model.Add(record);
                }
                else if (!insert)
                {
                    Assert.Equal(model.Remove(record), index.Remove(CollidingHash(record), record));
                }
            }

            Assert.Equal((uint)model.Count, index.Count);
            foreach (uint record in model)
                Assert.True(IsFound(index, CollidingHash(record), record));
        });

    [Fact]
    public void The_first_candidate_is_a_record_of_the_home_bucket_or_none()
    {
        using HashIndex index = new(100);
        Assert.Equal(0u, index.First(77));
        Assert.True(index.Insert(77, 5));
        Assert.Equal(5u, index.First(77));
    }

    // Two buckets and three tags for all records, so that entries collide and overflow.
    private static ulong CollidingHash(uint record) => (ulong)(record % 3) << 48 | (record & 1) << 31;

    private static bool IsFound(HashIndex index, ulong hash, uint record)
    {
        HashProbe probe = index.Probe(hash);
        while (probe.Next(out uint candidate))
        {
            if (candidate == record)
                return true;
        }

        return false;
    }

    [Fact]
    public void Cleared_index_finds_nothing_and_takes_everything_anew()
    {
        using HashIndex index = new(100);
        for (int round = 0; round < 3; round++)
        {
            for (uint i = 1; i <= 100; i++)
                Assert.True(index.Insert(Hash.Mix(i), i));
            index.Clear();
            Assert.Equal(0u, index.Count);
            for (uint i = 1; i <= 100; i++)
                Assert.False(index.Probe(Hash.Mix(i)).Next(out _));
        }
    }
}
