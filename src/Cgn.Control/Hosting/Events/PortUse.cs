using System;
using System.Collections.Generic;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Hosting.Metrics;
using Cgn.Control.State;
using Cgn.Wire;

namespace Cgn.Control.Hosting.Events;

/// <summary>How the external ports are used: one look at the records of port blocks; no others are read.</summary>
internal sealed class PortUse
{
    private static readonly IpProtocol[] s_protocols = [IpProtocol.Udp, IpProtocol.Tcp, IpProtocol.Icmp, 0];

    private readonly long[][] _usedOfPool;
    private readonly Dictionary<uint, long[]> _usedOfAddress = [];

    private PortUse(int pools)
    {
        Given = new long[pools];
        Total = new long[pools];
        Addresses = new long[pools];
        _usedOfPool = new long[pools][];
        for (int pool = 0; pool < pools; pool++)
            _usedOfPool[pool] = new long[s_protocols.Length];
    }

    /// <summary>Ports of each pool in blocks given out.</summary>
    public long[] Given { get; }

    /// <summary>Ports of each pool that can be given out.</summary>
    public long[] Total { get; }

    /// <summary>Addresses of each pool.</summary>
    public long[] Addresses { get; }

    /// <summary>External addresses that have a block given out.</summary>
    public IEnumerable<uint> UsedAddresses => _usedOfAddress.Keys;

    /// <summary>How many those are.</summary>
    public int UsedAddressCount => _usedOfAddress.Count;

    /// <summary>Counts.</summary>
    /// <param name="view">The gateway's state.</param>
    public static PortUse Of(StateView view)
    {
        PoolSettings[] pools = view.Snapshot.Pools;
        var use = new PortUse(pools.Length);
        for (int pool = 0; pool < pools.Length; pool++)
        {
            use.Addresses[pool] = BlockUse.Addresses(pools[pool]);
            use.Total[pool] = use.Addresses[pool] * (pools[pool].LastPort - pools[pool].FirstPort + 1);
        }

        foreach (ShardView shard in view.Shards)
        {
            for (uint number = 1; number < shard.Blocks.Length; number++)
            {
                BlockRecord block = shard.Blocks[number];
                if (block.IsGivenOut)
                    use.Add(block, BlockUse.PoolOf(pools, block.ExternalAddress));
            }
        }

        return use;
    }

    /// <summary>The protocol that most mappings of a pool are of.</summary>
    /// <param name="pool">Number of the pool.</param>
    public byte MostMappedOf(int pool) =>
        (byte)s_protocols[Array.IndexOf(_usedOfPool[pool], Max(_usedOfPool[pool]))];

    /// <summary>Ports of an address in use, of the protocol that uses most of them, and that protocol.</summary>
    /// <param name="address">One of <see cref="UsedAddresses"/>.</param>
    public (long Ports, byte Protocol) OfAddress(uint address)
    {
        long[] used = _usedOfAddress[address];
        long most = Max(used);
        return (most, (byte)s_protocols[Array.IndexOf(used, most)]);
    }

    private void Add(in BlockRecord block, int pool)
    {
        if (!_usedOfAddress.TryGetValue(block.ExternalAddress, out long[]? ofAddress))
            _usedOfAddress[block.ExternalAddress] = ofAddress = new long[s_protocols.Length];
        Span<long> used = [block.UsedUdp, block.UsedTcp, block.UsedIcmp, block.UsedOther];
        for (int i = 0; i < used.Length; i++)
        {
            ofAddress[i] += used[i];
            if (pool >= 0)
                _usedOfPool[pool][i] += used[i];
        }

        if (pool >= 0)
            Given[pool] += block.LastPort - block.FirstPort + 1;
    }

    private static long Max(long[] counts)
    {
        long most = 0;
        foreach (long count in counts)
            most = Math.Max(most, count);
        return most;
    }
}
