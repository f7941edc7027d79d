using System;

using Cgn.Contract.Records;

namespace Cgn.Nat;

// Which bit stands for which unit: address by address, the groups of this shard.
internal sealed partial class ShardBlocks
{
    // Where the bits of each range begin; a group never lies in two words.
    private uint PlaceRanges(PoolTable pools)
    {
        ReadOnlySpan<PoolRange> ranges = pools.Ranges;
        _firstBits = new uint[ranges.Length];
        uint next = 0;
        for (int i = 0; i < ranges.Length; i++)
        {
            ref readonly PoolRange range = ref ranges[i];
            uint group = 1u << range.GroupShift;
            next = (next + group - 1) & ~(group - 1);
            _firstBits[i] = next;
            next += (range.Last - range.First + 1) * BitsPerAddress(range);
        }

        return next;
    }

    // As many for each address, though this shard may have one group less on one than on the next.
    private uint BitsPerAddress(in PoolRange range) =>
        (range.GroupsPerAddress + _shardCount - 1) / _shardCount << range.GroupShift;

    private Units UnitsOf(PoolTable pools, int address)
    {
        int number = pools.RangeOfNumber(address);
        ref readonly PoolRange range = ref pools.Ranges[number];
        uint offset = (uint)(address - range.FirstNumber);
        uint owner = (uint)range.OwnerOf(range.First + offset, 0, (int)_shardCount);
        uint first = (_shard + _shardCount - owner) % _shardCount;
        uint groups = range.GroupsPerAddress > first
            ? (range.GroupsPerAddress - first + _shardCount - 1) / _shardCount
            : 0;
        uint low = _firstBits[number] + (offset * BitsPerAddress(range));
        return new Units(
            range, address, range.FirstBlock + (offset * range.BlocksPerAddress), first, low,
            low + (groups << range.GroupShift), pools.IsDrained(address));
    }

    private uint BlockOf(in Units at, uint bit)
    {
        int shift = at.Range.GroupShift;
        uint group = at.FirstGroup + ((bit - at.Low) >> shift) * _shardCount;
        return at.FirstBlock + (group << shift) + ((bit - at.Low) & ((1u << shift) - 1));
    }

    // All units of an address, of which none is free yet.
    private void MarkAll(in Units at)
    {
        for (uint bit = at.Low; bit < at.End;)
        {
            int units = (int)Math.Min(at.End - bit, 64 - (bit % 64));
            _freeBits[bit / 64] |= Mask(units) << (int)(bit % 64);
            bit += (uint)units;
        }

        uint all = at.End - at.Low;
        if (at.IsDrained || all == 0)
            return;
        Total += all;
        Free += all;
        _ofPool[at.Range.Pool].Total += all;
        _ofPool[at.Range.Pool].Free += all;
        _withUnits.Add(at.Address, (int)all);
        _withGroups.Add(at.Address, (int)(all >> at.Range.GroupShift));
    }

    // A record is a run of whole units in one group of this shard.
    private bool TryPlace(PoolTable pools, in BlockRecord b, out Units at, out uint bit, out int units)
    {
        (at, bit, units) = (default, 0, 0);
        if (!pools.TryFind(b.ExternalAddress, out int address)
            || !pools.TryBlockOf(b.ExternalAddress, b.FirstPort, out uint first)
            || !pools.TryBlockOf(b.ExternalAddress, b.LastPort, out uint last))
        {
            return false;
        }

        at = UnitsOf(pools, address);
        int shift = at.Range.GroupShift;
        uint unit = first - at.FirstBlock;
        uint group = unit >> shift;
        units = (int)(last - first) + 1;
        _ = pools.Block(first, out ushort firstPort, out _);
        _ = pools.Block(last, out _, out ushort lastPort);
        if (last < first || (last - at.FirstBlock) >> shift != group || group < at.FirstGroup
            || (group - at.FirstGroup) % _shardCount != 0 || firstPort != b.FirstPort || lastPort != b.LastPort)
        {
            return false;
        }

        bit = at.Low + ((group - at.FirstGroup) / _shardCount << shift) + (unit & ((1u << shift) - 1));
        return true;
    }

    /// <summary>The bits of an address's units.</summary>
    /// <param name="Range">The run of addresses that it is of.</param>
    /// <param name="Address">Its number.</param>
    /// <param name="FirstBlock">Number of its first unit among all.</param>
    /// <param name="FirstGroup">This shard's first group, within the address.</param>
    /// <param name="Low">Its first bit.</param>
    /// <param name="End">One more than its last.</param>
    /// <param name="IsDrained">It gives out no new block.</param>
    private readonly record struct Units(
        PoolRange Range, int Address, uint FirstBlock, uint FirstGroup, uint Low, uint End, bool IsDrained);
}
