using System;
using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Cgn.Wire;

/// <summary>
/// The Internet checksum (RFC 1071) over any bytes, with the pseudo-headers of RFC 768, RFC 9293 and RFC 8200 §8.1.
/// Sums and checksums are host-order values of the big-endian words. The patching of one field is
/// <see cref="ChecksumDelta"/>.
/// </summary>
public static class Checksum
{
    // A 32-bit lane takes two 16-bit words a round, so 32,767 rounds cannot carry out of it.
    private const int RoundsMax = 16384;

    /// <summary>
    /// The one's complement sum of 16-bit words, folded to 16 bits and not yet complemented. A last odd byte counts as
    /// the upper half of a word (RFC 1071 §1).
    /// </summary>
    /// <param name="bytes">Any length and alignment. Of several spans that are summed on, only the last may be
    /// odd.</param>
    /// <param name="initial">A sum to add to, such as a pseudo-header's.</param>
    /// <returns>0 only when every byte and the initial sum are zero.</returns>
    public static ushort Sum(ReadOnlySpan<byte> bytes, ushort initial = 0)
    {
        // RFC 1071 §2(B): the sum may be taken in either byte order and swapped once at the end.
        ulong sum = 0;
        if (Vector256.IsHardwareAccelerated && bytes.Length >= Vector256<byte>.Count * 2)
        {
            sum = SumVectors(bytes);
            bytes = bytes[(bytes.Length & ~(Vector256<byte>.Count - 1))..];
        }

        while (bytes.Length >= sizeof(ulong))
        {
            ulong word = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
            sum += (uint)word + (word >> 32);
            bytes = bytes[sizeof(ulong)..];
        }

        if (bytes.Length >= sizeof(uint))
        {
            sum += BinaryPrimitives.ReadUInt32LittleEndian(bytes);
            bytes = bytes[sizeof(uint)..];
        }

        if (bytes.Length >= sizeof(ushort))
        {
            sum += BinaryPrimitives.ReadUInt16LittleEndian(bytes);
            bytes = bytes[sizeof(ushort)..];
        }

        if (bytes.Length != 0)
            sum += bytes[0];
        return Fold((ulong)BinaryPrimitives.ReverseEndianness(Fold(sum)) + initial);
    }

    /// <summary>The checksum that belongs into a field which is zero while this is computed.</summary>
    /// <param name="bytes">All covered bytes.</param>
    /// <param name="initial">A sum to add to, such as a pseudo-header's.</param>
    public static ushort Compute(ReadOnlySpan<byte> bytes, ushort initial = 0) => (ushort)~Sum(bytes, initial);

    /// <summary>Whether bytes that contain their own checksum sum to all ones (RFC 1071 §1).</summary>
    /// <param name="bytes">All covered bytes.</param>
    /// <param name="initial">A sum to add to, such as a pseudo-header's.</param>
    public static bool IsRight(ReadOnlySpan<byte> bytes, ushort initial = 0) => Sum(bytes, initial) == 0xFFFF;

    /// <summary>The sum of an IPv4 pseudo-header (RFC 768, RFC 9293 §3.1).</summary>
    /// <param name="source">Source address.</param>
    /// <param name="destination">Destination address.</param>
    /// <param name="protocol">The transport's number.</param>
    /// <param name="lengthBytes">Transport header and payload, 0 to 65,535 bytes.</param>
    public static ushort PseudoHeader(
        Ipv4Address source, Ipv4Address destination, IpProtocol protocol, int lengthBytes) =>
        Fold((ulong)source.Value + destination.Value + (byte)protocol + (uint)lengthBytes);

    /// <summary>The sum of an IPv6 pseudo-header (RFC 8200 §8.1).</summary>
    /// <param name="source">Source address.</param>
    /// <param name="destination">Final destination address.</param>
    /// <param name="protocol">The upper layer's number, not that of an extension header.</param>
    /// <param name="lengthBytes">Upper-layer header and payload in bytes.</param>
    public static ushort PseudoHeader(
        Ipv6Address source, Ipv6Address destination, IpProtocol protocol, int lengthBytes) =>
        Fold(Halves(source.High) + Halves(source.Low) + Halves(destination.High) + Halves(destination.Low)
            + (byte)protocol + (uint)lengthBytes);

    /// <summary>Computes and writes the checksum of a TCP segment.</summary>
    /// <param name="segment">Header and payload, at least 18 bytes.</param>
    /// <param name="pseudoHeader">Sum from
    /// <see cref="PseudoHeader(Ipv4Address, Ipv4Address, IpProtocol, int)"/>.</param>
    public static void FillTcp(Span<byte> segment, ushort pseudoHeader) => Fill(segment, 16, pseudoHeader);

    /// <summary>
    /// Computes and writes the checksum of a UDP datagram; a computed zero is sent as 0xFFFF (RFC 768).
    /// </summary>
    /// <param name="datagram">Header and payload, at least 8 bytes.</param>
    /// <param name="pseudoHeader">Sum of the pseudo-header.</param>
    public static void FillUdp(Span<byte> datagram, ushort pseudoHeader)
    {
        Fill(datagram, 6, pseudoHeader);
        if (BigEndian.Read16(datagram, 6) == 0)
            BigEndian.Write16(datagram, 6, 0xFFFF);
    }

    /// <summary>Computes and writes the checksum of an ICMP message, which has no pseudo-header (RFC 792).</summary>
    /// <param name="message">The whole message, at least 4 bytes.</param>
    public static void FillIcmp(Span<byte> message) => Fill(message, 2, 0);

    /// <summary>Computes and writes the checksum of an ICMPv6 message (RFC 4443 §2.3).</summary>
    /// <param name="message">The whole message, at least 4 bytes.</param>
    /// <param name="pseudoHeader">Sum of the IPv6 pseudo-header.</param>
    public static void FillIcmpv6(Span<byte> message, ushort pseudoHeader) => Fill(message, 2, pseudoHeader);

    /// <summary>
    /// Whether a UDP datagram over IPv4 is right; a checksum of zero means that there is none (RFC 768).
    /// </summary>
    /// <param name="datagram">Header and payload, at least 8 bytes.</param>
    /// <param name="pseudoHeader">Sum of the pseudo-header.</param>
    public static bool IsUdpRight(ReadOnlySpan<byte> datagram, ushort pseudoHeader) =>
        BigEndian.Read16(datagram, 6) == 0 || IsRight(datagram, pseudoHeader);

    /// <summary>Adds the carries back in until 16 bits are left.</summary>
    /// <param name="sum">Any sum of 16-bit or 32-bit words.</param>
    /// <returns>0 only for 0.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ushort Fold(ulong sum)
    {
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF_FFFF) + (sum >> 32);
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)sum;
    }

    private static ulong Halves(ulong value) => (value & 0xFFFF_FFFF) + (value >> 32);

    private static void Fill(Span<byte> bytes, int offset, ushort pseudoHeader)
    {
        BigEndian.Write16(bytes, offset, 0);
        BigEndian.Write16(bytes, offset, Compute(bytes, pseudoHeader));
    }

    private static ulong SumVectors(ReadOnlySpan<byte> bytes)
    {
        ReadOnlySpan<Vector256<ushort>> words = MemoryMarshal.Cast<byte, Vector256<ushort>>(bytes);
        ulong sum = 0;
        while (!words.IsEmpty)
        {
            ReadOnlySpan<Vector256<ushort>> rounds = words[..Math.Min(words.Length, RoundsMax)];
            Vector256<uint> lanes = Vector256<uint>.Zero;
            foreach (Vector256<ushort> word in rounds)
            {
                (Vector256<uint> lower, Vector256<uint> upper) = Vector256.Widen(word);
                lanes += lower + upper;
            }

            (Vector256<ulong> low, Vector256<ulong> high) = Vector256.Widen(lanes);
            sum += Vector256.Sum(low + high);
            words = words[rounds.Length..];
        }

        return sum;
    }
}
