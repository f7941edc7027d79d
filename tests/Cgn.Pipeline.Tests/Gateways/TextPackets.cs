using System;
using System.Text;

using Cgn.Testing;
using Cgn.Wire;

namespace Cgn.Pipeline.Tests.Gateways;

/// <summary>Packets with a payload of the test's own, and what came out as text.</summary>
internal static class TextPackets
{
    public static byte[] Tcp(
        string source, ushort sourcePort, string destination, ushort destinationPort, TcpFlags flags, uint sequence,
        uint acknowledgment, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> options = default, ushort urgent = 0)
    {
        byte[] segment = new byte[TcpHeader.Size + options.Length + payload.Length];
        new TcpHeader
        {
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
            Sequence = sequence,
            Acknowledgment = acknowledgment,
            Flags = flags,
            Window = 65535,
        }.Write(segment, options);
        payload.CopyTo(segment.AsSpan(TcpHeader.Size + options.Length));
        segment[18] = (byte)(urgent >> 8);
        segment[19] = (byte)urgent;
        Checksum.FillTcp(segment, Pseudo(source, destination, IpProtocol.Tcp, segment.Length));
        return Packets.Ipv4(source, destination, IpProtocol.Tcp, segment);
    }

    public static byte[] Udp(
        string source, ushort sourcePort, string destination, ushort destinationPort, ReadOnlySpan<byte> payload)
    {
        byte[] datagram = new byte[UdpHeader.Size + payload.Length];
        new UdpHeader
        {
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
            PayloadLength = payload.Length,
        }.Write(datagram);
        payload.CopyTo(datagram.AsSpan(UdpHeader.Size));
        Checksum.FillUdp(datagram, Pseudo(source, destination, IpProtocol.Udp, datagram.Length));
        return Packets.Ipv4(source, destination, IpProtocol.Udp, datagram);
    }

    public static byte[] Bytes(string text) => Encoding.Latin1.GetBytes(text);

    public static byte[] Payload(this Decoded packet) =>
        packet.Tcp?.PayloadData ?? packet.Udp?.PayloadData ?? [];

    public static string Text(this Decoded packet) => Encoding.Latin1.GetString(packet.Payload());

    private static ushort Pseudo(string source, string destination, IpProtocol protocol, int length) =>
        Checksum.PseudoHeader(Ipv4Address.Parse(source), Ipv4Address.Parse(destination), protocol, length);
}
