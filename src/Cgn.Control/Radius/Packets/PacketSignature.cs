using System;
using System.Security.Cryptography;

namespace Cgn.Control.Radius.Packets;

/// <summary>
/// Authenticators over whole packets. MD5 and HMAC-MD5 are what the protocol says; what they are worth on an open
/// network is said in RFC 6151 and by CVE-2024-3596, which a required Message-Authenticator closes.
/// </summary>
public static class PacketSignature
{
    private const int Bytes = RadiusPacket.AuthenticatorBytes;
    private const int MessageAttributeBytes = 2 + Bytes;

    /// <summary>
    /// Computes the authenticator of a packet: MD5 over it, with another authenticator in its place, and the secret
    /// (RFC 2865 §3, RFC 2866 §3).
    /// </summary>
    /// <param name="packet">The whole packet.</param>
    /// <param name="inPlace">Of a reply the request's authenticator; of an accounting, CoA or disconnect request
    /// sixteen zeros.</param>
    /// <param name="secret">The shared secret.</param>
    /// <param name="result">Sixteen bytes.</param>
    public static void Compute(
        ReadOnlySpan<byte> packet, ReadOnlySpan<byte> inPlace, ReadOnlySpan<byte> secret, Span<byte> result)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        hash.AppendData(packet[..RadiusPacket.AuthenticatorAt]);
        hash.AppendData(inPlace);
        hash.AppendData(packet[RadiusPacket.HeaderBytes..]);
        hash.AppendData(secret);
        hash.GetHashAndReset(result);
    }

    /// <summary>The packet's authenticator is what <see cref="Compute"/> makes of it.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="inPlace">See <see cref="Compute"/>.</param>
    /// <param name="secret">The shared secret.</param>
    public static bool IsRight(RadiusPacket packet, ReadOnlySpan<byte> inPlace, ReadOnlySpan<byte> secret)
    {
        ArgumentNullException.ThrowIfNull(packet);
        Span<byte> expected = stackalloc byte[Bytes];
        Compute(packet.Bytes.Span, inPlace, secret, expected);
        return CryptographicOperations.FixedTimeEquals(expected, packet.Authenticator);
    }

    /// <summary>
    /// Computes a Message-Authenticator: HMAC-MD5 over the packet with another authenticator in its place and sixteen
    /// zeros in the attribute's.
    /// </summary>
    /// <param name="packet">The whole packet.</param>
    /// <param name="inPlace">The request's authenticator, also for replies; sixteen zeros for accounting, CoA and
    /// disconnect requests (RFC 5176 §3.4).</param>
    /// <param name="valueAt">Where the attribute's value begins in the packet.</param>
    /// <param name="secret">The shared secret.</param>
    /// <param name="result">Sixteen bytes.</param>
    public static void ComputeMessage(
        ReadOnlySpan<byte> packet, ReadOnlySpan<byte> inPlace, int valueAt, ReadOnlySpan<byte> secret,
        Span<byte> result)
    {
        Span<byte> zeros = stackalloc byte[Bytes];
        zeros.Clear();
        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.MD5, secret);
        hash.AppendData(packet[..RadiusPacket.AuthenticatorAt]);
        hash.AppendData(inPlace);
        hash.AppendData(packet[RadiusPacket.HeaderBytes..valueAt]);
        hash.AppendData(zeros);
        hash.AppendData(packet[(valueAt + Bytes)..]);
        hash.GetHashAndReset(result);
    }

    /// <summary>Checks a packet's Message-Authenticator.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="inPlace">See <see cref="ComputeMessage"/>.</param>
    /// <param name="secret">The shared secret.</param>
    public static MessageCheck CheckMessage(
        RadiusPacket packet, ReadOnlySpan<byte> inPlace, ReadOnlySpan<byte> secret)
    {
        ArgumentNullException.ThrowIfNull(packet);
        ReadOnlySpan<byte> bytes = packet.Bytes.Span;
        int valueAt = 0;
        for (int at = RadiusPacket.HeaderBytes; at < bytes.Length; at += bytes[at + 1])
        {
            if (bytes[at] != (byte)AttributeType.MessageAuthenticator)
                continue;
            if (valueAt != 0 || bytes[at + 1] != MessageAttributeBytes)
                return MessageCheck.Wrong;
            valueAt = at + 2;
        }

        if (valueAt == 0)
            return MessageCheck.Absent;
        Span<byte> expected = stackalloc byte[Bytes];
        ComputeMessage(bytes, inPlace, valueAt, secret, expected);
        return CryptographicOperations.FixedTimeEquals(expected, bytes.Slice(valueAt, Bytes))
            ? MessageCheck.Right
            : MessageCheck.Wrong;
    }
}
