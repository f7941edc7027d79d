using System;
using System.Buffers.Binary;

namespace Cgn.Cli.Captures;

/// <summary>
/// Numbers in network order, read and written by this command's own code, which judges the gateway's.
/// </summary>
internal static class NetworkBytes
{
    /// <summary>Two bytes at an offset as a host-order number.</summary>
    internal static ushort Read16(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt16BigEndian(bytes[offset..]);

    /// <summary>Four bytes at an offset.</summary>
    internal static uint Read32(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]);

    /// <summary>Eight bytes at an offset.</summary>
    internal static ulong Read64(ReadOnlySpan<byte> bytes, int offset) =>
        BinaryPrimitives.ReadUInt64BigEndian(bytes[offset..]);

    /// <summary>Writes two bytes at an offset.</summary>
    internal static void Write16(Span<byte> bytes, int offset, ushort value) =>
        BinaryPrimitives.WriteUInt16BigEndian(bytes[offset..], value);

    /// <summary>Writes four bytes at an offset.</summary>
    internal static void Write32(Span<byte> bytes, int offset, uint value) =>
        BinaryPrimitives.WriteUInt32BigEndian(bytes[offset..], value);

    /// <summary>Writes eight bytes at an offset.</summary>
    internal static void Write64(Span<byte> bytes, int offset, ulong value) =>
        BinaryPrimitives.WriteUInt64BigEndian(bytes[offset..], value);
}
