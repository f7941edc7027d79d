using System;
using System.Buffers.Binary;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Pcp;
using Cgn.Pipeline.Rewriting;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// PCP requests to our own address on the inside, from hosts behind softwires and from NAT444 customers: answered in
/// the frame that they came in.
/// </summary>
internal static class PcpRequests
{
    private const int LinkHeaderMax = 22;
    private const byte OriginTtl = 64;

    /// <summary>A packet to one of our addresses is a request.</summary>
    public static bool IsRequest(in PacketContext c, GatewayState state) =>
        c.Flow is { Protocol: (byte)IpProtocol.Udp, RemotePort: PcpView.ServerPort }
        && c.Class is PacketClass.Flow or PacketClass.SlowFlow && state.Settings.Pcp.Enabled;

    /// <summary>Decides a request whose source may send.</summary>
    public static void Decide(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        Span<byte> chunk = state.Store.Chunk(frame.Chunk);
        Span<byte> datagram = chunk[c.TransportAt..(c.Ipv4At + c.Ipv4Length)];
        int length = BinaryPrimitives.ReadUInt16BigEndian(datagram[4..]);
        if (length < UdpHeader.Size || length > datagram.Length || !IsSumRight(datagram[..length], c))
        {
            c.Refuse(DropReason.BadTransportHeader);
            return;
        }

        if (!MayAnswer(c, state, now))
        {
            c.Refuse(DropReason.SetupRateLimit);
            return;
        }

        Span<byte> link = stackalloc byte[LinkHeaderMax];
        int linkBytes = c.NetworkAt - (int)frame.Offset;
        chunk.Slice((int)frame.Offset, linkBytes).CopyTo(link);
        PcpClient client = new(c.Key, c.B4High, c.B4Low, c.Aftr, c.Flow.InternalAddress, now);
        int at = c.TransportAt + UdpHeader.Size;
        int bytes = length - UdpHeader.Size;
        Span<byte> room = chunk.Slice(at, Math.Min(Math.Max(bytes, PcpView.HeaderSize), chunk.Length - at));
        int answer = PcpServer.Answer(room, bytes, client, state.Nat, state.Settings);
        c.Verdict = Verdict.Consume;
        if (answer == 0)
            return;
        // Opcode and result of the answer, which lies where the request did (RFC 6887 section 7.2).
        state.Counters.Pcp(room[1] & 0x7F, room[3])++;
        Send(ref frame, c, state, link[..linkBytes], answer);
        state.Counters[CounterId.Consumed]++;
        state.Counters[CounterId.Originated]++;
        c.Verdict = Verdict.Transmit;
    }

    private static bool MayAnswer(in PacketContext c, GatewayState state, in WorkerTime now) =>
        state.PcpAnswers.TryTake(
            c.Key, state.Settings.Seed, 1_000_000_000L / Math.Max(1, state.Settings.Pcp.RequestsPerSecond), now);

    // IPv4 options of the request are its own.
    private static void Send(
        ref Frame frame, in PacketContext c, GatewayState state, ReadOnlySpan<byte> link, int messageBytes)
    {
        Span<byte> chunk = state.Store.Chunk(frame.Chunk);
        int at = c.TransportAt - Ipv4Header.Size;
        int datagramBytes = UdpHeader.Size + messageBytes;
        Ipv4Address source = new(c.Flow.RemoteAddress);
        Ipv4Address destination = new(c.Flow.InternalAddress);
        new Ipv4Header
        {
            DontFragment = true,
            PayloadLength = datagramBytes,
            Ttl = OriginTtl,
            Protocol = IpProtocol.Udp,
            Source = source,
            Destination = destination,
        }.Write(chunk.Slice(at, Ipv4Header.Size));
        Span<byte> datagram = chunk.Slice(c.TransportAt, datagramBytes);
        new UdpHeader
        {
            SourcePort = PcpView.ServerPort,
            DestinationPort = c.Flow.InternalPort,
            PayloadLength = messageBytes,
        }.Write(datagram);
        Checksum.FillUdp(datagram, Checksum.PseudoHeader(source, destination, IpProtocol.Udp, datagramBytes));
        int length = Ipv4Header.Size + datagramBytes;
        if (c.Key.Kind == SubscriberKind.DsLite)
        {
            at = SoftwireWriter.Wrap(
                chunk, at, ref length, c.Aftr, new Ipv6Address(c.B4High, c.B4Low), flowHash: 0, state.Settings);
        }

        LinkWriter.Answer(chunk, ref frame, link, at, length);
    }

    private static bool IsSumRight(ReadOnlySpan<byte> datagram, in PacketContext c) =>
        BinaryPrimitives.ReadUInt16BigEndian(datagram[6..]) == 0
        || Checksum.IsRight(datagram, Checksum.PseudoHeader(
            new Ipv4Address(c.Flow.InternalAddress), new Ipv4Address(c.Flow.RemoteAddress), IpProtocol.Udp,
            datagram.Length));
}
