using System;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Threading;

using Cgn.Memory.Frames;

namespace Cgn.Ports.InMemory;

/// <summary>
/// Descriptors on their way from one thread to another, or to the same: one writer, one reader, no lock. Each end keeps a copy of the other's
/// position and looks anew only when the copy says full or empty.
/// </summary>
internal sealed class FrameRing
{
    private readonly Frame[] _frames;
    private readonly int _mask;
    private Ends _ends;

    /// <param name="capacity">Frames that fit; rounded up to a power of two.</param>
    internal FrameRing(int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 24);
        _frames = GC.AllocateArray<Frame>((int)BitOperations.RoundUpToPowerOf2((uint)capacity), pinned: true);
        _mask = _frames.Length - 1;
    }

    internal int Count => (int)(Volatile.Read(ref _ends.Written) - Volatile.Read(ref _ends.Read));

    internal int Write(ReadOnlySpan<Frame> frames)
    {
        uint written = _ends.Written;
        int free = _frames.Length - (int)(written - _ends.ReadSeen);
        if (free < frames.Length)
        {
            _ends.ReadSeen = Volatile.Read(ref _ends.Read);
            free = _frames.Length - (int)(written - _ends.ReadSeen);
        }

        int count = Math.Min(free, frames.Length);
        for (int i = 0; i < count; i++)
            _frames[(int)(written + (uint)i) & _mask] = frames[i];
        // The descriptors must be visible before the position that announces them.
        Volatile.Write(ref _ends.Written, written + (uint)count);
        return count;
    }

    internal int Read(Span<Frame> frames)
    {
        uint read = _ends.Read;
        int waiting = (int)(_ends.WrittenSeen - read);
        if (waiting < frames.Length)
        {
            _ends.WrittenSeen = Volatile.Read(ref _ends.Written);
            waiting = (int)(_ends.WrittenSeen - read);
        }

        int count = Math.Min(waiting, frames.Length);
        for (int i = 0; i < count; i++)
            frames[i] = _frames[(int)(read + (uint)i) & _mask];
        Volatile.Write(ref _ends.Read, read + (uint)count);
        return count;
    }

    // Each end on lines of its own (128 bytes: processors fetch lines in pairs), so that writer and reader don't share one.
    [StructLayout(LayoutKind.Explicit, Size = 384)]
    private struct Ends
    {
        [FieldOffset(128)]
        public uint Written;

        [FieldOffset(132)]
        public uint ReadSeen;

        [FieldOffset(256)]
        public uint Read;

        [FieldOffset(260)]
        public uint WrittenSeen;
    }
}
