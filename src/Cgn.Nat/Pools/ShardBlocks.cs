using System;

using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Memory;
using Cgn.Memory.Tables;

namespace Cgn.Nat;

/// <summary>
/// The port blocks of one shard: records, in the arena, of those that are given out, and which units are free. Every
/// unit of the shard's groups (see <see cref="PoolTable"/>) has a bit, range by range, group by group.
/// </summary>
internal sealed partial class ShardBlocks
{
    private const int ChoicesTried = 4;

    private readonly Slab<BlockRecord> _records;
    private readonly uint _shard;
    private readonly uint _shardCount;
    private ulong[] _freeBits = [];
    private uint[] _firstBits = [];
    private (uint Total, uint Free)[] _ofPool = [];
    private FreeAddresses _withUnits = new(0);
    private FreeAddresses _withGroups = new(0);

    internal ShardBlocks(Slab<BlockRecord> records, int shard, int shardCount)
    {
        _records = records;
        _shard = (uint)shard;
        _shardCount = (uint)shardCount;
    }

    /// <summary>Blocks that are given out.</summary>
    internal uint Count => _records.Count;

    /// <summary>Blocks that can be given out at a time, of whatever size.</summary>
    internal uint Capacity => _records.Capacity;

    /// <summary>One more than the highest number of a record.</summary>
    internal uint Fresh => _records.Fresh;

    /// <summary>Units that can be given out, in use or not.</summary>
    internal uint Total { get; private set; }

    /// <summary>Units that are free.</summary>
    internal uint Free { get; private set; }

    internal ref BlockRecord this[uint number] => ref _records[number];

    /// <summary>Units of a pool that this shard can give out, and those of them that are free.</summary>
    internal (uint Total, uint Free) OfPool(int pool) => (uint)pool < (uint)_ofPool.Length ? _ofPool[pool] : default;

    /// <summary>
    /// Numbers the units anew, all free but those that static mappings reserve; records must then be kept or dropped.
    /// </summary>
    internal void Number(PoolTable pools, int poolCount)
    {
        _ofPool = new (uint, uint)[poolCount];
        NumberUse(pools, poolCount);
        _withUnits = new FreeAddresses(pools.AddressCount);
        _withGroups = new FreeAddresses(pools.AddressCount);
        _freeBits = new ulong[(PlaceRanges(pools) / 64) + 1];
        Total = 0;
        Free = 0;
        for (int address = 0; address < pools.AddressCount; address++)
        {
            Units at = UnitsOf(pools, address);
            if (!pools.HasReserved)
            {
                MarkAll(at);
                continue;
            }

            for (uint i = at.Low; i < at.End; i++)
            {
                if (pools.IsReserved(BlockOf(at, i)))
                    continue;
                if (!at.IsDrained)
                {
                    Total++;
                    _ofPool[at.Range.Pool].Total++;
                }

                Mark(at, i, 1);
            }
        }
    }

    /// <summary>Goes on with so many that are given out or wait.</summary>
    internal void Resume(uint count) => _records.Resume(count);

    /// <summary>Finds out from the records alone which places are free.</summary>
    internal void Recount() => _records.Recount();

    /// <summary>A record's ports are this shard's, as they stand there, and free: then they are no longer.</summary>
    internal bool TryKeep(PoolTable pools, uint number) => TryKeep(pools, _records[number]);

    /// <summary>The same of a record that lies elsewhere.</summary>
    internal bool TryKeep(PoolTable pools, in BlockRecord block)
    {
        if (!TryPlace(pools, block, out Units at, out uint bit, out int units))
            return false;
        if ((Word(bit) & Mask(units)) != Mask(units))
            return false;
        Unmark(at, bit, units);
        CountUse(pools, block, 1);
        return true;
    }

    /// <summary>
    /// Takes free units of an address, at random: a whole group, or one unit, of a broken group if there is one.
    /// </summary>
    /// <returns>
    /// The number of the record, which says all but whose it is; 0 when this shard has nothing free there or no record.
    /// </returns>
    internal uint Take(PoolTable pools, int address, bool whole, ref Prng chance)
    {
        if ((whole ? _withGroups : _withUnits).IsNone(address))
            return 0;
        uint number = _records.Take();
        if (number == 0)
            return 0;
        Units at = UnitsOf(pools, address);
        int shift = at.Range.GroupShift;
        int units = whole ? 1 << shift : 1;
        uint from = at.Low + (chance.Below((at.End - at.Low) >> shift) << shift);
        uint found = shift == 0 ? FirstUnit(at, from) : whole ? FirstWhole(at, from) : FirstOfBroken(at, from);
        Unmark(at, found, units);
        ref BlockRecord b = ref _records[number];
        b = default;
        uint first = BlockOf(at, found);
        b.ExternalAddress = pools.Block(first, out b.FirstPort, out b.LastPort);
        b.LastPort = (ushort)(b.FirstPort + (units * at.Range.BlockSize) - 1);
        CountUse(pools, b, 1);
        return number;
    }

    /// <summary>Makes a record of ports that are no units: a computed set.</summary>
    /// <returns>Its number, 0 when there is no record.</returns>
    internal uint TakeSet(PoolTable pools, in PortSet set)
    {
        uint number = _records.Take();
        if (number == 0)
            return 0;
        ref BlockRecord b = ref _records[number];
        b = default;
        b.ExternalAddress = set.Address;
        b.FirstPort = set.FirstPort;
        b.LastPort = set.LastPort;
        CountUse(pools, b, 1);
        return number;
    }

    /// <summary>Gives a block back.</summary>
    internal void Give(PoolTable pools, uint number)
    {
        if (TryPlace(pools, _records[number], out Units at, out uint bit, out int units))
            Mark(at, bit, units);
        CountUse(pools, _records[number], -1);
        _records.Give(number);
    }

    /// <summary>Frees the record of a block that was not kept when units were numbered anew.</summary>
    internal void Drop(uint number) => _records.Give(number);

    /// <summary>
    /// An address for a new subscriber: of a few at random the one with most that is free, so that subscribers spread
    /// and find more blocks beside their first; when none of those has any, the next that has.
    /// </summary>
    /// <param name="first">Number of the first address that will do.</param>
    /// <param name="end">One more than that of the last.</param>
    /// <param name="whole">Whole groups count, not units.</param>
    /// <param name="chance">Chance.</param>
    /// <returns>The number of the address, -1 when this shard has nothing free there.</returns>
    internal int PickAddress(int first, int end, bool whole, ref Prng chance)
    {
        FreeAddresses free = whole ? _withGroups : _withUnits;
        if (free.Count == 0 || first >= end)
            return -1;
        uint count = (uint)(end - first);
        int best = -1;
        int bestFree = 0;
        for (int i = 0; i < ChoicesTried; i++)
        {
            int address = first + (int)chance.Below(count);
            if (free[address] <= bestFree)
                continue;
            best = address;
            bestFree = free[address];
        }

        if (best >= 0)
            return best;
        int from = first + (int)chance.Below(count);
        int next = free.Next(from, end);
        return next >= 0 ? next : free.Next(first, from);
    }

    private static ulong Mask(int units) => units == 64 ? ulong.MaxValue : (1UL << units) - 1;

    private ulong Word(uint bit) => _freeBits[bit / 64] >> (int)(bit % 64);

    private bool IsWhole(in Units at, uint bit)
    {
        int shift = at.Range.GroupShift;
        ulong all = Mask(1 << shift);
        return (Word(bit >> shift << shift) & all) == all;
    }

    private void Mark(in Units at, uint bit, int units)
    {
        _freeBits[bit / 64] |= Mask(units) << (int)(bit % 64);
        // What is free on a drained address nobody finds.
        if (at.IsDrained)
            return;
        Free += (uint)units;
        _ofPool[at.Range.Pool].Free += (uint)units;
        _withUnits.Add(at.Address, units);
        if (IsWhole(at, bit))
            _withGroups.Add(at.Address, 1);
    }

    private void Unmark(in Units at, uint bit, int units)
    {
        bool wasWhole = IsWhole(at, bit);
        _freeBits[bit / 64] &= ~(Mask(units) << (int)(bit % 64));
        if (at.IsDrained)
            return;
        if (wasWhole)
            _withGroups.Add(at.Address, -1);
        Free -= (uint)units;
        _ofPool[at.Range.Pool].Free -= (uint)units;
        _withUnits.Add(at.Address, -units);
    }
}
