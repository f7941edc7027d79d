using System;

namespace Cgn.Wire;

/// <summary>
/// A GRE header: version 0 with its optional checksum, key and sequence (RFC 2784, RFC 2890), or version 1 as PPTP uses
/// it, where half of the key is the call identifier (RFC 2637 §4.1).
/// </summary>
/// <remarks>
/// Bytes: flags and version 2, protocol type 2, then optional words; the key of version 1 is length 2, call 2.
/// </remarks>
public readonly ref struct GreView
{
    /// <summary>Bytes of the fixed header.</summary>
    public const int HeaderSizeMin = 4;

    private const ushort ChecksumBit = 0x8000;
    private const ushort RoutingBit = 0x4000;
    private const ushort KeyBit = 0x2000;
    private const ushort SequenceBit = 0x1000;
    private const ushort AcknowledgmentBit = 0x0080;
    private const ushort VersionMask = 0x0007;

    private readonly Span<byte> _packet;
    private readonly int _headerLength;
    private readonly int _keyOffset;

    private GreView(Span<byte> packet, int headerLength, int keyOffset)
    {
        _packet = packet;
        _headerLength = headerLength;
        _keyOffset = keyOffset;
    }

    /// <summary>0, or 1 for PPTP.</summary>
    public int Version => _packet[1] & VersionMask;

    /// <summary>What is carried, as an Ethernet type in host order.</summary>
    public ushort ProtocolType => BigEndian.Read16(_packet, 2);

    /// <summary>PPP in enhanced GRE, with a call identifier.</summary>
    public bool IsPptp => Version == 1 && HasKey && ProtocolType == EtherTypes.Ppp;

    /// <summary>Whether a key is there.</summary>
    public bool HasKey => _keyOffset != 0;

    /// <summary>
    /// The key of version 0, or payload length and call identifier of version 1; 0 when there is none.
    /// </summary>
    public uint Key => _keyOffset == 0 ? 0 : BigEndian.Read32(_packet, _keyOffset);

    /// <summary>
    /// The receiver's call identifier (PPTP): the lower half of the key. Setting does nothing without a key.
    /// </summary>
    public ushort CallId
    {
        get => (ushort)Key;
        set
        {
            if (_keyOffset != 0)
                BigEndian.Write16(_packet, _keyOffset + 2, value);
        }
    }

    /// <summary>What follows the header.</summary>
    public Span<byte> Payload => _packet[_headerLength..];

    /// <summary>Opens a GRE packet.</summary>
    /// <param name="bytes">From the flags to the end of the IP payload.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/>; <see cref="WireRefusal.BadVersion"/> for versions
    /// above 1 and for source routing, which RFC 2784 §2.3 withdrew; <see cref="WireRefusal.Truncated"/> when optional
    /// words are cut.</param>
    public static bool TryOpen(Span<byte> bytes, out GreView view, out WireRefusal refusal)
    {
        view = default;
        refusal = WireRefusal.TooShort;
        if (bytes.Length < HeaderSizeMin)
            return false;
        ushort flags = BigEndian.Read16(bytes, 0);
        int version = flags & VersionMask;
        refusal = WireRefusal.BadVersion;
        if (version > 1 || (flags & RoutingBit) != 0)
            return false;
        int length = HeaderSizeMin;
        int keyOffset = 0;
        if ((flags & ChecksumBit) != 0)
            length += 4;
        if ((flags & KeyBit) != 0)
        {
            keyOffset = length;
            length += 4;
        }

        if ((flags & SequenceBit) != 0)
            length += 4;
        if (version == 1 && (flags & AcknowledgmentBit) != 0)
            length += 4;
        refusal = length > bytes.Length ? WireRefusal.Truncated : WireRefusal.None;
        if (refusal != WireRefusal.None)
            return false;
        view = new GreView(bytes, length, keyOffset);
        return true;
    }
}
