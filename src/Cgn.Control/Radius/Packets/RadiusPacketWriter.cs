using System;
using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

using Cgn.Wire;

namespace Cgn.Control.Radius.Packets;

/// <summary>Writes one packet, attribute by attribute, and signs it.</summary>
public sealed class RadiusPacketWriter
{
    private const int AttributeHeaderBytes = 2;
    private const int ValueBytesMax = byte.MaxValue - AttributeHeaderBytes;
    private const int AuthenticatorBytes = RadiusPacket.AuthenticatorBytes;
    private const int MessageValueAt = RadiusPacket.HeaderBytes + AttributeHeaderBytes;

    private readonly byte[] _bytes = new byte[RadiusPacket.BytesMax];
    private readonly bool _hasMessage;
    private int _length = RadiusPacket.HeaderBytes;

    /// <summary>Begins a packet.</summary>
    /// <param name="code">What it is.</param>
    /// <param name="identifier">Matches requests and replies.</param>
    /// <param name="withMessageAuthenticator">It has a Message-Authenticator, as its first attribute: behind others a
    /// forger could hide a prefix of his own before it (CVE-2024-3596).</param>
    public RadiusPacketWriter(RadiusCode code, byte identifier, bool withMessageAuthenticator)
    {
        _bytes[0] = (byte)code;
        _bytes[1] = identifier;
        _hasMessage = withMessageAuthenticator;
        if (withMessageAuthenticator)
            Add(AttributeType.MessageAuthenticator, stackalloc byte[AuthenticatorBytes]);
    }

    /// <summary>Bytes that are left for attributes, their headers included.</summary>
    public int Room => RadiusPacket.BytesMax - _length;

    /// <summary>Bytes that attributes take so far.</summary>
    public ReadOnlySpan<byte> Attributes => _bytes.AsSpan(RadiusPacket.HeaderBytes, _length - RadiusPacket.HeaderBytes);

    /// <summary>Adds an attribute, plain or extended (RFC 6929 §2.1).</summary>
    /// <param name="type">Which.</param>
    /// <param name="value">At most 253 bytes, 252 for an extended one.</param>
    /// <exception cref="ArgumentException">The value is longer.</exception>
    /// <exception cref="InvalidOperationException">The packet is full.</exception>
    public void Add(AttributeType type, ReadOnlySpan<byte> value)
    {
        int extended = (ushort)type > byte.MaxValue ? 1 : 0;
        if (value.Length > ValueBytesMax - extended)
            throw new ArgumentException($"{type} of {value.Length} bytes does not fit an attribute", nameof(value));
        Span<byte> at = Take(AttributeHeaderBytes + extended + value.Length);
        at[0] = extended == 0 ? (byte)type : (byte)((ushort)type >> 8);
        at[1] = (byte)at.Length;
        if (extended != 0)
            at[AttributeHeaderBytes] = (byte)type;
        value.CopyTo(at[(AttributeHeaderBytes + extended)..]);
    }

    /// <summary>Adds an integer, a time in Unix seconds, or an enumeration.</summary>
    /// <param name="type">Which.</param>
    /// <param name="number">Its value.</param>
    public void Add(AttributeType type, uint number)
    {
        Span<byte> value = stackalloc byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32BigEndian(value, number);
        Add(type, value);
    }

    /// <summary>Adds text; beyond 253 bytes it is cut off.</summary>
    /// <param name="type">Which.</param>
    /// <param name="text">The text, not empty (RFC 2865 §5).</param>
    public void Add(AttributeType type, string text)
    {
        byte[] value = Encoding.UTF8.GetBytes(text);
        Add(type, value.AsSpan(0, Math.Min(value.Length, ValueBytesMax)));
    }

    /// <summary>Adds an IPv4 address.</summary>
    /// <param name="type">Which.</param>
    /// <param name="address">Its value.</param>
    public void Add(AttributeType type, Ipv4Address address) => Add(type, address.Value);

    /// <summary>Adds an IPv6 address.</summary>
    /// <param name="type">Which.</param>
    /// <param name="address">Its value.</param>
    public void Add(AttributeType type, Ipv6Address address)
    {
        Span<byte> value = stackalloc byte[Ipv6Address.Size];
        address.Write(value);
        Add(type, value);
    }

    /// <summary>Adds an IPv6 prefix.</summary>
    /// <param name="type">Which.</param>
    /// <param name="prefix">Its value.</param>
    public void Add(AttributeType type, Ipv6Prefix prefix) => Add(type, PrefixValue.Encode(prefix));

    /// <summary>Adds a vendor's attribute (RFC 2865 §5.26).</summary>
    /// <param name="vendor">The vendor's enterprise number.</param>
    /// <param name="type">Type in the vendor's space.</param>
    /// <param name="value">At most 247 bytes.</param>
    public void AddVendor(uint vendor, byte type, ReadOnlySpan<byte> value)
    {
        Span<byte> whole = new byte[sizeof(uint) + AttributeHeaderBytes + value.Length];
        BinaryPrimitives.WriteUInt32BigEndian(whole, vendor);
        whole[sizeof(uint)] = type;
        whole[sizeof(uint) + 1] = (byte)(AttributeHeaderBytes + value.Length);
        value.CopyTo(whole[(sizeof(uint) + AttributeHeaderBytes)..]);
        Add(AttributeType.VendorSpecific, whole);
    }

    /// <summary>Adds attributes that are encoded already.</summary>
    /// <param name="attributes">Whole attributes.</param>
    public void AddEncoded(ReadOnlySpan<byte> attributes) => attributes.CopyTo(Take(attributes.Length));

    /// <summary>Adds User-Password, hidden by the secret and the authenticator (RFC 2865 §5.2), for
    /// <see cref="SignAccess"/> with the same two.</summary>
    /// <param name="password">At most 128 bytes of UTF-8.</param>
    /// <param name="authenticator">Sixteen random bytes.</param>
    /// <param name="secret">The shared secret.</param>
    public void AddPassword(string password, ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> secret)
    {
        byte[] plain = Encoding.UTF8.GetBytes(password);
        byte[] hidden = new byte[Math.Max(1, (plain.Length + AuthenticatorBytes - 1) / AuthenticatorBytes)
            * AuthenticatorBytes];
        plain.CopyTo(hidden, 0);
        ReadOnlySpan<byte> before = authenticator;
        Span<byte> pad = stackalloc byte[AuthenticatorBytes];
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        for (int block = 0; block < hidden.Length; block += AuthenticatorBytes)
        {
            hash.AppendData(secret);
            hash.AppendData(before);
            hash.GetHashAndReset(pad);
            for (int i = 0; i < AuthenticatorBytes; i++)
                hidden[block + i] ^= pad[i];
            before = hidden.AsSpan(block, AuthenticatorBytes);
        }

        Add(AttributeType.UserPassword, hidden);
    }

    /// <summary>Ends an Access-Request or Status-Server packet.</summary>
    /// <param name="authenticator">Sixteen random bytes (RFC 2865 §3).</param>
    /// <param name="secret">The shared secret.</param>
    public byte[] SignAccess(ReadOnlySpan<byte> authenticator, ReadOnlySpan<byte> secret)
    {
        byte[] packet = Whole();
        authenticator.CopyTo(packet.AsSpan(RadiusPacket.AuthenticatorAt));
        SignMessage(packet, authenticator, secret);
        return packet;
    }

    /// <summary>Ends an accounting, CoA or disconnect request (RFC 2866 §3, RFC 5176 §2.3).</summary>
    /// <param name="secret">The shared secret.</param>
    public byte[] SignRequest(ReadOnlySpan<byte> secret) => Sign(stackalloc byte[AuthenticatorBytes], secret);

    /// <summary>Ends a reply.</summary>
    /// <param name="request">The request's authenticator.</param>
    /// <param name="secret">The shared secret.</param>
    public byte[] SignReply(ReadOnlySpan<byte> request, ReadOnlySpan<byte> secret) => Sign(request, secret);

    private byte[] Sign(ReadOnlySpan<byte> inPlace, ReadOnlySpan<byte> secret)
    {
        byte[] packet = Whole();
        SignMessage(packet, inPlace, secret);
        PacketSignature.Compute(
            packet, inPlace, secret, packet.AsSpan(RadiusPacket.AuthenticatorAt, AuthenticatorBytes));
        return packet;
    }

    private void SignMessage(byte[] packet, ReadOnlySpan<byte> inPlace, ReadOnlySpan<byte> secret)
    {
        if (!_hasMessage)
            return;
        PacketSignature.ComputeMessage(
            packet, inPlace, MessageValueAt, secret, packet.AsSpan(MessageValueAt, AuthenticatorBytes));
    }

    private byte[] Whole()
    {
        BinaryPrimitives.WriteUInt16BigEndian(_bytes.AsSpan(RadiusPacket.LengthAt), (ushort)_length);
        return _bytes[.._length];
    }

    private Span<byte> Take(int bytes)
    {
        if (bytes > Room)
            throw new InvalidOperationException($"a packet of {RadiusPacket.BytesMax} bytes is full");
        Span<byte> taken = _bytes.AsSpan(_length, bytes);
        _length += bytes;
        return taken;
    }
}
