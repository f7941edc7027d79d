using System;

namespace Cgn.Wire;

/// <summary>
/// An IPv6 packet, read and patched in place (RFC 8200 §3). Opening checks version and payload length; after it no
/// accessor can fail, whatever is written into the fields. What follows the fixed header is for
/// <see cref="Ipv6ExtensionWalk"/>.
/// </summary>
/// <remarks>
/// Bytes: version 4 bits, traffic class 8 bits, flow label 20 bits, payload length 2, next header 1, hop limit 1,
/// source 16, destination 16.
/// </remarks>
public readonly ref struct Ipv6View
{
    /// <summary>Bytes of the fixed header.</summary>
    public const int HeaderSize = 40;

    /// <summary>Offset of the next header field, for parameter problems.</summary>
    public const int NextHeaderOffset = 6;

    private readonly Span<byte> _packet;

    private Ipv6View(Span<byte> packet) => _packet = packet;

    /// <summary>The packet from its first byte to what the payload length said at opening.</summary>
    public Span<byte> Packet => _packet;

    /// <summary>What follows the fixed header: extension headers and upper layer.</summary>
    public Span<byte> Payload => _packet[HeaderSize..];

    /// <summary>Six bits of DSCP, two of ECN (RFC 2474, RFC 3168).</summary>
    public byte TrafficClass
    {
        get => (byte)(BigEndian.Read16(_packet, 0) >> 4);
        set => BigEndian.Write16(_packet, 0, (ushort)(0x6000 | (value << 4) | (_packet[1] & 0x0F)));
    }

    /// <summary>The flow label, 20 bits (RFC 6437). Setting keeps the lower 20 bits of the value.</summary>
    public uint FlowLabel
    {
        get => BigEndian.Read32(_packet, 0) & 0xF_FFFF;
        set => BigEndian.Write32(_packet, 0, (BigEndian.Read32(_packet, 0) & 0xFFF0_0000) | (value & 0xF_FFFF));
    }

    /// <summary>
    /// Bytes after the fixed header as the field says now; setting it does not move the end of this view.
    /// </summary>
    public ushort PayloadLength
    {
        get => BigEndian.Read16(_packet, 4);
        set => BigEndian.Write16(_packet, 4, value);
    }

    /// <summary>What follows the fixed header.</summary>
    public IpProtocol NextHeader
    {
        get => (IpProtocol)_packet[NextHeaderOffset];
        set => _packet[NextHeaderOffset] = (byte)value;
    }

    /// <summary>Hops left.</summary>
    public byte HopLimit
    {
        get => _packet[7];
        set => _packet[7] = value;
    }

    /// <summary>Source address.</summary>
    public Ipv6Address Source
    {
        get => Ipv6Address.Read(_packet[8..]);
        set => value.Write(_packet[8..]);
    }

    /// <summary>Destination address.</summary>
    public Ipv6Address Destination
    {
        get => Ipv6Address.Read(_packet[24..]);
        set => value.Write(_packet[24..]);
    }

    /// <summary>
    /// Opens a packet. Jumbograms (RFC 2675) are not known: a payload length of 0 is an empty payload.
    /// </summary>
    /// <param name="bytes">From the first byte of the header; bytes after the payload length are ignored.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/>, <see cref="WireRefusal.BadVersion"/> or
    /// <see cref="WireRefusal.Truncated"/>.</param>
    public static bool TryOpen(Span<byte> bytes, out Ipv6View view, out WireRefusal refusal)
    {
        if (!TryOpenQuoted(bytes, out view, out refusal))
            return false;
        int length = HeaderSize + view.PayloadLength;
        if (length <= bytes.Length)
        {
            view = new Ipv6View(bytes[..length]);
            return true;
        }

        view = default;
        refusal = WireRefusal.Truncated;
        return false;
    }

    /// <summary>
    /// Opens what an ICMPv6 error quotes: the header must be whole, the payload may be cut (RFC 4443 §3).
    /// </summary>
    /// <param name="bytes">From the first byte of the quoted header; all of it belongs to the view.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/> or <see cref="WireRefusal.BadVersion"/>.</param>
    public static bool TryOpenQuoted(Span<byte> bytes, out Ipv6View view, out WireRefusal refusal)
    {
        view = default;
        refusal = bytes.Length < HeaderSize ? WireRefusal.TooShort
            : bytes[0] >> 4 != 6 ? WireRefusal.BadVersion
            : WireRefusal.None;
        if (refusal != WireRefusal.None)
            return false;
        view = new Ipv6View(bytes);
        return true;
    }
}
