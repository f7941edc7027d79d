using System;

namespace Cgn.Wire;

/// <summary>The values of an IPv6 header, to be written whole (RFC 8200 §3).</summary>
public readonly record struct Ipv6Header
{
    /// <summary>Bytes.</summary>
    public const int Size = Ipv6View.HeaderSize;

    /// <summary>DSCP and ECN.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>The flow label, 20 bits.</summary>
    public uint FlowLabel { get; init; }

    /// <summary>Bytes after the fixed header, 0 to 65,535.</summary>
    public int PayloadLength { get; init; }

    /// <summary>What follows.</summary>
    public IpProtocol NextHeader { get; init; }

    /// <summary>Hops left.</summary>
    public byte HopLimit { get; init; }

    /// <summary>Source address.</summary>
    public Ipv6Address Source { get; init; }

    /// <summary>Destination address.</summary>
    public Ipv6Address Destination { get; init; }

    /// <summary>Writes the header and nothing after it.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <returns>Bytes written, <see cref="Size"/>.</returns>
    public int Write(Span<byte> destination)
    {
        BigEndian.Write32(destination, 0, 0x6000_0000 | ((uint)TrafficClass << 20) | (FlowLabel & 0xF_FFFF));
        BigEndian.Write16(destination, 4, (ushort)PayloadLength);
        destination[6] = (byte)NextHeader;
        destination[7] = HopLimit;
        Source.Write(destination[8..]);
        Destination.Write(destination[24..]);
        return Size;
    }
}
