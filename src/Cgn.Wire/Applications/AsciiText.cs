using System;
using System.Buffers.Text;

namespace Cgn.Wire;

/// <summary>Numbers, addresses and words in the text of protocols; nothing throws and nothing is allocated.</summary>
public static class AsciiText
{
    /// <summary>Reads decimal digits at the front of a text and takes them away.</summary>
    /// <param name="text">The text; what follows the digits is left.</param>
    /// <param name="max">Greatest value accepted.</param>
    /// <param name="value">The number.</param>
    /// <returns>False when there is no digit, or the number is too large.</returns>
    public static bool TryTakeNumber(ref ReadOnlySpan<byte> text, uint max, out uint value)
    {
        ulong number = 0;
        int digits = 0;
        while (digits < text.Length && digits < 10 && char.IsAsciiDigit((char)text[digits]))
            number = (number * 10) + (uint)(text[digits++] - '0');
        bool isOver = digits < text.Length && char.IsAsciiDigit((char)text[digits]);
        text = text[digits..];
        value = (uint)Math.Min(number, uint.MaxValue);
        return digits != 0 && !isOver && number <= max;
    }

    /// <summary>Reads a byte at the front of a text and takes it away, if it is the one that is expected.</summary>
    public static bool TryTake(ref ReadOnlySpan<byte> text, byte expected)
    {
        if (text.IsEmpty || text[0] != expected)
            return false;
        text = text[1..];
        return true;
    }

    /// <summary>Reads an IPv4 address in dotted decimals at the front of a text and takes it away.</summary>
    /// <param name="text">The text; what follows the address is left.</param>
    /// <param name="address">Host order.</param>
    public static bool TryTakeAddress(ref ReadOnlySpan<byte> text, out uint address)
    {
        address = 0;
        for (int i = 0; i < 4; i++)
        {
            if ((i != 0 && !TryTake(ref text, (byte)'.')) || !TryTakeNumber(ref text, 255, out uint part))
                return false;
            address = (address << 8) | part;
        }

        return true;
    }

    /// <summary>Takes spaces and tabs away from the front.</summary>
    public static ReadOnlySpan<byte> SkipSpace(ReadOnlySpan<byte> text) => text.TrimStart(" \t"u8);

    /// <summary>Whether a text begins with a word in capitals, whatever the case of the text's letters.</summary>
    public static bool StartsWith(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        text.Length >= word.Length && IsSame(text[..word.Length], word);

    /// <summary>Whether a text could go on to begin with a word, whatever the case of its letters.</summary>
    public static bool MayStart(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) => text.Length < word.Length
        ? IsSame(text, word[..text.Length])
        : IsSame(text[..word.Length], word);

    /// <summary>Where a word begins in a text, whatever the case of letters; -1 when it does not.</summary>
    /// <param name="text">The text.</param>
    /// <param name="word">The word, 1 byte or more.</param>
    public static int IndexOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word)
    {
        for (int at = 0; at + word.Length <= text.Length; at++)
        {
            if (IsSame(text.Slice(at, word.Length), word))
                return at;
        }

        return -1;
    }

    /// <summary>Writes a number in decimal digits.</summary>
    /// <returns>Bytes written, 0 when there is no room.</returns>
    public static int Write(Span<byte> to, uint number) => Utf8Formatter.TryFormat(number, to, out int n) ? n : 0;

    /// <summary>Writes an address with a byte between its numbers.</summary>
    /// <param name="to">At least 15 bytes.</param>
    /// <param name="address">Host order.</param>
    /// <param name="between">A dot, or FTP's comma.</param>
    /// <returns>Bytes written.</returns>
    public static int WriteAddress(Span<byte> to, uint address, byte between = (byte)'.')
    {
        int at = 0;
        for (int shift = 24; shift >= 0; shift -= 8)
        {
            at += Write(to[at..], (byte)(address >> shift));
            if (shift != 0)
                to[at++] = between;
        }

        return at;
    }

    private static bool IsSame(ReadOnlySpan<byte> text, ReadOnlySpan<byte> word) =>
        System.Text.Ascii.EqualsIgnoreCase(text, word);
}
