using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

using Cgn.Memory.Arenas;

namespace Cgn.Memory.Tables;

/// <summary>
/// Finds records by hash. It holds no keys: it yields the numbers of records whose hash may match, and the caller
/// verifies them against
/// the records themselves. Derived data: in private memory it is made anew when a process attaches; in the arena, under
/// a journal, it is there still.
/// </summary>
/// <remarks>
/// <para>A bucket is one cache line: ten tags of 16 bits, a count of entries that overflowed from here, ten record
/// numbers of 32 bits.</para>
/// <code>
/// byte  0..19  tag[10]      upper 16 bits of the hash, 0 = free
/// byte 20..21  overflowed   entries of this bucket that lie in a later one
/// byte 22..23  farthest     how many buckets later any of those lies at most
/// byte 24..63  record[10]   record number, from 1
/// </code>
/// <para>At full capacity eight of ten places are used, so an entry costs 8 bytes. An entry whose bucket is full lies
/// in one of the
/// following <see cref="ReachBuckets"/> buckets; a look-up goes on only as far as the home bucket says that any of its
/// entries lies.
/// One thread only. Hashes are 64 bits: the lower half chooses the bucket, the upper 16 bits are the tag.</para>
/// </remarks>
public sealed unsafe class HashIndex : IDisposable
{
    /// <summary>Buckets after its own in which an entry may lie: more than enough at eight of ten.</summary>
    public const int ReachBuckets = 128;

    private const int BucketBytes = 64;
    private const int Places = 10;
    private const int EntriesPlanned = 8;
    private const uint PlacesMask = (1u << Places) - 1;

    private readonly NativeRegion? _region;
    private readonly Journal? _journal;
    private readonly byte* _buckets;
    private readonly uint _bucketCount;
    private bool _mayHold;

    /// <summary>Takes private memory for an index.</summary>
    /// <param name="capacity">Entries that must fit, 1 to 2^32 - 1.</param>
    public HashIndex(uint capacity)
    {
        Capacity = capacity;
        _bucketCount = BucketsFor(capacity);
        _region = NativeRegion.Anonymous(BytesFor(capacity));
        _buckets = (byte*)_region.Address;
        Bytes = _region.Bytes;
    }

    /// <summary>Lays an index over a section of an arena, with what an earlier process left in it.</summary>
    /// <param name="section">Memory of <see cref="BytesFor"/> bytes, zeroed when new.</param>
    /// <param name="capacity">Entries that must fit, 1 to 2^32 - 1.</param>
    /// <param name="journal">Keeps what is changed; null for none.</param>
    public HashIndex(ArenaSection section, uint capacity, Journal? journal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(section.Bytes, BytesFor(capacity));
        Capacity = capacity;
        _bucketCount = BucketsFor(capacity);
        _buckets = (byte*)section.Address;
        _journal = journal;
        _mayHold = section.WasThere;
        Bytes = section.Bytes;
    }

    /// <summary>Entries it was made for; more may fit, but need not.</summary>
    public uint Capacity { get; }

    /// <summary>Entries in it now, but for those that an earlier process left.</summary>
    public uint Count { get; private set; }

    /// <summary>Memory taken, in bytes.</summary>
    public nuint Bytes { get; }

    /// <summary>Bytes of an index in which so many entries fit.</summary>
    /// <remarks>The walk over a bucket's reach never wraps: the array is longer by the reach.</remarks>
    public static nuint BytesFor(uint capacity) => ((nuint)BucketsFor(capacity) + ReachBuckets) * BucketBytes;

    /// <summary>Asks the processor for the bucket of a hash.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(ulong hash) => Memory.Prefetch.Read(Home(hash));

    /// <summary>
    /// The first record in the home bucket whose tag matches, or 0: what nearly always is the record sought.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint First(ulong hash)
    {
        byte* bucket = Home(hash);
        uint matches = Matches(bucket, Tag(hash));
        // A miss reads what would be place 10, which is the start of the next bucket, and throws it away: no branch.
        // Bounds: there is a next bucket, since the array is longer than the buckets by the reach.
        uint record = ((uint*)(bucket + 24))[BitOperations.TrailingZeroCount(matches | (1u << Places))];
        return matches == 0 ? 0 : record;
    }

    /// <summary>
    /// Asks the processor for the bucket after that of a hash, where an entry lies that found its own full.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchNext(ulong hash) => Memory.Prefetch.Read(Home(hash) + BucketBytes);

    /// <summary>
    /// The first record behind the home bucket whose tag matches, or 0: for hashes that <see cref="First"/> has none
    /// for.
    /// </summary>
    public uint FirstOverflowed(ulong hash)
    {
        byte* bucket = Home(hash);
        ushort tag = Tag(hash);
        for (int left = Farthest(bucket); left != 0; left--)
        {
            bucket += BucketBytes;
            uint matches = Matches(bucket, tag);
            if (matches != 0)
                return ((uint*)(bucket + 24))[BitOperations.TrailingZeroCount(matches)];
        }

        return 0;
    }

    /// <summary>Begins a walk over all records whose hash may be this one.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public HashProbe Probe(ulong hash)
    {
        byte* bucket = Home(hash);
        return new HashProbe(bucket, Matches(bucket, Tag(hash)), Tag(hash), Farthest(bucket));
    }

    /// <summary>Adds a record under a hash; the caller knows that it is not there yet.</summary>
    /// <returns>False when the bucket and its reach are full: nothing was changed.</returns>
    public bool Insert(ulong hash, uint record)
    {
        byte* home = Home(hash);
        byte* bucket = home;
        for (int i = 0; i <= ReachBuckets; i++, bucket += BucketBytes)
        {
            uint free = Matches(bucket, 0);
            if (free == 0)
                continue;
            if (i != 0)
            {
                if (Overflowed(home) == ushort.MaxValue)
                    return false;
                _journal?.SaveWord(ref Overflowed(home));
                Overflowed(home)++;
                if (i > Farthest(home))
                    Farthest(home) = (ushort)i;
            }

            int place = BitOperations.TrailingZeroCount(free);
            // The number need not be saved: of a place without a tag it means nothing, and what a change takes out it
            // puts nothing else in place of.
            _journal?.Save(ref ((ushort*)bucket)[place]);
            ((uint*)(bucket + 24))[place] = record;
            ((ushort*)bucket)[place] = Tag(hash);
            Count++;
            return true;
        }

        return false;
    }

    /// <summary>Takes a record out from under its hash.</summary>
    /// <returns>False when it was not there.</returns>
    public bool Remove(ulong hash, uint record)
    {
        byte* home = Home(hash);
        byte* bucket = home;
        ushort tag = Tag(hash);
        for (int i = 0; i <= Farthest(home); i++, bucket += BucketBytes)
        {
            for (uint matches = Matches(bucket, tag); matches != 0; matches &= matches - 1)
            {
                int place = BitOperations.TrailingZeroCount(matches);
                // An entry of another home with the same tag names another record, so the record number decides.
                if (((uint*)(bucket + 24))[place] != record)
                    continue;
                _journal?.Save(ref ((ushort*)bucket)[place]);
                ((ushort*)bucket)[place] = 0;
                if (i != 0)
                {
                    _journal?.SaveWord(ref Overflowed(home));
                    if (--Overflowed(home) == 0)
                        Farthest(home) = 0;
                }

                Count--;
                return true;
            }
        }

        return false;
    }

    /// <summary>Takes every entry out.</summary>
    /// <param name="isSuspect">Something may be there that was never put in.</param>
    public void Clear(bool isSuspect = false)
    {
        // An empty index is all zeros, and at a start that is hundreds of megabytes that nobody has touched yet.
        if (Count == 0 && !_mayHold && !isSuspect)
            return;
        // Bounds: the region holds the buckets and their reach.
        System.Runtime.InteropServices.NativeMemory.Clear(_buckets, ((nuint)_bucketCount + ReachBuckets) * BucketBytes);
        Count = 0;
        _mayHold = false;
    }

    /// <summary>Gives private memory back; a section is the arena's.</summary>
    public void Dispose() => _region?.Dispose();

    private static uint BucketsFor(uint capacity) =>
        Math.Max(1, (uint)(((ulong)capacity + EntriesPlanned - 1) / EntriesPlanned));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static uint Matches(byte* bucket, ushort tag)
    {
        // Bounds: 32 bytes from the start of a 64-byte bucket; lanes 10 to 15 are not tags and are masked away.
        Vector256<ushort> equal = Vector256.Equals(Vector256.Load((ushort*)bucket), Vector256.Create(tag));
        return equal.ExtractMostSignificantBits() & PlacesMask;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ushort Overflowed(byte* bucket) => ref *(ushort*)(bucket + 20);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ref ushort Farthest(byte* bucket) => ref *(ushort*)(bucket + 22);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort Tag(ulong hash)
    {
        uint tag = (uint)(hash >> 48);
        return (ushort)(tag == 0 ? 1 : tag);
    }

    // Bounds: (x * n) >> 32 < n for every 32-bit x, so the bucket lies in the array.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* Home(ulong hash) => _buckets + ((nuint)(((ulong)(uint)hash * _bucketCount) >> 32) * BucketBytes);
}
