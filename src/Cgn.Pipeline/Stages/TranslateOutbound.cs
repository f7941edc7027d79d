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
using Cgn.Softwire;
using Cgn.Wire;

namespace Cgn.Pipeline.Stages;

/// <summary>
/// Third stage from inside: packets of known sessions get their external source, lose their softwire header and gain a next hop. What has no
/// session, or wants anything uncommon, is left undecided for the slow way.
/// </summary>
internal static class TranslateOutbound
{
    /// <summary>Runs the stage over a batch.</summary>
    public static void Run(PacketBatch batch, GatewayState state, in WorkerTime now)
    {
        Span<Frame> frames = batch.Frames;
        Span<PacketContext> packets = batch.Packets;
        foreach (byte i in batch.Fast[..batch.FastCount])
        {
            ref PacketContext c = ref packets[i];
            if (!state.Nat.IsOutbound(c.Session, c.Key, c.Flow, now.Tick))
            {
                c.Session = state.Nat.FindOutbound(c.Hash, c.Key, c.Flow, now.Tick);
                if (c.Session == 0)
                    continue;
            }

            Carry(ref frames[i], ref c, state, now);
        }
    }

    /// <summary>
    /// Carries a packet whose session is known. On return it has a verdict, or none when only the slow way can carry it: the B4's address
    /// is new, or the packet is too large for the outside.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Carry(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        ref SessionRecord s = ref state.Nat.Session(c.Session);
        ref SubscriberRecord subscriber = ref state.Nat.Subscriber(s.Subscriber);
        if (((subscriber.B4High ^ c.B4High) | (subscriber.B4Low ^ c.B4Low)) != 0 || c.Ipv4Length > state.Settings.OutsideMtu)
            return;
        Admitted(ref frame, ref c, ref s, ref subscriber, state, now);
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

        if (!state.Nat.ConformsUp(ref subscriber, c.Ipv4Length, now.NowNs))
        {
            c.Refuse(DropReason.RateLimitUp);
            return;
        }

        Span<byte> chunk = state.Store.Chunk(frame.Chunk);
        Span<byte> packet = chunk.Slice(c.Ipv4At, c.Ipv4Length);
        if (c.Flow.Protocol == (byte)IpProtocol.Tcp && !c.IsLaterFragment)
            TcpTracker.Observe(ref s, fromInside: true, TcpReader.Read(packet, c), now.Tick);
        else
            state.Nat.TouchOutbound(ref s, now.Tick);
        subscriber.BytesUp += (uint)c.Ipv4Length;
        if (++subscriber.PacketsUp == 0)
            subscriber.PacketsUpHigh++;
        Count(state.Counters, c);

        HeaderRewriter.Outbound(packet, c, s, tos);
        if (!c.IsAtomic)
            Renumbering.Apply(packet, c, s, state, now);
        MssClamp.Apply(packet, c, state.Settings.MssFor(c.Key.Kind), state.Counters);
        if (turns)
        {
            Turn(ref frame, ref c, state);
            return;
        }

        LinkWriter.Write(chunk, ref frame, c, hop, c.Ipv4At, c.Ipv4Length);
        c.Verdict = Verdict.Transmit;
    }

    /// <summary>Makes a translated packet come in again from outside: a plain frame with the hairpin mark.</summary>
    public static void Turn(ref Frame frame, ref PacketContext c, GatewayState state)
    {
        // The inbound way expects a link-layer header; its addresses are never looked at.
        NextHop plain = NextHop.Resolved(FramePort.Outside, [2, 0, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 8, 0]);
        plain.KeepsTags = 1;
        LinkWriter.Write(state.Store.Chunk(frame.Chunk), ref frame, c, plain, c.Ipv4At, c.Ipv4Length);
        frame.Flags |= FrameFlags.Hairpinned;
        state.Counters[CounterId.HairpinPackets]++;
        c.Verdict = Verdict.Turn;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Count(CounterBlock counters, in PacketContext c)
    {
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

    private static bool TryCombineTos(ref PacketContext c, GatewayState state, out byte tos)
    {
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
