using System;
using System.Numerics;
using System.Runtime.CompilerServices;

using Cgn.Memory.Frames;

namespace Cgn.Ports.Xdp;

/// <summary>
/// The chunks that are with the kernel on behalf of one port: one bit each. What the kernel gives back is checked
/// against it, and when the port closes it tells exactly what to return, also what the kernel held inside.
/// </summary>
internal sealed class ChunkSet
{
    private readonly ulong[] _bits;

    internal ChunkSet(int chunkCount) => _bits = GC.AllocateArray<ulong>((chunkCount + 63) / 64, pinned: true);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Add(uint chunk) => _bits[chunk >> 6] |= 1UL << (int)chunk;

    /// <summary>Takes a chunk out; false when it was not in, or there is no such chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal bool Remove(uint chunk)
    {
        ulong[] bits = _bits;
        uint word = chunk >> 6;
        if (word >= (uint)bits.Length)
            return false;
        ulong bit = 1UL << (int)chunk;
        bool was = (bits[word] & bit) != 0;
        bits[word] &= ~bit;
        return was;
    }

    internal void ReturnAll(FramePool pool)
    {
        for (int word = 0; word < _bits.Length; word++)
        {
            for (ulong left = _bits[word]; left != 0; left &= left - 1)
                pool.Return((uint)((word << 6) + BitOperations.TrailingZeroCount(left)));
            _bits[word] = 0;
        }
    }
}
