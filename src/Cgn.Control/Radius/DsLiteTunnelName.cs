using System;

using Cgn.Control.Dhcpv6;

namespace Cgn.Control.Radius;

/// <summary>The attribute by which a RADIUS server names a subscriber's AFTR: DS-Lite-Tunnel-Name (RFC 6519). Its value
/// is, to the byte, that of the DHCPv6 option.</summary>
public static class DsLiteTunnelName
{
    /// <summary>Type of the attribute (RFC 6519 §4.1).</summary>
    public const byte AttributeType = 144;

    private const int HeaderBytes = 2;
    private const byte AccessRequest = 1;
    private const byte AccessAccept = 2;
    private const byte AccountingRequest = 4;
    private const byte CoaRequest = 43;

    /// <summary>The whole attribute: type, length, value.</summary>
    /// <param name="name">A name of at most 253 bytes on the wire, which is what an attribute holds.</param>
    /// <exception cref="ArgumentException">It is longer.</exception>
    public static byte[] Encode(DomainName name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int length = HeaderBytes + name.Wire.Length;
        if (length > byte.MaxValue)
            throw new ArgumentException($"'{name}' does not fit an attribute", nameof(name));
        return [AttributeType, (byte)length, .. name.Wire];
    }

    /// <summary>Looks for the name among the attributes of a packet.</summary>
    /// <param name="attributes">All attributes, one after the other (RFC 2865 §5).</param>
    /// <param name="name">The name, or null where the packet has none.</param>
    /// <returns>False for a packet that is to be treated as invalid: attributes cut short, the name twice (RFC 6519
    /// §4.1), or a name that is none.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> attributes, out DomainName? name)
    {
        name = null;
        while (!attributes.IsEmpty)
        {
            if (attributes.Length < HeaderBytes || attributes[1] < HeaderBytes || attributes[1] > attributes.Length)
                return false;
            ReadOnlySpan<byte> value = attributes[HeaderBytes..attributes[1]];
            if (attributes[0] == AttributeType && (name is not null || !DomainName.TryRead(value, out name)))
                return false;
            attributes = attributes[attributes[1]..];
        }

        return true;
    }

    /// <summary>The attribute may stand, once, in packets of a code (RFC 6519 §5).</summary>
    /// <param name="code">The packet's code (RFC 2865 §3, RFC 5176 §2.3).</param>
    public static bool IsAllowedIn(byte code) =>
        code is AccessRequest or AccessAccept or AccountingRequest or CoaRequest;

    /// <summary>The name that a subscriber is told: the server's word goes before the configured default; without
    /// either there is no tunnel (RFC 6519 §3).</summary>
    /// <param name="received">From the server, or null.</param>
    /// <param name="configured">The default, or null.</param>
    public static DomainName? Effective(DomainName? received, DomainName? configured) => received ?? configured;
}
