using System;

using Cgn.Memory.Frames;

namespace Cgn.Softwire;

/// <summary>The frames that fragments beyond the first are written into.</summary>
internal static class ExtraFrames
{
    /// <summary>Takes a frame for each place, or none at all.</summary>
    /// <param name="pool">Where they come from.</param>
    /// <param name="frames">Places to fill; each becomes a copy of <paramref name="like"/> in a chunk of its
    /// own.</param>
    /// <param name="like">Port, flags and worker of the packet that is split.</param>
    public static bool TryTake(FramePool pool, Span<Frame> frames, in Frame like)
    {
        if (pool.Count < frames.Length)
            return false;
        foreach (ref Frame frame in frames)
        {
            frame = like;
            pool.TryTake(out frame.Chunk);
        }

        return true;
    }

    /// <summary>Places a packet of a length in its frame, behind the usual headroom where there is room for
    /// that.</summary>
    public static Span<byte> Place(FrameStore store, ref Frame frame, int lengthBytes)
    {
        frame.Length = (uint)lengthBytes;
        frame.Offset = (uint)Math.Min(FrameStore.Headroom, store.ChunkBytes - lengthBytes);
        return store.Packet(frame);
    }
}
