using System;

namespace Cgn.Wire;

/// <summary>
/// An ICMP message, read and patched in place (RFC 792). Opening checks the length; after it no accessor can fail. No
/// setter touches the checksum.
/// </summary>
/// <remarks>Bytes: type 1, code 1, checksum 2, then 4 bytes whose meaning depends on the type, then data.</remarks>
public readonly ref struct IcmpView
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 8;

    /// <summary>Offset of the checksum field.</summary>
    public const int ChecksumOffset = 2;

    private readonly Span<byte> _message;

    private IcmpView(Span<byte> message) => _message = message;

    /// <summary>Header and data.</summary>
    public Span<byte> Message => _message;

    /// <summary>What follows the header; in errors the quoted packet and perhaps extensions.</summary>
    public Span<byte> Payload => _message[HeaderSize..];

    /// <summary>Message type.</summary>
    public IcmpType Type
    {
        get => (IcmpType)_message[0];
        set => _message[0] = (byte)value;
    }

    /// <summary>Code within the type.</summary>
    public byte Code
    {
        get => _message[1];
        set => _message[1] = value;
    }

    /// <summary>The checksum field in host order.</summary>
    public ushort Checksum
    {
        get => BigEndian.Read16(_message, ChecksumOffset);
        set => BigEndian.Write16(_message, ChecksumOffset, value);
    }

    /// <summary>The identifier of queries and replies, which a NAT treats as a port (RFC 5508 §3).</summary>
    public ushort Identifier
    {
        get => BigEndian.Read16(_message, 4);
        set => BigEndian.Write16(_message, 4, value);
    }

    /// <summary>The sequence number of queries and replies.</summary>
    public ushort Sequence
    {
        get => BigEndian.Read16(_message, 6);
        set => BigEndian.Write16(_message, 6, value);
    }

    /// <summary>The next hop's MTU in bytes, in type 3 code 4 (RFC 1191 §4).</summary>
    public ushort NextHopMtu
    {
        get => BigEndian.Read16(_message, 6);
        set => BigEndian.Write16(_message, 6, value);
    }

    /// <summary>The offset of the faulty byte in the quoted packet, in type 12 code 0.</summary>
    public byte Pointer => _message[4];

    /// <summary>Whether the checksum is right.</summary>
    public bool IsChecksumRight => Wire.Checksum.IsRight(_message);

    /// <summary>A request that carries an identifier and expects a reply (RFC 5508 §1).</summary>
    public bool IsQuery => Type is IcmpType.EchoRequest or IcmpType.TimestampRequest
        or IcmpType.InformationRequest or IcmpType.AddressMaskRequest;

    /// <summary>The reply to such a request.</summary>
    public bool IsReply => Type is IcmpType.EchoReply or IcmpType.TimestampReply
        or IcmpType.InformationReply or IcmpType.AddressMaskReply;

    /// <summary>
    /// An error, which quotes the packet it is about and is never answered by another error (RFC 1122 §3.2.2).
    /// </summary>
    public bool IsError => Type is IcmpType.DestinationUnreachable or IcmpType.SourceQuench or IcmpType.Redirect
        or IcmpType.TimeExceeded or IcmpType.ParameterProblem;

    /// <summary>
    /// Bytes of quoted packet before the extensions, a multiple of 4; 0 when not stated (RFC 4884 §4).
    /// </summary>
    public int QuoteLengthBytes => Type is IcmpType.DestinationUnreachable or IcmpType.TimeExceeded
        or IcmpType.ParameterProblem ? _message[5] * 4 : 0;

    /// <summary>The quoted packet with its padding, without extensions. Empty unless this is an error.</summary>
    public Span<byte> QuotedPacket => Payload[..QuoteEnd];

    /// <summary>The extension structure behind the quoted packet (RFC 4884 §7); mostly empty.</summary>
    public Span<byte> Extensions => IsError ? Payload[QuoteEnd..] : default;

    private int QuoteEnd
    {
        get
        {
            int stated = QuoteLengthBytes;
            int present = IsError ? _message.Length - HeaderSize : 0;
            return stated == 0 ? present : Math.Min(stated, present);
        }
    }

    /// <summary>Opens a message.</summary>
    /// <param name="bytes">From the type to the end of the IP payload.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/>.</param>
    public static bool TryOpen(Span<byte> bytes, out IcmpView view, out WireRefusal refusal)
    {
        bool open = bytes.Length >= HeaderSize;
        refusal = open ? WireRefusal.None : WireRefusal.TooShort;
        view = open ? new IcmpView(bytes) : default;
        return open;
    }
}
