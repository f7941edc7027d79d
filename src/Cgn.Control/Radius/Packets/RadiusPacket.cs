using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Diagnostics.CodeAnalysis;
using System.Linq;

namespace Cgn.Control.Radius.Packets;

/// <summary>A packet that was received: its form is right, nothing is known yet of who sent it.</summary>
public sealed class RadiusPacket
{
    /// <summary>Code, identifier, length, authenticator.</summary>
    public const int HeaderBytes = 20;

    /// <summary>The longest packet (RFC 2865 §3).</summary>
    public const int BytesMax = 4096;

    /// <summary>Bytes of an authenticator.</summary>
    public const int AuthenticatorBytes = 16;

    internal const int LengthAt = 2;
    internal const int AuthenticatorAt = 4;

    private RadiusPacket(ReadOnlyMemory<byte> bytes, IReadOnlyList<RadiusAttribute> attributes)
    {
        Bytes = bytes;
        Attributes = attributes;
    }

    /// <summary>The whole packet, without padding.</summary>
    public ReadOnlyMemory<byte> Bytes { get; }

    /// <summary>All attributes, in their order.</summary>
    public IReadOnlyList<RadiusAttribute> Attributes { get; }

    /// <summary>What it is; perhaps no code that has a name.</summary>
    public RadiusCode Code => (RadiusCode)Bytes.Span[0];

    /// <summary>Matches requests and replies.</summary>
    public byte Identifier => Bytes.Span[1];

    /// <summary>The authenticator, sixteen bytes.</summary>
    public ReadOnlySpan<byte> Authenticator => Bytes.Span.Slice(AuthenticatorAt, AuthenticatorBytes);

    /// <summary>Reads a datagram; it is copied.</summary>
    /// <param name="datagram">Anything. What lies behind the packet's own length is padding (RFC 2865 §3).</param>
    /// <param name="packet">The packet, or null.</param>
    /// <returns>False when it is shorter than it says, its length is not 20 to 4096, or attributes do not fill
    /// it.</returns>
    public static bool TryRead(ReadOnlySpan<byte> datagram, [NotNullWhen(true)] out RadiusPacket? packet)
    {
        packet = null;
        if (datagram.Length < HeaderBytes)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[LengthAt..]);
        if (length is < HeaderBytes or > BytesMax || length > datagram.Length)
            return false;
        ReadOnlyMemory<byte> bytes = datagram[..length].ToArray();
        if (!AttributeParser.TryParse(bytes[HeaderBytes..], out IReadOnlyList<RadiusAttribute> attributes))
            return false;
        packet = new RadiusPacket(bytes, attributes);
        return true;
    }

    /// <summary>All attributes of a type.</summary>
    /// <param name="type">Which.</param>
    public IEnumerable<RadiusAttribute> All(AttributeType type) => Attributes.Where(one => one.Type == type);

    /// <summary>The first attribute of a type.</summary>
    /// <param name="type">Which.</param>
    /// <param name="attribute">The attribute.</param>
    /// <returns>False when there is none.</returns>
    public bool TryFind(AttributeType type, out RadiusAttribute attribute)
    {
        foreach (RadiusAttribute one in Attributes)
        {
            if (one.Type == type)
            {
                attribute = one;
                return true;
            }
        }

        attribute = default;
        return false;
    }
}
