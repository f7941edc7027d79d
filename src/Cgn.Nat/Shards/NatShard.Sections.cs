using System.Collections.Generic;
using System.Runtime.CompilerServices;

using Cgn.Contract.Counting;
using Cgn.Contract.Process;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;
using Cgn.Memory.Tables;

namespace Cgn.Nat;

// What the constructor takes, for whoever must know before.
public sealed partial class NatShard
{
    /// <summary>The sections of the arena that a shard takes.</summary>
    /// <param name="shard">Its number, from 0.</param>
    /// <param name="shardCount">How many there are, 1 to 64.</param>
    /// <param name="settings">The configuration.</param>
    public static IEnumerable<SectionSize> Sections(int shard, int shardCount, GatewaySettings settings)
    {
        ShardCapacity capacity = ShardCapacity.Of(settings, shardCount);
        yield return new SectionSize(ShardSections.Journal(shard), Journal.SizeBytes);
        yield return new SectionSize(ShardSections.Header(shard), HeaderWords * sizeof(ulong));
        yield return Records<SessionRecord>(ShardSections.Sessions(shard), capacity.Sessions);
        yield return Records<MappingRecord>(ShardSections.Mappings(shard), capacity.Mappings);
        yield return Records<ExplicitRecord>(ShardSections.Explicit(shard), capacity.Explicit);
        yield return Records<SubscriberRecord>(ShardSections.Subscribers(shard), capacity.Subscribers);
        yield return Records<BlockRecord>(ShardSections.Blocks(shard), capacity.Blocks);
        yield return new SectionSize(SectionNames.Pools(shard), PoolBoard.SizeBytes);
        yield return Records<GatewayRecord>(ShardSections.Gateways(shard), GatewaysOf(capacity.Sessions));
        yield return Records<ushort>(ShardSections.Expected(shard), capacity.Subscribers);
        foreach (string index in (string[])["outbound", "inbound"])
            yield return IndexOf(shard, index, capacity.Sessions);
        foreach (string index in (string[])["internal", "external"])
            yield return IndexOf(shard, index, capacity.Mappings);
        yield return IndexOf(shard, "keys", capacity.Subscribers);
    }

    private static SectionSize Records<T>(string name, uint capacity)
        where T : unmanaged => new(name, ((nuint)capacity + 1) * (nuint)Unsafe.SizeOf<T>());

    private static SectionSize IndexOf(int shard, string name, uint capacity) =>
        new(ShardSections.Index(shard, name), HashIndex.BytesFor(capacity));
}
