using System;
using System.Buffers.Binary;
using System.Net;

namespace Cgn.Ports.Tests.Support;

/// <summary>
/// Frames with just enough in them to be steered; payloads are numbered so that each frame is one of a kind.
/// </summary>
internal static class Packets
{
    internal const byte NextIpv4 = 4;
    internal const byte NextIcmpv6 = 58;
    internal const byte NextDestinationOptions = 60;
    internal const byte NextFragment = 44;
    internal static readonly string B4 = "2001:db8:100::1";
    internal static readonly string Aftr = "2001:db8:ffff::1";

    internal static byte[] Ethernet(ushort type, byte[] payload, byte[]? to = null, params ushort[] tags)
    {
        byte[] frame = new byte[14 + (tags.Length * 4) + payload.Length];
        (to ?? VethPair.BoxMac).CopyTo(frame, 0);
        VethPair.FarMac.CopyTo(frame, 6);
        int at = 12;
        for (int i = 0; i < tags.Length; i++, at += 4)
        {
            BinaryPrimitives.WriteUInt16BigEndian(
                frame.AsSpan(at), i + 1 < tags.Length ? (ushort)0x88A8 : (ushort)0x8100);
            BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at + 2), tags[i]);
        }

        BinaryPrimitives.WriteUInt16BigEndian(frame.AsSpan(at), type);
        payload.CopyTo(frame, at + 2);
        return frame;
    }

    internal static byte[] Ipv6(string source, string destination, byte next, params byte[] payload)
    {
        byte[] packet = new byte[40 + payload.Length];
        packet[0] = 0x60;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(4), (ushort)payload.Length);
        packet[6] = next;
        packet[7] = 64;
        IPAddress.Parse(source).GetAddressBytes().CopyTo(packet, 8);
        IPAddress.Parse(destination).GetAddressBytes().CopyTo(packet, 24);
        payload.CopyTo(packet, 40);
        return packet;
    }

    internal static byte[] Ipv4(string source, string destination, int number = 0, int payloadBytes = 32)
    {
        byte[] packet = new byte[20 + payloadBytes];
        packet[0] = 0x45;
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(2), (ushort)packet.Length);
        packet[8] = 64;
        packet[9] = 17;
        IPAddress.Parse(source).GetAddressBytes().CopyTo(packet, 12);
        IPAddress.Parse(destination).GetAddressBytes().CopyTo(packet, 16);
        uint sum = 0;
        for (int i = 0; i < 20; i += 2)
            sum += BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(i));
        sum = (sum & 0xFFFF) + (sum >> 16);
        sum = (sum & 0xFFFF) + (sum >> 16);
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), (ushort)~sum);
        BinaryPrimitives.WriteInt32BigEndian(packet.AsSpan(20), number);
        return packet;
    }

    internal static byte[] Report(string router, string destination, byte type, string quoted)
    {
        byte[] packet = Ipv4(router, destination, payloadBytes: 8 + 28);
        packet[9] = 1;
        packet[20] = type;
        Ipv4(destination, quoted, payloadBytes: 8).CopyTo(packet, 28);
        return packet;
    }

    internal static byte[] Ipv4Frame(
        string source, string destination, int number = 0, int payloadBytes = 32, params ushort[] tags) =>
        Ethernet(0x0800, Ipv4(source, destination, number, payloadBytes), null, tags);

    internal static byte[] Softwire(int number = 0, params ushort[] tags) =>
        Ethernet(0x86DD, Ipv6(B4, Aftr, NextIpv4, Ipv4("192.168.1.2", "198.51.100.1", number)), null, tags);

    internal static int Number(ReadOnlySpan<byte> frame) => BinaryPrimitives.ReadInt32BigEndian(frame[^32..]);

    internal static uint Address(string text) =>
        BinaryPrimitives.ReadUInt32BigEndian(IPAddress.Parse(text).GetAddressBytes());

    internal static UInt128 Address6(string text) =>
        BinaryPrimitives.ReadUInt128BigEndian(IPAddress.Parse(text).GetAddressBytes());
}
