using System;

namespace Cgn.Wire;

/// <summary>The header part of a SIP message (RFC 3261 section 7), as far as it says how long the message is.</summary>
public struct SipHeaders
{
    /// <summary>Bytes of the header part, the empty line included.</summary>
    public int Length { get; private set; }

    /// <summary>Bytes of the body; what is left of a datagram where no header says.</summary>
    public int BodyLength { get; private set; }

    /// <summary>First digit of the body's length, 0 where no header says.</summary>
    public int LengthAt { get; private set; }

    /// <summary>Digits of the body's length.</summary>
    public int LengthDigits { get; private set; }

    /// <summary>The body describes media (RFC 4566).</summary>
    public bool HasDescription { get; private set; }

    /// <summary>Whether text begins as messages do: with a request or status line.</summary>
    public static bool Begins(ReadOnlySpan<byte> text)
    {
        int end = text.IndexOf((byte)'\n');
        ReadOnlySpan<byte> line = (end < 0 ? text : text[..end]).TrimEnd((byte)'\r');
        return line.StartsWith("SIP/2.0 "u8) || line.EndsWith(" SIP/2.0"u8);
    }

    /// <summary>Reads the headers of a message.</summary>
    /// <param name="message">From its first line on; of a stream perhaps more than the message.</param>
    /// <param name="read">What they say.</param>
    /// <returns>False when they do not end here, or it is no message.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out SipHeaders read)
    {
        read = default;
        if (!Begins(message))
            return false;
        for (int at = 0; at < message.Length;)
        {
            int end = message[at..].IndexOf((byte)'\n');
            if (end < 0)
                return false;
            ReadOnlySpan<byte> line = message.Slice(at, end + 1);
            if (line.TrimEnd("\r\n"u8).IsEmpty)
            {
                read.Length = at + end + 1;
                if (read.LengthAt == 0)
                    read.BodyLength = message.Length - read.Length;
                return true;
            }

            // The first line is no header, whatever it looks like.
            if (at != 0)
                read.Line(line, at);
            at += end + 1;
        }

        return false;
    }

    /// <summary>The value of a header line, if the line is that header.</summary>
    /// <param name="line">A line of the header part.</param>
    /// <param name="name">Name in capitals.</param>
    /// <param name="compact">Its one letter (RFC 3261 section 7.3.3), or the name again.</param>
    /// <param name="at">Offset of the value in the line.</param>
    public static bool Is(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ReadOnlySpan<byte> compact, out int at)
    {
        int colon = line.IndexOf((byte)':');
        at = colon + 1;
        ReadOnlySpan<byte> given = colon < 0 ? default : line[..colon].TrimEnd(" \t"u8);
        return (given.Length == name.Length && AsciiText.StartsWith(given, name))
            || (given.Length == compact.Length && AsciiText.StartsWith(given, compact));
    }

    private void Line(ReadOnlySpan<byte> line, int at)
    {
        if (Is(line, "CONTENT-TYPE"u8, "C"u8, out int value))
            HasDescription = AsciiText.IndexOf(line[value..], "APPLICATION/SDP"u8) >= 0;
        if (LengthAt != 0 || !Is(line, "CONTENT-LENGTH"u8, "L"u8, out value))
            return;
        ReadOnlySpan<byte> rest = AsciiText.SkipSpace(line[value..]);
        int digits = rest.Length;
        int start = line.Length - digits;
        if (!AsciiText.TryTakeNumber(ref rest, ushort.MaxValue, out uint length))
            return;
        LengthAt = at + start;
        LengthDigits = digits - rest.Length;
        BodyLength = (int)length;
    }
}
