using System.Collections.Generic;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Control.State;
using Cgn.Forwarder.Workers;

namespace Cgn.Cli.Verbs.Diff;

/// <summary>What a restart with another configuration would do to the state that is there.</summary>
/// <param name="KeepsState">
/// Sessions live on; forwarding pauses while the forwarder starts. Else it refuses to start with that state, unless it
/// is told to discard it.
/// </param>
/// <param name="Why">Why it refuses, or what it keeps the state under; null when there is nothing to say.</param>
internal sealed record RestartCost(bool KeepsState, string? Why)
{
    /// <summary>Compares what the state was made for with what another configuration asks.</summary>
    public static RestartCost Of(ConfigSnapshot now, ConfigSnapshot next)
    {
        StatusPage was = ShardFactory.ShapeOf(now);
        StatusPage wanted = ShardFactory.ShapeOf(next);
        string? refusal = was.ShardCount != wanted.ShardCount
            ? $"{CountText.Of(was.ShardCount, "worker becomes", "workers become")} {wanted.ShardCount}"
            : now.Settings.SubscriberMaskV6 != next.Settings.SubscriberMaskV6
            ? "subscribers are told apart by another mask"
            : now.Settings.Seed != next.Settings.Seed
            ? "records are found by another seed"
            : null;
        return refusal is null ? new RestartCost(true, Shrunken(was, wanted)) : new RestartCost(false, refusal);
    }

    // Larger tables always take the records; smaller ones do where all that live lie in what is left.
    private static string? Shrunken(in StatusPage was, in StatusPage wanted)
    {
        List<string> smaller = [];
        if (wanted.SubscribersPerShard < was.SubscribersPerShard)
            smaller.Add("subscribers");
        if (wanted.MappingsPerShard < was.MappingsPerShard)
            smaller.Add("mappings");
        if (wanted.SessionsPerShard < was.SessionsPerShard)
            smaller.Add("sessions");
        return smaller.Count == 0 ? null
            : $"it refuses to start while records lie beyond the smaller capacity for {string.Join(", ", smaller)}";
    }
}
