using System;

namespace Cgn.Wire;

/// <summary>The values of a UDP header, to be written whole (RFC 768).</summary>
public readonly record struct UdpHeader
{
    /// <summary>Bytes.</summary>
    public const int Size = UdpView.HeaderSize;

    /// <summary>Source port.</summary>
    public ushort SourcePort { get; init; }

    /// <summary>Destination port.</summary>
    public ushort DestinationPort { get; init; }

    /// <summary>Bytes after the header, 0 to 65,527.</summary>
    public int PayloadLength { get; init; }

    /// <summary>Checksum in host order; 0 for none, see <see cref="Checksum.FillUdp"/> for the right one.</summary>
    public ushort ChecksumValue { get; init; }

    /// <summary>Writes the header and nothing after it.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <returns>Bytes written, <see cref="Size"/>.</returns>
    public int Write(Span<byte> destination)
    {
        BigEndian.Write16(destination, 0, SourcePort);
        BigEndian.Write16(destination, 2, DestinationPort);
        BigEndian.Write16(destination, 4, (ushort)(Size + PayloadLength));
        BigEndian.Write16(destination, 6, ChecksumValue);
        return Size;
    }
}
