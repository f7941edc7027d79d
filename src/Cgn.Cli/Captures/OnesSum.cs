using System;

namespace Cgn.Cli.Captures;

/// <summary>
/// The Internet checksum as arithmetic modulo 65,535 (RFC 1071): slow, plain, and not the gateway's. A translator
/// that changes bytes and keeps the checksum honest keeps the sum over checksum, pseudo-header and bytes the same,
/// whether it was right (0) or wrong.
/// </summary>
internal static class OnesSum
{
    private const uint Modulus = 65535;

    /// <summary>The sum of bytes, an odd one at the end padded with 0.</summary>
    /// <returns>0 to 65,534; 0 when a checksum among them is right.</returns>
    internal static uint Of(ReadOnlySpan<byte> bytes)
    {
        ulong sum = 0;
        int at = 0;
        for (; at + 1 < bytes.Length; at += 2)
            sum += NetworkBytes.Read16(bytes, at);
        if (at < bytes.Length)
            sum += (uint)(bytes[at] << 8);
        return (uint)(sum % Modulus);
    }

    /// <summary>
    /// The addresses of an IPv4 header: the part of the pseudo-header that translation changes (RFC 9293 3.1).
    /// </summary>
    internal static uint Addresses(ReadOnlySpan<byte> header) => Of(header.Slice(12, 8));

    /// <summary>Two sums together.</summary>
    internal static uint Add(uint first, uint second) => (first + second) % Modulus;

    /// <summary>Sets a checksum so that the sum over some bytes becomes what it should be.</summary>
    /// <param name="bytes">The bytes, checksum among them.</param>
    /// <param name="checksumOffset">Where it stands, even.</param>
    /// <param name="aside">The sum of what is covered but is not among the bytes.</param>
    /// <param name="wanted">The sum wanted.</param>
    internal static void Settle(Span<byte> bytes, int checksumOffset, uint aside, uint wanted)
    {
        NetworkBytes.Write16(bytes, checksumOffset, 0);
        uint without = Add(Of(bytes), aside);
        NetworkBytes.Write16(bytes, checksumOffset, (ushort)((wanted + Modulus - without) % Modulus));
    }
}
