using System;
using System.Buffers.Binary;
using System.Globalization;

namespace Cgn.Wire;

/// <summary>An IPv4 address as a number in host order: 192.0.2.1 is 0xC0000201 (RFC 791).</summary>
/// <param name="Value">The 32 bits, most significant byte first in text.</param>
public readonly record struct Ipv4Address(uint Value)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 4;

    /// <summary>Characters of the longest text, 255.255.255.255.</summary>
    public const int TextLengthMax = 15;

    /// <summary>Joins four decimal parts, first part most significant.</summary>
    /// <param name="a">Bits 31 to 24.</param>
    /// <param name="b">Bits 23 to 16.</param>
    /// <param name="c">Bits 15 to 8.</param>
    /// <param name="d">Bits 7 to 0.</param>
    public Ipv4Address(byte a, byte b, byte c, byte d)
        : this(((uint)a << 24) | ((uint)b << 16) | ((uint)c << 8) | d)
    {
    }

    /// <summary>True for 224.0.0.0/4 (RFC 5771).</summary>
    public bool IsMulticast => Value >> 28 == 0xE;

    /// <summary>Takes the first four bytes, in network order.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public static Ipv4Address Read(ReadOnlySpan<byte> bytes) => new(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    /// <summary>Puts the address into the first four bytes, in network order.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> bytes) => BinaryPrimitives.WriteUInt32BigEndian(bytes, Value);

    /// <summary>Keeps the first bits and clears the rest.</summary>
    /// <param name="bits">0 to 32; the shift is undefined outside.</param>
    public Ipv4Address Mask(int bits) => new(bits == 0 ? 0 : Value & (uint.MaxValue << (32 - bits)));

    /// <summary>
    /// Reads dotted decimal: four parts of 0 to 255 and nothing else. Leading zeros are refused, because some
    /// systems read them as octal (RFC 6943 §3.1.1).
    /// </summary>
    /// <param name="text">The whole text; no spaces are skipped.</param>
    /// <param name="address">The address, or 0.0.0.0 when refused.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Address address)
    {
        address = default;
        uint value = 0;
        int at = 0;
        for (int part = 0; part < 4; part++)
        {
            if (part > 0 && (at >= text.Length || text[at++] != '.'))
                return false;
            int start = at;
            uint number = 0;
            while (at < text.Length && at - start < 3 && char.IsAsciiDigit(text[at]))
                number = number * 10 + (uint)(text[at++] - '0');
            if (at == start || number > 255 || (at - start > 1 && text[start] == '0'))
                return false;
            value = (value << 8) | number;
        }

        if (at != text.Length)
            return false;
        address = new Ipv4Address(value);
        return true;
    }

    /// <summary>As <see cref="TryParse(ReadOnlySpan{char}, out Ipv4Address)"/>, for text that must be right.</summary>
    /// <param name="text">Dotted decimal.</param>
    /// <exception cref="FormatException">The text is not an IPv4 address.</exception>
    public static Ipv4Address Parse(ReadOnlySpan<char> text) => TryParse(text, out Ipv4Address address)
        ? address
        : throw new FormatException($"'{text}' is not an IPv4 address; four numbers of 0 to 255 would be: 192.0.2.1");

    /// <summary>Writes dotted decimal.</summary>
    /// <param name="destination">Up to <see cref="TextLengthMax"/> characters are needed.</param>
    /// <param name="charsWritten">Characters written, 0 when refused.</param>
    /// <returns>False when the destination is too small.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten) => destination.TryWrite(
        CultureInfo.InvariantCulture,
        $"{Value >> 24}.{(byte)(Value >> 16)}.{(byte)(Value >> 8)}.{(byte)Value}",
        out charsWritten);

    /// <summary>Dotted decimal, as 192.0.2.1.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[TextLengthMax];
        TryFormat(text, out int length);
        return new string(text[..length]);
    }
}
