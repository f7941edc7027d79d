using System.IO;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Memory;
using Cgn.Memory.Arenas;

namespace Cgn.Nat;

// What the arena was made with: records found under other hashes or shards would be lost or in the wrong place.
public sealed partial class NatShard
{
    private const uint HeaderWords = 16;
    private const uint SequenceWord = 5;
    private const uint EpochWord = 6;

    // Tick from which ports are given out, and one; 0 when there is nothing to wait for.
    private const uint PortsFromWord = 7;

    private ArenaSection OpenHeader(Arena arena) =>
        arena.Take(ShardSections.Header(_shard), HeaderWords * sizeof(ulong));

    private void CheckHeader(in WorkerTime now)
    {
        // The seed itself stays out of the file: who may read the records need not know where ports will be.
        (ulong Value, string Name)[] words =
        [
            (LayoutVersion, "layout version"),
            ((ulong)_shard, "shard"),
            ((ulong)_shardCount, "number of shards"),
            (Hash.Mix(_settings.Seed ^ 0x5EED), "seed (as a hash)"),
            ((ulong)_settings.SubscriberMaskV6, "subscriber-mask-v6"),
        ];
        bool isNew = _header[0] == 0;
        if (isNew && _settings.HoldDownAfterLoss != 0)
            _header[PortsFromWord] = (ulong)now.Tick + _settings.HoldDownAfterLoss + 1;
        for (uint i = 0; i < words.Length; i++)
        {
            if (!isNew && _header[i] != words[i].Value)
            {
                throw new InvalidDataException(
                    $"section {ShardSections.Header(_shard)}: the state was made with {words[i].Name} {_header[i]}, "
                    + $"the configuration says {words[i].Value}; keep the former, or remove the state and lose the "
                    + "sessions");
            }
        }

        if (isNew)
            _header[EpochWord] = now.Tick;
        // The version comes last: until it stands there the header counts as new.
        for (int i = words.Length - 1; i >= 0; i--)
            _header[(uint)i] = words[i].Value;
    }
}
