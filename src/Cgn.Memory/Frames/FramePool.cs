using System;
using System.Runtime.CompilerServices;

namespace Cgn.Memory.Frames;

/// <summary>
/// The chunks that one worker has free: a stack, so that the chunk used last, still in the cache, is used next. One
/// thread only.
/// </summary>
public sealed class FramePool
{
    private readonly uint[] _free;
    private int _count;

    /// <summary>Makes a pool that can hold every chunk of a store, and gives it a share of them.</summary>
    /// <param name="store">The area that the chunks lie in.</param>
    /// <param name="firstChunk">First chunk that this pool starts with.</param>
    /// <param name="chunkCount">Chunks that it starts with.</param>
    public FramePool(FrameStore store, int firstChunk, int chunkCount)
    {
        ArgumentNullException.ThrowIfNull(store);
        ArgumentOutOfRangeException.ThrowIfNegative(firstChunk);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(firstChunk + chunkCount, store.ChunkCount);
        Store = store;
        // Pinned heap: the worker's arrays never move, and prefetching them is meaningful.
        _free = GC.AllocateUninitializedArray<uint>(store.ChunkCount, pinned: true);
        for (int i = chunkCount - 1; i >= 0; i--)
            _free[_count++] = (uint)(firstChunk + i);
        StartCount = chunkCount;
    }

    /// <summary>The area that the chunks lie in.</summary>
    public FrameStore Store { get; }

    /// <summary>Chunks free now.</summary>
    public int Count => _count;

    /// <summary>Chunks that the pool was given at the start: what it should come back to when nothing is in
    /// flight.</summary>
    public int StartCount { get; }

    /// <summary>Takes a free chunk; false when there is none.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryTake(out uint chunk)
    {
        int last = _count - 1;
        if ((uint)last >= (uint)_free.Length)
        {
            chunk = 0;
            return false;
        }

        chunk = _free[last];
        _count = last;
        return true;
    }

    /// <summary>Gives a chunk back.</summary>
    /// <exception cref="InvalidOperationException">More chunks than the store has: one was given back
    /// twice.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Return(uint chunk)
    {
        if ((uint)_count >= (uint)_free.Length)
            ThrowFull();
        _free[_count++] = chunk;
    }

    private static void ThrowFull() => throw new InvalidOperationException("a frame was given back twice");
}
