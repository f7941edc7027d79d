using System;

namespace Cgn.Wire;

/// <summary>The ports that a client names in a Transport header (RFC 2326 section 12.39).</summary>
public readonly struct RtspTransport
{
    private RtspTransport(ushort port, bool isRange, int start, int length)
    {
        Port = port;
        IsRange = isRange;
        Start = start;
        Length = length;
    }

    /// <summary>The first port, or the only one.</summary>
    public ushort Port { get; }

    /// <summary>There are two, one after the other: RTP and RTCP.</summary>
    public bool IsRange { get; }

    /// <summary>First byte of the ports in the line.</summary>
    public int Start { get; }

    /// <summary>Bytes of the ports.</summary>
    public int Length { get; }

    /// <summary>Whether the beginning of a line may become the header.</summary>
    public static bool MayBecome(ReadOnlySpan<byte> start) => AsciiText.MayStart(start, "TRANSPORT:"u8);

    /// <summary>Finds the next ports in a line.</summary>
    /// <param name="line">The whole line.</param>
    /// <param name="from">Where to look from, 0 at first.</param>
    /// <param name="read">What was found.</param>
    public static bool TryNext(ReadOnlySpan<byte> line, int from, out RtspTransport read)
    {
        read = default;
        if (!AsciiText.StartsWith(line, "TRANSPORT:"u8))
            return false;
        ReadOnlySpan<byte> key = "CLIENT_PORT="u8;
        int at = from > line.Length ? -1 : AsciiText.IndexOf(line[from..], key);
        if (at < 0)
            return false;
        int start = from + at + key.Length;
        ReadOnlySpan<byte> rest = line[start..];
        if (!AsciiText.TryTakeNumber(ref rest, ushort.MaxValue, out uint port))
            return false;
        bool isRange = AsciiText.TryTake(ref rest, (byte)'-');
        if (isRange && (!AsciiText.TryTakeNumber(ref rest, ushort.MaxValue, out uint last) || last != port + 1))
            return false;
        read = new RtspTransport((ushort)port, isRange, start, line.Length - rest.Length - start);
        return true;
    }
}
