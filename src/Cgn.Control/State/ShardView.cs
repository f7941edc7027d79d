using Cgn.Contract.Records;
using Cgn.Memory.Arenas;

namespace Cgn.Control.State;

/// <summary>
/// The records of one shard, by number from 1; place 0 is never used. For reading only: writing ends the process.
/// </summary>
/// <param name="Subscribers">Subscribers, live where their kind says so.</param>
/// <param name="Mappings">Mappings, live where their state says so.</param>
/// <param name="Explicit">What is beside explicit mappings.</param>
/// <param name="Sessions">Sessions, live where their state says so.</param>
/// <param name="Blocks">Port blocks, given out where they name a subscriber.</param>
public sealed record ShardView(
    NativeArray<SubscriberRecord> Subscribers,
    NativeArray<MappingRecord> Mappings,
    NativeArray<ExplicitRecord> Explicit,
    NativeArray<SessionRecord> Sessions,
    NativeArray<BlockRecord> Blocks);
