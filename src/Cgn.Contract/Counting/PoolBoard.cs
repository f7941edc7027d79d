using System;

using Cgn.Memory.Arenas;

namespace Cgn.Contract.Counting;

/// <summary>
/// How far each pool is used by one shard, in one arena section: written by the shard once a tick, so that nobody has
/// to read records to know it. Pools are numbered as in the snapshot.
/// </summary>
public sealed class PoolBoard
{
    /// <summary>Pools that have a place; later ones are not counted.</summary>
    public const int PoolsMax = 4096;

    /// <summary>Addresses that have a bit, those that round a pool up to whole words included.</summary>
    public const int AddressesMax = 1 << 22;

    private const int BitsPerWord = 64;
    private const uint AddressesAt = PoolsMax * (uint)PoolCount.Count;
    private const uint WordsMax = AddressesMax / BitsPerWord;

    private readonly NativeArray<long> _values;

    /// <summary>Lays the board over a section of <see cref="SizeBytes"/> bytes.</summary>
    public PoolBoard(ArenaSection section) => _values = new NativeArray<long>(section, AddressesAt + WordsMax);

    /// <summary>Bytes of a section.</summary>
    public static nuint SizeBytes => (AddressesAt + WordsMax) * sizeof(long);

    /// <summary>A count of a pool.</summary>
    /// <param name="pool">Its number in the snapshot, below <see cref="PoolsMax"/>.</param>
    /// <param name="what">Which count.</param>
    public ref long this[int pool, PoolCount what] => ref _values[((uint)pool * (uint)PoolCount.Count) + (uint)what];

    /// <summary>
    /// Which addresses have a block of the shard's given out, a bit each: the pools follow each other in the order of
    /// their numbers, each from a word of its own on (<see cref="WordsFor"/>), each with its addresses in the order of
    /// its prefixes.
    /// </summary>
    public Span<long> Addresses => _values.Span[(int)AddressesAt..];

    /// <summary>Words that a pool takes up.</summary>
    /// <param name="addresses">Its addresses.</param>
    public static int WordsFor(long addresses) =>
        (int)Math.Min(WordsMax, (addresses + BitsPerWord - 1) / BitsPerWord);
}
