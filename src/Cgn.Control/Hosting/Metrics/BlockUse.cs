using System;
using System.Collections.Generic;

using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.State;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>
/// How many port blocks there are and how many are given out, in total and of each pool, counted in the records.
/// </summary>
/// <param name="Total">Blocks that can be given out.</param>
/// <param name="Used">Blocks given out.</param>
/// <param name="UsedOfPool">Of each pool, by its number in the snapshot.</param>
/// <param name="TotalOfPool">
/// Of each pool, by its number in the snapshot; those that static mappings reserve included.
/// </param>
public sealed record BlockUse(long Total, long Used, IReadOnlyList<long> UsedOfPool, IReadOnlyList<long> TotalOfPool)
{
    private const int PortsAnAddress = 65536;

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
                usedTotal++;
                int pool = PoolOf(pools, block.ExternalAddress);
                if (pool >= 0)
                    used[pool]++;
            }
        }

        return new BlockUse(view.Sum(CounterId.BlocksTotal), usedTotal, used, Array.ConvertAll(pools, Blocks));
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

    // Blocks are counted from port 0; those that reach outside the pool's ports don't exist.
    private static long Blocks(PoolSettings pool)
    {
        int size = pool.PortSetSize;
        int first = (pool.FirstPort + size - 1) / size;
        int end = Math.Min(pool.LastPort + 1, PortsAnAddress) / size;
        return Math.Max(0, end - first) * Addresses(pool);
    }
}
