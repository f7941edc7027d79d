using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Control.State;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>What one scrape reads from: the state, and what is dear to count and so counted once.</summary>
internal sealed class GatewaySample
{
    private readonly Lazy<BlockUse> _blocks;

    public GatewaySample(StateView view)
    {
        View = view;
        _blocks = new Lazy<BlockUse>(() => BlockUse.Of(view));
    }

    public StateView View { get; }

    public BlockUse Blocks => _blocks.Value;

    /// <summary>The pools of the configuration in force, with their port blocks given out and in all.</summary>
    public IEnumerable<(string Name, long Used, long Total)> Pools => View.Snapshot.Pools.Select(
        (pool, number) => (pool.Name, Blocks.UsedOfPool[number], Blocks.TotalOfPool[number]));

    /// <summary>Drops for a reason, all shards together.</summary>
    public double Drops(DropReason reason)
    {
        long sum = 0;
        for (int shard = 0; shard < View.Shards.Length; shard++)
            sum += View.Counters(shard)[reason];
        return sum;
    }
}
