using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Forwarder.Workers;

namespace Cgn.Cli.Verbs.Diff;

/// <summary>What a restart with another configuration would do to the state that is there.</summary>
/// <param name="KeepsState">Sessions live on; forwarding pauses while the forwarder starts.</param>
/// <param name="Why">Why not, in words; null when it is kept.</param>
internal sealed record RestartCost(bool KeepsState, string? Why)
{
    /// <summary>Compares what the state was made for with what another configuration asks.</summary>
    public static RestartCost Of(ConfigSnapshot now, ConfigSnapshot next)
    {
        StatusPage was = ShardFactory.ShapeOf(now);
        StatusPage wanted = ShardFactory.ShapeOf(next);
        string? why = was.ShardCount != wanted.ShardCount
            ? $"{was.ShardCount} workers become {wanted.ShardCount}"
            : was.SubscribersPerShard != wanted.SubscribersPerShard
                || was.MappingsPerShard != wanted.MappingsPerShard || was.SessionsPerShard != wanted.SessionsPerShard
            ? "capacities change"
            : now.Settings.SubscriberMaskV6 != next.Settings.SubscriberMaskV6
            ? "subscribers are told apart by another mask: the state must be removed before"
            : now.Settings.Seed != next.Settings.Seed
            ? "records are found by another seed: the state must be removed before"
            : null;
        return new RestartCost(why is null, why);
    }
}
