using Cgn.Contract.Records;
using Cgn.Memory.Arenas;

namespace Cgn.Nat.Forecasts;

/// <summary>The records of one shard, as another process sees them; place 0 is never used.</summary>
/// <param name="Subscribers">Subscribers, live where their kind says so.</param>
/// <param name="Mappings">Mappings, live where their state says so.</param>
/// <param name="Sessions">Sessions, live where their state says so.</param>
/// <param name="Blocks">Port blocks, given out where they name a subscriber.</param>
public readonly record struct ShardRecords(
    NativeArray<SubscriberRecord> Subscribers,
    NativeArray<MappingRecord> Mappings,
    NativeArray<SessionRecord> Sessions,
    NativeArray<BlockRecord> Blocks);
