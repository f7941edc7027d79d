using System;

using Cgn.Ports.Capture;
using Cgn.Wire;

namespace Cgn.Cli.Sample;

/// <summary>
/// What a client on the Internet does in a few seconds, as its own network card would capture it. The same clients
/// always give the same bytes.
/// </summary>
internal sealed class SampleTraffic(CaptureWriter writer)
{
    private const long StartNs = 1_767_225_600_000_000_000; // 2026-01-01 UTC
    private const long StepNs = 900_000;
    private const int SegmentBytes = 1448;
    private const int SegmentsPerPage = 40;
    private const int LinkMtu = 1500;
    private const int LargeAnswerBytes = 2400;

    private static readonly byte[] s_maximumSegment = [2, 4, 5, 0xB4, 1, 3, 3, 7];
    private static readonly Ipv4Address s_resolver = Ipv4Address.Parse("198.51.100.53");
    private static readonly Ipv4Address s_web = Ipv4Address.Parse("198.51.100.80");
    private static readonly Ipv4Address s_network = Ipv4Address.Parse("192.168.0.0");

    private Ipv4Address _client;
    private long _nowNs = StartNs;
    private ushort _identification;

    /// <summary>Writes all that one client does, after what was written before.</summary>
    /// <param name="client">Its number, from 0 to 65,000.</param>
    public void WriteClient(int client)
    {
        _client = new Ipv4Address(s_network.Value + 10 + (uint)client);
        ushort port = (ushort)(40000 + (client % 20000));
        Ask(port, answerBytes: 120);
        FetchPage(port);
        Ping((ushort)(1 + client));
        Ask((ushort)(port + 1), LargeAnswerBytes);
    }

    private void Ask(ushort port, int answerBytes)
    {
        Send(_client, s_resolver, IpProtocol.Udp, Datagram(_client, port, s_resolver, 53, 40));
        Send(s_resolver, _client, IpProtocol.Udp, Datagram(s_resolver, 53, _client, port, answerBytes));
    }

    private void Ping(ushort identifier)
    {
        Send(_client, s_web, IpProtocol.Icmp, Echo(IcmpType.EchoRequest, identifier));
        Send(s_web, _client, IpProtocol.Icmp, Echo(IcmpType.EchoReply, identifier));
    }

    private void FetchPage(ushort port)
    {
        uint mine = 1000u + port;
        uint theirs = 900_000u + port;
        FromClient(TcpFlags.Syn, mine++, 0, 0, s_maximumSegment);
        FromServer(TcpFlags.Syn | TcpFlags.Ack, theirs++, 0, s_maximumSegment);
        FromClient(TcpFlags.Ack, mine, theirs, 0);
        FromClient(TcpFlags.Ack | TcpFlags.Psh, mine, theirs, 200);
        mine += 200;
        for (int segment = 0; segment < SegmentsPerPage; segment++)
        {
            FromServer(TcpFlags.Ack, theirs, SegmentBytes);
            theirs += SegmentBytes;
            if (segment % 2 == 1)
                FromClient(TcpFlags.Ack, mine, theirs, 0);
        }

        FromServer(TcpFlags.Fin | TcpFlags.Ack, theirs++, 0);
        FromClient(TcpFlags.Fin | TcpFlags.Ack, mine++, theirs, 0);
        FromServer(TcpFlags.Ack, theirs, 0);

        void FromClient(TcpFlags flags, uint sequence, uint acknowledgment, int bytes, byte[]? options = null) => Send(
            _client, s_web, IpProtocol.Tcp,
            Segment(_client, port, s_web, 80, flags, sequence, acknowledgment, bytes, options));

        void FromServer(TcpFlags flags, uint sequence, int bytes, byte[]? options = null) => Send(
            s_web, _client, IpProtocol.Tcp, Segment(s_web, 80, _client, port, flags, sequence, mine, bytes, options));
    }

    private static byte[] Segment(
        Ipv4Address source, ushort sourcePort, Ipv4Address destination, ushort destinationPort, TcpFlags flags,
        uint sequence, uint acknowledgment, int payloadBytes, byte[]? options)
    {
        byte[] segment = new byte[TcpHeader.Size + (options?.Length ?? 0) + payloadBytes];
        int header = new TcpHeader
        {
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
            Sequence = sequence,
            Acknowledgment = acknowledgment,
            Flags = flags,
            Window = 65535,
        }.Write(segment, options);
        Fill(segment.AsSpan(header));
        Checksum.FillTcp(segment, Checksum.PseudoHeader(source, destination, IpProtocol.Tcp, segment.Length));
        return segment;
    }

    private static byte[] Datagram(
        Ipv4Address source, ushort sourcePort, Ipv4Address destination, ushort destinationPort, int payloadBytes)
    {
        byte[] datagram = new byte[UdpHeader.Size + payloadBytes];
        UdpHeader header = new()
        {
            SourcePort = sourcePort,
            DestinationPort = destinationPort,
            PayloadLength = payloadBytes,
        };
        Fill(datagram.AsSpan(header.Write(datagram)));
        Checksum.FillUdp(datagram, Checksum.PseudoHeader(source, destination, IpProtocol.Udp, datagram.Length));
        return datagram;
    }

    private static byte[] Echo(IcmpType type, ushort identifier)
    {
        byte[] message = new byte[IcmpHeader.Size + 56];
        IcmpHeader header = new() { Type = (byte)type, Rest = ((uint)identifier << 16) | 1 };
        Fill(message.AsSpan(header.Write(message)));
        Checksum.FillIcmp(message);
        return message;
    }

    // As one packet, or in fragments when it is larger than the link carries.
    private void Send(Ipv4Address source, Ipv4Address destination, IpProtocol protocol, ReadOnlySpan<byte> payload)
    {
        const int PartBytes = (LinkMtu - Ipv4Header.Size) / 8 * 8;
        _identification++;
        bool whole = payload.Length <= LinkMtu - Ipv4Header.Size;
        for (int offset = 0; offset < payload.Length; offset += PartBytes)
        {
            ReadOnlySpan<byte> part = whole ? payload : payload[offset..int.Min(payload.Length, offset + PartBytes)];
            Write(part, source == _client, new Ipv4Header
            {
                PayloadLength = part.Length,
                Identification = _identification,
                DontFragment = whole,
                MoreFragments = offset + part.Length < payload.Length,
                FragmentOffsetBytes = offset,
                Ttl = 64,
                Protocol = protocol,
                Source = source,
                Destination = destination,
            });
        }
    }

    private void Write(ReadOnlySpan<byte> payload, bool fromClient, Ipv4Header header)
    {
        MacAddress client = new(0x0200_0000_0001);
        MacAddress router = new(0x0200_0000_0002);
        EthernetHeader ethernet = new()
        {
            Source = fromClient ? client : router,
            Destination = fromClient ? router : client,
            EtherType = EtherTypes.Ipv4,
        };
        byte[] frame = new byte[ethernet.Size + Ipv4Header.Size + payload.Length];
        int at = ethernet.Write(frame);
        at += header.Write(frame.AsSpan(at));
        payload.CopyTo(frame.AsSpan(at));
        writer.Write(_nowNs, frame);
        _nowNs += StepNs;
    }

    private static void Fill(Span<byte> payload)
    {
        for (int i = 0; i < payload.Length; i++)
            payload[i] = (byte)(i * 7);
    }
}
