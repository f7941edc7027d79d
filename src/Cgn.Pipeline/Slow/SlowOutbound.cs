using System;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Nat;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Gateways;
using Cgn.Pipeline.Rewriting;
using Cgn.Pipeline.Stages;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// The slow way from inside, with the semantics of the fast one: first packets of flows, fragments, ICMP errors,
/// packets for us, packets too
/// large, and softwire packets with anything before the inner header.
/// </summary>
internal static class SlowOutbound
{
    /// <summary>Decides every packet of a batch that has no verdict yet, in order.</summary>
    public static void Run(PacketBatch batch, GatewayState state, in WorkerTime now)
    {
        Span<Frame> frames = batch.Frames;
        Span<PacketContext> packets = batch.Packets;
        int first = 0;
        while (first < packets.Length && packets[first].Verdict != Verdict.None)
            first++;
        if (first == packets.Length)
            return;
        NewFlows ahead = new(batch, state.Nat);
        for (int i = first; i < packets.Length && i < frames.Length; i++)
        {
            if (packets[i].Verdict != Verdict.None)
                continue;
            ahead.Look(i);
            Decide(ref frames[i], ref packets[i], state, now);
        }
    }

    private static void Decide(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        if (c.Class == PacketClass.Outer)
        {
            OuterPackets.Decide(ref frame, ref c, state, now);
            return;
        }

        if (IsForUs(c, state))
        {
            LocalAnswers.FromInside(ref frame, ref c, state, now);
            return;
        }

        DropReason refusal = Admission.RefusalFromInside(c, state.Settings);
        if (refusal != DropReason.None)
            c.Refuse(refusal);
        else if (!state.Settings.Hairpinning && state.Pools.Contains(c.Flow.RemoteAddress))
            c.Refuse(DropReason.HairpinOff);
        else if (c.Class == PacketClass.Echo && !PassThroughWay.IsOutbound(c, state))
            c.Refuse(DropReason.UnsupportedIcmp);
        else if (c.Ttl <= 1)
            IcmpErrorWriter.Answer(ref frame, ref c, state, now, IcmpError.TimeExceeded);
        else if (c.Class == PacketClass.IcmpError && PassThroughWay.IsOutboundError(frame, c, state))
            PassThroughWay.Outbound(ref frame, ref c, state, now);
        else if (c.Class == PacketClass.IcmpError)
            IcmpErrorTranslator.Outbound(ref frame, ref c, state, now);
        else if (c.Class == PacketClass.Fragment)
            FragmentFlow.Outbound(ref frame, ref c, state, now);
        else
            Flow(ref frame, ref c, state, now);
    }

    /// <summary>Carries a packet whose ports are known, making a session where there is none.</summary>
    public static void Flow(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        c.Hash = state.Nat.OutboundHash(c.Key, c.Flow);
        c.Session = state.Nat.FindOutbound(c.Hash, c.Key, c.Flow, now.Tick);
        if (state.Nat.IsWalledOff(c.Key, c.Flow))
        {
            GardenWay.Decide(ref frame, ref c, state, now);
            return;
        }

        if (c.Session == 0 && PassThroughWay.IsOutbound(c, state))
        {
            PassThroughWay.Outbound(ref frame, ref c, state, now);
            return;
        }

        if (c.Session == 0)
        {
            Span<byte> packet = state.Store.Chunk(frame.Chunk).Slice(c.Ipv4At, c.Ipv4Length);
            TcpSegment tcp = TcpReader.OfFlow(packet, c);
            c.Session = state.Nat.CreateOutbound(
                c.Hash, c.Key, c.B4High, c.B4Low, c.Aftr, c.Flow, tcp, now, out DropReason refusal);
            if (c.Session == 0)
            {
                if (refusal == DropReason.NoSession && state.Settings.ResetsUnknownTcp
                    && c.Class != PacketClass.Fragment)
                    TcpNotices.Reset(ref frame, ref c, tcp, state, now, refusal);
                else
                    Refuse(ref frame, ref c, state, now, refusal);
                return;
            }
        }

        ref SessionRecord s = ref state.Nat.Session(c.Session);
        ref SubscriberRecord subscriber = ref state.Nat.Subscriber(s.Subscriber);
        if ((subscriber.B4High != c.B4High || subscriber.B4Low != c.B4Low || subscriber.AftrAddress != c.Aftr)
            && !state.Nat.AdmitB4Address(s.Subscriber, c.B4High, c.B4Low, c.Aftr, now))
        {
            c.Refuse(DropReason.B4AddressChange);
            return;
        }

        DccpWay.Observe(ref s, fromInside: true, frame, c, state);
        if ((s.Flags & SessionFlags.Gateway) == 0)
            Send(ref frame, ref c, state, now);
        else
            GatewayWay.Outbound(ref frame, ref c, state, now);
    }

    /// <summary>Carries a packet whose session is known, in pieces where it must be.</summary>
    public static void Send(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        ref SessionRecord s = ref state.Nat.Session(c.Session);
        ref SubscriberRecord subscriber = ref state.Nat.Subscriber(s.Subscriber);
        bool turns = (s.Flags & SessionFlags.Hairpin) != 0;
        if (c.Ipv4Length <= state.Settings.OutsideMtu || turns)
        {
            TranslateOutbound.Admitted(ref frame, ref c, ref s, ref subscriber, state, now);
            return;
        }

        if (c.DontFragment)
        {
            IcmpErrorWriter.Answer(
                ref frame, ref c, state, now, IcmpError.FragmentationNeeded, (ushort)state.Settings.OutsideMtu);
            return;
        }

        TranslateOutbound.Admitted(ref frame, ref c, ref s, ref subscriber, state, now);
        if (c.Verdict == Verdict.Transmit)
            Splitter.Ipv4(ref frame, ref c, state, state.Settings.OutsideMtu);
    }

    private static bool IsForUs(in PacketContext c, GatewayState state)
    {
        uint destination = c.Flow.RemoteAddress;
        return destination == PipelineSettings.WellKnownAftr || destination == state.Settings.InsideAddress
            || (c.Flow.Protocol == (byte)IpProtocol.Icmp && c.Class is not PacketClass.IcmpError
                && state.Pools.Contains(destination));
    }

    /// <summary>Resources that ran out are answered, so that the host tries elsewhere at once (RFC 6888
    /// REQ-11b).</summary>
    private static void Refuse(
        ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now, DropReason refusal)
    {
        bool answered = refusal is DropReason.NoBlock or DropReason.BlockLimit or DropReason.SessionLimit
            or DropReason.SetupRateLimit or DropReason.MappingsFull or DropReason.SessionsFull
            or DropReason.MappingSessionLimit
            or DropReason.SubscribersFull or DropReason.AddressOnlyConflict
            or DropReason.PortLimit or DropReason.MappingLimit or DropReason.LogOverflow or DropReason.StateLossHold
            or DropReason.InstanceLimit;
        if (answered && state.Settings.Icmp.Exhaustion != ExhaustionAnswer.Silent)
            IcmpErrorWriter.Answer(ref frame, ref c, state, now, IcmpError.Exhausted(refusal, state.Settings.Icmp));
        else if (refusal == DropReason.UnsupportedProtocol)
            IcmpErrorWriter.Answer(ref frame, ref c, state, now, IcmpError.ProtocolUnreachable);
        else
            c.Refuse(refusal);
    }
}
