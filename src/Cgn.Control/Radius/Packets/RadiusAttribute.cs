using System;
using System.Buffers.Binary;
using System.Text;

using Cgn.Wire;

namespace Cgn.Control.Radius.Packets;

/// <summary>One attribute of a packet, its header taken off.</summary>
/// <param name="Type">Which; <see cref="AttributeType.VendorSpecific"/> for a vendor's.</param>
/// <param name="Value">Its value: of a long extended one all fragments together (RFC 6929 §2.2).</param>
/// <param name="Vendor">The vendor's enterprise number, or 0.</param>
/// <param name="VendorType">Type in the vendor's space, 0 when it has another format than RFC 2865 §5.26 advises.
/// </param>
public readonly record struct RadiusAttribute(
    AttributeType Type, ReadOnlyMemory<byte> Value, uint Vendor = 0, byte VendorType = 0)
{
    /// <summary>The value as UTF-8 text; what is none shows as replacement characters.</summary>
    public string Text => Encoding.UTF8.GetString(Value.Span);

    /// <summary>Both are the same attribute, whatever their values.</summary>
    /// <param name="other">Any.</param>
    public bool IsSameAs(RadiusAttribute other) =>
        Type == other.Type && Vendor == other.Vendor && VendorType == other.VendorType;

    /// <summary>Reads an integer of 32 bits.</summary>
    /// <param name="number">The number, or 0.</param>
    /// <returns>False when the value does not have four bytes.</returns>
    public bool TryInteger(out uint number) => TryInteger(Value.Span, out number);

    /// <summary>Reads an IPv4 address.</summary>
    /// <param name="address">The address, or 0.0.0.0.</param>
    /// <returns>False when the value does not have four bytes.</returns>
    public bool TryIpv4(out Ipv4Address address)
    {
        bool right = TryInteger(out uint number);
        address = new Ipv4Address(number);
        return right;
    }

    /// <summary>Reads an IPv6 address.</summary>
    /// <param name="address">The address, or ::.</param>
    /// <returns>False when the value does not have sixteen bytes.</returns>
    public bool TryIpv6(out Ipv6Address address)
    {
        bool right = Value.Length == Ipv6Address.Size;
        address = right ? Ipv6Address.Read(Value.Span) : default;
        return right;
    }

    /// <summary>Reads an IPv6 prefix (RFC 3162 §2.3).</summary>
    /// <param name="prefix">The prefix, or ::/0.</param>
    /// <returns>False for what is none.</returns>
    public bool TryPrefix(out Ipv6Prefix prefix) => PrefixValue.TryDecode(Value.Span, out prefix);

    /// <summary>Type and length, for messages: never the value, which may be somebody's name.</summary>
    public override string ToString() => Type == AttributeType.VendorSpecific
        ? $"vendor {Vendor} attribute {VendorType} of {Value.Length} bytes"
        : $"{Type} of {Value.Length} bytes";

    internal static bool TryInteger(ReadOnlySpan<byte> value, out uint number)
    {
        bool right = value.Length == sizeof(uint);
        number = right ? BinaryPrimitives.ReadUInt32BigEndian(value) : 0;
        return right;
    }
}
