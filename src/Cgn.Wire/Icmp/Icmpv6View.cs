using System;

namespace Cgn.Wire;

/// <summary>
/// An ICMPv6 message, read and patched in place (RFC 4443 §2.1). Opening checks the length; after it no accessor can
/// fail. No setter touches the checksum.
/// </summary>
/// <remarks>Bytes: type 1, code 1, checksum 2, then 4 bytes whose meaning depends on the type, then data.</remarks>
public readonly ref struct Icmpv6View
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 8;

    private readonly Span<byte> _message;

    private Icmpv6View(Span<byte> message) => _message = message;

    /// <summary>Header and data.</summary>
    public Span<byte> Message => _message;

    /// <summary>What follows the header; in errors the quoted packet and perhaps extensions.</summary>
    public Span<byte> Payload => _message[HeaderSize..];

    /// <summary>Message type.</summary>
    public Icmpv6Type Type
    {
        get => (Icmpv6Type)_message[0];
        set => _message[0] = (byte)value;
    }

    /// <summary>Code within the type.</summary>
    public byte Code
    {
        get => _message[1];
        set => _message[1] = value;
    }

    /// <summary>The checksum field in host order; it covers an IPv6 pseudo-header too.</summary>
    public ushort Checksum
    {
        get => BigEndian.Read16(_message, 2);
        set => BigEndian.Write16(_message, 2, value);
    }

    /// <summary>The identifier of echo messages.</summary>
    public ushort Identifier
    {
        get => BigEndian.Read16(_message, 4);
        set => BigEndian.Write16(_message, 4, value);
    }

    /// <summary>The sequence number of echo messages.</summary>
    public ushort Sequence
    {
        get => BigEndian.Read16(_message, 6);
        set => BigEndian.Write16(_message, 6, value);
    }

    /// <summary>The MTU of a packet too big, in bytes (RFC 4443 §3.2).</summary>
    public uint Mtu
    {
        get => BigEndian.Read32(_message, 4);
        set => BigEndian.Write32(_message, 4, value);
    }

    /// <summary>The offset of the faulty byte in the quoted packet, in a parameter problem (RFC 4443 §3.4).</summary>
    public uint Pointer => BigEndian.Read32(_message, 4);

    /// <summary>An error, which quotes the packet it is about.</summary>
    public bool IsError => _message[0] < 128;

    /// <summary>
    /// Bytes of quoted packet before the extensions, a multiple of 8; 0 when not stated (RFC 4884 §4).
    /// </summary>
    public int QuoteLengthBytes =>
        Type is Icmpv6Type.DestinationUnreachable or Icmpv6Type.TimeExceeded ? _message[4] * 8 : 0;

    /// <summary>The quoted packet with its padding, without extensions. Empty unless this is an error.</summary>
    public Span<byte> QuotedPacket
    {
        get
        {
            int stated = QuoteLengthBytes;
            int present = IsError ? _message.Length - HeaderSize : 0;
            return Payload[..(stated == 0 ? present : Math.Min(stated, present))];
        }
    }

    /// <summary>Whether the checksum is right between these addresses.</summary>
    /// <param name="source">Source of the IPv6 packet.</param>
    /// <param name="destination">Destination of the IPv6 packet.</param>
    public bool IsChecksumRight(Ipv6Address source, Ipv6Address destination) => Wire.Checksum.IsRight(
        _message, Wire.Checksum.PseudoHeader(source, destination, IpProtocol.Icmpv6, _message.Length));

    /// <summary>Opens a message.</summary>
    /// <param name="bytes">From the type to the end of the IPv6 payload.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/>.</param>
    public static bool TryOpen(Span<byte> bytes, out Icmpv6View view, out WireRefusal refusal)
    {
        bool open = bytes.Length >= HeaderSize;
        refusal = open ? WireRefusal.None : WireRefusal.TooShort;
        view = open ? new Icmpv6View(bytes) : default;
        return open;
    }
}
