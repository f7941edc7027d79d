using System;
using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Memory.NextHops;
using Cgn.Nat;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Rewriting;
using Cgn.Pipeline.Slow;
using Cgn.Softwire;
using Cgn.Wire;

namespace Cgn.Pipeline.Stages;

/// <summary>
/// Third stage from outside: packets of known sessions get their internal destination, a softwire header where their
/// subscriber has one, and a next hop. What has no session, or wants anything uncommon, is left undecided for the
/// slow way.
/// </summary>
internal static class TranslateInbound
{
    private const int Ipv6HeaderBytes = 40;
    private const int RoomMin = Ipv6Fragmenter.MtuMin - Ipv6HeaderBytes - SoftwireForm.LimitHeaderBytes;

    /// <summary>Runs the stage over a part of a batch.</summary>
    /// <param name="batch">The batch.</param>
    /// <param name="state">What the stages work on.</param>
    /// <param name="now">The time.</param>
    /// <param name="from">The first of the fast packets that it takes.</param>
    /// <param name="to">The first that it leaves.</param>
    public static void Run(PacketBatch batch, GatewayState state, in WorkerTime now, int from, int to)
    {
        Span<Frame> frames = batch.Frames;
        Span<PacketContext> packets = batch.Packets;
        foreach (byte i in batch.Fast[from..to])
        {
            ref PacketContext c = ref packets[i];
            if (!state.Nat.IsInbound(c.Session, c.Flow, now.Tick))
            {
                c.Session = state.Nat.FindInbound(c.Hash, c.Flow, now.Tick);
                if (c.Session == 0)
                    continue;
            }

            Carry(ref frames[i], ref c, state, now);
        }
    }

    /// <summary>
    /// Carries a packet whose session is known; leaves it without a verdict when it is too large for its way in.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Carry(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        ref SessionRecord s = ref state.Nat.Session(c.Session);
        ref SubscriberRecord subscriber = ref state.Nat.Subscriber(s.Subscriber);
        // Who claims to be one of our own, and comes from outside, is refused the slow way.
        bool isSpoofed = ((s.Flags & SessionFlags.Hairpin) != 0) & !c.Hairpinned;
        if ((c.Ipv4Length > Room(subscriber, state.Settings)) | isSpoofed | ((s.Flags & SessionFlags.Gateway) != 0))
            return;
        Admitted(ref frame, ref c, ref s, ref subscriber, state, now);
    }

    /// <summary>
    /// Largest IPv4 packet that reaches a subscriber whole, as far as may be said without looking further: where a path
    /// MTU has been learnt it is what fits any path, and <see cref="Slow.PathMtu"/> knows more.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static int Room(in SubscriberRecord subscriber, PipelineSettings settings)
    {
        int room = subscriber.Kind == SubscriberKind.DsLite ? settings.InnerMtu : settings.InsideMtu;
        return subscriber.IsNarrow ? RoomMin : room;
    }

    /// <summary>Carries a packet that may leave as it is: rate, tracking, rewriting, softwire, next hop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Admitted(
        ref Frame frame, ref PacketContext c, ref SessionRecord s, ref SubscriberRecord subscriber, GatewayState state,
        in WorkerTime now)
    {
        ref readonly NextHop hop = ref HopTo(ref subscriber, state);
        if (hop.State != NextHopState.Resolved)
        {
            c.Refuse(hop.State == NextHopState.Unreachable ? DropReason.NoRoute : DropReason.NextHopUnresolved);
            return;
        }

        if (!state.Nat.ConformsDown(ref subscriber, c.Ipv4Length, now.NowNs)
            && !GardenWay.Passes(ref c, ref subscriber, up: false, state, now))
        {
            return;
        }

        bool isTcp = c.Flow.Protocol == (byte)IpProtocol.Tcp && !c.IsLaterFragment;
        if (isTcp)
            TcpWay.Observe(ref s, fromInside: false, frame, c, state, now.Tick);
        else
            state.Nat.TouchInbound(ref s, now.Tick);
        state.Counters[CounterId.TranslatedUdp + NatProtocol.Class(c.Flow.Protocol)]++;
        HeaderRewriter.Inbound(state.Store, frame.Chunk, c, s);
        if (isTcp)
            TcpWay.ClampMss(frame, c, subscriber.Kind, state);
        Deliver(ref frame, ref c, ref subscriber, hop, state);
    }

    /// <summary>Sends a translated packet to its subscriber.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Deliver(
        ref Frame frame, ref PacketContext c, ref SubscriberRecord subscriber, in NextHop hop, GatewayState state)
    {
        subscriber.BytesDown += (uint)c.Ipv4Length;
        if (++subscriber.PacketsDown == 0)
            subscriber.PacketsDownHigh++;
        int packetAt = c.Ipv4At;
        int packetLength = c.Ipv4Length;
        if (subscriber.Kind == SubscriberKind.DsLite)
        {
            state.Counters[CounterId.InboundPacketsDsLite]++;
            state.Counters[CounterId.InboundBytesDsLite] += packetLength;
            if (state.Settings.HasUsualForm)
            {
                packetAt -= Ipv6HeaderBytes;
                ref readonly Ipv6PrefixSetting aftr = ref state.Settings.AftrAddresses[subscriber.AftrAddress];
                Encapsulator.WriteUsual(
                    state.Store.Window(frame.Chunk, packetAt), c.Tos, packetLength, aftr.High, aftr.Low,
                    subscriber.B4High, subscriber.B4Low, Encapsulator.FlowLabel(c.Hash, state.Settings.Seed));
                packetLength += Ipv6HeaderBytes;
            }
            else
            {
                packetAt = SoftwireWriter.WrapInbound(
                    state.Store.Chunk(frame.Chunk), packetAt, ref packetLength, subscriber.AftrAddress,
                    new Ipv6Address(subscriber.B4High, subscriber.B4Low), c.Hash, state.Settings);
            }
        }
        else
        {
            state.Counters[CounterId.InboundPacketsNat444]++;
            state.Counters[CounterId.InboundBytesNat444] += packetLength;
        }

        LinkWriter.Write(state.Store, ref frame, c, hop, packetAt, packetLength);
        frame.Flags &= ~FrameFlags.Hairpinned;
        c.Verdict = Verdict.Transmit;
    }

    /// <summary>The next hop towards a subscriber, looked up again when routes have changed.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ref readonly NextHop HopTo(ref SubscriberRecord subscriber, GatewayState state)
    {
        if (subscriber.NextHopGeneration != (ushort)state.NextHops.Generation || subscriber.NextHopNumber == 0)
            Resolve(ref subscriber, state);
        return ref state.NextHops[subscriber.NextHopNumber];
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Resolve(ref SubscriberRecord subscriber, GatewayState state)
    {
        bool softwire = subscriber.Kind == SubscriberKind.DsLite;
        subscriber.NextHopGeneration = (ushort)state.NextHops.Generation;
        subscriber.NextHop = softwire
            ? state.NextHops.Resolve(subscriber.B4High, subscriber.B4Low)
            : state.NextHops.Resolve(0, NextHopTable.Ipv4Low((uint)subscriber.B4Low));
        if (softwire && subscriber.PathMtu != 0)
            subscriber.NextHop |= SubscriberRecord.NarrowBit;
    }
}
