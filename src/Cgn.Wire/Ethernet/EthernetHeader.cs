using System;

namespace Cgn.Wire;

/// <summary>The values of an Ethernet II header with up to two VLAN tags, to be written whole.</summary>
public readonly record struct EthernetHeader
{
    /// <summary>Where the frame goes.</summary>
    public MacAddress Destination { get; init; }

    /// <summary>Where the frame comes from.</summary>
    public MacAddress Source { get; init; }

    /// <summary>VLAN of the outermost tag, 1 to 4095, written with type 0x8100; 0 writes no tag.</summary>
    public int OuterVlan { get; init; }

    /// <summary>
    /// VLAN of the second tag, 1 to 4095; 0 writes none. With two tags the outer one has type 0x88A8.
    /// </summary>
    public int InnerVlan { get; init; }

    /// <summary>The type of the payload, in host order.</summary>
    public ushort EtherType { get; init; }

    /// <summary>Bytes of this header: 14, 18 or 22.</summary>
    public int Size => EthernetView.HeaderSize + TagCount * EthernetView.TagSize;

    private int TagCount => OuterVlan == 0 ? 0 : InnerVlan == 0 ? 1 : 2;

    /// <summary>Writes the header and nothing after it.</summary>
    /// <param name="destination">At least <see cref="Size"/> bytes.</param>
    /// <returns>Bytes written.</returns>
    public int Write(Span<byte> destination)
    {
        Destination.Write(destination);
        Source.Write(destination[6..]);
        int at = 12;
        if (TagCount == 2)
            at = WriteTag(destination, at, EtherTypes.ServiceVlan, OuterVlan);
        if (TagCount > 0)
            at = WriteTag(destination, at, EtherTypes.Vlan, TagCount == 2 ? InnerVlan : OuterVlan);
        BigEndian.Write16(destination, at, EtherType);
        return at + 2;
    }

    private static int WriteTag(Span<byte> destination, int at, ushort type, int vlan)
    {
        BigEndian.Write16(destination, at, type);
        BigEndian.Write16(destination, at + 2, (ushort)(vlan & 0xFFF));
        return at + EthernetView.TagSize;
    }
}
