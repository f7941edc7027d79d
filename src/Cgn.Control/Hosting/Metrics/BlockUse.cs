using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;

using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Control.State;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>
/// How many port blocks there are and how many are given out, in total and of each pool, as the shards count them: no
/// record is read. Where first and further blocks differ in size, all are counted in blocks of the smaller size.
/// </summary>
/// <param name="Total">Blocks that can be given out.</param>
/// <param name="Used">Blocks given out.</param>
/// <param name="Pools">Of each pool, by its number in the snapshot.</param>
public sealed record BlockUse(long Total, long Used, IReadOnlyList<PoolUse> Pools)
{
    /// <summary>Sums up what the shards have counted.</summary>
    /// <param name="view">The gateway's state.</param>
    public static BlockUse Of(StateView view)
    {
        PoolSettings[] settings = view.Snapshot.Pools;
        var pools = new PoolUse[Math.Min(settings.Length, PoolBoard.PoolsMax)];
        int word = 0;
        for (int pool = 0; pool < pools.Length; pool++)
        {
            long addresses = Addresses(settings[pool]);
            int words = PoolBoard.WordsFor(addresses);
            pools[pool] = Of(view, pool, addresses, word, words);
            word += words;
        }

        // Shards count what they can give out, and computed sets are given out by arithmetic.
        bool isComputed = view.Snapshot.Settings.PortAllocation == PortAllocationType.Deterministic;
        long total = isComputed ? pools.Sum(static pool => pool.Blocks) : view.Sum(CounterId.BlocksTotal);
        return new BlockUse(total, pools.Sum(static pool => pool.BlocksUsed), pools);
    }

    /// <summary>The pool that an address lies in, by its number in the snapshot; -1 for none.</summary>
    /// <param name="pools">The snapshot's pools.</param>
    /// <param name="address">External address.</param>
    public static int PoolOf(PoolSettings[] pools, uint address) =>
        Array.FindIndex(pools, pool => pool.Has(address));

    /// <summary>External addresses of a pool.</summary>
    /// <param name="pool">Any pool.</param>
    public static long Addresses(PoolSettings pool)
    {
        long addresses = 0;
        foreach (Ipv4PrefixSetting prefix in pool.Prefixes)
            addresses += 1L << (32 - prefix.Length);
        return addresses;
    }

    private static PoolUse Of(StateView view, int number, long addresses, int word, int words)
    {
        PoolSettings pool = view.Snapshot.Pools[number];
        long ports = 0;
        for (int shard = 0; shard < view.Shards.Length; shard++)
            ports += view.Pools(shard)[number, PoolCount.PortsUsed];
        return new PoolUse(
            pool.Name, addresses, AddressesUsed(view, word, words), ports / pool.UnitSize,
            pool.UnitsPerAddress * addresses, ports, pool.UnitsPerAddress * addresses * pool.UnitSize);
    }

    // An address has blocks of several shards, so their bits are put together, not their counts.
    private static long AddressesUsed(StateView view, int word, int words)
    {
        long used = 0;
        for (int i = word; i < word + words; i++)
        {
            long bits = 0;
            for (int shard = 0; shard < view.Shards.Length; shard++)
            {
                Span<long> addresses = view.Pools(shard).Addresses;
                bits |= i < addresses.Length ? addresses[i] : 0;
            }

            used += BitOperations.PopCount((ulong)bits);
        }

        return used;
    }
}
