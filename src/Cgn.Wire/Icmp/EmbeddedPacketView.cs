using System;

namespace Cgn.Wire;

/// <summary>
/// The IPv4 packet that an ICMP error quotes, read and patched in place: a whole header and at least eight bytes of
/// transport (RFC 792); the rest may be cut off or padded. Its total length is not believed. No setter touches a
/// checksum.
/// </summary>
public readonly ref struct EmbeddedPacketView
{
    /// <summary>Bytes of transport that must be quoted.</summary>
    public const int TransportSizeMin = 8;

    private const int NoChecksum = -1;

    private readonly Span<byte> _quote;
    private readonly int _headerLength;
    private readonly int _checksumOffset;

    private EmbeddedPacketView(Span<byte> quote, int headerLength)
    {
        _quote = quote;
        _headerLength = headerLength;
        _checksumOffset = NoChecksum;
        int offset = (IpProtocol)quote[9] switch
        {
            IpProtocol.Tcp => TcpView.ChecksumOffset,
            IpProtocol.Udp or IpProtocol.UdpLite or IpProtocol.Dccp => UdpView.ChecksumOffset,
            IpProtocol.Icmp => IcmpView.ChecksumOffset,
            _ => NoChecksum,
        };
        if (offset != NoChecksum && IsFirstFragment && headerLength + offset + sizeof(ushort) <= quote.Length)
            _checksumOffset = headerLength + offset;
    }

    /// <summary>The quoted header with its options, 20 to 60 bytes.</summary>
    public Span<byte> Header => _quote[.._headerLength];

    /// <summary>What is quoted after the header, at least eight bytes.</summary>
    public Span<byte> Transport => _quote[_headerLength..];

    /// <summary>Where the transport begins, from the start of the quote: 20 to 60 bytes.</summary>
    public int TransportOffset => _headerLength;

    /// <summary>What the quoted packet's total length was, which may be far beyond the quote.</summary>
    public ushort TotalLength => BigEndian.Read16(_quote, 2);

    /// <summary>The DF flag of the quoted packet.</summary>
    public bool DontFragment => (_quote[6] & 0x40) != 0;

    /// <summary>
    /// The quoted packet began a datagram, so <see cref="Transport"/> begins with ports or an identifier.
    /// </summary>
    public bool IsFirstFragment => (BigEndian.Read16(_quote, 6) & 0x1FFF) == 0;

    /// <summary>What the quoted payload is.</summary>
    public IpProtocol Protocol => (IpProtocol)_quote[9];

    /// <summary>The quoted header checksum, in host order.</summary>
    public ushort HeaderChecksum
    {
        get => BigEndian.Read16(_quote, 10);
        set => BigEndian.Write16(_quote, 10, value);
    }

    /// <summary>Whether the quoted header, options included, matches its checksum (RFC 5508 REQ-3a).</summary>
    public bool IsHeaderChecksumRight => Checksum.IsRight(Header);

    /// <summary>Source of the quoted packet.</summary>
    public Ipv4Address Source
    {
        get => new(BigEndian.Read32(_quote, 12));
        set => BigEndian.Write32(_quote, 12, value.Value);
    }

    /// <summary>Destination of the quoted packet.</summary>
    public Ipv4Address Destination
    {
        get => new(BigEndian.Read32(_quote, 16));
        set => BigEndian.Write32(_quote, 16, value.Value);
    }

    /// <summary>The first two bytes of transport: the source port of TCP, UDP, SCTP, DCCP and UDP-Lite.</summary>
    public ushort SourcePort
    {
        get => BigEndian.Read16(_quote, _headerLength);
        set => BigEndian.Write16(_quote, _headerLength, value);
    }

    /// <summary>The next two bytes of transport: the destination port.</summary>
    public ushort DestinationPort
    {
        get => BigEndian.Read16(_quote, _headerLength + 2);
        set => BigEndian.Write16(_quote, _headerLength + 2, value);
    }

    /// <summary>The ICMP type, when <see cref="Protocol"/> is ICMP.</summary>
    public IcmpType IcmpType => (IcmpType)_quote[_headerLength];

    /// <summary>The identifier of a quoted ICMP query or reply.</summary>
    public ushort IcmpIdentifier
    {
        get => BigEndian.Read16(_quote, _headerLength + 4);
        set => BigEndian.Write16(_quote, _headerLength + 4, value);
    }

    /// <summary>Whether the transport's checksum is quoted: TCP's lies beyond the first eight bytes.</summary>
    public bool HasTransportChecksum => _checksumOffset != NoChecksum;

    /// <summary>The transport's checksum in host order. Absent it reads as 0, and setting does nothing.</summary>
    public ushort TransportChecksum
    {
        get => HasTransportChecksum ? BigEndian.Read16(_quote, _checksumOffset) : (ushort)0;
        set
        {
            if (HasTransportChecksum)
                BigEndian.Write16(_quote, _checksumOffset, value);
        }
    }

    /// <summary>Opens a quote.</summary>
    /// <param name="bytes">From <see cref="IcmpView.QuotedPacket"/>.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/> (header and eight bytes are not all there),
    /// <see cref="WireRefusal.BadVersion"/> or <see cref="WireRefusal.BadHeaderLength"/>.</param>
    public static bool TryOpen(Span<byte> bytes, out EmbeddedPacketView view, out WireRefusal refusal)
    {
        view = default;
        refusal = WireRefusal.TooShort;
        if (bytes.Length < Ipv4View.HeaderSizeMin + TransportSizeMin)
            return false;
        int headerLength = (bytes[0] & 0x0F) * 4;
        refusal = bytes[0] >> 4 != 4 ? WireRefusal.BadVersion
            : headerLength < Ipv4View.HeaderSizeMin ? WireRefusal.BadHeaderLength
            : bytes.Length < headerLength + TransportSizeMin ? WireRefusal.TooShort
            : WireRefusal.None;
        if (refusal != WireRefusal.None)
            return false;
        view = new EmbeddedPacketView(bytes, headerLength);
        return true;
    }
}
