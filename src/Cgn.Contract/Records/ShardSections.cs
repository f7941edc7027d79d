namespace Cgn.Contract.Records;

/// <summary>Names of a shard's sections in the arena: how another process finds its records.</summary>
public static class ShardSections
{
    /// <summary>
    /// Thirty-two 64-bit words: layout version, shard, shards, hash of the seed, subscriber mask, last event sequence,
    /// tick at which the epoch of PCP began, tick (and one) from which ports are given out after a loss of state, hash
    /// of the configuration that records and indexes agree with; from the seventeenth on a word for each slab.
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

    /// <summary>A <see cref="Memory.Arenas.Journal"/>: what the change under way has written.</summary>
    public static string Journal(int shard) => $"shard-{shard}-journal";

    /// <summary>
    /// A <see cref="Memory.Tables.HashIndex"/> over records: outbound, inbound, internal, external, keys.
    /// </summary>
    public static string Index(int shard, string index) => $"shard-{shard}-index-{index}";

    /// <summary>Of each subscriber the sessions that stand for whoever is expected: 16 bits each.</summary>
    public static string Expected(int shard) => $"shard-{shard}-expected";

    /// <summary><see cref="BlockRecord"/>s, from number 0, which is never used.</summary>
    public static string Blocks(int shard) => $"shard-{shard}-blocks";
}
