using System;
using System.Collections.Generic;
using System.Linq;

namespace Cgn.Wire.Tests;

/// <summary>
/// Right frames of every kind that the gateway meets, made with the header writers into dirty buffers. Tests cut, bend
/// and decode them.
/// </summary>
public static class Golden
{
    public const byte Dirt = 0xA5;

    public static readonly MacAddress InsideMac = new(0x0200_0000_0001);
    public static readonly MacAddress OutsideMac = new(0x0200_0000_0002);
    public static readonly Ipv4Address Internal = Ipv4Address.Parse("10.0.0.1");
    public static readonly Ipv4Address Remote = Ipv4Address.Parse("198.51.100.1");
    public static readonly Ipv6Address B4 = Ipv6Address.Parse("2001:db8:0:1::1");
    public static readonly Ipv6Address Aftr = Ipv6Address.Parse("2001:db8:ffff::1");

    private static readonly byte[] s_payload = [.. "the quick brown fox jumps over it"u8];

    public static byte[] UdpPacket => Ipv4(IpProtocol.Udp, Udp(1000, 2000, s_payload));

    public static byte[] TcpSyn => Ipv4(IpProtocol.Tcp, Tcp(TcpFlags.Syn, [2, 4, 5, 0xB4, 1, 3, 3, 7], []));

    public static byte[] TcpData => Ipv4(IpProtocol.Tcp, Tcp(TcpFlags.Ack | TcpFlags.Psh, [], s_payload));

    public static byte[] EchoRequest => Ipv4(IpProtocol.Icmp, Icmp(IcmpType.EchoRequest, 0, 0x0007_0001, s_payload));

    public static byte[] Unreachable =>
        Ipv4(IpProtocol.Icmp, Icmp(IcmpType.DestinationUnreachable, 4, 1460, UdpPacket));

    /// <summary>A destination options header with the tunnel encapsulation limit, as Linux sends it.</summary>
    public static byte[] LimitOption(IpProtocol next) => [(byte)next, 0, 4, 1, 4, 1, 1, 0];

    public static IEnumerable<(string Name, byte[] Frame)> Frames()
    {
        yield return ("udp", Ethernet(EtherTypes.Ipv4, UdpPacket));
        yield return ("udp, one tag", Ethernet(EtherTypes.Ipv4, UdpPacket, outer: 10));
        yield return ("udp, two tags", Ethernet(EtherTypes.Ipv4, UdpPacket, outer: 10, inner: 20));
        yield return ("tcp syn", Ethernet(EtherTypes.Ipv4, TcpSyn));
        yield return ("tcp data", Ethernet(EtherTypes.Ipv4, TcpData));
        yield return ("echo", Ethernet(EtherTypes.Ipv4, EchoRequest));
        yield return ("icmp error", Ethernet(EtherTypes.Ipv4, Unreachable));
        yield return ("icmp error with extension", Ethernet(EtherTypes.Ipv4, ExtendedError()));
        yield return ("softwire udp", Ethernet(EtherTypes.Ipv6, Ipv6(IpProtocol.Ipv4, UdpPacket)));
        yield return ("softwire tcp behind options", Ethernet(
            EtherTypes.Ipv6, Ipv6(IpProtocol.DestinationOptions, [.. LimitOption(IpProtocol.Ipv4), .. TcpSyn])));
        yield return ("softwire first fragment", Ethernet(EtherTypes.Ipv6, Fragment(0, true, UdpPacket[..48])));
        yield return ("softwire last fragment", Ethernet(EtherTypes.Ipv6, Fragment(48, false, UdpPacket[48..])));
        yield return ("softwire atomic fragment", Ethernet(EtherTypes.Ipv6, Fragment(0, false, UdpPacket)));
        yield return ("icmpv6 echo", Ethernet(EtherTypes.Ipv6, Icmpv6(Icmpv6Type.EchoRequest, 0x0007_0001, s_payload)));
        yield return ("icmpv6 too big", Ethernet(
            EtherTypes.Ipv6, Icmpv6(Icmpv6Type.PacketTooBig, 1280, Ipv6(IpProtocol.Ipv4, TcpData))));
        yield return ("ipv4 options", Ethernet(
            EtherTypes.Ipv4, Ipv4(IpProtocol.Udp, Udp(1, 2, s_payload), [148, 4, 0, 0, 1, 1, 1, 0])));
        yield return ("sctp", Ethernet(EtherTypes.Ipv4, Ipv4(IpProtocol.Sctp, Sctp())));
        yield return ("pptp", Ethernet(EtherTypes.Ipv4, Ipv4(
            IpProtocol.Gre, [0x30, 0x81, 0x88, 0x0B, 0, 2, 0x12, 0x34, 0, 0, 0, 1, 0, 0, 0, 2, 0xFF, 3])));
        yield return ("gre", Ethernet(EtherTypes.Ipv4, Ipv4(
            IpProtocol.Gre, [0xA0, 0, 8, 0, 0, 0, 0, 0, 1, 2, 3, 4, .. TcpData])));
        yield return ("esp", Ethernet(EtherTypes.Ipv4, Ipv4(IpProtocol.Esp, [1, 2, 3, 4, 0, 0, 0, 9, .. s_payload])));
        yield return ("dccp", Ethernet(EtherTypes.Ipv4, Ipv4(
            IpProtocol.Dccp, [0, 1, 0, 2, 4, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 7, .. s_payload])));
        yield return ("udp-lite", Ethernet(EtherTypes.Ipv4, Ipv4(
            IpProtocol.UdpLite, [0, 1, 0, 2, 0, 8, 1, 1, .. s_payload])));
    }

    public static IEnumerable<object[]> Names() => Frames().Select(golden => new object[] { golden.Name });

    public static byte[] Named(string name) => Frames().Single(golden => golden.Name == name).Frame;

    /// <summary>A buffer in which an unwritten byte shows.</summary>
    public static byte[] Dirty(int size)
    {
        byte[] buffer = new byte[size];
        Array.Fill(buffer, Dirt);
        return buffer;
    }

    public static byte[] Ethernet(ushort type, byte[] packet, int outer = 0, int inner = 0)
    {
        EthernetHeader header = new()
        {
            Destination = OutsideMac,
            Source = InsideMac,
            EtherType = type,
            OuterVlan = outer,
            InnerVlan = inner,
        };
        byte[] frame = Dirty(header.Size + packet.Length);
        packet.CopyTo(frame, header.Write(frame));
        return frame;
    }

    public static byte[] Ipv4(IpProtocol protocol, byte[] payload, byte[]? options = null)
    {
        byte[] packet = Dirty(Ipv4Header.Size + (options?.Length ?? 0) + payload.Length);
        int length = new Ipv4Header
        {
            PayloadLength = payload.Length,
            Identification = 0x1234,
            DontFragment = true,
            Ttl = 64,
            Protocol = protocol,
            Source = Internal,
            Destination = Remote,
        }.Write(packet, options);
        payload.CopyTo(packet, length);
        return packet;
    }

    public static byte[] Ipv6(IpProtocol next, byte[] payload)
    {
        byte[] packet = Dirty(Ipv6Header.Size + payload.Length);
        int length = new Ipv6Header
        {
            TrafficClass = 0x2E,
            FlowLabel = 0xABCDE,
            PayloadLength = payload.Length,
            NextHeader = next,
            HopLimit = 63,
            Source = B4,
            Destination = Aftr,
        }.Write(packet);
        payload.CopyTo(packet, length);
        return packet;
    }

    public static byte[] Fragment(int offset, bool more, byte[] part)
    {
        byte[] payload = Dirty(Ipv6FragmentHeader.Size + part.Length);
        int length = new Ipv6FragmentHeader
        {
            NextHeader = IpProtocol.Ipv4,
            FragmentOffsetBytes = offset,
            MoreFragments = more,
            Identification = 0xDEADBEEF,
        }.Write(payload);
        part.CopyTo(payload, length);
        return Ipv6(IpProtocol.Fragment, payload);
    }

    public static byte[] Udp(ushort source, ushort destination, byte[] payload)
    {
        byte[] datagram = Dirty(UdpHeader.Size + payload.Length);
        int length = new UdpHeader
        {
            SourcePort = source,
            DestinationPort = destination,
            PayloadLength = payload.Length,
        }.Write(datagram);
        payload.CopyTo(datagram, length);
        Checksum.FillUdp(datagram, Checksum.PseudoHeader(Internal, Remote, IpProtocol.Udp, datagram.Length));
        return datagram;
    }

    public static byte[] Tcp(TcpFlags flags, byte[] options, byte[] payload)
    {
        byte[] segment = Dirty(TcpHeader.Size + options.Length + payload.Length);
        int length = new TcpHeader
        {
            SourcePort = 40000,
            DestinationPort = 443,
            Sequence = 0x01020304,
            Acknowledgment = 0x05060708,
            Flags = flags,
            Window = 0xFACE,
        }.Write(segment, options);
        payload.CopyTo(segment, length);
        Checksum.FillTcp(segment, Checksum.PseudoHeader(Internal, Remote, IpProtocol.Tcp, segment.Length));
        return segment;
    }

    public static byte[] Icmp(IcmpType type, byte code, uint rest, byte[] payload)
    {
        byte[] message = Dirty(IcmpHeader.Size + payload.Length);
        int length = new IcmpHeader { Type = (byte)type, Code = code, Rest = rest }.Write(message);
        payload.CopyTo(message, length);
        Checksum.FillIcmp(message);
        return message;
    }

    /// <summary>A time exceeded, its quote padded to 128 bytes, with an MPLS label object behind (RFC 4950).</summary>
    public static byte[] ExtendedError()
    {
        byte[] quote = new byte[128];
        UdpPacket.CopyTo(quote, 0);
        byte[] extension = [0x20, 0, 0, 0, 0, 8, 1, 1, 0, 0x01, 0x01, 0x40];
        Checksum.FillIcmp(extension);
        byte[] payload = [.. quote, .. extension];
        return Ipv4(IpProtocol.Icmp, Icmp(IcmpType.TimeExceeded, 0, 32 << 16, payload));
    }

    private static byte[] Icmpv6(Icmpv6Type type, uint rest, byte[] payload)
    {
        byte[] message = Dirty(IcmpHeader.Size + payload.Length);
        int length = new IcmpHeader { Type = (byte)type, Rest = rest }.Write(message);
        payload.CopyTo(message, length);
        Checksum.FillIcmpv6(message, Checksum.PseudoHeader(B4, Aftr, IpProtocol.Icmpv6, message.Length));
        return Ipv6(IpProtocol.Icmpv6, message);
    }

    private static byte[] Sctp()
    {
        byte[] packet = [0x13, 0x88, 0x13, 0x89, 1, 2, 3, 4, Dirt, Dirt, Dirt, Dirt, 10, 0, 0, 4];
        Crc32c.FillSctp(packet);
        return packet;
    }
}
