using System;
using System.Runtime.InteropServices;

namespace Cgn.Ports.Kernel;

/// <summary>
/// One message in a buffer that the kernel filled, borrowed. Numbers in it are in the machine's byte order.
/// </summary>
internal readonly ref struct NetlinkMessage
{
    private NetlinkMessage(ushort type, ushort flags, uint sequence, ReadOnlySpan<byte> body)
    {
        Type = type;
        Flags = flags;
        Sequence = sequence;
        Body = body;
    }

    internal ushort Type { get; }

    internal ushort Flags { get; }

    internal uint Sequence { get; }

    internal ReadOnlySpan<byte> Body { get; }

    /// <summary>Cuts the first message off; false at the end, or where a length makes no sense.</summary>
    internal static bool TryTake(scoped ref ReadOnlySpan<byte> buffer, out NetlinkMessage message)
    {
        message = default;
        if (buffer.Length < Rtnetlink.HeaderBytes)
            return false;
        uint length = MemoryMarshal.Read<uint>(buffer);
        if (length < Rtnetlink.HeaderBytes || length > (uint)buffer.Length)
            return false;
        message = new NetlinkMessage(
            MemoryMarshal.Read<ushort>(buffer[4..]),
            MemoryMarshal.Read<ushort>(buffer[6..]),
            MemoryMarshal.Read<uint>(buffer[8..]),
            buffer[Rtnetlink.HeaderBytes..(int)length]);
        buffer = buffer[Math.Min(buffer.Length, ((int)length + 3) & ~3)..];
        return true;
    }

    /// <summary>Cuts the first attribute off; false at the end, or where a length makes no sense.</summary>
    internal static bool TryTakeAttribute(
        scoped ref ReadOnlySpan<byte> attributes, out ushort type, out ReadOnlySpan<byte> value)
    {
        const int AttributeHeaderBytes = 4;
        const ushort TypeMask = 0x3FFF;
        type = 0;
        value = default;
        if (attributes.Length < AttributeHeaderBytes)
            return false;
        int length = MemoryMarshal.Read<ushort>(attributes);
        if (length < AttributeHeaderBytes || length > attributes.Length)
            return false;
        type = (ushort)(MemoryMarshal.Read<ushort>(attributes[2..]) & TypeMask);
        value = attributes[AttributeHeaderBytes..length];
        attributes = attributes[Math.Min(attributes.Length, (length + 3) & ~3)..];
        return true;
    }

    /// <summary>An IPv4 or IPv6 address in network order as a number; 0 for any other length.</summary>
    internal static UInt128 Address(ReadOnlySpan<byte> bytes) => bytes.Length switch
    {
        4 => System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(bytes),
        16 => System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes),
        _ => UInt128.Zero,
    };

    /// <summary>A number of 32 bits; 0 when the attribute is shorter.</summary>
    internal static uint Number(ReadOnlySpan<byte> bytes) => bytes.Length >= 4 ? MemoryMarshal.Read<uint>(bytes) : 0;
}
