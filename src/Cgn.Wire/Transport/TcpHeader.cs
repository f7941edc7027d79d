using System;

namespace Cgn.Wire;

/// <summary>The values of a TCP header, to be written whole (RFC 9293 §3.1).</summary>
public readonly record struct TcpHeader
{
    /// <summary>Bytes without options.</summary>
    public const int Size = TcpView.HeaderSizeMin;

    private const int OptionsMax = 40;

    /// <summary>Source port.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>Destination port.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>Sequence number.</summary>
    public uint Sequence { get; init; }

    /// <summary>Acknowledgment number.</summary>
    public uint Acknowledgment { get; init; }

    /// <summary>Control bits.</summary>
    public TcpFlags Flags { get; init; }

    /// <summary>Receive window, not scaled.</summary>
    public ushort Window { get; init; }

    /// <summary>Checksum in host order; see <see cref="Checksum.FillTcp"/> for the right one.</summary>
    public ushort ChecksumValue { get; init; }

    /// <summary>Urgent pointer.</summary>
    public ushort UrgentPointer { get; init; }

    /// <summary>Writes the header without options, and nothing after it.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <returns>Bytes written, <see cref="Size"/>.</returns>
    public int Write(Span<byte> destination) => Write(destination, default);

    /// <summary>Writes the header with options, and nothing after it.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes and the options.</param>
    /// <param name="options">0 to 40 bytes, a multiple of 4.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">The options have no valid length.</exception>
    public int Write(Span<byte> destination, ReadOnlySpan<byte> options)
    {
        if (options.Length % 4 != 0 || options.Length > OptionsMax)
            throw new ArgumentException($"{options.Length} bytes of TCP options; 0 to 40 in fours can be written");
        int length = Size + options.Length;
        BigEndian.Write16(destination, 0, SourcePort);
        BigEndian.Write16(destination, 2, DestinationPort);
        BigEndian.Write32(destination, 4, Sequence);
        BigEndian.Write32(destination, 8, Acknowledgment);
        destination[12] = (byte)(length << 2);
        destination[13] = (byte)Flags;
        BigEndian.Write16(destination, 14, Window);
        BigEndian.Write16(destination, 16, ChecksumValue);
        BigEndian.Write16(destination, 18, UrgentPointer);
        options.CopyTo(destination[Size..]);
        return length;
    }
}
