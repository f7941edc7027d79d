using System;
using System.Buffers.Binary;
using System.IO;

namespace Cgn.Ports.Capture;

/// <summary>
/// What the first bytes of a capture file say: libpcap converts timestamps but does not tell how fine they were.
/// </summary>
internal static class CaptureFormat
{
    private const uint MagicMicroseconds = 0xA1B2C3D4;
    private const uint MagicNanoseconds = 0xA1B23C4D;
    private const uint MagicSection = 0x0A0D0D0A;
    private const uint ByteOrderMark = 0x1A2B3C4D;
    private const uint BlockInterface = 1;
    private const uint BlockPacket = 2;
    private const uint BlockSimplePacket = 3;
    private const uint BlockEnhancedPacket = 6;
    private const ushort OptionResolution = 9;
    private const int SectionFixedBytes = 16;
    private const int InterfaceFixedBytes = 8;

    /// <summary>
    /// Whether timestamps are finer than a microsecond: by the magic number (pcap), or by if_tsresol of an interface
    /// (pcapng).
    /// </summary>
    internal static bool IsNanosecond(Stream file)
    {
        Span<byte> head = stackalloc byte[12];
        if (file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) < head.Length)
            return false;
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(head);
        if (magic == MagicNanoseconds || BinaryPrimitives.ReverseEndianness(magic) == MagicNanoseconds)
            return true;
        if (magic != MagicSection)
            return false;
        bool little = BinaryPrimitives.ReadUInt32LittleEndian(head[8..]) == ByteOrderMark;
        long next = Read32(head[4..], little);
        return AnyFineInterface(file, next, little);
    }

    /// <summary>Whether the file begins as a capture of either format at all.</summary>
    internal static bool IsCapture(ReadOnlySpan<byte> head)
    {
        if (head.Length < 4)
            return false;
        uint magic = BinaryPrimitives.ReadUInt32LittleEndian(head);
        uint turned = BinaryPrimitives.ReverseEndianness(magic);
        return magic is MagicMicroseconds or MagicNanoseconds or MagicSection
            || turned is MagicMicroseconds or MagicNanoseconds;
    }

    // Interfaces are described before their packets; those after the first packet don't change how the output is
    // written. Other blocks (names, decryption secrets) may stand between.
    private static bool AnyFineInterface(Stream file, long position, bool little)
    {
        byte[] block = new byte[4096];
        while (true)
        {
            file.Position = position;
            int got = file.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
            if (got < SectionFixedBytes)
                return false;
            uint type = Read32(block, little);
            uint length = Read32(block.AsSpan(4), little);
            if (type is BlockPacket or BlockSimplePacket or BlockEnhancedPacket || length < 12)
                return false;
            int optionBytes = (int)Math.Min(length, (uint)got) - 12 - InterfaceFixedBytes;
            if (type == BlockInterface
                && optionBytes > 0
                && IsFine(block.AsSpan(8 + InterfaceFixedBytes, optionBytes), little))
                return true;
            position += length;
        }
    }

    // if_tsresol: the negative power of 10, or of 2 when the high bit is set (pcapng draft, section 4.2).
    private static bool IsFine(ReadOnlySpan<byte> options, bool little)
    {
        while (options.Length >= 4)
        {
            ushort code = Read16(options, little);
            int length = Read16(options[2..], little);
            int padded = (length + 3) & ~3;
            if (code == 0 || options.Length < 4 + padded)
                return false;
            if (code == OptionResolution && length >= 1)
                return (options[4] & 0x80) != 0 ? (options[4] & 0x7F) > 20 : options[4] > 6;
            options = options[(4 + padded)..];
        }

        return false;
    }

    private static uint Read32(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt32LittleEndian(bytes) : BinaryPrimitives.ReadUInt32BigEndian(bytes);

    private static ushort Read16(ReadOnlySpan<byte> bytes, bool little) =>
        little ? BinaryPrimitives.ReadUInt16LittleEndian(bytes) : BinaryPrimitives.ReadUInt16BigEndian(bytes);
}
