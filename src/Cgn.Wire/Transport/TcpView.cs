using System;

namespace Cgn.Wire;

/// <summary>
/// A TCP segment, read and patched in place (RFC 9293 §3.1). Opening checks the data offset; after it no accessor can
/// fail. No setter touches the checksum, except where it says so.
/// </summary>
/// <remarks>
/// Bytes: source port 2, destination port 2, sequence 4, acknowledgment 4, data offset 4 bits, reserved 4 bits, flags
/// 1, window 2, checksum 2, urgent pointer 2, options 0 to 40.
/// </remarks>
public readonly ref struct TcpView
{
    /// <summary>Bytes of a header without options.</summary>
    public const int HeaderSizeMin = 20;

    /// <summary>Offset of the checksum field.</summary>
    public const int ChecksumOffset = 16;

    private const byte EndOfList = 0;
    private const byte NoOperation = 1;
    private const byte MssKind = 2;
    private const byte MssLength = 4;
    private const byte WindowScaleKind = 3;
    private const byte WindowScaleLength = 3;
    private const byte WindowScaleMax = 14;

    private readonly Span<byte> _segment;
    private readonly int _headerLength;

    private TcpView(Span<byte> segment, int headerLength)
    {
        _segment = segment;
        _headerLength = headerLength;
    }

    /// <summary>Header and payload.</summary>
    public Span<byte> Segment => _segment;

    /// <summary>The options, 0 to 40 bytes.</summary>
    public Span<byte> Options => _segment[HeaderSizeMin.._headerLength];

    /// <summary>What follows the header.</summary>
    public Span<byte> Payload => _segment[_headerLength..];

    /// <summary>Bytes of the header as checked at opening, 20 to 60.</summary>
    public int HeaderLength => _headerLength;

    /// <summary>Source port.</summary>
    public ushort SourcePort
    {
        get => BigEndian.Read16(_segment, 0);
        set => BigEndian.Write16(_segment, 0, value);
    }

    /// <summary>Destination port.</summary>
    public ushort DestinationPort
    {
        get => BigEndian.Read16(_segment, 2);
        set => BigEndian.Write16(_segment, 2, value);
    }

    /// <summary>Sequence number of the first payload byte, or of SYN.</summary>
    public uint Sequence
    {
        get => BigEndian.Read32(_segment, 4);
        set => BigEndian.Write32(_segment, 4, value);
    }

    /// <summary>The next sequence number that is expected from the other side, if the ACK flag is set.</summary>
    public uint Acknowledgment
    {
        get => BigEndian.Read32(_segment, 8);
        set => BigEndian.Write32(_segment, 8, value);
    }

    /// <summary>Control bits.</summary>
    public TcpFlags Flags
    {
        get => (TcpFlags)_segment[13];
        set => _segment[13] = (byte)value;
    }

    /// <summary>The receive window as it stands, not yet scaled.</summary>
    public ushort Window
    {
        get => BigEndian.Read16(_segment, 14);
        set => BigEndian.Write16(_segment, 14, value);
    }

    /// <summary>The checksum field, in host order.</summary>
    public ushort Checksum
    {
        get => BigEndian.Read16(_segment, ChecksumOffset);
        set => BigEndian.Write16(_segment, ChecksumOffset, value);
    }

    /// <summary>The urgent pointer.</summary>
    public ushort UrgentPointer
    {
        get => BigEndian.Read16(_segment, 18);
        set => BigEndian.Write16(_segment, 18, value);
    }

    /// <summary>How far the segment moves the sequence: payload bytes, and one each for SYN and FIN.</summary>
    public uint SequenceLength =>
        (uint)(_segment.Length - _headerLength) + ((uint)Flags >> 1 & 1) + ((uint)Flags & 1);

    /// <summary>Walks the option list once. Of repeated options the first counts.</summary>
    public TcpOptions ReadOptions()
    {
        TcpOptions found = default;
        int at = HeaderSizeMin;
        while (at < _headerLength && _segment[at] != EndOfList)
        {
            byte kind = _segment[at];
            if (kind == NoOperation)
            {
                at++;
                continue;
            }

            int length = at + 1 < _headerLength ? _segment[at + 1] : 0;
            if (length < 2 || at + length > _headerLength)
                return found with { IsMalformed = true };
            if (kind == MssKind && length == MssLength && found.MssOffset == 0)
                found = found with { MssOffset = at + 2, Mss = BigEndian.Read16(_segment, at + 2) };
            else if (kind == WindowScaleKind && length == WindowScaleLength && !found.HasWindowScale)
                found = found with { HasWindowScale = true, WindowScale = Math.Min(_segment[at + 2], WindowScaleMax) };
            at += length;
        }

        return found;
    }

    /// <summary>
    /// Lowers the MSS of a SYN to a ceiling and patches the checksum; the value may stand at an odd offset. A segment
    /// without SYN, without the option or with a smaller value stays as it is.
    /// </summary>
    /// <param name="ceiling">The greatest MSS to let pass, in bytes.</param>
    /// <returns>Whether the value was lowered.</returns>
    public bool ClampMss(ushort ceiling)
    {
        if ((Flags & TcpFlags.Syn) == 0)
            return false;
        TcpOptions options = ReadOptions();
        if (options.MssOffset == 0 || options.Mss <= ceiling)
            return false;
        BigEndian.Write16(_segment, options.MssOffset, ceiling);
        Checksum = ChecksumDelta.BetweenAt(options.MssOffset, options.Mss, ceiling).Apply(Checksum);
        return true;
    }

    /// <summary>Opens a segment. The bytes may end before the payload does, as in a first fragment.</summary>
    /// <param name="bytes">From the source port to the end of the IP payload.</param>
    /// <param name="view">The open view, or one that must not be used.</param>
    /// <param name="refusal"><see cref="WireRefusal.TooShort"/> or <see cref="WireRefusal.BadHeaderLength"/>.</param>
    public static bool TryOpen(Span<byte> bytes, out TcpView view, out WireRefusal refusal)
    {
        view = default;
        refusal = WireRefusal.TooShort;
        if (bytes.Length < HeaderSizeMin)
            return false;
        int headerLength = (bytes[12] >> 4) * 4;
        refusal = headerLength < HeaderSizeMin || headerLength > bytes.Length
            ? WireRefusal.BadHeaderLength
            : WireRefusal.None;
        if (refusal != WireRefusal.None)
            return false;
        view = new TcpView(bytes, headerLength);
        return true;
    }
}
