using System;
using System.Security.Cryptography;

using Cgn.Control.Radius.Packets;
using Cgn.Wire;

namespace Cgn.Control.Radius;

/// <summary>Who we are to servers.</summary>
/// <param name="Name">NAS-Identifier, not empty.</param>
/// <param name="Ipv4">NAS-IP-Address, or null.</param>
/// <param name="Ipv6">NAS-IPv6-Address, or null.</param>
internal sealed record NasIdentity(string Name, Ipv4Address? Ipv4 = null, Ipv6Address? Ipv6 = null)
{
    /// <summary>Adds the attributes; NAS-Identifier is always there (RFC 2866 §4.1).</summary>
    public void Write(RadiusPacketWriter writer)
    {
        writer.Add(AttributeType.NasIdentifier, Name);
        if (Ipv4 is { } ipv4)
            writer.Add(AttributeType.NasIpAddress, ipv4);
        if (Ipv6 is { } ipv6)
            writer.Add(AttributeType.NasIpv6Address, ipv6);
    }

    /// <summary>A NAS attribute of a request means us (RFC 5176 §3).</summary>
    /// <param name="attribute">One of the three.</param>
    public bool IsMeantBy(RadiusAttribute attribute) => attribute.Type switch
    {
        AttributeType.NasIdentifier => attribute.Text == Name,
        AttributeType.NasIpAddress => attribute.TryIpv4(out Ipv4Address ipv4) && ipv4 == Ipv4,
        AttributeType.NasIpv6Address => attribute.TryIpv6(out Ipv6Address ipv6) && ipv6 == Ipv6,
        _ => false,
    };

    /// <summary>Writes a Status-Server packet (RFC 5997 §3); it must have a Message-Authenticator.</summary>
    public byte[] Status(byte identifier, ReadOnlySpan<byte> secret)
    {
        var writer = new RadiusPacketWriter(RadiusCode.StatusServer, identifier, withMessageAuthenticator: true);
        writer.Add(AttributeType.NasIdentifier, Name);
        return writer.SignAccess(NewAuthenticator(), secret);
    }

    /// <summary>Sixteen bytes that nobody can foresee (RFC 2865 §3).</summary>
    public static byte[] NewAuthenticator() => RandomNumberGenerator.GetBytes(RadiusPacket.AuthenticatorBytes);
}
