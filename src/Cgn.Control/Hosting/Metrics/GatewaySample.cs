using System;

using Cgn.Contract;
using Cgn.Control.State;

namespace Cgn.Control.Hosting.Metrics;

/// <summary>What one scrape reads from: the state, and what several families need of it.</summary>
/// <param name="view">The gateway's state.</param>
internal sealed class GatewaySample(StateView view)
{
    public StateView View { get; } = view;

    /// <summary>Port blocks, in total and of the pools of the configuration in force.</summary>
    public BlockUse Blocks { get; } = BlockUse.Of(view);

    /// <summary>Time since the forwarder's last sign of life, in seconds.</summary>
    public double HeartbeatAgeSeconds { get; } = Math.Max(0, (Monotonic.NowNs - view.Status.HeartbeatNs) / 1e9);

    /// <summary>Drops for a reason, all shards together.</summary>
    public double Drops(DropReason reason)
    {
        long sum = 0;
        for (int shard = 0; shard < View.Shards.Length; shard++)
            sum += View.Counters(shard)[reason];
        return sum;
    }
}
