using System.Numerics;
using System.Runtime.CompilerServices;

namespace Cgn.Memory.Tables;

/// <summary>
/// A walk over the records of a <see cref="HashIndex"/> whose hash may match; bounded by the index's reach.
/// </summary>
public unsafe ref struct HashProbe
{
    private const int BucketBytes = 64;

    private readonly ushort _tag;
    private byte* _bucket;
    private uint _matches;
    private int _left;

    internal HashProbe(byte* bucket, uint matches, ushort tag, int buckets)
    {
        _bucket = bucket;
        _matches = matches;
        _tag = tag;
        _left = buckets;
    }

    /// <summary>The next candidate; false when there is none left. Don't change the index between two calls.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Next(out uint record)
    {
        while (_matches == 0)
        {
            if (_left == 0)
            {
                record = 0;
                return false;
            }

            _left--;
            _bucket += BucketBytes;
            _matches = HashIndex.Matches(_bucket, _tag);
        }

        // Bounds: a match is one of the ten places of a bucket inside the index.
        record = ((uint*)(_bucket + 24))[BitOperations.TrailingZeroCount(_matches)];
        _matches &= _matches - 1;
        return true;
    }
}
