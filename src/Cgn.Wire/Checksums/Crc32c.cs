using System;
using System.Buffers.Binary;
using System.Numerics;

namespace Cgn.Wire;

/// <summary>CRC-32C (Castagnoli), the checksum of SCTP (RFC 9260 §6.8 and appendix A).</summary>
public static class Crc32c
{
    private const int SctpChecksumOffset = 8;

    /// <summary>The CRC of all bytes, with the usual inversion before and after.</summary>
    /// <param name="bytes">Any length; "123456789" gives 0xE3069283.</param>
    public static uint Compute(ReadOnlySpan<byte> bytes) => ~Continue(uint.MaxValue, bytes);

    /// <summary>Computes and writes the checksum of an SCTP packet, whose field counts as zero meanwhile.</summary>
    /// <param name="packet">Common header and chunks, at least 12 bytes.</param>
    public static void FillSctp(Span<byte> packet) =>
        // RFC 9260 appendix A: the remainder's bytes go out in the order that little-endian storage gives.
        BinaryPrimitives.WriteUInt32LittleEndian(packet[SctpChecksumOffset..], ComputeSctp(packet));

    /// <summary>Whether an SCTP packet carries its right checksum.</summary>
    /// <param name="packet">Common header and chunks, at least 12 bytes.</param>
    public static bool IsSctpRight(ReadOnlySpan<byte> packet) =>
        BinaryPrimitives.ReadUInt32LittleEndian(packet[SctpChecksumOffset..]) == ComputeSctp(packet);

    private static uint ComputeSctp(ReadOnlySpan<byte> packet)
    {
        uint crc = Continue(uint.MaxValue, packet[..SctpChecksumOffset]);
        crc = BitOperations.Crc32C(crc, 0u);
        return ~Continue(crc, packet[(SctpChecksumOffset + sizeof(uint))..]);
    }

    private static uint Continue(uint crc, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length >= sizeof(ulong))
        {
            crc = BitOperations.Crc32C(crc, BinaryPrimitives.ReadUInt64LittleEndian(bytes));
            bytes = bytes[sizeof(ulong)..];
        }

        foreach (byte b in bytes)
            crc = BitOperations.Crc32C(crc, b);
        return crc;
    }
}
