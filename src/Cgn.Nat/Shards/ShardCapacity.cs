using System;
using System.Numerics;

using Cgn.Contract.Settings;

namespace Cgn.Nat;

/// <summary>How many records of each kind fit into one shard: fixed at the start.</summary>
/// <param name="Subscribers">Subscriber records.</param>
/// <param name="Mappings">Mapping records, held ones included.</param>
/// <param name="Sessions">Session records.</param>
/// <param name="Blocks">Block records.</param>
public readonly record struct ShardCapacity(uint Subscribers, uint Mappings, uint Sessions, uint Blocks)
{
    private const uint BlocksMin = 1024;

    /// <summary>A shard's part of the whole, and a tenth more when there are several: they are never filled evenly.</summary>
    public static ShardCapacity Of(GatewaySettings settings, PoolTable pools, int shard, int shardCount)
    {
        uint blocks = Math.Max(ShardBlocks.CountOf(pools, shard, shardCount), BlocksMin);
        return new ShardCapacity(
            Part(settings.SubscriberCapacity, shardCount),
            Part(settings.MappingCapacity, shardCount),
            Part(settings.SessionCapacity, shardCount),
            // Powers of two: a pool that grows a little still finds the memory that an earlier process made.
            BitOperations.RoundUpToPowerOf2(blocks));
    }

    private static uint Part(uint whole, int shardCount) => shardCount == 1
        ? whole
        : (uint)((((ulong)whole * 11) + ((ulong)shardCount * 10) - 1) / ((ulong)shardCount * 10));
}
