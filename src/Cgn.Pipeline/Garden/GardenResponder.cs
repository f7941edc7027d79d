using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Memory;
using Cgn.Memory.Frames;
using Cgn.Nat;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Rewriting;
using Cgn.Pipeline.Slow;
using Cgn.Wire;

namespace Cgn.Pipeline.Garden;

/// <summary>
/// The web server that every address has for subscribers in the walled garden. It keeps no state: its sequence numbers
/// follow from the endpoints, what the client acknowledges says how far the connection is, and each segment is answered
/// by itself, as often as it comes. An answer and the end of the connection are one segment.
/// </summary>
internal static class GardenResponder
{
    private const ushort Window = 16384;

    /// <summary>Decides a TCP segment to port 80, or the first fragment of one.</summary>
    public static void Answer(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        Span<byte> packet = state.Store.Chunk(frame.Chunk).Slice(c.Ipv4At, c.Ipv4Length);
        TcpSegment tcp = TcpReader.Read(packet, c);
        bool isWhole = (c.FragmentField & 0x3FFF) == 0;
        if (tcp.Flags == 0 || (isWhole && !IsSumRight(packet[(c.TransportAt - c.Ipv4At)..], c)))
        {
            c.Refuse(DropReason.BadTransportHeader);
            return;
        }

        TcpFlags flags = (TcpFlags)tcp.Flags & (TcpFlags.Syn | TcpFlags.Ack | TcpFlags.Fin | TcpFlags.Rst);
        uint first = FirstSequence(c, state) + 1;
        uint acknowledged = tcp.Acknowledgment - first;
        bool isConnection = (flags & ~TcpFlags.Fin) == TcpFlags.Ack && acknowledged <= GardenPortal.AnswerBytesMax + 1;
        bool isAsked = isConnection && (tcp.PayloadLength != 0 || (flags & TcpFlags.Fin) != 0);
        if ((flags & TcpFlags.Rst) != 0 || (isConnection && !isAsked))
            c.Verdict = Verdict.Consume;
        else if (!isConnection && flags != TcpFlags.Syn)
            TcpNotices.Reset(ref frame, ref c, tcp, state, now, DropReason.WalledGarden);
        else if (!state.GardenAnswers.TryTake(c.Key, state.Settings.Seed, state.Settings.Garden.AnswerCostNs, now))
            Suppress(ref c, state);
        else if (!isConnection)
            Accept(ref frame, ref c, tcp, first - 1, state);
        else if (acknowledged == 0 && tcp.PayloadLength != 0)
            Redirect(ref frame, ref c, tcp, first, state);
        else
            Acknowledge(ref frame, ref c, tcp, acknowledged == 0, state);
    }

    private static void Accept(
        ref Frame frame, ref PacketContext c, in TcpSegment tcp, uint sequence, GatewayState state)
    {
        PipelineSettings settings = state.Settings;
        int insideMtu = c.Key.Kind == SubscriberKind.DsLite ? settings.InnerMtu : settings.InsideMtu;
        int mtu = Math.Min(insideMtu, settings.OutsideMtu);
        int mss = Math.Clamp(mtu - Ipv4Header.Size - TcpHeader.Size, 536, ushort.MaxValue);
        TcpAnswer.Send(ref frame, ref c, state, new TcpAnswer
        {
            Flags = TcpFlags.Syn | TcpFlags.Ack,
            Sequence = sequence,
            // What else a SYN carries is not taken: its sender will send it again (RFC 7413 section 3).
            Acknowledgment = tcp.Sequence + 1,
            Window = Window,
            Options = [2, 4, (byte)(mss >> 8), (byte)mss],
        });
        Count(state);
    }

    private static void Redirect(
        ref Frame frame, ref PacketContext c, in TcpSegment tcp, uint sequence, GatewayState state)
    {
        Span<byte> answer = stackalloc byte[GardenPortal.AnswerBytesMax];
        Span<byte> request = state.Store.Chunk(frame.Chunk)[..(c.Ipv4At + c.Ipv4Length)][^tcp.PayloadLength..];
        int length = state.Settings.Garden.Write(answer, request);
        TcpAnswer.Send(ref frame, ref c, state, new TcpAnswer
        {
            Flags = TcpFlags.Ack | TcpFlags.Psh | TcpFlags.Fin,
            Sequence = sequence,
            Acknowledgment = End(tcp),
            Window = Window,
            Payload = answer[..length],
        });
        state.Counters[CounterId.GardenRedirects]++;
        Count(state);
    }

    // After the answer, or instead of one: whatever still comes has been received, and nothing more will be sent.
    private static void Acknowledge(
        ref Frame frame, ref PacketContext c, in TcpSegment tcp, bool ends, GatewayState state)
    {
        TcpAnswer.Send(ref frame, ref c, state, new TcpAnswer
        {
            Flags = ends ? TcpFlags.Ack | TcpFlags.Fin : TcpFlags.Ack,
            Sequence = tcp.Acknowledgment,
            Acknowledgment = End(tcp),
            Window = Window,
        });
        Count(state);
    }

    private static void Suppress(ref PacketContext c, GatewayState state)
    {
        state.Counters[CounterId.GardenSuppressed]++;
        c.Verdict = Verdict.Consume;
    }

    private static void Count(GatewayState state)
    {
        state.Counters[CounterId.Consumed]++;
        state.Counters[CounterId.Originated]++;
    }

    private static uint End(in TcpSegment tcp) => tcp.Sequence + (uint)tcp.PayloadLength + (uint)(tcp.Flags & 1);

    private static uint FirstSequence(in PacketContext c, GatewayState state) => (uint)(Hash.Pair(
        ((ulong)c.Flow.InternalAddress << 32) | c.Flow.RemoteAddress,
        ((ulong)c.Flow.InternalPort << 16) | c.Flow.RemotePort,
        Hash.Pair(c.Key.High, c.Key.Low, state.Settings.Garden.Secret)) >> 32);

    private static bool IsSumRight(ReadOnlySpan<byte> segment, in PacketContext c) =>
        Checksum.IsRight(segment, Checksum.PseudoHeader(
            new Ipv4Address(c.Flow.InternalAddress), new Ipv4Address(c.Flow.RemoteAddress), IpProtocol.Tcp,
            segment.Length));
}
