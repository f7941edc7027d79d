using System;

using Cgn.Contract.Settings;

namespace Cgn.Nat;

/// <summary>How many records of each kind fit into one shard: fixed at the start.</summary>
/// <param name="Subscribers">Subscriber records.</param>
/// <param name="Mappings">Mapping records, held ones included.</param>
/// <param name="Sessions">Session records.</param>
/// <param name="Blocks">Block records.</param>
/// <param name="Explicit">Records of explicit mappings: one mapping in 32 may be explicit.</param>
public readonly record struct ShardCapacity(uint Subscribers, uint Mappings, uint Sessions, uint Blocks, uint Explicit)
{
    // Port blocks that subscribers have on average, at most; a small gateway may have few subscribers with many.
    private const uint BlocksPerSubscriber = 3;
    private const uint BlocksMin = 4096;
    private const uint MappingsPerExplicit = 32;
    private const uint ExplicitMin = 1024;

    /// <summary>
    /// A shard's part of the whole, and a tenth more when there are several: they are never filled evenly. The pools
    /// have no part in it, so that they may change while the records stay.
    /// </summary>
    /// <param name="settings">The configuration's capacities.</param>
    /// <param name="shardCount">Shards.</param>
    public static ShardCapacity Of(in GatewaySettings settings, int shardCount)
    {
        uint subscribers = Part(settings.SubscriberCapacity, shardCount);
        uint mappings = Part(settings.MappingCapacity, shardCount);
        return new ShardCapacity(
            subscribers,
            mappings,
            Part(settings.SessionCapacity, shardCount),
            Math.Max(subscribers * BlocksPerSubscriber, BlocksMin),
            Math.Max(mappings / MappingsPerExplicit, ExplicitMin));
    }

    private static uint Part(uint whole, int shardCount) => shardCount == 1
        ? whole
        : (uint)((((ulong)whole * 11) + ((ulong)shardCount * 10) - 1) / ((ulong)shardCount * 10));
}
