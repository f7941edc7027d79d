using System;
using System.Numerics;

using Cgn.Contract.Records;
using Cgn.Memory;
using Cgn.Memory.Arenas;

namespace Cgn.Nat;

/// <summary>
/// The port blocks of one shard: their records in the arena, and which of them are free. Record n of shard s out of S
/// is block (n - 1) S + s of the <see cref="PoolTable"/>.
/// </summary>
internal sealed class ShardBlocks
{
    private const int ChoicesTried = 4;

    private readonly NativeArray<BlockRecord> _records;
    private readonly uint _shard;
    private readonly uint _shardCount;
    private readonly ulong[] _freeBits;
    private int[] _freeOfAddress = [];
    private ulong[] _addressBits = [];

    internal ShardBlocks(ArenaSection section, uint capacity, int shard, int shardCount)
    {
        _records = new NativeArray<BlockRecord>(section, capacity + 1);
        _shard = (uint)shard;
        _shardCount = (uint)shardCount;
        Capacity = capacity;
        _freeBits = new ulong[(capacity / 64) + 1];
    }

    /// <summary>Block records that fit.</summary>
    internal uint Capacity { get; }

    /// <summary>Blocks that can be given out, in use or not.</summary>
    internal uint Total { get; private set; }

    /// <summary>Blocks that are free.</summary>
    internal uint Free { get; private set; }

    internal ref BlockRecord this[uint number] => ref _records[number];

    internal static nuint BytesFor(uint capacity) => ((nuint)capacity + 1) * BlockRecord.SizeBytes;

    /// <summary>Blocks that a shard has of a table.</summary>
    internal static uint CountOf(PoolTable pools, int shard, int shardCount) =>
        Local(pools.BlockCount, (uint)shard, (uint)shardCount);

    /// <summary>The record of a block; 0 when the block is another shard's or there is no place for it.</summary>
    internal uint RecordOf(uint block)
    {
        uint number = (block / _shardCount) + 1;
        return block % _shardCount == _shard && number <= Capacity ? number : 0;
    }

    /// <summary>The block of a record.</summary>
    internal uint BlockOf(uint number) => ((number - 1) * _shardCount) + _shard;

    /// <summary>
    /// Learns anew which blocks there are and which of them are free: those without a subscriber that no static mapping
    /// reserves.
    /// </summary>
    internal void Rebuild(PoolTable pools)
    {
        Array.Clear(_freeBits);
        _freeOfAddress = new int[pools.AddressCount];
        _addressBits = new ulong[(pools.AddressCount + 63) / 64];
        Total = 0;
        Free = 0;
        for (int address = 0; address < pools.AddressCount; address++)
        {
            LocalBlocks(pools, address, out uint low, out uint end);
            for (uint i = low; i < end; i++)
            {
                if (pools.IsReserved(BlockOf(i + 1)))
                    continue;
                Total++;
                if (_records[i + 1].Subscriber == 0)
                    Mark(i, address);
            }
        }
    }

    /// <summary>Takes a free block of an address, at random.</summary>
    /// <returns>The number of its record, 0 when this shard has none free there.</returns>
    internal uint Take(PoolTable pools, int address, ref Prng chance)
    {
        if (_freeOfAddress[address] == 0)
            return 0;
        LocalBlocks(pools, address, out uint low, out uint end);
        uint from = low + chance.Below(end - low);
        uint found = FirstFree(from, end);
        if (found == end)
            found = FirstFree(low, from);
        _freeBits[found / 64] &= ~(1UL << (int)(found % 64));
        Free--;
        if (--_freeOfAddress[address] == 0)
            _addressBits[address / 64] &= ~(1UL << (address % 64));
        return found + 1;
    }

    /// <summary>Gives a block back.</summary>
    internal void Give(uint number, int address) => Mark(number - 1, address);

    /// <summary>Free blocks of this shard at an address.</summary>
    internal int FreeAt(int address) => _freeOfAddress[address];

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

    private static uint Local(uint block, uint shard, uint shardCount) =>
        block <= shard ? 0 : (block - shard + shardCount - 1) / shardCount;

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
        low = Math.Min(Local(first, _shard, _shardCount), Capacity);
        end = Math.Min(Local(last, _shard, _shardCount), Capacity);
    }

    private void Mark(uint index, int address)
    {
        _freeBits[index / 64] |= 1UL << (int)(index % 64);
        _freeOfAddress[address]++;
        _addressBits[address / 64] |= 1UL << (address % 64);
        Free++;
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
