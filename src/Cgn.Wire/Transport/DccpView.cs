using System;

namespace Cgn.Wire;

/// <summary>The generic header of a DCCP packet (RFC 4340 §5.1): ports and checksum.</summary>
/// <remarks>
/// Bytes: source port 2, destination port 2, data offset 1 (in words of 4), CCVal and checksum coverage 1, checksum 2,
/// type and X bit 1, then sequence: 3 bytes, or 7 with X set.
/// </remarks>
public readonly ref struct DccpView
{
    /// <summary>Bytes of the generic header with short sequence numbers.</summary>
    public const int HeaderSizeMin = 12;

    /// <summary>Bytes of the generic header with long sequence numbers (X is set).</summary>
    public const int HeaderSizeExtended = 16;

    private readonly Span<byte> _packet;

    private DccpView(Span<byte> packet) => _packet = packet;

    /// <summary>Source port.</summary>
    public ushort SourcePort
    {
        get => BigEndian.Read16(_packet, 0);
        set => BigEndian.Write16(_packet, 0, value);
    }

    /// <summary>Destination port.</summary>
    public ushort DestinationPort
    {
        get => BigEndian.Read16(_packet, 2);
        set => BigEndian.Write16(_packet, 2, value);
    }

    /// <summary>The checksum field in host order; ports and pseudo-header are always covered.</summary>
    public ushort Checksum
    {
        get => BigEndian.Read16(_packet, 6);
        set => BigEndian.Write16(_packet, 6, value);
    }

    /// <summary>The packet type, 0 (request) to 15.</summary>
    public int Type => _packet[8] >> 1 & 0x0F;

    /// <summary>Opens a packet.</summary>
    /// <param name="bytes">From the source port to the end of the IP payload.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/> or <see cref="WireRefusal.BadHeaderLength"/> when the
    /// data offset lies within the generic header or past the packet.</param>
    public static bool TryOpen(Span<byte> bytes, out DccpView view, out WireRefusal refusal)
    {
        view = default;
        refusal = WireRefusal.TooShort;
        if (bytes.Length < HeaderSizeMin)
            return false;
        int headerLength = bytes[4] * 4;
        int least = (bytes[8] & 1) != 0 ? HeaderSizeExtended : HeaderSizeMin;
        refusal = headerLength < least || headerLength > bytes.Length ? WireRefusal.BadHeaderLength : WireRefusal.None;
        if (refusal != WireRefusal.None)
            return false;
        view = new DccpView(bytes);
        return true;
    }
}
