using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Model.Tests.Nat;

namespace Cgn.Model.Tests.Traffic;

/// <summary>Packets by their fields, checksums right unless a fault breaks them.</summary>
internal static class PacketMaker
{
    private static readonly byte[] s_link = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9];

    public static byte[] Frame(byte[] packet) =>
        [.. s_link, .. packet[0] >> 4 == 6 ? (byte[])[0x86, 0xDD] : [8, 0], .. packet];

    public static byte[] Udp(Endpoint from, Endpoint to, byte protocol, int payload, bool noChecksum)
    {
        byte[] b = [.. new byte[8], .. Payload(payload)];
        Bytes.Put16(b, 0, from.Port);
        Bytes.Put16(b, 2, to.Port);
        Bytes.Put16(b, 4, b.Length);
        uint pseudo = Bytes.PseudoHeader(from.Address, to.Address, protocol, b.Length);
        ushort sum = Bytes.Checksum(b, 0, b.Length, pseudo);
        Bytes.Put16(b, 6, noChecksum ? 0 : sum == 0 ? 0xFFFF : sum);
        return b;
    }

    public static byte[] Tcp(
        Endpoint from, Endpoint to, int flags, uint sequence, uint acknowledgment, int window, byte[] options,
        int payload)
    {
        byte[] b = [.. new byte[20], .. options, .. Payload(payload)];
        Bytes.Put16(b, 0, from.Port);
        Bytes.Put16(b, 2, to.Port);
        Bytes.Put32(b, 4, sequence);
        Bytes.Put32(b, 8, acknowledgment);
        b[12] = (byte)((20 + options.Length) / 4 << 4);
        b[13] = (byte)flags;
        Bytes.Put16(b, 14, window);
        uint pseudo = Bytes.PseudoHeader(from.Address, to.Address, Datagram.Tcp, b.Length);
        Bytes.Put16(b, 16, Bytes.Checksum(b, 0, b.Length, pseudo));
        return b;
    }

    public static byte[] Dccp(Endpoint from, Endpoint to, int type, int payload)
    {
        byte[] b = [.. new byte[16], .. Payload(payload)];
        Bytes.Put16(b, 0, from.Port);
        Bytes.Put16(b, 2, to.Port);
        b[4] = 4;
        b[8] = (byte)((type << 1) | 1);
        uint pseudo = Bytes.PseudoHeader(from.Address, to.Address, Datagram.Dccp, b.Length);
        Bytes.Put16(b, 6, Bytes.Checksum(b, 0, b.Length, pseudo));
        return b;
    }

    public static byte[] Icmp(byte type, byte code, uint rest, byte[] payload)
    {
        byte[] b = [type, code, 0, 0, 0, 0, 0, 0, .. payload];
        Bytes.Put32(b, 4, rest);
        Bytes.Put16(b, 2, Bytes.Checksum(b, 0, b.Length));
        return b;
    }

    public static byte[] Ipv4(
        uint source, uint destination, byte protocol, byte[] payload, byte ttl, byte tos, int identification,
        int flagsAndOffset, byte[] options)
    {
        byte[] b = [.. new byte[20], .. options, .. payload];
        b[0] = (byte)(0x40 | ((20 + options.Length) / 4));
        b[1] = tos;
        Bytes.Put16(b, 2, b.Length);
        Bytes.Put16(b, 4, identification);
        Bytes.Put16(b, 6, flagsAndOffset);
        b[8] = ttl;
        b[9] = protocol;
        Bytes.Put32(b, 12, source);
        Bytes.Put32(b, 16, destination);
        new Datagram(b).FillHeaderChecksum();
        return b;
    }

    public static byte[] Softwire(UInt128 b4, UInt128 aftr, byte next, byte[] inner, byte tos, bool limit)
    {
        byte[] b = [.. new byte[40], .. limit ? (byte[])[next, 0, 4, 1, 4, 1, 1, 0] : [], .. inner];
        Bytes.Put32(b, 0, (6u << 28) | ((uint)tos << 20));
        Bytes.Put16(b, 4, b.Length - 40);
        b[6] = limit ? (byte)60 : next;
        b[7] = 64;
        Bytes.Put128(b, 8, b4);
        Bytes.Put128(b, 24, aftr);
        return b;
    }

    /// <summary>An IPv4 packet in pieces, first to last.</summary>
    public static List<byte[]> Cut(byte[] packet, int pieces)
    {
        Datagram whole = new(packet);
        int each = Math.Max(whole.Protocol == Datagram.Tcp ? 24 : 8, (whole.PayloadLength / pieces + 7) / 8 * 8);
        List<byte[]> cut = [];
        for (int from = 0; from < whole.PayloadLength; from += each)
        {
            int to = Math.Min(whole.PayloadLength, from + each);
            byte[] b = [.. packet[..whole.HeaderLength],
                .. packet[(whole.HeaderLength + from)..(whole.HeaderLength + to)]];
            Bytes.Put16(b, 2, b.Length);
            Bytes.Put16(b, 6, (from / 8) | (to < whole.PayloadLength ? 0x2000 : 0) | (packet[6] << 8 & 0x4000));
            new Datagram(b).FillHeaderChecksum();
            cut.Add(b);
        }

        return cut;
    }

    /// <summary>An IPv6 packet in outer fragments, first to last.</summary>
    public static List<byte[]> CutOuter(byte[] packet, int pieces, uint identification)
    {
        byte[] payload = packet[40..];
        int each = Math.Max(32, (payload.Length / pieces + 7) / 8 * 8);
        List<byte[]> cut = [];
        for (int from = 0; from < payload.Length; from += each)
        {
            int to = Math.Min(payload.Length, from + each);
            byte[] b = [.. packet[..40], packet[6], 0, 0, 0, 0, 0, 0, 0, .. payload[from..to]];
            b[6] = 44;
            Bytes.Put16(b, 4, b.Length - 40);
            Bytes.Put16(b, 42, from | (to < payload.Length ? 1 : 0));
            Bytes.Put32(b, 44, identification);
            cut.Add(b);
        }

        return cut;
    }

    private static byte[] Payload(int length) =>
        [.. Enumerable.Range(0, Math.Max(0, length)).Select(i => (byte)(i * 7))];
}
