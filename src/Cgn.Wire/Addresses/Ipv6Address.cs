using System;
using System.Buffers.Binary;

namespace Cgn.Wire;

/// <summary>An IPv6 address as two numbers in host order (RFC 4291).</summary>
/// <param name="High">Bits 127 to 64: the first eight bytes on the wire.</param>
/// <param name="Low">Bits 63 to 0: the last eight bytes on the wire.</param>
public readonly record struct Ipv6Address(ulong High, ulong Low)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 16;

    /// <summary>Characters of the longest text that this type writes.</summary>
    public const int TextLengthMax = 39;

    /// <summary>True for ff00::/8 (RFC 4291 §2.7).</summary>
    public bool IsMulticast => High >> 56 == 0xFF;

    /// <summary>True for fe80::/10 (RFC 4291 §2.5.6).</summary>
    public bool IsLinkLocal => High >> 54 == 0xFE80 >> 6;

    /// <summary>True for ::, which is never a destination (RFC 4291 §2.5.2).</summary>
    public bool IsUnspecified => (High | Low) == 0;

    /// <summary>Takes the first sixteen bytes, in network order.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public static Ipv6Address Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]));

    /// <summary>Puts the address into the first sixteen bytes, in network order.</summary>
    /// <param name="bytes">At least <see cref="Size"/> bytes.</param>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], Low);
    }

    /// <summary>Keeps the first bits and clears the rest.</summary>
    /// <param name="bits">0 to 128; below 0 counts as 0, above 128 as 128.</param>
    public Ipv6Address Mask(int bits) => new(High & LeadingOnes(bits), Low & LeadingOnes(bits - 64));

    /// <summary>
    /// Reads any text of RFC 4291 §2.2: eight groups, one <c>::</c>, an IPv4 tail. Zones, brackets and spaces are
    /// refused.
    /// </summary>
    /// <param name="text">The whole text.</param>
    /// <param name="address">The address, or :: when refused.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv6Address address) =>
        Ipv6Text.TryParse(text, out address);

    /// <summary>As <see cref="TryParse(ReadOnlySpan{char}, out Ipv6Address)"/>, for text that must be right.</summary>
    /// <param name="text">An IPv6 address.</param>
    /// <exception cref="FormatException">The text is not an IPv6 address.</exception>
    public static Ipv6Address Parse(ReadOnlySpan<char> text) => TryParse(text, out Ipv6Address address)
        ? address
        : throw new FormatException($"'{text}' is not an IPv6 address; hexadecimal groups would be: 2001:db8::1");

    /// <summary>Writes the one canonical text of RFC 5952; only ::ffff:0:0/96 gets an IPv4 tail.</summary>
    /// <param name="destination">Up to <see cref="TextLengthMax"/> characters are needed.</param>
    /// <param name="charsWritten">Characters written, 0 when refused.</param>
    /// <returns>False when the destination is too small.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten) =>
        Ipv6Text.TryFormat(this, destination, out charsWritten);

    /// <summary>The canonical text of RFC 5952, as 2001:db8::1.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[TextLengthMax];
        TryFormat(text, out int length);
        return new string(text[..length]);
    }

    private static ulong LeadingOnes(int bits) => bits switch
    {
        <= 0 => 0,
        >= 64 => ulong.MaxValue,
        _ => ulong.MaxValue << (64 - bits),
    };
}
