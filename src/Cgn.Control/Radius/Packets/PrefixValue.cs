using System;

using Cgn.Wire;

namespace Cgn.Control.Radius.Packets;

/// <summary>
/// The value of Framed-IPv6-Prefix and Delegated-IPv6-Prefix: a reserved byte, the length, and as many bytes of the
/// prefix as it takes (RFC 3162 §2.3, RFC 4818 §3).
/// </summary>
public static class PrefixValue
{
    private const int HeaderBytes = 2;

    /// <summary>The value, 2 to 18 bytes.</summary>
    /// <param name="prefix">Any.</param>
    public static byte[] Encode(Ipv6Prefix prefix)
    {
        Span<byte> address = stackalloc byte[Ipv6Address.Size];
        prefix.Address.Write(address);
        return [0, (byte)prefix.Length, .. address[..Bytes(prefix.Length)]];
    }

    /// <summary>Reads a value.</summary>
    /// <param name="value">Anything.</param>
    /// <param name="prefix">The prefix, or ::/0.</param>
    /// <returns>False when the reserved byte or a bit behind the prefix is set, the length is beyond 128, or bytes of
    /// the prefix are missing.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> value, out Ipv6Prefix prefix)
    {
        prefix = default;
        if (value.Length is < HeaderBytes or > HeaderBytes + Ipv6Address.Size)
            return false;
        int length = value[1];
        if (value[0] != 0 || length > Ipv6Prefix.LengthMax || value.Length < HeaderBytes + Bytes(length))
            return false;
        Span<byte> bytes = stackalloc byte[Ipv6Address.Size];
        bytes.Clear();
        value[HeaderBytes..].CopyTo(bytes);
        Ipv6Address address = Ipv6Address.Read(bytes);
        if (address.Mask(length) != address)
            return false;
        prefix = new Ipv6Prefix(address, length);
        return true;
    }

    private static int Bytes(int bits) => (bits + 7) / 8;
}
