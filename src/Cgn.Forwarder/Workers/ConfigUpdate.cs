using Cgn.Contract.Settings;
using Cgn.Nat;
using Cgn.Pipeline;

namespace Cgn.Forwarder.Workers;

/// <summary>A configuration worked out for the workers, which share it.</summary>
/// <param name="Snapshot">The configuration.</param>
/// <param name="Pools">Its pools.</param>
/// <param name="Settings">What the stages read of it.</param>
public sealed record ConfigUpdate(ConfigSnapshot Snapshot, PoolTable Pools, PipelineSettings Settings)
{
    /// <summary>Works a configuration out.</summary>
    /// <param name="next">
    /// The configuration; nothing differs that <see cref="SnapshotChange.Obstacles"/> would name.
    /// </param>
    /// <param name="before">The pools in force.</param>
    public static ConfigUpdate Of(ConfigSnapshot next, PoolTable before)
    {
        PoolTable pools = new(next, before);
        return new ConfigUpdate(next, pools, new PipelineSettings(next, pools));
    }
}
