using System;
using System.Collections.Generic;
using System.IO;

using Cgn.Ports.Capture;
using Cgn.Wire;

namespace Cgn.Cli.Tests.Captures;

/// <summary>
/// A capture that a test makes itself: frames with times, written to a file that is removed afterwards.
/// </summary>
internal sealed class TestCapture : IDisposable
{
    internal const ulong SecondNs = 1_000_000_000;

    private static readonly Ipv4Address s_client = Ipv4Address.Parse("192.168.1.10");
    private static readonly Ipv4Address s_server = Ipv4Address.Parse("192.0.32.10");

    private readonly List<(long TimestampNs, byte[] Frame)> _frames = [];
    private long _nowNs = 1_700_000_000_000_000_000;
    private ushort _identification = 100;

    internal string Path { get; } = System.IO.Path.Combine(
        System.IO.Path.GetTempPath(), $"cgn-{Guid.NewGuid():N}.pcap");

    internal int Count => _frames.Count;

    internal byte[] LastFrame => _frames[^1].Frame;

    internal string Save(CaptureLinkType linkType = CaptureLinkType.Ethernet)
    {
        using CaptureWriter writer = new(Path, linkType, nanoseconds: true);
        foreach ((long timestampNs, byte[] frame) in _frames)
            writer.Write(timestampNs, frame);
        writer.Complete();
        return Path;
    }

    internal TestCapture After(double seconds)
    {
        _nowNs += (long)(seconds * SecondNs);
        return this;
    }

    internal TestCapture Frame(byte[] frame)
    {
        _frames.Add((_nowNs, frame));
        _nowNs += 1_000_000;
        return this;
    }

    internal TestCapture Tcp(bool outbound, ushort clientPort, TcpFlags flags, int payload = 0, byte ttl = 64)
    {
        byte[] options = (flags & TcpFlags.Syn) != 0 ? [2, 4, 0x05, 0xB4] : [];
        byte[] segment = new byte[20 + options.Length + payload];
        Random random = new(_frames.Count);
        random.NextBytes(segment);
        new TcpHeader
        {
            SourcePort = outbound ? clientPort : (ushort)443,
            DestinationPort = outbound ? (ushort)443 : clientPort,
            Sequence = 1000,
            Flags = flags,
            Window = 1000,
        }.Write(segment, options);
        return Packet(outbound, IpProtocol.Tcp, segment, ttl);
    }

    internal TestCapture Udp(
        bool outbound, ushort clientPort, int payload = 20, bool hasChecksum = true, byte ttl = 64,
        ushort serverPort = 53)
    {
        byte[] datagram = new byte[8 + payload];
        new Random(_frames.Count).NextBytes(datagram);
        new UdpHeader
        {
            SourcePort = outbound ? clientPort : serverPort,
            DestinationPort = outbound ? serverPort : clientPort,
            PayloadLength = payload,
        }.Write(datagram);
        return Packet(outbound, IpProtocol.Udp, datagram, ttl, fill: hasChecksum);
    }

    internal TestCapture Ping(bool outbound, ushort identifier)
    {
        byte[] message = new byte[40];
        new Random(_frames.Count).NextBytes(message);
        (IcmpHeader.EchoRequest(identifier, 1) with { Type = outbound ? (byte)8 : (byte)0 }).Write(message);
        return Packet(outbound, IpProtocol.Icmp, message, 64);
    }

    /// <summary>An ICMP port unreachable about the last frame, from the other end.</summary>
    internal TestCapture UnreachableAboutLast(bool outbound)
    {
        ReadOnlySpan<byte> offender = LastFrame.AsSpan(14);
        byte[] message = new byte[8 + Math.Min(offender.Length, 68)];
        new IcmpHeader { Type = 3, Code = 3 }.Write(message);
        offender[..(message.Length - 8)].CopyTo(message.AsSpan(8));
        return Packet(outbound, IpProtocol.Icmp, message, 64);
    }

    internal TestCapture Packet(bool outbound, IpProtocol protocol, byte[] payload, byte ttl = 64, bool fill = true)
    {
        Ipv4Address source = outbound ? s_client : s_server;
        Ipv4Address destination = outbound ? s_server : s_client;
        if (fill)
            Fill(protocol, payload, Checksum.PseudoHeader(source, destination, protocol, payload.Length));
        return Frame(Ipv4Frame(source, destination, protocol, payload, ttl, _identification++));
    }

    /// <summary>A UDP datagram in three fragments, in some order.</summary>
    internal TestCapture Fragments(bool outbound, ushort clientPort, params int[] order)
    {
        const int Part = 400;
        byte[] datagram = new byte[3 * Part];
        new Random(clientPort).NextBytes(datagram);
        new UdpHeader
        {
            SourcePort = outbound ? clientPort : (ushort)53,
            DestinationPort = outbound ? (ushort)53 : clientPort,
            PayloadLength = datagram.Length - 8,
        }.Write(datagram);
        Ipv4Address source = outbound ? s_client : s_server;
        Ipv4Address destination = outbound ? s_server : s_client;
        Fill(IpProtocol.Udp, datagram, Checksum.PseudoHeader(source, destination, IpProtocol.Udp, datagram.Length));
        ushort identification = _identification++;
        foreach (int part in order)
        {
            byte[] piece = datagram.AsSpan(part * Part, Part).ToArray();
            Frame(Ipv4Frame(source, destination, IpProtocol.Udp, piece, 64, identification, part * Part, part < 2));
        }

        return this;
    }

    /// <summary>Everything that a home does, each kind of packet a few times.</summary>
    internal static TestCapture OfEverything()
    {
        TestCapture capture = new();
        capture.Tcp(true, 40000, TcpFlags.Syn).Tcp(false, 40000, TcpFlags.Syn | TcpFlags.Ack);
        capture.Tcp(true, 40000, TcpFlags.Ack);
        for (int round = 0; round < 5; round++)
            capture.Tcp(true, 40000, TcpFlags.Ack | TcpFlags.Psh, 301).Tcp(false, 40000, TcpFlags.Ack, 1200);
        capture.Tcp(true, 40000, TcpFlags.Fin | TcpFlags.Ack).Tcp(false, 40000, TcpFlags.Fin | TcpFlags.Ack);
        capture.Udp(true, 5000).Udp(false, 5000);
        capture.Udp(true, 5000, hasChecksum: false).Udp(false, 5000, 33, hasChecksum: false);
        capture.Ping(true, 77).Ping(false, 77);
        capture.Fragments(true, 5001, 0, 1, 2).Fragments(false, 5001, 2, 0, 1);
        capture.Udp(true, 5002).UnreachableAboutLast(outbound: false);
        capture.Udp(false, 5002).UnreachableAboutLast(outbound: true);
        capture.Packet(true, IpProtocol.Gre, [0, 0, 8, 0, 1, 2, 3, 4]);
        capture.Packet(false, IpProtocol.Gre, [0, 0, 8, 0, 4, 3, 2, 1]);
        return capture.Packet(true, IpProtocol.Esp, new byte[32]).Packet(false, IpProtocol.Esp, new byte[32]);
    }

    public void Dispose() => File.Delete(Path);

    private static void Fill(IpProtocol protocol, Span<byte> payload, ushort pseudoHeader)
    {
        switch (protocol)
        {
            case IpProtocol.Tcp:
                Checksum.FillTcp(payload, pseudoHeader);
                break;
            case IpProtocol.Udp:
                Checksum.FillUdp(payload, pseudoHeader);
                break;
            case IpProtocol.Icmp:
                Checksum.FillIcmp(payload);
                break;
        }
    }

    private static byte[] Ipv4Frame(
        Ipv4Address source, Ipv4Address destination, IpProtocol protocol, byte[] payload, byte ttl,
        ushort identification, int offset = 0, bool more = false)
    {
        byte[] frame = new byte[Math.Max(60, 34 + payload.Length)];
        new EthernetHeader
        {
            Destination = MacAddress.Parse("02:11:22:33:44:55"),
            Source = MacAddress.Parse("02:66:77:88:99:aa"),
            EtherType = EtherTypes.Ipv4,
        }.Write(frame);
        new Ipv4Header
        {
            PayloadLength = payload.Length,
            Identification = identification,
            FragmentOffsetBytes = offset,
            MoreFragments = more,
            TrafficClass = 0x28,
            Ttl = ttl,
            Protocol = protocol,
            Source = source,
            Destination = destination,
        }.Write(frame.AsSpan(14));
        payload.CopyTo(frame.AsSpan(34));
        return frame;
    }
}
