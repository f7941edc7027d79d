using System;
using System.Numerics;

using Cgn.Contract.Records;
using Cgn.Memory;
using Cgn.Memory.Arenas;
using Cgn.Memory.Tables;

namespace Cgn.Nat;

/// <summary>
/// The port blocks of one shard: records, in the arena, of those that are given out, and which others are free. Bit i
/// of shard s out of S stands for block i S + s of the <see cref="PoolTable"/>.
/// </summary>
internal sealed class ShardBlocks
{
    private const int ChoicesTried = 4;

    private readonly Slab<BlockRecord> _records;
    private readonly uint _shard;
    private readonly uint _shardCount;
    private ulong[] _freeBits = [];
    private int[] _freeOfAddress = [];
    private ulong[] _addressBits = [];

    internal ShardBlocks(ArenaSection section, uint capacity, int shard, int shardCount)
    {
        _records = new Slab<BlockRecord>(section, capacity);
        _shard = (uint)shard;
        _shardCount = (uint)shardCount;
    }

    /// <summary>Blocks that are given out.</summary>
    internal uint Count => _records.Count;

    /// <summary>One more than the highest number of a record.</summary>
    internal uint Fresh => _records.Fresh;

    /// <summary>Blocks that can be given out, in use or not.</summary>
    internal uint Total { get; private set; }

    /// <summary>Blocks that are free.</summary>
    internal uint Free { get; private set; }

    internal ref BlockRecord this[uint number] => ref _records[number];

    /// <summary>
    /// Numbers the blocks anew, all free but those that static mappings reserve; records must then be kept or dropped.
    /// </summary>
    internal void Number(PoolTable pools)
    {
        _freeBits = new ulong[(Local(pools.BlockCount) / 64) + 1];
        _freeOfAddress = new int[pools.AddressCount];
        _addressBits = new ulong[(pools.AddressCount + 63) / 64];
        Total = 0;
        Free = 0;
        for (int address = 0; address < pools.AddressCount; address++)
        {
            LocalBlocks(pools, address, out uint low, out uint end);
            for (uint i = low; i < end; i++)
            {
                if (pools.IsReserved((i * _shardCount) + _shard))
                    continue;
                Total++;
                Mark(i, address);
            }
        }
    }

    /// <summary>A record's block is this shard's, as it stands there, and free: then it is no longer.</summary>
    internal bool TryKeep(PoolTable pools, uint number)
    {
        ref readonly BlockRecord b = ref _records[number];
        if (!TryPlace(pools, b, out uint index, out int address) || !IsFree(index))
            return false;
        pools.Block((index * _shardCount) + _shard, out ushort first, out ushort last);
        if (first != b.FirstPort || last != b.LastPort)
            return false;
        Unmark(index, address);
        return true;
    }

    /// <summary>Takes a free block of an address, at random.</summary>
    /// <returns>
    /// The number of its record, which says all but whose it is; 0 when this shard has no free block there or no
    /// record.
    /// </returns>
    internal uint Take(PoolTable pools, int address, ref Prng chance)
    {
        if (_freeOfAddress[address] == 0)
            return 0;
        uint number = _records.Take();
        if (number == 0)
            return 0;
        LocalBlocks(pools, address, out uint low, out uint end);
        uint from = low + chance.Below(end - low);
        uint found = FirstFree(from, end);
        if (found == end)
            found = FirstFree(low, from);
        Unmark(found, address);
        ref BlockRecord b = ref _records[number];
        b = default;
        b.ExternalAddress = pools.Block((found * _shardCount) + _shard, out b.FirstPort, out b.LastPort);
        return number;
    }

    /// <summary>Gives a block back.</summary>
    internal void Give(PoolTable pools, uint number)
    {
        if (TryPlace(pools, _records[number], out uint index, out int address))
            Mark(index, address);
        _records.Give(number);
    }

    /// <summary>Frees the record of a block that is no longer this shard's to give.</summary>
    internal void Drop(uint number) => _records.Give(number);

    /// <summary>
    /// An address for a new subscriber: of a few at random the one with most free blocks, so that subscribers spread
    /// and find more blocks beside their first; when none of those has any, the next that has.
    /// </summary>
    /// <returns>The number of the address, -1 when this shard has no free block at all.</returns>
    internal int PickAddress(ref Prng chance)
    {
        if (Free == 0)
            return -1;
        int best = -1;
        int bestFree = 0;
        for (int i = 0; i < ChoicesTried; i++)
        {
            int address = (int)chance.Below((uint)_freeOfAddress.Length);
            if (_freeOfAddress[address] <= bestFree)
                continue;
            best = address;
            bestFree = _freeOfAddress[address];
        }

        return best >= 0 ? best : NextAddress((int)chance.Below((uint)_freeOfAddress.Length));
    }

    private uint Local(uint block) => block <= _shard ? 0 : (block - _shard + _shardCount - 1) / _shardCount;

    private bool TryPlace(PoolTable pools, in BlockRecord b, out uint index, out int address)
    {
        index = 0;
        bool isThere = pools.TryFind(b.ExternalAddress, out address)
            & pools.TryBlockOf(b.ExternalAddress, b.FirstPort, out uint block);
        index = block / _shardCount;
        return isThere && block % _shardCount == _shard;
    }

    private bool IsFree(uint index) => ((_freeBits[index / 64] >> (int)(index % 64)) & 1) != 0;

    private int NextAddress(int from)
    {
        int words = _addressBits.Length;
        ulong word = _addressBits[from / 64] & (ulong.MaxValue << (from % 64));
        for (int i = 0; i <= words; i++)
        {
            int at = ((from / 64) + i) % words;
            if (i != 0)
                word = _addressBits[at];
            if (word != 0)
                return (at * 64) + BitOperations.TrailingZeroCount(word);
        }

        return -1;
    }

    private void LocalBlocks(PoolTable pools, int address, out uint low, out uint end)
    {
        pools.BlocksOf(address, out uint first, out uint last);
        low = Local(first);
        end = Local(last);
    }

    private void Mark(uint index, int address)
    {
        _freeBits[index / 64] |= 1UL << (int)(index % 64);
        _freeOfAddress[address]++;
        _addressBits[address / 64] |= 1UL << (address % 64);
        Free++;
    }

    private void Unmark(uint index, int address)
    {
        _freeBits[index / 64] &= ~(1UL << (int)(index % 64));
        Free--;
        if (--_freeOfAddress[address] == 0)
            _addressBits[address / 64] &= ~(1UL << (address % 64));
    }

    private uint FirstFree(uint from, uint end)
    {
        for (uint at = from; at < end;)
        {
            ulong word = _freeBits[at / 64] >> (int)(at % 64);
            if (word != 0)
                return Math.Min(end, at + (uint)BitOperations.TrailingZeroCount(word));
            at = ((at / 64) + 1) * 64;
        }

        return end;
    }
}
