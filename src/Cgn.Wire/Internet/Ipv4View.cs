using System;

namespace Cgn.Wire;

/// <summary>
/// An IPv4 packet, read and patched in place (RFC 791 §3.1). Opening checks the version and all length fields; after it
/// no accessor can fail, whatever is written into the fields. No setter touches the header checksum.
/// </summary>
/// <remarks>
/// Bytes: version and IHL 1, type of service 1, total length 2, identification 2, flags and offset 2, TTL 1, protocol
/// 1, checksum 2, source 4, destination 4, options 0 to 40.
/// </remarks>
public readonly ref struct Ipv4View
{
    /// <summary>Bytes of a header without options.</summary>
    public const int HeaderSizeMin = 20;

    /// <summary>Bytes of the longest header.</summary>
    public const int HeaderSizeMax = 60;

    /// <summary>DF in the field of flags and fragment offset (RFC 791 3.1).</summary>
    public const ushort DontFragmentBit = 0x4000;
    private const ushort MoreFragmentsBit = 0x2000;
    private const ushort OffsetMask = 0x1FFF;

    private readonly Span<byte> _packet;
    private readonly int _headerLength;

    private Ipv4View(Span<byte> packet, int headerLength)
    {
        _packet = packet;
        _headerLength = headerLength;
    }

    /// <summary>
    /// The packet from its first byte to what the total length said at opening; link padding is cut off.
    /// </summary>
    public Span<byte> Packet => _packet;

    /// <summary>The header with its options, 20 to 60 bytes.</summary>
    public Span<byte> Header => _packet[.._headerLength];

    /// <summary>The options, 0 to 40 bytes, unparsed.</summary>
    public Span<byte> Options => _packet[HeaderSizeMin.._headerLength];

    /// <summary>What follows the header, up to the total length.</summary>
    public Span<byte> Payload => _packet[_headerLength..];

    /// <summary>Bytes of the header as checked at opening, 20 to 60.</summary>
    public int HeaderLength => _headerLength;

    /// <summary>The former type of service: six bits of DSCP, two of ECN (RFC 2474, RFC 3168).</summary>
    public byte TrafficClass
    {
        get => _packet[1];
        set => _packet[1] = value;
    }

    /// <summary>
    /// Bytes of header and payload as the field says now; setting it does not move the end of this view.
    /// </summary>
    public ushort TotalLength
    {
        get => BigEndian.Read16(_packet, 2);
        set => BigEndian.Write16(_packet, 2, value);
    }

    /// <summary>What fragments of one packet have in common; without meaning on atomic ones (RFC 6864).</summary>
    public ushort Identification
    {
        get => BigEndian.Read16(_packet, 4);
        set => BigEndian.Write16(_packet, 4, value);
    }

    /// <summary>
    /// Flags (3 bits: reserved, DF, MF) and fragment offset (13 bits, in units of 8 bytes) as they stand.
    /// </summary>
    public ushort FlagsAndOffset
    {
        get => BigEndian.Read16(_packet, 6);
        set => BigEndian.Write16(_packet, 6, value);
    }

    /// <summary>The sender forbids fragmentation.</summary>
    public bool DontFragment => (FlagsAndOffset & DontFragmentBit) != 0;

    /// <summary>This is a fragment and not the last one.</summary>
    public bool MoreFragments => (FlagsAndOffset & MoreFragmentsBit) != 0;

    /// <summary>Where the payload lies in the unfragmented one, 0 to 65,528 bytes.</summary>
    public int FragmentOffsetBytes => (FlagsAndOffset & OffsetMask) * 8;

    /// <summary>Part of a larger packet: more follow, or something went before.</summary>
    public bool IsFragment => (FlagsAndOffset & (MoreFragmentsBit | OffsetMask)) != 0;

    /// <summary>Hops left.</summary>
    public byte Ttl
    {
        get => _packet[8];
        set => _packet[8] = value;
    }

    /// <summary>What the payload is.</summary>
    public IpProtocol Protocol
    {
        get => (IpProtocol)_packet[9];
        set => _packet[9] = (byte)value;
    }

    /// <summary>The header checksum field, in host order.</summary>
    public ushort HeaderChecksum
    {
        get => BigEndian.Read16(_packet, 10);
        set => BigEndian.Write16(_packet, 10, value);
    }

    /// <summary>Source address.</summary>
    public Ipv4Address Source
    {
        get => new(BigEndian.Read32(_packet, 12));
        set => BigEndian.Write32(_packet, 12, value.Value);
    }

    /// <summary>Destination address.</summary>
    public Ipv4Address Destination
    {
        get => new(BigEndian.Read32(_packet, 16));
        set => BigEndian.Write32(_packet, 16, value.Value);
    }

    /// <summary>Whether the header, options included, matches its checksum.</summary>
    public bool IsHeaderChecksumRight => Checksum.IsRight(Header);

    /// <summary>Computes and writes the header checksum.</summary>
    public void FillHeaderChecksum()
    {
        HeaderChecksum = 0;
        HeaderChecksum = Checksum.Compute(Header);
    }

    /// <summary>
    /// Takes one hop off, and keeps a right checksum right and a wrong one wrong. A TTL of 0 becomes 255.
    /// </summary>
    public void DecrementTtl()
    {
        ushort before = BigEndian.Read16(_packet, 8);
        _packet[8]--;
        HeaderChecksum = ChecksumDelta.Between(before, BigEndian.Read16(_packet, 8)).Apply(HeaderChecksum);
    }

    /// <summary>The sum of this packet's pseudo-header for the payload as it was at opening.</summary>
    public ushort PseudoHeaderSum() =>
        Checksum.PseudoHeader(Source, Destination, Protocol, _packet.Length - _headerLength);

    /// <summary>Opens a packet; the header checksum is not looked at.</summary>
    /// <param name="bytes">From the first byte of the header; bytes after the total length are ignored.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/>, <see cref="WireRefusal.BadVersion"/>,
    /// <see cref="WireRefusal.BadHeaderLength"/>, <see cref="WireRefusal.BadTotalLength"/> (below the header) or
    /// <see cref="WireRefusal.Truncated"/> (beyond the bytes): RFC 1812 §5.2.2.</param>
    public static bool TryOpen(Span<byte> bytes, out Ipv4View view, out WireRefusal refusal)
    {
        view = default;
        refusal = WireRefusal.TooShort;
        if (bytes.Length < HeaderSizeMin)
            return false;
        int headerLength = (bytes[0] & 0x0F) * 4;
        int totalLength = BigEndian.Read16(bytes, 2);
        if (bytes[0] >> 4 != 4)
            refusal = WireRefusal.BadVersion;
        else if (headerLength < HeaderSizeMin)
            refusal = WireRefusal.BadHeaderLength;
        else if (totalLength < headerLength)
            refusal = WireRefusal.BadTotalLength;
        else if (totalLength > bytes.Length)
            refusal = WireRefusal.Truncated;
        else
            refusal = WireRefusal.None;
        if (refusal != WireRefusal.None)
            return false;
        view = new Ipv4View(bytes[..totalLength], headerLength);
        return true;
    }

    /// <summary>Opens a packet as a router must before forwarding: lengths, then the header checksum.</summary>
    /// <param name="bytes">From the first byte of the header.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal">As <see cref="TryOpen"/>, or <see cref="WireRefusal.BadChecksum"/>.</param>
    public static bool TryOpenVerified(Span<byte> bytes, out Ipv4View view, out WireRefusal refusal)
    {
        if (!TryOpen(bytes, out view, out refusal))
            return false;
        if (view.IsHeaderChecksumRight)
            return true;
        view = default;
        refusal = WireRefusal.BadChecksum;
        return false;
    }
}
