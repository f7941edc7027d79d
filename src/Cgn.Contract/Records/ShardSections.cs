namespace Cgn.Contract.Records;

/// <summary>Names of a shard's sections in the arena: how another process finds its records.</summary>
public static class ShardSections
{
    /// <summary>
    /// Sixteen 64-bit words: layout version, shard, shards, hash of the seed, subscriber mask, last event sequence,
    /// tick at which the epoch of PCP began, tick (and one) from which ports are given out after a loss of state.
    /// </summary>
    public static string Header(int shard) => $"shard-{shard}-header";

    /// <summary><see cref="SubscriberRecord"/>s, from number 0, which is never used.</summary>
    public static string Subscribers(int shard) => $"shard-{shard}-subscribers";

    /// <summary><see cref="MappingRecord"/>s, from number 0, which is never used.</summary>
    public static string Mappings(int shard) => $"shard-{shard}-mappings";

    /// <summary><see cref="ExplicitRecord"/>s, from number 0, which is never used.</summary>
    public static string Explicit(int shard) => $"shard-{shard}-explicit";

    /// <summary><see cref="SessionRecord"/>s, from number 0, which is never used.</summary>
    public static string Sessions(int shard) => $"shard-{shard}-sessions";

    /// <summary><see cref="GatewayRecord"/>s, from number 0, which is never used.</summary>
    public static string Gateways(int shard) => $"shard-{shard}-gateways";

    /// <summary><see cref="BlockRecord"/>s, from number 0, which is never used.</summary>
    public static string Blocks(int shard) => $"shard-{shard}-blocks";
}
