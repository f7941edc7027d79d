using System;
using System.Buffers.Binary;

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
/// Carries ICMP errors (RFC 5508 section 4): the packet that they quote tells whose they are, and is put into the
/// form in which the receiver
/// sent it. They refresh nothing and end nothing (REQ-6).
/// </summary>
internal static class IcmpErrorTranslator
{
    /// <summary>An error from outside about a packet that left here: the quote's source becomes internal
    /// again.</summary>
    public static void Inbound(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        Span<byte> packet = state.Store.Chunk(frame.Chunk).Slice(c.Ipv4At, c.Ipv4Length);
        if (!TryOpen(packet, ref c, state.Settings.Icmp, out IcmpView icmp, out EmbeddedPacketView quote))
            return;
        FlowKey flow = QuotedSessions.FlowOf(quote, localIsSource: true);
        if (!QuotedSessions.TryFindInbound(
            flow, state, now, out QuotedEndpoint external, out QuotedEndpoint inner, out uint subscriberNumber))
        {
            c.Refuse(DropReason.IcmpErrorUnmatched);
            return;
        }

        ref SubscriberRecord subscriber = ref state.Nat.Subscriber(subscriberNumber);
        ref readonly NextHop hop = ref TranslateInbound.HopTo(ref subscriber, state);
        bool fits = c.Ipv4Length <= PathMtu.RoomFor(ref subscriber, state.Settings, now.Tick);
        if (hop.State != NextHopState.Resolved || (!fits && c.DontFragment))
        {
            c.Refuse(hop.State != NextHopState.Resolved ? DropReason.NextHopUnresolved : DropReason.TooBig);
            return;
        }

        // In a softwire it has the label of the flow that it is about (RFC 6438), and so takes the same path.
        c.Hash = state.Nat.InboundHash(flow);
        QuotedSessions.Rewrite(quote, external, inner, ofSource: true);
        Finish(packet, icmp, c, 16, inner.Address);
        CountCarried(icmp, state);
        TranslateInbound.Deliver(ref frame, ref c, ref subscriber, hop, state);
        if (fits)
            return;
        if (subscriber.Kind == SubscriberKind.DsLite)
            Splitter.Softwire(ref frame, ref c, state, PathMtu.Of(ref subscriber, state.Settings, now.Tick));
        else
            Splitter.Ipv4(ref frame, ref c, state, state.Settings.InsideMtu);
    }

    /// <summary>An error from inside about a packet that came in here: the quote's destination becomes external
    /// again.</summary>
    public static void Outbound(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        Span<byte> packet = state.Store.Chunk(frame.Chunk).Slice(c.Ipv4At, c.Ipv4Length);
        if (!TryOpen(packet, ref c, state.Settings.Icmp, out IcmpView icmp, out EmbeddedPacketView quote))
            return;
        // RFC 5508 section 7.3: not past us, when what it quotes was source-routed.
        if ((Ipv4Options.Scan(quote.Header[Ipv4View.HeaderSizeMin..]) & Ipv4OptionKinds.SourceRoute) != 0)
        {
            c.Refuse(DropReason.SourceRoute);
            return;
        }

        if (icmp is { Type: IcmpType.DestinationUnreachable, Code: 4 }
            && icmp.NextHopMtu < state.Settings.Icmp.OutboundMtuMin)
        {
            c.Refuse(DropReason.MtuTooSmall);
            return;
        }

        FlowKey flow = QuotedSessions.FlowOf(quote, localIsSource: false);
        if (!QuotedSessions.TryFindOutbound(
            c.Key, flow, state, now, out QuotedEndpoint inner, out QuotedEndpoint external, out uint subscriber))
        {
            c.Refuse(DropReason.IcmpErrorUnmatched);
            return;
        }

        // Sessions that a garden has cut off end with their next packet; until then nobody outside hears of them.
        if (state.Nat.IsWalledOff(state.Nat.Subscriber(subscriber), flow))
        {
            c.Refuse(DropReason.WalledGarden);
            return;
        }

        QuotedSessions.Rewrite(quote, inner, external, ofSource: false);
        if (!c.IsAtomic)
            Renumbering.Number(packet, external.Address, c.Flow.RemoteAddress, IpProtocol.Icmp, state, now);
        // Whoever inside reports it, the error comes from the external address that it is about (RFC 5508 REQ-5c).
        Finish(packet, icmp, c, 12, external.Address);
        CountCarried(icmp, state);
        // It counts for its subscriber, as one that comes in does.
        if (TrySendOutside(ref frame, ref c, state))
            TranslateOutbound.Count(ref state.Nat.Subscriber(subscriber), state.Counters, c);
    }

    private static void CountCarried(in IcmpView icmp, GatewayState state)
    {
        state.Counters[CounterId.IcmpErrorsCarried]++;
        if (icmp is { Type: IcmpType.DestinationUnreachable, Code: 4 })
            state.Counters[CounterId.TooBigCarried]++;
    }

    /// <summary>Sends an error in its final form to a remote host, or to the neighbour whose external address it is
    /// for.</summary>
    /// <returns>False when it was refused.</returns>
    public static bool TrySendOutside(ref Frame frame, ref PacketContext c, GatewayState state)
    {
        if (state.Pools.Contains(c.Flow.RemoteAddress))
        {
            TranslateOutbound.Turn(ref frame, ref c, state);
            return true;
        }

        ref readonly NextHop hop = ref state.NextHops[state.NextHops.Resolve(0,
            NextHopTable.Ipv4Low(c.Flow.RemoteAddress))];
        bool fits = c.Ipv4Length <= state.Settings.OutsideMtu;
        if (hop.State != NextHopState.Resolved || (!fits && c.DontFragment))
        {
            c.Refuse(hop.State != NextHopState.Resolved ? DropReason.NextHopUnresolved : DropReason.TooBig);
            return false;
        }

        LinkWriter.Write(state.Store, ref frame, c, hop, c.Ipv4At, c.Ipv4Length);
        c.Verdict = Verdict.Transmit;
        if (!fits)
            Splitter.Ipv4(ref frame, ref c, state, state.Settings.OutsideMtu);
        return true;
    }

    private static bool TryOpen(
        Span<byte> packet, ref PacketContext c, IcmpPolicy policy, out IcmpView icmp, out EmbeddedPacketView quote)
    {
        quote = default;
        // RFC 5508 REQ-3: a wrong checksum of the message or of the quoted header ends it silently; the quoted
        // transport's is not looked at.
        if (!IcmpView.TryOpen(packet[(c.TransportAt - c.Ipv4At)..], out icmp, out _) || !icmp.IsChecksumRight
            || !EmbeddedPacketView.TryOpen(icmp.QuotedPacket, out quote, out _)
            || (policy.VerifyQuotedHeader && !quote.IsHeaderChecksumRight))
        {
            c.Refuse(DropReason.BadIcmpError);
            return false;
        }

        if (QuotedSessions.MayBeQuoted(quote))
            return true;
        c.Refuse(DropReason.IcmpErrorUnmatched);
        return false;
    }

    /// <summary>Writes the outer address and the checksums; the message's is computed anew, having been found right
    /// before.</summary>
    private static void Finish(Span<byte> packet, in IcmpView icmp, in PacketContext c, int addressOffset, uint address)
    {
        Checksum.FillIcmp(icmp.Message);
        BinaryPrimitives.WriteUInt32BigEndian(packet[addressOffset..], address);
        packet[8] = (byte)(c.Ttl - (c.Hairpinned ? 0 : 1));
        packet.Slice(10, 2).Clear();
        int headerLength = c.TransportAt - c.Ipv4At;
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], Checksum.Compute(packet[..headerLength]));
    }
}
