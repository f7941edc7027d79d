using System;
using System.IO;
using System.Numerics;
using System.Runtime.CompilerServices;

using Cgn.Memory.Arenas;

namespace Cgn.Memory.Frames;

/// <summary>
/// All frames of the process: equal chunks in one page-aligned area of native memory, shared by every port and
/// registered as it is with AF_XDP.
/// Chunk size is a power of two, so an address in the area splits into chunk and offset by shift and mask.
/// </summary>
public sealed unsafe class FrameStore : IDisposable
{
    /// <summary>Bytes kept free before a received packet: room for an outer IPv6 header, its extension headers and
    /// two VLAN tags.</summary>
    public const int Headroom = 256;

    /// <summary>Bytes of a chunk that holds any Ethernet frame of up to 1,536 bytes, its headroom and the kernel's
    /// own.</summary>
    public const int LiveChunkBytes = 2048;

    private readonly NativeRegion _region;
    private readonly byte* _base;
    private readonly int _chunkShift;

    /// <summary>Takes the area.</summary>
    /// <param name="chunkCount">Frames, 1 to 2^26.</param>
    /// <param name="chunkBytes">Bytes a frame: a power of two, 2,048 to 131,072.</param>
    /// <exception cref="ArgumentOutOfRangeException">A size outside those ranges.</exception>
    /// <exception cref="IOException">The system refused the memory.</exception>
    public FrameStore(int chunkCount, int chunkBytes = LiveChunkBytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(chunkCount, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(chunkCount, 1 << 26);
        if (chunkBytes is < 2048 or > 131072 || !BitOperations.IsPow2(chunkBytes))
            throw new ArgumentOutOfRangeException(nameof(chunkBytes), "must be a power of two from 2048 to 131072");
        ChunkCount = chunkCount;
        ChunkBytes = chunkBytes;
        _chunkShift = BitOperations.Log2((uint)chunkBytes);
        Bytes = (nuint)chunkCount * (nuint)chunkBytes;
        _region = NativeRegion.Anonymous(Bytes + FrameWindow.Bytes);
        _base = (byte*)_region.Address;
    }

    /// <summary>Frames in the area.</summary>
    public int ChunkCount { get; }

    /// <summary>Bytes of each frame, a power of two.</summary>
    public int ChunkBytes { get; }

    /// <summary>First byte of the area, page-aligned; for registration with the kernel.</summary>
    public nint Address => _region.Address;

    /// <summary>Bytes of the area.</summary>
    public nuint Bytes { get; }

    /// <summary>Takes all pages from the system now, before the kernel does to register them.</summary>
    /// <returns>False when the system did not give some of them.</returns>
    public bool TryPopulate() => _region.TryPopulate();

    /// <summary>The packet that a descriptor names, as writable bytes.</summary>
    /// <exception cref="InvalidOperationException">The descriptor names bytes outside its chunk: a broken
    /// invariant.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Packet(in Frame frame)
    {
        // Bounds: chunk < ChunkCount and offset + length <= ChunkBytes put every byte inside the region.
        if (frame.Chunk >= (uint)ChunkCount || (ulong)frame.Offset + frame.Length > (ulong)ChunkBytes)
            ThrowOutside(frame.Chunk, frame.Offset, frame.Length);
        return new Span<byte>(_base + ((nuint)frame.Chunk << _chunkShift) + frame.Offset, (int)frame.Length);
    }

    /// <summary>A whole chunk, headroom and all.</summary>
    /// <exception cref="InvalidOperationException">There is no such chunk.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public Span<byte> Chunk(uint chunk)
    {
        if (chunk >= (uint)ChunkCount)
            ThrowOutside(chunk, 0, 0);
        return new Span<byte>(_base + ((nuint)chunk << _chunkShift), ChunkBytes);
    }

    /// <summary>The bytes of a chunk from a position on, for headers.</summary>
    /// <param name="chunk">Number of the chunk.</param>
    /// <param name="at">Counted from the start of the chunk.</param>
    /// <exception cref="InvalidOperationException">There is no such chunk or place: a broken invariant.</exception>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public FrameWindow Window(uint chunk, int at)
    {
        // Bounds: chunk < ChunkCount and at <= ChunkBytes, and behind the last chunk the region has a window's margin.
        if (chunk >= (uint)ChunkCount || (uint)at > (uint)ChunkBytes)
            ThrowOutside(chunk, (uint)at, 0);
        return new FrameWindow(_base + ((nuint)chunk << _chunkShift) + (nuint)(uint)at);
    }

    /// <summary>Asks the processor to fetch the first two cache lines of a packet.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(in Frame frame)
    {
        // A prefetch of a wrong address is harmless: it never faults.
        byte* address = _base + ((nuint)frame.Chunk << _chunkShift) + frame.Offset;
        Memory.Prefetch.Read(address);
        Memory.Prefetch.Read(address + 64);
    }

    /// <summary>The position of a packet in the area, as AF_XDP counts it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong AddressOf(in Frame frame) => ((ulong)frame.Chunk << _chunkShift) + frame.Offset;

    /// <summary>The chunk that a position in the area lies in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint ChunkOf(ulong address) => (uint)(address >> _chunkShift);

    /// <summary>A position in the area, counted from the start of its chunk.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint OffsetOf(ulong address) => (uint)address & (uint)(ChunkBytes - 1);

    /// <summary>Gives the area back. No frame may be used afterwards.</summary>
    public void Dispose() => _region.Dispose();

    private static void ThrowOutside(uint chunk, uint offset, uint length) => throw new InvalidOperationException(
        $"frame descriptor outside the store: chunk {chunk}, offset {offset}, length {length}");
}
