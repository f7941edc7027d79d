using System;
using System.Globalization;

namespace Cgn.Wire;

/// <summary>An IPv4 prefix: an address whose host bits are zero, and a length of 0 to 32 bits (RFC 4632).</summary>
public readonly record struct Ipv4Prefix
{
    /// <summary>Bits of the longest prefix, which holds one address.</summary>
    public const int LengthMax = 32;

    /// <summary>Characters of the longest text.</summary>
    public const int TextLengthMax = Ipv4Address.TextLengthMax + 3;

    /// <summary>Takes an address whose host bits are zero already.</summary>
    /// <param name="address">The first address of the prefix.</param>
    /// <param name="length">Bits, 0 to 32.</param>
    /// <exception cref="ArgumentException">The length is out of range, or host bits are set.</exception>
    public Ipv4Prefix(Ipv4Address address, int length)
    {
        if ((uint)length > LengthMax || address.Mask(length) != address)
            throw new ArgumentException($"{address}/{length} is not a prefix: 0 to 32 bits, and zero after them");
        Address = address;
        Length = length;
    }

    /// <summary>The first address.</summary>
    public Ipv4Address Address { get; }

    /// <summary>How many leading bits count, 0 to 32.</summary>
    public int Length { get; }

    /// <summary>The last address of the prefix: all host bits one.</summary>
    public Ipv4Address Last => new(Address.Value | (uint)(AddressCount - 1));

    /// <summary>How many addresses the prefix holds, 1 to 2^32.</summary>
    public ulong AddressCount => 1UL << (32 - Length);

    /// <summary>The prefix of a given length around an address; host bits are cleared.</summary>
    /// <param name="address">Any address inside.</param>
    /// <param name="length">Bits, 0 to 32.</param>
    /// <exception cref="ArgumentException">The length is out of range.</exception>
    public static Ipv4Prefix Around(Ipv4Address address, int length) =>
        new((uint)length > LengthMax ? address : address.Mask(length), length);

    /// <summary>Whether the address begins with this prefix.</summary>
    /// <param name="address">Any address.</param>
    public bool Contains(Ipv4Address address) => address.Mask(Length) == Address;

    /// <summary>Whether every address of the other prefix lies in this one.</summary>
    /// <param name="other">Any prefix.</param>
    public bool Contains(Ipv4Prefix other) => other.Length >= Length && Contains(other.Address);

    /// <summary>Whether the two have an address in common; then one contains the other.</summary>
    /// <param name="other">Any prefix.</param>
    public bool Overlaps(Ipv4Prefix other) => Contains(other) || other.Contains(this);

    /// <summary>Reads address/length; host bits must be zero.</summary>
    /// <param name="text">The whole text, as 100.64.0.0/10.</param>
    /// <param name="prefix">The prefix, or the empty one when refused.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Prefix prefix) => TryParse(text, out prefix, out _);

    /// <summary>Reads address/length and says what is wrong with it otherwise.</summary>
    /// <param name="text">The whole text, as 100.64.0.0/10.</param>
    /// <param name="prefix">The prefix, or the empty one when refused.</param>
    /// <param name="fault">Empty, or a sentence that says what is wrong and what would be right.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out Ipv4Prefix prefix, out string fault)
    {
        prefix = default;
        fault = "";
        int slash = text.IndexOf('/');
        if (slash < 0)
            fault = $"'{text}' has no length; an IPv4 prefix is written as 100.64.0.0/10";
        else if (!Ipv4Address.TryParse(text[..slash], out Ipv4Address address))
            fault = $"'{text[..slash]}' in '{text}' is not an IPv4 address; a prefix is written as 100.64.0.0/10";
        else if (!TryLength(text[(slash + 1)..], out int length))
            fault = $"'{text[(slash + 1)..]}' in '{text}' is not a length; 0 to 32 would be";
        else if (address.Mask(length) != address)
            fault = $"'{text}' has bits set after its length; {address.Mask(length)}/{length} would be the prefix";
        else
            prefix = new Ipv4Prefix(address, length);
        return fault.Length == 0;
    }

    /// <summary>As <see cref="TryParse(ReadOnlySpan{char}, out Ipv4Prefix)"/>, for text that must be right.</summary>
    /// <param name="text">Address/length.</param>
    /// <exception cref="FormatException">The text is not a prefix; the message says why.</exception>
    public static Ipv4Prefix Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out Ipv4Prefix prefix, out string fault) ? prefix : throw new FormatException(fault);

    /// <summary>Writes address/length.</summary>
    /// <param name="destination">Up to <see cref="TextLengthMax"/> characters are needed.</param>
    /// <param name="charsWritten">Characters written, 0 when refused.</param>
    /// <returns>False when the destination is too small.</returns>
    public bool TryFormat(Span<char> destination, out int charsWritten)
    {
        charsWritten = 0;
        if (!Address.TryFormat(destination, out int address)
            || !destination[address..].TryWrite(CultureInfo.InvariantCulture, $"/{Length}", out int length))
            return false;
        charsWritten = address + length;
        return true;
    }

    /// <summary>Address/length, as 100.64.0.0/10.</summary>
    public override string ToString()
    {
        Span<char> text = stackalloc char[TextLengthMax];
        TryFormat(text, out int length);
        return new string(text[..length]);
    }

    private static bool TryLength(ReadOnlySpan<char> text, out int length)
    {
        bool plain = text.Length == 1 || (text.Length > 1 && text[0] != '0');
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out length)
            && plain && length <= LengthMax;
    }
}
