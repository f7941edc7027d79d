using System;
using System.Buffers.Binary;
using System.Collections.Generic;

using Cgn.Contract.Records;
using Cgn.Testing;
using Cgn.Wire;

using PacketDotNet;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>What ICMP tests write, read and compare: errors, what they quote, and what they must not touch.</summary>
public static class Reports
{
    public const string Router = "192.0.2.9";

    /// <summary>A flow's first packet from a host: of UDP, TCP, ICMP echo or a protocol without ports.</summary>
    public static byte[] Request(string kind, string host, string remote = GatewayBench.Server) => kind switch
    {
        "udp" => Packets.Udp(host, 1000, remote, 53),
        "tcp" => Packets.Tcp(host, 1000, remote, 443, TcpFlags.Syn),
        "echo" => Packets.Echo(host, remote, 7),
        _ => Packets.Ipv4(host, remote, IpProtocol.Gre, new byte[] { 0, 0, 0x12, 0x34, 1, 2, 3, 4, 5, 6, 7, 8 }),
    };

    /// <summary>The server's answer to what left here.</summary>
    public static byte[] Answer(string kind, byte[] left)
    {
        Decoded sent = new(left);
        return kind switch
        {
            "udp" => Packets.Udp(sent.Destination, 53, sent.Source, sent.Udp!.SourcePort),
            "tcp" => Packets.Tcp(
                sent.Destination, 443, sent.Source, sent.Tcp!.SourcePort, TcpFlags.Syn | TcpFlags.Ack),
            "echo" => Packets.Echo(sent.Destination, sent.Source, sent.Icmp!.Id, reply: true),
            _ => Packets.Ipv4(
                sent.Destination, sent.Source, IpProtocol.Gre, new byte[] { 0, 0, 0x12, 0x34, 9, 9, 9, 9 }),
        };
    }

    /// <summary>An ICMP message from its type on.</summary>
    public static byte[] Message(Decoded packet)
    {
        Assert.Equal(ProtocolType.Icmp, packet.Ipv4.Protocol);
        return packet.Ipv4.Bytes[(packet.Ipv4.HeaderLength * 4)..packet.Ipv4.TotalLength];
    }

    /// <summary>The packet that an error quotes.</summary>
    public static byte[] Quote(Decoded packet) => Message(packet)[8..];

    /// <summary>A packet after one router: time to live less by one, header checksum right.</summary>
    public static byte[] Aged(ReadOnlySpan<byte> packet)
    {
        byte[] aged = packet.ToArray();
        aged[8]--;
        return Summed(aged);
    }

    /// <summary>Makes the IPv4 header's checksum right.</summary>
    public static byte[] Summed(byte[] packet)
    {
        packet.AsSpan(10, 2).Clear();
        ushort sum = Checksum.Compute(packet.AsSpan(0, (packet[0] & 15) * 4));
        BinaryPrimitives.WriteUInt16BigEndian(packet.AsSpan(10), sum);
        return packet;
    }

    /// <summary>A packet with options put behind its header.</summary>
    public static byte[] WithOptions(ReadOnlySpan<byte> packet, ReadOnlySpan<byte> options)
    {
        byte[] longer = [.. packet[..20], .. options, .. packet[20..]];
        longer[0] = (byte)(0x45 + (options.Length / 4));
        BinaryPrimitives.WriteUInt16BigEndian(longer.AsSpan(2), (ushort)longer.Length);
        return Summed(longer);
    }

    /// <summary>An ICMP message of any type; bytes 4 to 7 lead the body.</summary>
    public static byte[] Icmp(string source, string destination, byte type, byte code, ReadOnlySpan<byte> body)
    {
        byte[] message = [type, code, 0, 0, .. body];
        Checksum.FillIcmp(message);
        return Packets.Ipv4(source, destination, IpProtocol.Icmp, message);
    }

    /// <summary>All sessions of all shards, by value.</summary>
    public static List<SessionRecord> Sessions(GatewayBench bench)
    {
        List<SessionRecord> sessions = [];
        for (int shard = 0; shard < bench.Gateway.ShardCount; shard++)
        {
            for (uint i = 1; i <= bench.Gateway.Shard(shard).SessionCount; i++)
                sessions.Add(bench.Gateway.Shard(shard).Session(i));
        }

        return sessions;
    }

    /// <summary>An ICMPv6 packet, its checksum right.</summary>
    public static byte[] Icmp6(
        string source, byte type, byte code, uint rest, ReadOnlySpan<byte> body, string destination = GatewayBench.Aftr,
        byte hopLimit = 64)
    {
        byte[] message = [type, code, 0, 0, 0, 0, 0, 0, .. body];
        BinaryPrimitives.WriteUInt32BigEndian(message.AsSpan(4), rest);
        Checksum.FillIcmpv6(message, Checksum.PseudoHeader(
            Ipv6Address.Parse(source), Ipv6Address.Parse(destination), IpProtocol.Icmpv6, message.Length));
        return Ipv6(source, IpProtocol.Icmpv6, message, destination, hopLimit);
    }

    /// <summary>An IPv6 packet with any payload.</summary>
    public static byte[] Ipv6(
        string source, IpProtocol next, ReadOnlySpan<byte> payload, string destination = GatewayBench.Aftr,
        byte hopLimit = 64)
    {
        byte[] packet = Packets.Softwire(source, destination, payload);
        packet[6] = (byte)next;
        packet[7] = hopLimit;
        return packet;
    }

    /// <summary>An outer fragment of a B4's.</summary>
    public static byte[] Fragment6(
        ReadOnlySpan<byte> part, int offset, bool more, IpProtocol kind = IpProtocol.Ipv4, uint identification = 77)
    {
        byte[] behind = new byte[Ipv6FragmentHeader.Size + part.Length];
        new Ipv6FragmentHeader
        {
            NextHeader = kind,
            FragmentOffsetBytes = offset,
            MoreFragments = more,
            Identification = identification,
        }.Write(behind);
        part.CopyTo(behind.AsSpan(Ipv6FragmentHeader.Size));
        return Ipv6(GatewayBench.B4, IpProtocol.Fragment, behind);
    }

    /// <summary>An ICMPv6 message that left for a B4, from its type on, after its headers and checksum were
    /// verified.</summary>
    public static byte[] Message6(
        byte[] frame, string destination = GatewayBench.B4, string source = GatewayBench.Aftr)
    {
        IPv6Packet packet = Packet.ParsePacket(LinkLayers.Ethernet, frame).Extract<IPv6Packet>();
        Assert.Equal((source, destination), (packet.SourceAddress.ToString(), packet.DestinationAddress.ToString()));
        Assert.Equal(ProtocolType.IcmpV6, packet.NextHeader);
        Assert.Equal(frame.Length, 14 + 40 + packet.PayloadLength);
        byte[] message = frame[(14 + 40)..];
        Assert.True(Checksum.IsRight(message, Checksum.PseudoHeader(
            Ipv6Address.Parse(source), Ipv6Address.Parse(destination), IpProtocol.Icmpv6, message.Length)));
        return message;
    }
}
