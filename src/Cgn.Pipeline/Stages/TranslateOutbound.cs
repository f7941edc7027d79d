using System;
using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
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
/// Third stage from inside: packets of known sessions get their external source, lose their softwire header and gain
/// a next hop. What has no session, or wants anything uncommon, is left undecided for the slow way.
/// </summary>
internal static class TranslateOutbound
{
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
            if (!state.Nat.IsOutboundFrom(c.Session, c.Key.Kind, c.B4High, c.B4Low, c.Flow, now.Tick)
                && !TryFind(ref c, state, now.Tick))
            {
                continue;
            }

            ref SessionRecord s = ref state.Nat.Session(c.Session);
            ref SubscriberRecord subscriber = ref state.Nat.Subscriber(s.Subscriber);
            // The mark of a gateway in the same test as the AFTR address: one branch.
            int differs = (c.Aftr ^ subscriber.AftrAddress) | (int)(s.Flags & SessionFlags.Gateway);
            if (c.Ipv4Length > state.Settings.OutsideMtu || differs != 0)
                continue;
            Admitted(ref frames[i], ref c, ref s, ref subscriber, state, now);
        }
    }

    // The candidate was none, or the B4's address is new, which only the slow way may take note of.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static bool TryFind(ref PacketContext c, GatewayState state, uint tick)
    {
        c.Session = state.Nat.FindOutbound(c.Hash, c.Key, c.Flow, tick);
        if (c.Session == 0)
        {
            // A new flow, very likely: its subscriber is what the slow way will look for first.
            state.Nat.PrefetchKey(c.Key);
            return false;
        }

        ref readonly SubscriberRecord subscriber = ref state.Nat.Subscriber(state.Nat.Session(c.Session).Subscriber);
        return subscriber.B4High == c.B4High && subscriber.B4Low == c.B4Low;
    }

    /// <summary>Carries a packet that may leave as it is: rate, tracking, rewriting, next hop.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Admitted(
        ref Frame frame, ref PacketContext c, ref SessionRecord s, ref SubscriberRecord subscriber, GatewayState state,
        in WorkerTime now)
    {
        byte tos = c.Tos;
        if (c.OuterTos != c.Tos && !TryCombineTos(ref c, state, out tos))
            return;
        bool turns = (s.Flags & SessionFlags.Hairpin) != 0;
        if (s.NextHopGeneration != state.NextHops.Generation && !turns)
            Resolve(ref s, state);
        ref readonly NextHop hop = ref state.NextHops[s.NextHop];
        if (hop.State != NextHopState.Resolved && !turns)
        {
            c.Refuse(hop.State == NextHopState.Unreachable ? DropReason.NoRoute : DropReason.NextHopUnresolved);
            return;
        }

        if (!state.Nat.ConformsUp(ref subscriber, c.Ipv4Length, now.NowNs)
            && !GardenWay.Passes(ref c, ref subscriber, up: true, state, now))
        {
            return;
        }

        bool isTcp = c.Flow.Protocol == (byte)IpProtocol.Tcp && !c.IsLaterFragment;
        if (isTcp)
            TcpWay.Observe(ref s, fromInside: true, frame, c, state, now.Tick);
        else
            state.Nat.TouchOutbound(ref s, now.Tick);
        Count(ref subscriber, state.Counters, c);
        state.Counters[CounterId.TranslatedUdp + NatProtocol.Class(c.Flow.Protocol)]++;

        HeaderRewriter.Outbound(state.Store, frame.Chunk, c, s, tos);
        if (!c.IsAtomic)
            Renumbering.Apply(state.Store.Chunk(frame.Chunk).Slice(c.Ipv4At, c.Ipv4Length), c, s, state, now);
        if (isTcp)
            TcpWay.ClampMss(frame, c, c.Key.Kind, state);
        if (turns)
        {
            Turn(ref frame, ref c, state);
            return;
        }

        LinkWriter.Write(state.Store, ref frame, c, hop, c.Ipv4At, c.Ipv4Length);
        c.Verdict = Verdict.Transmit;
    }

    /// <summary>Makes a translated packet come in again from outside: a plain frame with the hairpin mark.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Turn(ref Frame frame, ref PacketContext c, GatewayState state)
    {
        // The inbound way expects a link-layer header; its addresses are never looked at.
        NextHop plain = NextHop.Resolved(FramePort.Outside, [2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 8, 0]);
        plain.KeepsTags = 1;
        LinkWriter.Write(state.Store, ref frame, c, plain, c.Ipv4At, c.Ipv4Length);
        // Ports that a fragment was given were those of the way out; coming in it asks for its own, and for its owner.
        frame.Flags = (frame.Flags & ~(FrameFlags.PortsKnown | FrameFlags.HandedOff)) | FrameFlags.Hairpinned;
        state.Counters[CounterId.HairpinPackets]++;
        c.Verdict = Verdict.Turn;
    }

    /// <summary>Counts a packet that leaves.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Count(ref SubscriberRecord subscriber, CounterBlock counters, in PacketContext c)
    {
        subscriber.BytesUp += (uint)c.Ipv4Length;
        if (++subscriber.PacketsUp == 0)
            subscriber.PacketsUpHigh++;
        if (c.Key.Kind == SubscriberKind.DsLite)
        {
            counters[CounterId.OutboundPacketsDsLite]++;
            counters[CounterId.OutboundBytesDsLite] += c.Ipv4Length;
        }
        else
        {
            counters[CounterId.OutboundPacketsNat444]++;
            counters[CounterId.OutboundBytesNat444] += c.Ipv4Length;
        }
    }

    /// <summary>The type of service that both headers make (RFC 6040); refuses what they may not make.</summary>
    [MethodImpl(MethodImplOptions.NoInlining)]
    internal static bool TryCombineTos(ref PacketContext c, GatewayState state, out byte tos)
    {
        if (Decapsulator.IsEcnAnomaly(c.Tos, c.OuterTos))
            state.Counters[CounterId.EcnAnomalies]++;
        tos = Decapsulator.InnerTos(c.Tos, c.OuterTos, state.Settings.TrafficClass, out bool drop);
        if (drop)
            c.Refuse(DropReason.EcnDrop);
        return !drop;
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Resolve(ref SessionRecord s, GatewayState state)
    {
        s.NextHopGeneration = state.NextHops.Generation;
        s.NextHop = state.NextHops.Resolve(0, NextHopTable.Ipv4Low(s.RemoteAddress));
        if (s.NextHop == 0)
            s.NextHopGeneration = 0;
    }
}
