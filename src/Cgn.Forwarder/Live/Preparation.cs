using System;

using Cgn.Memory.Frames;

namespace Cgn.Forwarder.Live;

/// <summary>What a process that stands by has ready for the moment when it forwards.</summary>
public sealed class Preparation : IDisposable
{
    private FrameStore? _frames;

    /// <summary>Takes the memory of frames, page for page.</summary>
    /// <param name="count">How many.</param>
    internal void Prepare(int count)
    {
        _frames = new FrameStore(count);
        _frames.TryPopulate();
    }

    /// <summary>Hands the frames over, where they are as many as are wanted; once.</summary>
    /// <param name="count">How many are wanted.</param>
    /// <returns>Null where there are none.</returns>
    internal FrameStore? Frames(int count)
    {
        FrameStore? frames = _frames;
        _frames = null;
        if (frames is null || frames.ChunkCount == count)
            return frames;
        frames.Dispose();
        return null;
    }

    /// <summary>Gives back what nobody has taken.</summary>
    public void Dispose() => _frames?.Dispose();
}
