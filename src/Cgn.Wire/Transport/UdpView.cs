using System;

namespace Cgn.Wire;

/// <summary>
/// A UDP datagram, read and patched in place (RFC 768). Opening checks the length field; after it no accessor can fail,
/// whatever is written into the fields.
/// </summary>
/// <remarks>Bytes: source port 2, destination port 2, length 2, checksum 2.</remarks>
public readonly ref struct UdpView
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 8;

    /// <summary>Offset of the checksum field.</summary>
    public const int ChecksumOffset = 6;

    private readonly Span<byte> _datagram;

    private UdpView(Span<byte> datagram) => _datagram = datagram;

    /// <summary>Header and payload; of a first fragment, as much as is there.</summary>
    public Span<byte> Datagram => _datagram;

    /// <summary>What follows the header.</summary>
    public Span<byte> Payload => _datagram[HeaderSize..];

    /// <summary>Source port.</summary>
    public ushort SourcePort
    {
        get => BigEndian.Read16(_datagram, 0);
        set => BigEndian.Write16(_datagram, 0, value);
    }

    /// <summary>Destination port.</summary>
    public ushort DestinationPort
    {
        get => BigEndian.Read16(_datagram, 2);
        set => BigEndian.Write16(_datagram, 2, value);
    }

    /// <summary>Bytes of header and payload as the field says now, up to 65,535.</summary>
    public ushort Length
    {
        get => BigEndian.Read16(_datagram, 4);
        set => BigEndian.Write16(_datagram, 4, value);
    }

    /// <summary>The checksum field in host order; 0 means that the sender computed none.</summary>
    public ushort Checksum
    {
        get => BigEndian.Read16(_datagram, ChecksumOffset);
        set => BigEndian.Write16(_datagram, ChecksumOffset, value);
    }

    /// <summary>Opens a whole datagram. Bytes after its length are left out, but they are not an error.</summary>
    /// <param name="bytes">From the source port to the end of the IP payload.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/>, <see cref="WireRefusal.BadTotalLength"/> (length below
    /// 8) or <see cref="WireRefusal.Truncated"/> (length beyond the bytes).</param>
    public static bool TryOpen(Span<byte> bytes, out UdpView view, out WireRefusal refusal)
    {
        if (!TryOpenFirstFragment(bytes, out view, out refusal))
            return false;
        int length = view.Length;
        if (length <= bytes.Length)
        {
            view = new UdpView(bytes[..length]);
            return true;
        }

        view = default;
        refusal = WireRefusal.Truncated;
        return false;
    }

    /// <summary>Opens the beginning of a datagram, whose length may go on in later fragments.</summary>
    /// <param name="bytes">From the source port to the end of the fragment; all of it belongs to the view.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/> or <see cref="WireRefusal.BadTotalLength"/>.</param>
    public static bool TryOpenFirstFragment(Span<byte> bytes, out UdpView view, out WireRefusal refusal)
    {
        view = default;
        refusal = bytes.Length < HeaderSize ? WireRefusal.TooShort
            : BigEndian.Read16(bytes, 4) < HeaderSize ? WireRefusal.BadTotalLength
            : WireRefusal.None;
        if (refusal != WireRefusal.None)
            return false;
        view = new UdpView(bytes);
        return true;
    }
}
