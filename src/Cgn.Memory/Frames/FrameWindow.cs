using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Cgn.Memory.Frames;

/// <summary>
/// 128 bytes of a chunk, where headers are read and written in network order. That the bytes lie in the store is
/// checked once, when the window is opened; an access at a constant offset then costs no check at all.
/// </summary>
/// <remarks>
/// A window may reach beyond the end of its packet, and of its chunk into the next one or into the store's margin: what
/// it holds there means nothing, and only what the packet's length covers, or headroom, may be written.
/// </remarks>
public readonly unsafe ref struct FrameWindow
{
    /// <summary>Bytes in a window.</summary>
    public const int Bytes = 128;

    private readonly byte* _first;

    // The caller argues the bounds: Bytes bytes from there lie in one region.
    internal FrameWindow(byte* first) => _first = first;

    /// <summary>A byte.</summary>
    /// <param name="offset">0 to 127.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public byte Read8(int offset) => *At(offset, sizeof(byte));

    /// <summary>Two bytes, network order.</summary>
    /// <param name="offset">0 to 126.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ushort Read16(int offset) => FromNetwork(Unsafe.ReadUnaligned<ushort>(At(offset, sizeof(ushort))));

    /// <summary>Four bytes, network order.</summary>
    /// <param name="offset">0 to 124.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public uint Read32(int offset) => FromNetwork(Unsafe.ReadUnaligned<uint>(At(offset, sizeof(uint))));

    /// <summary>Eight bytes, network order.</summary>
    /// <param name="offset">0 to 120.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong Read64(int offset) => FromNetwork(Unsafe.ReadUnaligned<ulong>(At(offset, sizeof(ulong))));

    /// <summary>Writes a byte.</summary>
    /// <param name="offset">0 to 127.</param>
    /// <param name="value">What.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write8(int offset, byte value) => *At(offset, sizeof(byte)) = value;

    /// <summary>Writes two bytes in network order.</summary>
    /// <param name="offset">0 to 126.</param>
    /// <param name="value">What, host order.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write16(int offset, ushort value) =>
        Unsafe.WriteUnaligned(At(offset, sizeof(ushort)), FromNetwork(value));

    /// <summary>Writes four bytes in network order.</summary>
    /// <param name="offset">0 to 124.</param>
    /// <param name="value">What, host order.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write32(int offset, uint value) =>
        Unsafe.WriteUnaligned(At(offset, sizeof(uint)), FromNetwork(value));

    /// <summary>Writes eight bytes in network order.</summary>
    /// <param name="offset">0 to 120.</param>
    /// <param name="value">What, host order.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Write64(int offset, ulong value) =>
        Unsafe.WriteUnaligned(At(offset, sizeof(ulong)), FromNetwork(value));

    /// <summary>Eight bytes as they lie in memory.</summary>
    /// <param name="offset">0 to 120.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ulong ReadRaw64(int offset) => Unsafe.ReadUnaligned<ulong>(At(offset, sizeof(ulong)));

    /// <summary>Writes eight bytes as they are to lie in memory.</summary>
    /// <param name="offset">0 to 120.</param>
    /// <param name="value">What.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void WriteRaw64(int offset, ulong value) => Unsafe.WriteUnaligned(At(offset, sizeof(ulong)), value);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private byte* At(int offset, int size)
    {
        // Bounds: the window's bytes are in the region; for a constant offset the compiler drops the test.
        if ((uint)offset > (uint)(Bytes - size))
            ThrowOutside();
        return _first + offset;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ushort FromNetwork(ushort value) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint FromNetwork(uint value) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong FromNetwork(ulong value) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(value) : value;

    private static void ThrowOutside() => throw new InvalidOperationException("an access outside a frame's window");
}
