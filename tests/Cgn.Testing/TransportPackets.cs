using System;

using Cgn.Wire;

namespace Cgn.Testing;

/// <summary>Packets of transports beside TCP, UDP and ICMP, summed by themselves rather than by the gateway's own
/// code.</summary>
public static class TransportPackets
{
    /// <summary>UDP-Lite (RFC 3828): the checksum covers as many leading bytes as it says, 0 for all.</summary>
    public static byte[] UdpLite(
        string source, ushort sourcePort, string destination, ushort destinationPort, ushort coverage = 8,
        int payloadBytes = 40)
    {
        byte[] datagram = new byte[8 + payloadBytes];
        WritePorts(datagram, sourcePort, destinationPort);
        datagram[4] = (byte)(coverage >> 8);
        datagram[5] = (byte)coverage;
        Fill(datagram.AsSpan(8));
        WriteSum(datagram, 6, coverage, Pseudo(source, destination, IpProtocol.UdpLite, datagram.Length));
        return Packets.Ipv4(source, destination, IpProtocol.UdpLite, datagram);
    }

    /// <summary>DCCP (RFC 4340) with short sequence numbers and a service code, as a request has it.</summary>
    public static byte[] Dccp(
        string source, ushort sourcePort, string destination, ushort destinationPort, int type,
        byte coverageField = 0, int payloadBytes = 12)
    {
        byte[] packet = new byte[20 + payloadBytes];
        WritePorts(packet, sourcePort, destinationPort);
        packet[4] = 5;
        packet[5] = coverageField;
        packet[8] = (byte)(type << 1);
        packet[11] = 77;
        "SC:x"u8.CopyTo(packet.AsSpan(16));
        Fill(packet.AsSpan(20));
        int covered = coverageField == 0 ? packet.Length : 20 + ((coverageField - 1) * 4);
        WriteSum(packet, 6, covered, Pseudo(source, destination, IpProtocol.Dccp, packet.Length));
        return Packets.Ipv4(source, destination, IpProtocol.Dccp, packet);
    }

    /// <summary>PPP in GRE as PPTP sends it (RFC 2637 section 4.1), to the receiver's call.</summary>
    public static byte[] Pptp(string source, string destination, ushort call, int payloadBytes = 20)
    {
        byte[] packet = new byte[12 + payloadBytes];
        packet[0] = 0x30;
        packet[1] = 0x01;
        packet[2] = 0x88;
        packet[3] = 0x0B;
        packet[5] = (byte)payloadBytes;
        packet[6] = (byte)(call >> 8);
        packet[7] = (byte)call;
        Fill(packet.AsSpan(12));
        return Packets.Ipv4(source, destination, IpProtocol.Gre, packet);
    }

    /// <summary>A packet of any protocol: its payload is its number, repeated.</summary>
    public static byte[] Bare(string source, string destination, int protocol, int payloadBytes = 24)
    {
        byte[] payload = new byte[payloadBytes];
        payload.AsSpan().Fill((byte)protocol);
        return Packets.Ipv4(source, destination, (IpProtocol)protocol, payload);
    }

    /// <summary>The checksum over pseudo-header and the bytes that it covers is right.</summary>
    public static bool IsSumRight(byte[] packet, int coverage)
    {
        int header = (packet[0] & 15) * 4;
        ReadOnlySpan<byte> transport = packet.AsSpan(header);
        ushort pseudo = Checksum.PseudoHeader(
            Ipv4Address.Read(packet.AsSpan(12)), Ipv4Address.Read(packet.AsSpan(16)), (IpProtocol)packet[9],
            transport.Length);
        return Sum(transport[..coverage], pseudo) == 0xFFFF;
    }

    private static void WritePorts(Span<byte> transport, ushort source, ushort destination)
    {
        transport[0] = (byte)(source >> 8);
        transport[1] = (byte)source;
        transport[2] = (byte)(destination >> 8);
        transport[3] = (byte)destination;
    }

    private static void WriteSum(Span<byte> transport, int at, int covered, ushort pseudo)
    {
        ushort sum = (ushort)~Sum(transport[..(covered == 0 ? transport.Length : covered)], pseudo);
        transport[at] = (byte)(sum >> 8);
        transport[at + 1] = (byte)sum;
    }

    private static uint Sum(ReadOnlySpan<byte> bytes, ushort start)
    {
        uint sum = start;
        for (int i = 0; i < bytes.Length; i++)
            sum += (i & 1) == 0 ? (uint)bytes[i] << 8 : bytes[i];
        while (sum >> 16 != 0)
            sum = (sum & 0xFFFF) + (sum >> 16);
        return sum;
    }

    private static ushort Pseudo(string source, string destination, IpProtocol protocol, int length) =>
        Checksum.PseudoHeader(Ipv4Address.Parse(source), Ipv4Address.Parse(destination), protocol, length);

    private static void Fill(Span<byte> payload)
    {
        for (int i = 0; i < payload.Length; i++)
            payload[i] = (byte)(i * 7);
    }
}
