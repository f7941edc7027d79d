using System;

using Cgn.Contract.Records;

namespace Cgn.Nat;

// Which bit stands for which unit: the shard's groups, in the order of their numbers.
internal sealed partial class ShardBlocks
{
    private uint Local(uint group) => group <= _shard ? 0 : (group - _shard + _shardCount - 1) / _shardCount;

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
            uint addresses = range.Last - range.First + 1;
            next += LocalGroups(range, range.FirstGroup + (addresses * range.GroupsPerAddress)) << range.GroupShift;
        }

        return next;
    }

    // Groups of this shard in a range before a group.
    private uint LocalGroups(in PoolRange range, uint group) => Local(group) - Local(range.FirstGroup);

    private Units UnitsOf(PoolTable pools, int address)
    {
        int number = pools.RangeOfNumber(address);
        ref readonly PoolRange range = ref pools.Ranges[number];
        uint first = range.FirstGroup + ((uint)(address - range.FirstNumber) * range.GroupsPerAddress);
        uint zero = _firstBits[number];
        return new Units(
            range, address, zero, zero + (LocalGroups(range, first) << range.GroupShift),
            zero + (LocalGroups(range, first + range.GroupsPerAddress) << range.GroupShift));
    }

    private uint BlockOf(in Units at, uint bit)
    {
        int shift = at.Range.GroupShift;
        uint local = Local(at.Range.FirstGroup) + ((bit - at.Zero) >> shift);
        uint group = (local * _shardCount) + _shard - at.Range.FirstGroup;
        return at.Range.FirstBlock + (group << shift) + ((bit - at.Zero) & ((1u << shift) - 1));
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
        PoolRange range = at.Range;
        uint group = range.GroupOf(first);
        units = (int)(last - first) + 1;
        _ = pools.Block(first, out ushort firstPort, out _);
        _ = pools.Block(last, out _, out ushort lastPort);
        if (range.GroupOf(last) != group || group % _shardCount != _shard
            || firstPort != b.FirstPort || lastPort != b.LastPort)
        {
            return false;
        }

        uint inGroup = (first - range.FirstBlock) & ((1u << range.GroupShift) - 1);
        bit = at.Zero + (LocalGroups(range, group) << range.GroupShift) + inGroup;
        return true;
    }

    /// <summary>The bits of an address's units.</summary>
    /// <param name="Range">The run of addresses that it is of.</param>
    /// <param name="Address">Its number.</param>
    /// <param name="Zero">The range's first bit.</param>
    /// <param name="Low">Its first bit.</param>
    /// <param name="End">One more than its last.</param>
    private readonly record struct Units(PoolRange Range, int Address, uint Zero, uint Low, uint End);
}
