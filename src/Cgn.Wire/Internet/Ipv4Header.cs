using System;

namespace Cgn.Wire;

/// <summary>The values of an IPv4 header, to be written whole (RFC 791 §3.1).</summary>
public readonly record struct Ipv4Header
{
    /// <summary>Bytes without options.</summary>
    public const int Size = Ipv4View.HeaderSizeMin;

    /// <summary>DSCP and ECN.</summary>
    public byte TrafficClass { get; init; }

    /// <summary>Bytes after header and options.</summary>
    public int PayloadLength { get; init; }

    /// <summary>Identification of the packet for its fragments.</summary>
    public ushort Identification { get; init; }

    /// <summary>The DF flag.</summary>
    public bool DontFragment { get; init; }

    /// <summary>The MF flag.</summary>
    public bool MoreFragments { get; init; }

    /// <summary>Offset of a fragment in bytes, a multiple of 8 up to 65,528.</summary>
    public int FragmentOffsetBytes { get; init; }

    /// <summary>Hops left.</summary>
    public byte Ttl { get; init; }

    /// <summary>What the payload is.</summary>
    public IpProtocol Protocol { get; init; }

    /// <summary>Source address.</summary>
    public Ipv4Address Source { get; init; }

    /// <summary>Destination address.</summary>
    public Ipv4Address Destination { get; init; }

    /// <summary>Writes the header with its checksum, and nothing after it.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <returns>Bytes written, <see cref="Size"/>.</returns>
    public int Write(Span<byte> destination) => Write(destination, default);

    /// <summary>Writes the header with options and its checksum, and nothing after it.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes and the options.</param>
    /// <param name="options">0 to 40 bytes, a multiple of 4.</param>
    /// <returns>Bytes written.</returns>
    /// <exception cref="ArgumentException">The options have no valid length.</exception>
    public int Write(Span<byte> destination, ReadOnlySpan<byte> options)
    {
        int length = Size + options.Length;
        if (options.Length % 4 != 0 || length > Ipv4View.HeaderSizeMax)
            throw new ArgumentException($"{options.Length} bytes of IPv4 options; 0 to 40 in fours can be written");
        destination[0] = (byte)(0x40 | (length / 4));
        destination[1] = TrafficClass;
        BigEndian.Write16(destination, 2, (ushort)(length + PayloadLength));
        BigEndian.Write16(destination, 4, Identification);
        int flags = (DontFragment ? 0x4000 : 0) | (MoreFragments ? 0x2000 : 0);
        BigEndian.Write16(destination, 6, (ushort)(flags | (FragmentOffsetBytes >> 3)));
        destination[8] = Ttl;
        destination[9] = (byte)Protocol;
        BigEndian.Write16(destination, 10, 0);
        Source.Write(destination[12..]);
        Destination.Write(destination[16..]);
        options.CopyTo(destination[Size..]);
        BigEndian.Write16(destination, 10, Checksum.Compute(destination[..length]));
        return length;
    }
}
