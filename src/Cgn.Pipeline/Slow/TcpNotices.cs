using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Memory.Frames;
using Cgn.Memory.NextHops;
using Cgn.Nat;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Rewriting;
using Cgn.Pipeline.Stages;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// TCP segments of our own: the question whether an idle connection still lives, the RST that ends one, and the RST for
/// a host inside whose connection is not known.
/// </summary>
internal static class TcpNotices
{
    private const int PacketBytes = TcpAnswer.HeadersBytes;
    private const int PacketAt = FrameStore.Headroom;

    /// <summary>Says what the last sweeps found. For want of frames or next hops it stays unsaid.</summary>
    public static void Send(GatewayState state)
    {
        foreach (ref readonly SessionRecord s in state.Nat.Notices)
        {
            if (s.State == SessionState.TcpProbed)
            {
                // No number that the inside expects, so that it answers with the one that it does (RFC 9293 3.10.7.4).
                ToInside(s, TcpFlags.Ack, 0, 0, state);
                continue;
            }

            ToInside(s, TcpFlags.Rst | TcpFlags.Ack, s.OutsideEnd, s.InsideEnd, state);
            // A neighbour's connection has a timer of its own, and ends by it.
            if ((s.Flags & SessionFlags.Hairpin) == 0)
                ToOutside(s, TcpFlags.Rst | TcpFlags.Ack, s.InsideEnd, s.OutsideEnd, state);
        }

        state.Nat.ClearNotices();
    }

    /// <summary>
    /// Drops a segment from inside, and answers it with the RST that an end without the connection sends (RFC 9293
    /// 3.10.7.1). A RST is not answered.
    /// </summary>
    public static void Reset(
        ref Frame frame, ref PacketContext c, in TcpSegment tcp, GatewayState state, in WorkerTime now,
        DropReason reason)
    {
        if (tcp.Flags == 0 || (tcp.Flags & (byte)TcpFlags.Rst) != 0)
        {
            c.Refuse(reason);
            return;
        }

        if (!state.Settings.Icmp.TryTake(ref state.IcmpBucket(toInside: true), now))
        {
            state.Counters[CounterId.IcmpSuppressed]++;
            c.Refuse(reason);
            return;
        }

        bool acknowledges = (tcp.Flags & (byte)TcpFlags.Ack) != 0;
        uint end = tcp.Sequence + (uint)tcp.PayloadLength + (uint)((tcp.Flags >> 1) & 1) + (uint)(tcp.Flags & 1);
        state.Counters.Drop(reason, frame.Length);
        TcpAnswer.Send(ref frame, ref c, state, new TcpAnswer
        {
            Flags = acknowledges ? TcpFlags.Rst : TcpFlags.Rst | TcpFlags.Ack,
            Sequence = acknowledges ? tcp.Acknowledgment : 0,
            Acknowledgment = acknowledges ? 0 : end,
        });
        state.Counters[CounterId.Originated]++;
        state.Counters[CounterId.TcpSegmentsSent]++;
    }

    private static void ToInside(
        in SessionRecord s, TcpFlags flags, uint sequence, uint acknowledgment, GatewayState state)
    {
        ref SubscriberRecord subscriber = ref state.Nat.Subscriber(s.Subscriber);
        ref readonly NextHop hop = ref TranslateInbound.HopTo(ref subscriber, state);
        if (hop.State != NextHopState.Resolved || !state.Pool.TryTake(out uint number))
            return;
        Span<byte> chunk = state.Store.Chunk(number);
        Span<byte> packet = chunk.Slice(PacketAt, PacketBytes);
        new TcpAnswer { Flags = flags, Sequence = sequence, Acknowledgment = acknowledgment }.Write(
            packet, s.RemoteAddress, s.RemotePort, s.InternalAddress, s.InternalPort);
        int at = PacketAt;
        int length = PacketBytes;
        if (subscriber.Kind == SubscriberKind.DsLite)
        {
            at = SoftwireWriter.Wrap(
                chunk, at, ref length, subscriber.AftrAddress,
                new Ipv6Address(subscriber.B4High, subscriber.B4Low), flowHash: 0, state.Settings);
        }

        Leave(number, hop, at, length, state);
    }

    private static void ToOutside(
        in SessionRecord s, TcpFlags flags, uint sequence, uint acknowledgment, GatewayState state)
    {
        ref readonly NextHop hop = ref state.NextHops[state.NextHops.Resolve(0, NextHopTable.Ipv4Low(s.RemoteAddress))];
        if (hop.State != NextHopState.Resolved || !state.Pool.TryTake(out uint number))
            return;
        new TcpAnswer { Flags = flags, Sequence = sequence, Acknowledgment = acknowledgment }.Write(
            state.Store.Chunk(number).Slice(PacketAt, PacketBytes), s.ExternalAddress, s.ExternalPort, s.RemoteAddress,
            s.RemotePort);
        Leave(number, hop, PacketAt, PacketBytes, state);
    }

    private static void Leave(uint chunk, in NextHop hop, int at, int length, GatewayState state)
    {
        Frame frame = new() { Chunk = chunk, Offset = (uint)at, Length = (uint)length };
        PacketContext c = default;
        LinkWriter.Write(state.Store, ref frame, c, hop, at, length);
        state.Counters[CounterId.Originated]++;
        state.Counters[CounterId.TcpSegmentsSent]++;
        c.Verdict = Verdict.Transmit;
        DispatchStage.One(ref frame, ref c, state);
    }
}
