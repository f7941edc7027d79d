using System;
using System.Numerics;
using System.Runtime.InteropServices;

using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Memory.Rings;

namespace Cgn.Ports.InMemory;

/// <summary>
/// A port without a device: what is injected is received, what is transmitted can be collected. For tests, benchmarks,
/// <c>translate</c> and
/// <c>replay</c>. The far end (injecting and collecting) may be the worker's own thread or one other. Nothing is
/// allocated for a frame.
/// </summary>
public sealed class MemoryPort : Port
{
    private readonly NativeRegion _region;
    private readonly SpscRing<Frame> _received;
    private readonly SpscRing<Frame> _transmitted;

    /// <summary>Opens a port with two empty rings.</summary>
    /// <param name="store">The area that all frames lie in.</param>
    /// <param name="name">The port in messages.</param>
    /// <param name="side">Side of the box that its frames carry.</param>
    /// <param name="worker">Worker that its frames carry.</param>
    /// <param name="capacity">Frames that each ring holds, 1 to 2^24; rounded up to a power of two.</param>
    public MemoryPort(FrameStore store, string name, byte side, ushort worker = 0, int capacity = 1024)
        : base(store, name, side, worker)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, 1 << 24);
        int entries = (int)BitOperations.RoundUpToPowerOf2((uint)capacity);
        nuint bytes = SpscRing<Frame>.BytesFor(entries);
        _region = NativeRegion.Anonymous(bytes * 2);
        _received = new SpscRing<Frame>(new ArenaSection(_region.Address, bytes, WasThere: false), entries);
        _transmitted = new SpscRing<Frame>(
            new ArenaSection(_region.Address + (nint)bytes, bytes, WasThere: false), entries);
    }

    /// <summary>Frames injected and not yet received.</summary>
    public int Waiting => _received.Depth;

    /// <summary>Frames transmitted and not yet collected.</summary>
    public int Transmitted => _transmitted.Depth;

    /// <summary>The far end sends: copies a packet into a free chunk, at <see cref="FrameStore.Headroom"/>.</summary>
    /// <param name="packet">From the Ethernet header on; at most a chunk less the headroom.</param>
    /// <param name="pool">Free chunks of the thread that calls.</param>
    /// <returns>False when the ring is full or the pool empty; nothing has happened then.</returns>
    /// <exception cref="ArgumentException">The packet is longer than a chunk has room for.</exception>
    public bool Inject(ReadOnlySpan<byte> packet, FramePool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        if (packet.Length > Store.ChunkBytes - FrameStore.Headroom)
        {
            throw new ArgumentException(
                $"{Name}: a packet of {packet.Length} bytes; "
                + $"a chunk has room for {Store.ChunkBytes - FrameStore.Headroom}",
                nameof(packet));
        }

        if (!pool.TryTake(out uint chunk))
            return false;
        packet.CopyTo(Store.Chunk(chunk)[FrameStore.Headroom..]);
        Frame frame = new() { Chunk = chunk, Offset = FrameStore.Headroom, Length = (uint)packet.Length };
        if (Inject(frame))
            return true;
        pool.Return(chunk);
        return false;
    }

    /// <summary>The far end sends a frame that it owns; its side and worker are set to the port's.</summary>
    /// <returns>False when the ring is full; the frame is still the caller's then.</returns>
    public bool Inject(Frame frame)
    {
        frame.Port = Side;
        frame.Worker = Worker;
        frame.Flags = FrameFlags.None;
        return _received.TryWrite(frame);
    }

    /// <summary>The far end receives: the oldest frame transmitted, which it owns from now on.</summary>
    /// <returns>False when there is none.</returns>
    public bool TryCollect(out Frame frame)
    {
        frame = default;
        return _transmitted.Read(MemoryMarshal.CreateSpan(ref frame, 1)) == 1;
    }

    /// <summary>The far end receives a batch, which it owns from now on.</summary>
    /// <returns>Frames filled in from the start of the span.</returns>
    public int Collect(Span<Frame> frames) => _transmitted.Read(frames);

    /// <inheritdoc/>
    public override int Receive(Span<Frame> frames, FramePool pool)
    {
        int count = _received.Read(frames);
        ulong bytes = 0;
        foreach (ref readonly Frame frame in frames[..count])
            bytes += frame.Length;
        Counters.ReceivedFrames += (ulong)count;
        Counters.ReceivedBytes += bytes;
        return count;
    }

    /// <inheritdoc/>
    public override int Transmit(ReadOnlySpan<Frame> frames, FramePool pool)
    {
        int count = 0;
        ulong bytes = 0;
        while (count < frames.Length && _transmitted.TryWrite(frames[count]))
            bytes += frames[count++].Length;
        Counters.TransmittedFrames += (ulong)count;
        Counters.TransmittedBytes += bytes;
        Counters.TransmitRingFull += (ulong)(frames.Length - count);
        return count;
    }

    /// <summary>Gives the chunks of all frames in both rings to the pool. The far end must have stopped.</summary>
    public override void Release(FramePool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        Frame frame = default;
        Span<Frame> one = MemoryMarshal.CreateSpan(ref frame, 1);
        while (_received.Read(one) == 1)
            pool.Return(frame.Chunk);
        while (_transmitted.Read(one) == 1)
            pool.Return(frame.Chunk);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _region.Dispose();
        base.Dispose(disposing);
    }
}
