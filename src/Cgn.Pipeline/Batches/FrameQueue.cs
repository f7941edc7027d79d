using System;

using Cgn.Memory.Frames;

namespace Cgn.Pipeline.Batches;

/// <summary>Frames on their way out of the pipeline, in order; a fixed number of places, emptied every turn.</summary>
public sealed class FrameQueue
{
    private readonly Frame[] _frames;

    /// <summary>Makes a queue.</summary>
    /// <param name="capacity">Frames that fit.</param>
    public FrameQueue(int capacity) => _frames = GC.AllocateArray<Frame>(capacity, pinned: true);

    /// <summary>Frames in it now.</summary>
    public int Count { get; private set; }

    /// <summary>Frames that still fit.</summary>
    public int Free => _frames.Length - Count;

    /// <summary>The frames, oldest first.</summary>
    public Span<Frame> Frames => _frames.AsSpan(0, Count);

    /// <summary>Appends a frame; false when full.</summary>
    public bool TryAdd(in Frame frame)
    {
        if ((uint)Count >= (uint)_frames.Length)
            return false;
        _frames[Count++] = frame;
        return true;
    }

    /// <summary>Empties it.</summary>
    public void Clear() => Count = 0;

    /// <summary>Takes the first frames away and moves the rest to the front.</summary>
    public void Remove(int count)
    {
        _frames.AsSpan(count, Count - count).CopyTo(_frames);
        Count -= count;
    }
}
