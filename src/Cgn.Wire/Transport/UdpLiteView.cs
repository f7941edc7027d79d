using System;

namespace Cgn.Wire;

/// <summary>A UDP-Lite datagram (RFC 3828 §3.1): as UDP, with the checksum's coverage in place of the length.</summary>
/// <remarks>Bytes: source port 2, destination port 2, coverage 2, checksum 2.</remarks>
public readonly ref struct UdpLiteView
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 8;

    private readonly Span<byte> _datagram;
    private readonly int _coveredLength;

    private UdpLiteView(Span<byte> datagram, int coveredLength)
    {
        _datagram = datagram;
        _coveredLength = coveredLength;
    }

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

    /// <summary>How many leading bytes the checksum covers; 0 means all.</summary>
    public ushort Coverage => BigEndian.Read16(_datagram, 4);

    /// <summary>The checksum field in host order; it is never optional.</summary>
    public ushort Checksum
    {
        get => BigEndian.Read16(_datagram, 6);
        set => BigEndian.Write16(_datagram, 6, value);
    }

    /// <summary>The bytes that the checksum covers, besides the pseudo-header.</summary>
    public Span<byte> CoveredBytes => _datagram[.._coveredLength];

    /// <summary>Opens a datagram.</summary>
    /// <param name="bytes">From the source port to the end of the IP payload.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/> or <see cref="WireRefusal.BadCoverage"/>: 1 to 7, or
    /// beyond the bytes.</param>
    public static bool TryOpen(Span<byte> bytes, out UdpLiteView view, out WireRefusal refusal)
    {
        view = default;
        refusal = WireRefusal.TooShort;
        if (bytes.Length < HeaderSize)
            return false;
        int coverage = BigEndian.Read16(bytes, 4);
        int covered = coverage == 0 ? bytes.Length : coverage;
        refusal = covered < HeaderSize || covered > bytes.Length ? WireRefusal.BadCoverage : WireRefusal.None;
        if (refusal != WireRefusal.None)
            return false;
        view = new UdpLiteView(bytes, covered);
        return true;
    }
}
