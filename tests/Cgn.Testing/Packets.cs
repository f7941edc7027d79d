using System;

using Cgn.Wire;

namespace Cgn.Testing;

/// <summary>Writes packets by their values, checksums right unless a test breaks them afterwards.</summary>
public static class Packets
{
    public static byte[] Udp(
        string source, ushort sourcePort, string destination, ushort destinationPort, int payloadBytes = 18,
        byte ttl = 64,
        byte tos = 0, ushort identification = 1, bool dontFragment = true)
    {
        byte[] datagram = new byte[UdpHeader.Size + payloadBytes];
        new UdpHeader
        {
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
            PayloadLength = payloadBytes
        }.Write(datagram);
        Fill(datagram.AsSpan(UdpHeader.Size));
        Checksum.FillUdp(datagram, Pseudo(source, destination, IpProtocol.Udp, datagram.Length));
        return Ipv4(source, destination, IpProtocol.Udp, datagram, ttl, tos, identification, dontFragment);
    }

    public static byte[] Tcp(
        string source, ushort sourcePort, string destination, ushort destinationPort, TcpFlags flags,
        uint sequence = 1000,
        uint acknowledgment = 0, int payloadBytes = 0, ReadOnlySpan<byte> options = default, ushort window = 65535,
        byte ttl = 64)
    {
        byte[] segment = new byte[TcpHeader.Size + options.Length + payloadBytes];
        new TcpHeader
        {
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
            Sequence = sequence,
            Acknowledgment = acknowledgment,
            Flags = flags,
            Window = window,
        }.Write(segment, options);
        Fill(segment.AsSpan(TcpHeader.Size + options.Length));
        Checksum.FillTcp(segment, Pseudo(source, destination, IpProtocol.Tcp, segment.Length));
        return Ipv4(source, destination, IpProtocol.Tcp, segment, ttl);
    }

    public static byte[] Echo(
        string source, string destination, ushort identifier, bool reply = false, int payloadBytes = 32, byte ttl = 64)
    {
        byte[] message = new byte[8 + payloadBytes];
        message[0] = (byte)(reply ? IcmpType.EchoReply : IcmpType.EchoRequest);
        message[4] = (byte)(identifier >> 8);
        message[5] = (byte)identifier;
        Fill(message.AsSpan(8));
        Checksum.FillIcmp(message);
        return Ipv4(source, destination, IpProtocol.Icmp, message, ttl);
    }

    public static byte[] IcmpError(
        string source, string destination, IcmpType type, byte code, ReadOnlySpan<byte> quote, ushort nextHopMtu = 0)
    {
        byte[] message = new byte[8 + quote.Length];
        message[0] = (byte)type;
        message[1] = code;
        message[6] = (byte)(nextHopMtu >> 8);
        message[7] = (byte)nextHopMtu;
        quote.CopyTo(message.AsSpan(8));
        Checksum.FillIcmp(message);
        return Ipv4(source, destination, IpProtocol.Icmp, message);
    }

    public static byte[] Ipv4(
        string source, string destination, IpProtocol protocol, ReadOnlySpan<byte> payload, byte ttl = 64, byte tos = 0,
        ushort identification = 1, bool dontFragment = true, bool moreFragments = false, int fragmentOffset = 0)
    {
        byte[] packet = new byte[Ipv4Header.Size + payload.Length];
        new Ipv4Header
        {
            TrafficClass = tos,
            PayloadLength = payload.Length,
            Identification = identification,
            DontFragment = dontFragment,
            MoreFragments = moreFragments,
            FragmentOffsetBytes = fragmentOffset,
            Ttl = ttl,
            Protocol = protocol,
            Source = Ipv4Address.Parse(source),
            Destination = Ipv4Address.Parse(destination),
        }.Write(packet);
        payload.CopyTo(packet.AsSpan(Ipv4Header.Size));
        return packet;
    }

    /// <summary>Wraps an IPv4 packet in a softwire, optionally behind the header that Linux puts there (RFC 2473
    /// 4.1.1).</summary>
    public static byte[] Softwire(
        string b4, string aftr, ReadOnlySpan<byte> inner, byte trafficClass = 0, bool encapsulationLimit = false)
    {
        byte[] limit = encapsulationLimit ? [4, 0, 4, 1, 4, 1, 1, 0] : [];
        byte[] packet = new byte[Ipv6Header.Size + limit.Length + inner.Length];
        new Ipv6Header
        {
            TrafficClass = trafficClass,
            PayloadLength = limit.Length + inner.Length,
            NextHeader = encapsulationLimit ? IpProtocol.DestinationOptions : IpProtocol.Ipv4,
            HopLimit = 64,
            Source = Ipv6Address.Parse(b4),
            Destination = Ipv6Address.Parse(aftr),
        }.Write(packet);
        limit.CopyTo(packet, Ipv6Header.Size);
        inner.CopyTo(packet.AsSpan(Ipv6Header.Size + limit.Length));
        return packet;
    }

    /// <summary>Puts an Ethernet header before a packet; the type follows from its version.</summary>
    public static byte[] Ethernet(ReadOnlySpan<byte> packet, params ReadOnlySpan<ushort> vlans)
    {
        byte[] frame = new byte[14 + (4 * vlans.Length) + packet.Length];
        byte[] addresses = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 9];
        addresses.CopyTo(frame, 0);
        int at = 12;
        for (int i = 0; i < vlans.Length; i++, at += 4)
        {
            ushort type = i == 0 && vlans.Length == 2 ? EtherTypes.ServiceVlan : EtherTypes.Vlan;
            frame[at] = (byte)(type >> 8);
            frame[at + 1] = (byte)type;
            frame[at + 2] = (byte)(vlans[i] >> 8);
            frame[at + 3] = (byte)vlans[i];
        }

        ushort etherType = packet.Length > 0 && packet[0] >> 4 == 6 ? EtherTypes.Ipv6 : EtherTypes.Ipv4;
        frame[at] = (byte)(etherType >> 8);
        frame[at + 1] = (byte)etherType;
        packet.CopyTo(frame.AsSpan(at + 2));
        return frame;
    }

    private static ushort Pseudo(string source, string destination, IpProtocol protocol, int length) =>
        Checksum.PseudoHeader(Ipv4Address.Parse(source), Ipv4Address.Parse(destination), protocol, length);

    private static void Fill(Span<byte> payload)
    {
        for (int i = 0; i < payload.Length; i++)
            payload[i] = (byte)(i * 7);
    }
}
