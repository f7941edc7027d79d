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

namespace Cgn.Pipeline.Slow;

/// <summary>
/// The slow way from outside, with the semantics of the fast one: first packets from a remote endpoint, fragments,
/// ICMP errors, pings of pool
/// addresses, packets too large for their way in.
/// </summary>
internal static class SlowInbound
{
    /// <summary>Decides every packet of a batch that has no verdict yet, in order.</summary>
    public static void Run(PacketBatch batch, GatewayState state, in WorkerTime now)
    {
        Span<Frame> frames = batch.Frames;
        Span<PacketContext> packets = batch.Packets;
        for (int i = 0; i < packets.Length && i < frames.Length; i++)
        {
            if (packets[i].Verdict == Verdict.None)
                Decide(ref frames[i], ref packets[i], state, now);
        }
    }

    private static void Decide(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        bool isOurs = state.Pools.Contains(c.Flow.InternalAddress);
        DropReason refusal = !isOurs && !PassThroughWay.IsInbound(c, state)
            ? DropReason.NotOurs : Admission.RefusalFromOutside(c, state);
        if (refusal != DropReason.None)
            c.Refuse(refusal);
        else if (c.Class == PacketClass.Echo && isOurs)
            LocalAnswers.FromOutside(ref frame, ref c, state, now);
        else if (c.Ttl <= 1 && !c.Hairpinned)
            IcmpErrorWriter.Answer(ref frame, ref c, state, now, IcmpError.TimeExceeded);
        else if (c.Class == PacketClass.IcmpError && isOurs)
            IcmpErrorTranslator.Inbound(ref frame, ref c, state, now);
        else if (c.Class == PacketClass.Fragment)
            FragmentFlow.Inbound(ref frame, ref c, state, now);
        else
            Flow(ref frame, ref c, state, now);
    }

    /// <summary>Carries a packet whose ports are known, making a session where the mapping admits one.</summary>
    public static void Flow(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        if (PassThroughWay.IsInbound(c, state))
        {
            PassThroughWay.Inbound(ref frame, ref c, state, now);
            return;
        }

        c.Hash = state.Nat.InboundHash(c.Flow);
        c.Session = state.Nat.FindInbound(c.Hash, c.Flow, now.Tick);
        if (c.Session == 0)
        {
            Span<byte> packet = state.Store.Chunk(frame.Chunk).Slice(c.Ipv4At, c.Ipv4Length);
            TcpSegment tcp = TcpReader.OfFlow(packet, c);
            c.Session = state.Nat.CreateInbound(c.Hash, c.Flow, tcp, now, out DropReason refusal);
            if (c.Session == 0)
            {
                UnsolicitedSyns.Refuse(ref frame, ref c, tcp, state, now.Tick, refusal);
                return;
            }
        }

        ref readonly SessionRecord s = ref state.Nat.Session(c.Session);
        if ((s.Flags & SessionFlags.Gateway) == 0)
            Send(ref frame, ref c, state, now);
        else
            GatewayWay.Inbound(ref frame, ref c, state, now);
    }

    /// <summary>Carries a packet whose session is known, in pieces where it must be.</summary>
    public static void Send(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        ref SessionRecord s = ref state.Nat.Session(c.Session);
        ref SubscriberRecord subscriber = ref state.Nat.Subscriber(s.Subscriber);
        DccpWay.Observe(ref s, fromInside: false, frame, c, state);
        int room = PathMtu.RoomFor(ref subscriber, state.Settings, now.Tick);
        if (c.Ipv4Length <= room)
        {
            TranslateInbound.Admitted(ref frame, ref c, ref s, ref subscriber, state, now);
            return;
        }

        bool softwire = subscriber.Kind == SubscriberKind.DsLite;
        if (c.DontFragment && !(softwire && state.Settings.DfPolicy == DfPolicy.IgnoreDf))
        {
            IcmpErrorWriter.Answer(ref frame, ref c, state, now, IcmpError.FragmentationNeeded, (ushort)room);
            return;
        }

        TranslateInbound.Admitted(ref frame, ref c, ref s, ref subscriber, state, now);
        if (c.Verdict != Verdict.Transmit)
            return;
        Split(ref frame, ref c, ref subscriber, room, state, now);
    }

    /// <summary>Cuts a finished frame that is larger than its way in takes.</summary>
    public static void Split(
        ref Frame frame, ref PacketContext c, ref SubscriberRecord subscriber, int room, GatewayState state,
        in WorkerTime now)
    {
        bool softwire = subscriber.Kind == SubscriberKind.DsLite;
        if (softwire && !c.DontFragment && state.Settings.Fragmentation == FragmentationMode.Inner)
            Splitter.Inner(ref frame, ref c, state, room);
        else if (softwire)
            Splitter.Softwire(ref frame, ref c, state, PathMtu.Of(ref subscriber, state.Settings, now.Tick));
        else
            Splitter.Ipv4(ref frame, ref c, state, state.Settings.InsideMtu);
    }
}
