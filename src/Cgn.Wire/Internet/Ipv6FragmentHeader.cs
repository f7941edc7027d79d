using System;

namespace Cgn.Wire;

/// <summary>The values of an IPv6 fragment header, to be written whole (RFC 8200 §4.5).</summary>
public readonly record struct Ipv6FragmentHeader
{
    /// <summary>Bytes.</summary>
    public const int Size = Ipv6FragmentView.HeaderSize;

    /// <summary>What the fragmentable part begins with.</summary>
    public IpProtocol NextHeader { get; init; }

    /// <summary>Offset in bytes, a multiple of 8 up to 65,528.</summary>
    public int FragmentOffsetBytes { get; init; }

    /// <summary>The M flag.</summary>
    public bool MoreFragments { get; init; }

    /// <summary>Identification of the packet for its fragments.</summary>
    public uint Identification { get; init; }

    /// <summary>Writes the header and nothing after it.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <returns>Bytes written, <see cref="Size"/>.</returns>
    public int Write(Span<byte> destination)
    {
        destination[0] = (byte)NextHeader;
        destination[1] = 0;
        BigEndian.Write16(destination, 2, (ushort)((FragmentOffsetBytes & 0xFFF8) | (MoreFragments ? 1 : 0)));
        BigEndian.Write32(destination, 4, Identification);
        return Size;
    }
}
