using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Memory.NextHops;
using Cgn.Nat;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Rewriting;
using Cgn.Pipeline.Stages;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// Carries what is not translated (RFC 6888 REQ-6): time to live, MTU, rates and counts hold as for everything else;
/// no mapping or session is made, so each packet comes this way.
/// </summary>
internal static class PassThroughWay
{
    /// <summary>A packet from inside that is not to be translated; its ports are known.</summary>
    public static bool IsOutbound(in PacketContext c, GatewayState state) =>
        state.Settings.PassThrough.IsOn
        && state.Settings.PassThrough.Matches(c.Flow.RemoteAddress, c.Flow.Protocol, c.Flow.RemotePort);

    /// <summary>A packet from outside to an address that is no pool's but a subscriber's own.</summary>
    public static bool IsInbound(in PacketContext c, GatewayState state) =>
        state.Settings.PassThrough.IsOn && !state.Pools.Contains(c.Flow.InternalAddress)
        && state.Settings.PassThrough.TryFind(c.Flow.InternalAddress, out _, out _, out _);

    /// <summary>An ICMP error from inside about a packet that came in untranslated.</summary>
    public static bool IsOutboundError(in Frame frame, in PacketContext c, GatewayState state) =>
        state.Settings.PassThrough.IsOn && TryQuoted(frame, c, state, localIsSource: false, out FlowKey flow)
        && state.Settings.PassThrough.Matches(flow.RemoteAddress, flow.Protocol, flow.RemotePort);

    /// <summary>Sends a packet from inside as it is.</summary>
    public static void Outbound(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        uint number = state.Nat.AdmitUntranslated(
            c.Key, c.B4High, c.B4Low, c.Aftr, fromInside: true, now, out DropReason refusal);
        if (number == 0)
        {
            c.Refuse(refusal);
            return;
        }

        ref SubscriberRecord subscriber = ref state.Nat.Subscriber(number);
        if (state.Nat.IsWalledOff(subscriber, c.Flow))
        {
            c.Refuse(DropReason.WalledGarden);
            return;
        }

        bool fits = c.Ipv4Length <= state.Settings.OutsideMtu;
        if (!fits && c.DontFragment)
        {
            IcmpErrorWriter.Answer(
                ref frame, ref c, state, now, IcmpError.FragmentationNeeded, (ushort)state.Settings.OutsideMtu);
            return;
        }

        byte tos = c.Tos;
        if (c.OuterTos != c.Tos && !TranslateOutbound.TryCombineTos(ref c, state, out tos))
            return;
        ref readonly NextHop hop = ref state.NextHops[
            state.NextHops.Resolve(0, NextHopTable.Ipv4Low(c.Flow.RemoteAddress))];
        if (!IsResolved(hop, ref c))
            return;
        if (!state.Nat.ConformsUp(ref subscriber, c.Ipv4Length, now.NowNs)
            && !GardenWay.Passes(ref c, ref subscriber, up: true, state, now))
        {
            return;
        }

        TranslateOutbound.Count(ref subscriber, state.Counters, c);
        state.Counters[CounterId.UntranslatedPackets]++;
        HeaderRewriter.Forward(state.Store, frame.Chunk, c, tos);
        Clamp(frame, c, c.Key.Kind, state);
        LinkWriter.Write(state.Store, ref frame, c, hop, c.Ipv4At, c.Ipv4Length);
        c.Verdict = Verdict.Transmit;
        if (!fits)
            Splitter.Ipv4(ref frame, ref c, state, state.Settings.OutsideMtu);
    }

    /// <summary>Delivers a packet from outside to the subscriber whose own address it is for.</summary>
    public static void Inbound(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        if (!IsExpected(frame, c, state)
            || !state.Settings.PassThrough.TryFind(
                c.Flow.InternalAddress, out SubscriberKey key, out ulong b4High, out ulong b4Low))
        {
            c.Refuse(DropReason.NotOurs);
            return;
        }

        uint number = state.Nat.AdmitUntranslated(
            key, b4High, b4Low, 0, fromInside: false, now, out DropReason refusal);
        if (number == 0)
        {
            c.Refuse(refusal);
            return;
        }

        ref SubscriberRecord subscriber = ref state.Nat.Subscriber(number);
        bool softwire = subscriber.Kind == SubscriberKind.DsLite;
        int room = PathMtu.RoomFor(ref subscriber, state.Settings, now.Tick);
        bool fits = c.Ipv4Length <= room;
        if (!fits && c.DontFragment && !(softwire && state.Settings.DfPolicy == DfPolicy.IgnoreDf))
        {
            IcmpErrorWriter.Answer(ref frame, ref c, state, now, IcmpError.FragmentationNeeded, (ushort)room);
            return;
        }

        ref readonly NextHop hop = ref TranslateInbound.HopTo(ref subscriber, state);
        if (!IsResolved(hop, ref c))
            return;
        if (!state.Nat.ConformsDown(ref subscriber, c.Ipv4Length, now.NowNs)
            && !GardenWay.Passes(ref c, ref subscriber, up: false, state, now))
        {
            return;
        }

        state.Counters[CounterId.UntranslatedPackets]++;
        // Softwires of one flow are to have one label (RFC 6438), and it is made of this.
        c.Hash = state.Nat.InboundHash(c.Flow);
        HeaderRewriter.Forward(state.Store, frame.Chunk, c, c.Tos);
        Clamp(frame, c, subscriber.Kind, state);
        TranslateInbound.Deliver(ref frame, ref c, ref subscriber, hop, state);
        if (!fits)
            SlowInbound.Split(ref frame, ref c, ref subscriber, room, state, now);
    }

    private static bool IsExpected(in Frame frame, in PacketContext c, GatewayState state)
    {
        if (c.Class != PacketClass.IcmpError)
            return state.Settings.PassThrough.Matches(c.Flow.RemoteAddress, c.Flow.Protocol, c.Flow.RemotePort);
        // Any router on the way may report, about a packet that this address has sent there.
        return TryQuoted(frame, c, state, localIsSource: true, out FlowKey flow)
            && flow.InternalAddress == c.Flow.InternalAddress
            && state.Settings.PassThrough.Matches(flow.RemoteAddress, flow.Protocol, flow.RemotePort);
    }

    private static bool TryQuoted(
        in Frame frame, in PacketContext c, GatewayState state, bool localIsSource, out FlowKey flow)
    {
        flow = default;
        Span<byte> message = state.Store.Chunk(frame.Chunk)[c.TransportAt..(c.Ipv4At + c.Ipv4Length)];
        if (!IcmpView.TryOpen(message, out IcmpView icmp, out _) || !icmp.IsChecksumRight
            || !EmbeddedPacketView.TryOpen(icmp.QuotedPacket, out EmbeddedPacketView quote, out _)
            || !QuotedSessions.MayBeQuoted(quote))
        {
            return false;
        }

        flow = QuotedSessions.FlowOf(quote, localIsSource);
        return true;
    }

    private static bool IsResolved(in NextHop hop, ref PacketContext c)
    {
        if (hop.State != NextHopState.Resolved)
            c.Refuse(hop.State == NextHopState.Unreachable ? DropReason.NoRoute : DropReason.NextHopUnresolved);
        return hop.State == NextHopState.Resolved;
    }

    private static void Clamp(in Frame frame, in PacketContext c, SubscriberKind kind, GatewayState state)
    {
        if (c.Flow.Protocol == (byte)IpProtocol.Tcp && !c.IsLaterFragment)
            TcpWay.ClampMss(frame, c, kind, state);
    }
}
