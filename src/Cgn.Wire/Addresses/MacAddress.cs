using System;
using System.Globalization;

namespace Cgn.Wire;

/// <summary>A 48-bit Ethernet address as a number: 02:00:00:00:00:01 is 0x020000000001 (IEEE 802).</summary>
/// <param name="Value">The low 48 bits; the upper 16 are zero.</param>
public readonly record struct MacAddress(ulong Value)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 6;

    /// <summary>Characters of the text, six pairs with colons.</summary>
    public const int TextLength = 17;

    /// <summary>True for group addresses, broadcast among them: the lowest bit of the first byte is set.</summary>
    public bool IsMulticast => (Value >> 40 & 1) != 0;

    /// <summary>True for ff:ff:ff:ff:ff:ff.</summary>
    public bool IsBroadcast => Value == 0xFFFF_FFFF_FFFF;

    /// <summary>Takes the first six bytes, in network order.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public static MacAddress Read(ReadOnlySpan<byte> bytes) =>
        new(((ulong)BigEndian.Read32(bytes, 0) << 16) | BigEndian.Read16(bytes, 4));

    /// <summary>Puts the address into the first six bytes, in network order.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> bytes)
    {
        BigEndian.Write32(bytes, 0, (uint)(Value >> 16));
        BigEndian.Write16(bytes, 4, (ushort)Value);
    }

    /// <summary>Reads six pairs of hexadecimal digits, all parted by colons or all by hyphens.</summary>
    /// <param name="text">The whole text.</param>
    /// <param name="address">The address, or zero when refused.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out MacAddress address)
    {
        address = default;
        if (text.Length != TextLength || (text[2] != ':' && text[2] != '-'))
            return false;
        ulong value = 0;
        for (int pair = 0; pair < Size; pair++)
        {
            int at = pair * 3;
            if (pair > 0 && text[at - 1] != text[2])
                return false;
            ReadOnlySpan<char> digits = text.Slice(at, 2);
            if (!byte.TryParse(digits, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out byte part))
                return false;
            value = (value << 8) | part;
        }

        address = new MacAddress(value);
        return true;
    }

    /// <summary>As <see cref="TryParse(ReadOnlySpan{char}, out MacAddress)"/>, for text that must be right.</summary>
    /// <param name="text">Six pairs of hexadecimal digits.</param>
    /// <exception cref="FormatException">The text is not an Ethernet address.</exception>
    public static MacAddress Parse(ReadOnlySpan<char> text) => TryParse(text, out MacAddress address)
        ? address
        : throw new FormatException($"'{text}' is not an Ethernet address; six pairs would be: 02:00:00:00:00:01");

    /// <summary>Writes six lower-case pairs with colons.</summary>
    /// <param name="destination"><see cref="TextLength"/> characters are needed.</param>
    /// <param name="charsWritten">Characters written, 0 when refused.</param>
    /// <returns>False when the destination is too small.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten) => destination.TryWrite(
        CultureInfo.InvariantCulture,
        $"{Part(0):x2}:{Part(1):x2}:{Part(2):x2}:{Part(3):x2}:{Part(4):x2}:{Part(5):x2}",
        out charsWritten);

    /// <summary>Six lower-case pairs, as 02:00:00:00:00:01.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[TextLength];
        TryFormat(text, out int length);
        return new string(text[..length]);
    }

    private byte Part(int index) => (byte)(Value >> (40 - 8 * index));
}
