using System;
using System.Collections.Generic;

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

    /// <summary>What was counted for a pool of a name; 0 when the configuration in force has no such pool.</summary>
    public long Of(IReadOnlyList<long> byPool, string pool)
    {
        int number = Array.FindIndex(View.Snapshot.Pools, one => one.Name == pool);
        return number < 0 ? 0 : byPool[number];
    }

    /// <summary>Drops for a reason, all shards together.</summary>
    public double Drops(DropReason reason)
    {
        long sum = 0;
        for (int shard = 0; shard < View.Shards.Length; shard++)
            sum += View.Counters(shard)[reason];
        return sum;
    }
}
