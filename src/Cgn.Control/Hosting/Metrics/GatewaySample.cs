using System;

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

    /// <summary>Drops for a reason, all shards together.</summary>
    public double Drops(DropReason reason)
    {
        long sum = 0;
        for (int shard = 0; shard < View.Shards.Length; shard++)
            sum += View.Counters(shard)[reason];
        return sum;
    }
}
