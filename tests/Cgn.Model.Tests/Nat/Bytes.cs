using System;

namespace Cgn.Model.Tests.Nat;

/// <summary>Numbers in packets, network byte order, and the Internet checksum (RFC 1071), word by word.</summary>
internal static class Bytes
{
    public static ushort Get16(byte[] b, int at) => (ushort)((b[at] << 8) | b[at + 1]);

    public static uint Get32(byte[] b, int at) => ((uint)Get16(b, at) << 16) | Get16(b, at + 2);

    public static UInt128 Get128(byte[] b, int at)
    {
        UInt128 value = 0;
        for (int i = 0; i < 16; i++)
            value = (value << 8) | b[at + i];
        return value;
    }

    public static void Put16(byte[] b, int at, int value)
    {
        b[at] = (byte)(value >> 8);
        b[at + 1] = (byte)value;
    }

    public static void Put32(byte[] b, int at, uint value)
    {
        Put16(b, at, (int)(value >> 16));
        Put16(b, at + 2, (int)value);
    }

    public static void Put128(byte[] b, int at, UInt128 value)
    {
        for (int i = 15; i >= 0; i--, value >>= 8)
            b[at + i] = (byte)value;
    }

    public static byte[] Join(params byte[][] parts)
    {
        byte[] all = new byte[Array.ConvertAll(parts, part => part.Length) is int[] n ? Total(n) : 0];
        int at = 0;
        foreach (byte[] part in parts)
        {
            part.CopyTo(all, at);
            at += part.Length;
        }

        return all;
    }

    /// <summary>One's complement sum of the 16-bit words.</summary>
    public static uint Sum(byte[] b, int from, int to, uint start = 0)
    {
        uint sum = start;
        for (int i = from; i < to; i++)
            sum += i % 2 == from % 2 ? (uint)b[i] << 8 : b[i];
        while (sum > 0xFFFF)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return sum;
    }

    public static ushort Checksum(byte[] b, int from, int to, uint start = 0) => (ushort)~Sum(b, from, to, start);

    public static uint PseudoHeader(uint source, uint destination, byte protocol, int length) =>
        (source >> 16) + (source & 0xFFFF) + (destination >> 16) + (destination & 0xFFFF) + protocol + (uint)length;

    /// <summary>A checksum after a word under it changed (RFC 1624 equation 3).</summary>
    public static ushort Adjust(ushort checksum, ushort before, ushort after)
    {
        uint sum = (uint)(ushort)~checksum + (ushort)~before + after;
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        return (ushort)~sum;
    }

    public static ushort Adjust(ushort checksum, uint before, uint after) =>
        Adjust(Adjust(checksum, (ushort)(before >> 16), (ushort)(after >> 16)), (ushort)before, (ushort)after);

    private static int Total(int[] lengths)
    {
        int total = 0;
        foreach (int length in lengths)
            total += length;
        return total;
    }
}
