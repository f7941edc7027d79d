using System.IO;
using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Memory;
using Cgn.Memory.Arenas;
using Cgn.Memory.Tables;

namespace Cgn.Nat;

// What the arena was made with: records found under other hashes or shards would be lost or in the wrong place.
public sealed partial class NatShard
{
    private const uint HeaderWords = 32;
    private const uint SequenceWord = 5;
    private const uint EpochWord = 6;

    // Tick from which ports are given out, and one; 0 when there is nothing to wait for.
    private const uint PortsFromWord = 7;

    // Hash of the configuration that records and indexes agree with; 0 while they are made to.
    private const uint FitsWord = 8;

    // One each: which places of a slab are free.
    private const uint SlabWords = 16;

    private ArenaSection OpenHeader(Arena arena) =>
        arena.Take(ShardSections.Header(_shard), HeaderWords * sizeof(ulong));

    private Slab<T> OpenSlab<T>(Arena arena, uint number, string name, uint capacity)
        where T : unmanaged, ISlabRecord
    {
        ArenaSection records = TakeSection(arena, name, ((nuint)capacity + 1) * (nuint)Unsafe.SizeOf<T>());
        return new Slab<T>(records, capacity, SlabState(number), _journal);
    }

    private ArenaSection SlabState(uint number) => new(
        _headerSection.Address + (nint)((SlabWords + number) * sizeof(ulong)), Slab<SessionRecord>.StateBytes,
        _headerSection.WasThere);

    private HashIndex OpenIndex(Arena arena, string name, uint capacity) => new(
        TakeSection(arena, ShardSections.Index(_shard, name), HashIndex.BytesFor(capacity)), capacity, _journal);

    // Whether all of it was there is known once all has been taken.
    private ArenaSection TakeSection(Arena arena, string name, nuint bytes)
    {
        ArenaSection section = arena.Take(name, bytes);
        _wasThere &= section.WasThere;
        _anyThere |= section.WasThere;
        _journal.Register(section);
        return section;
    }

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
                    + $"the configuration says {words[i].Value}; keep the former, or start with "
                    + "'cgn run --discard-state' and lose the sessions");
            }
        }

        if (isNew)
            _header[EpochWord] = now.Tick;
        // The version comes last: until it stands there the header counts as new.
        for (int i = words.Length - 1; i >= 0; i--)
            _header[(uint)i] = words[i].Value;
    }
}
