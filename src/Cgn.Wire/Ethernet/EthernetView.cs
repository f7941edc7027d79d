using System;

namespace Cgn.Wire;

/// <summary>
/// An Ethernet II frame with no, one or two VLAN tags, read and patched in place. <see cref="TryOpen"/> checks all
/// lengths; after it no accessor can fail.
/// </summary>
/// <remarks>
/// Bytes: destination 6, source 6, tags of 4 bytes (type, then priority 3 bits, drop eligible 1, VLAN 12), type 2,
/// payload.
/// </remarks>
public readonly ref struct EthernetView
{
    /// <summary>Bytes of an untagged header.</summary>
    public const int HeaderSize = 14;

    /// <summary>Bytes of one VLAN tag.</summary>
    public const int TagSize = 4;

    /// <summary>Tags that are understood; a frame with more is refused.</summary>
    public const int TagsMax = 2;

    private const int TagsOffset = 12;

    private readonly Span<byte> _frame;
    private readonly int _payloadOffset;

    private EthernetView(Span<byte> frame, int payloadOffset)
    {
        _frame = frame;
        _payloadOffset = payloadOffset;
    }

    /// <summary>Where the payload begins, from the start of the frame: 14, 18 or 22 bytes.</summary>
    public int PayloadOffset => _payloadOffset;

    /// <summary>How many VLAN tags there are, 0 to 2.</summary>
    public int TagCount => (_payloadOffset - HeaderSize) / TagSize;

    /// <summary>All tags as they stand on the wire, each beginning with its own type: 0, 4 or 8 bytes.</summary>
    public Span<byte> TagBytes => _frame[TagsOffset..(_payloadOffset - 2)];

    /// <summary>Everything after the type, link padding included.</summary>
    public Span<byte> Payload => _frame[_payloadOffset..];

    /// <summary>Where the frame goes.</summary>
    public MacAddress Destination
    {
        get => MacAddress.Read(_frame);
        set => value.Write(_frame);
    }

    /// <summary>Where the frame comes from.</summary>
    public MacAddress Source
    {
        get => MacAddress.Read(_frame[6..]);
        set => value.Write(_frame[6..]);
    }

    /// <summary>The type after all tags, in host order; see <see cref="EtherTypes"/>.</summary>
    public ushort EtherType
    {
        get => BigEndian.Read16(_frame, _payloadOffset - 2);
        set => BigEndian.Write16(_frame, _payloadOffset - 2, value);
    }

    /// <summary>VLAN of the outermost tag, 0 to 4095; 0 when there is none.</summary>
    public int OuterVlan => _payloadOffset == HeaderSize ? 0 : BigEndian.Read16(_frame, TagsOffset + 2) & 0xFFF;

    /// <summary>VLAN of the second tag, 0 to 4095; 0 when there is none.</summary>
    public int InnerVlan =>
        _payloadOffset < HeaderSize + 2 * TagSize ? 0 : BigEndian.Read16(_frame, TagsOffset + TagSize + 2) & 0xFFF;

    /// <summary>Opens a frame without its frame check sequence.</summary>
    /// <param name="bytes">The frame, from the destination address on.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/>, <see cref="WireRefusal.TooManyTags"/> or
    /// <see cref="WireRefusal.NotEthernet2"/>.</param>
    public static bool TryOpen(Span<byte> bytes, out EthernetView view, out WireRefusal refusal)
    {
        view = default;
        int payload = HeaderSize;
        refusal = WireRefusal.TooShort;
        if (bytes.Length < payload)
            return false;
        ushort type = BigEndian.Read16(bytes, TagsOffset);
        while (EtherTypes.IsTag(type))
        {
            payload += TagSize;
            refusal = payload > HeaderSize + TagsMax * TagSize ? WireRefusal.TooManyTags : WireRefusal.TooShort;
            if (refusal == WireRefusal.TooManyTags || bytes.Length < payload)
                return false;
            type = BigEndian.Read16(bytes, payload - 2);
        }

        refusal = type < EtherTypes.Min ? WireRefusal.NotEthernet2 : WireRefusal.None;
        if (refusal != WireRefusal.None)
            return false;
        view = new EthernetView(bytes, payload);
        return true;
    }
}
