using System;
using System.Collections.Generic;

using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.State;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>
/// How many port blocks there are and how many are given out, in total and of each pool, counted in the records. Where
/// first and further blocks differ in size, all are counted in blocks of the smaller size.
/// </summary>
/// <param name="Total">Blocks that can be given out.</param>
/// <param name="Used">Blocks given out.</param>
/// <param name="UsedOfPool">Of each pool, by its number in the snapshot.</param>
/// <param name="TotalOfPool">
/// Of each pool, by its number in the snapshot; those that static mappings reserve included.
/// </param>
public sealed record BlockUse(long Total, long Used, IReadOnlyList<long> UsedOfPool, IReadOnlyList<long> TotalOfPool)
{
    /// <summary>Counts.</summary>
    /// <param name="view">The gateway's state.</param>
    public static BlockUse Of(StateView view)
    {
        PoolSettings[] pools = view.Snapshot.Pools;
        long[] used = new long[pools.Length];
        long usedTotal = 0;
        foreach (ShardView shard in view.Shards)
        {
            for (uint number = 1; number < shard.Blocks.Length; number++)
            {
                BlockRecord block = shard.Blocks[number];
                if (block.Subscriber == 0)
                    continue;
                int pool = PoolOf(pools, block.ExternalAddress);
                int units = pool < 0 ? 1 : (block.LastPort - block.FirstPort + 1) / pools[pool].UnitSize;
                usedTotal += units;
                if (pool >= 0)
                    used[pool] += units;
            }
        }

        // Shards count what they can give out, and computed sets are given out by arithmetic.
        long[] total = Array.ConvertAll(pools, Units);
        bool isComputed = view.Snapshot.Settings.PortAllocation == PortAllocationType.Deterministic;
        return new BlockUse(isComputed ? Sum(total) : view.Sum(CounterId.BlocksTotal), usedTotal, used, total);
    }

    /// <summary>The pool that an address lies in, by its number in the snapshot; -1 for none.</summary>
    /// <param name="pools">The snapshot's pools.</param>
    /// <param name="address">External address.</param>
    public static int PoolOf(PoolSettings[] pools, uint address) =>
        Array.FindIndex(pools, pool => Array.Exists(pool.Prefixes, prefix => prefix.Contains(address)));

    /// <summary>External addresses of a pool.</summary>
    /// <param name="pool">Any pool.</param>
    public static long Addresses(PoolSettings pool)
    {
        long addresses = 0;
        foreach (Ipv4PrefixSetting prefix in pool.Prefixes)
            addresses += 1L << (32 - prefix.Length);
        return addresses;
    }

    private static long Units(PoolSettings pool) => pool.UnitsPerAddress * Addresses(pool);

    private static long Sum(long[] counts)
    {
        long sum = 0;
        foreach (long count in counts)
            sum += count;
        return sum;
    }
}
