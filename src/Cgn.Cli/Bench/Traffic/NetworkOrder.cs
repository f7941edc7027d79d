using System;
using System.Buffers.Binary;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>Numbers in network order at an offset of a packet.</summary>
internal static class NetworkOrder
{
    /// <summary>Two bytes.</summary>
    public static ushort Read16(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);

    /// <summary>Four bytes.</summary>
    public static uint Read32(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);

    /// <summary>Two bytes.</summary>
    public static void Write16(Span<byte> bytes, int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16BigEndian(bytes[offset..], value);
}
