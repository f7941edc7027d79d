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
        if (!TryOpen(packet, ref c, out IcmpView icmp, out EmbeddedPacketView quote))
            return;
        FlowKey flow = FlowOf(quote, local: quote.Source.Value, remote: quote.Destination.Value, localIsSource: true);
        if (!TryFindInbound(flow, state, now, out Endpoint external, out Endpoint inner, out uint subscriberNumber))
        {
            c.Refuse(DropReason.IcmpErrorUnmatched);
            return;
        }

        ref SubscriberRecord subscriber = ref state.Nat.Subscriber(subscriberNumber);
        ref readonly NextHop hop = ref TranslateInbound.HopTo(ref subscriber, state);
        bool fits = c.Ipv4Length <= TranslateInbound.Room(subscriber, state.Settings);
        if (hop.State != NextHopState.Resolved || (!fits && c.DontFragment))
        {
            c.Refuse(hop.State != NextHopState.Resolved ? DropReason.NextHopUnresolved : DropReason.TooBig);
            return;
        }

        Quote(quote, external, inner, ofSource: true);
        Finish(packet, icmp, c, 16, inner.Address);
        TranslateInbound.Deliver(ref frame, ref c, ref subscriber, hop, state);
        if (fits)
            return;
        if (subscriber.Kind == SubscriberKind.DsLite)
            Splitter.Softwire(ref frame, ref c, state);
        else
            Splitter.Ipv4(ref frame, ref c, state, state.Settings.InsideMtu);
    }

    /// <summary>An error from inside about a packet that came in here: the quote's destination becomes external
    /// again.</summary>
    public static void Outbound(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        Span<byte> packet = state.Store.Chunk(frame.Chunk).Slice(c.Ipv4At, c.Ipv4Length);
        if (!TryOpen(packet, ref c, out IcmpView icmp, out EmbeddedPacketView quote))
            return;
        // RFC 5508 section 7.3: not past us, when what it quotes was source-routed.
        if ((Ipv4Options.Scan(quote.Header[Ipv4View.HeaderSizeMin..]) & Ipv4OptionKinds.SourceRoute) != 0)
        {
            c.Refuse(DropReason.SourceRoute);
            return;
        }

        FlowKey flow = FlowOf(quote, local: quote.Destination.Value, remote: quote.Source.Value, localIsSource: false);
        if (!TryFindOutbound(c.Key, flow, state, now, out Endpoint inner, out Endpoint external))
        {
            c.Refuse(DropReason.IcmpErrorUnmatched);
            return;
        }

        Quote(quote, inner, external, ofSource: false);
        // Whoever inside reports it, the error comes from the external address that it is about (RFC 5508 REQ-5c).
        Finish(packet, icmp, c, 12, external.Address);
        if (state.Pools.Contains(c.Flow.RemoteAddress))
        {
            TranslateOutbound.Turn(ref frame, ref c, state);
            return;
        }

        ref readonly NextHop hop = ref state.NextHops[state.NextHops.Resolve(0,
            NextHopTable.Ipv4Low(c.Flow.RemoteAddress))];
        bool fits = c.Ipv4Length <= state.Settings.OutsideMtu;
        if (hop.State != NextHopState.Resolved || (!fits && c.DontFragment))
        {
            c.Refuse(hop.State != NextHopState.Resolved ? DropReason.NextHopUnresolved : DropReason.TooBig);
            return;
        }

        LinkWriter.Write(state.Store, ref frame, c, hop, c.Ipv4At, c.Ipv4Length);
        c.Verdict = Verdict.Transmit;
        if (!fits)
            Splitter.Ipv4(ref frame, ref c, state, state.Settings.OutsideMtu);
    }

    private static bool TryOpen(Span<byte> packet, ref PacketContext c, out IcmpView icmp, out EmbeddedPacketView quote)
    {
        quote = default;
        // RFC 5508 REQ-3: a wrong checksum of the message or of the quoted header ends it silently; the quoted
        // transport's is not looked at.
        if (!IcmpView.TryOpen(packet[(c.TransportAt - c.Ipv4At)..], out icmp, out _) || !icmp.IsChecksumRight
            || !EmbeddedPacketView.TryOpen(icmp.QuotedPacket, out quote, out _) || !quote.IsHeaderChecksumRight)
        {
            c.Refuse(DropReason.BadIcmpError);
            return false;
        }

        if (quote.IsFirstFragment && !(quote.Protocol == IpProtocol.Icmp && IsError(quote.IcmpType)))
            return true;
        c.Refuse(DropReason.IcmpErrorUnmatched);
        return false;
    }

    private static bool IsError(IcmpType type) => type is IcmpType.DestinationUnreachable or IcmpType.SourceQuench
        or IcmpType.Redirect or IcmpType.TimeExceeded or IcmpType.ParameterProblem;

    private static FlowKey FlowOf(in EmbeddedPacketView quote, uint local, uint remote, bool localIsSource)
    {
        FlowKey flow = default;
        flow.InternalAddress = local;
        flow.RemoteAddress = remote;
        flow.Protocol = (byte)quote.Protocol;
        if (quote.Protocol == IpProtocol.Icmp)
        {
            flow.InternalPort = quote.IcmpIdentifier;
        }
        else if (quote.Protocol is IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.UdpLite)
        {
            flow.InternalPort = localIsSource ? quote.SourcePort : quote.DestinationPort;
            flow.RemotePort = localIsSource ? quote.DestinationPort : quote.SourcePort;
        }

        return flow;
    }

    private static bool TryFindInbound(
        in FlowKey flow, GatewayState state, in WorkerTime now, out Endpoint external, out Endpoint inner,
        out uint subscriber)
    {
        external = new Endpoint(flow.InternalAddress, flow.InternalPort);
        inner = default;
        subscriber = 0;
        uint session = state.Nat.FindInbound(state.Nat.InboundHash(flow), flow, now.Tick);
        if (session != 0)
        {
            ref SessionRecord s = ref state.Nat.Session(session);
            inner = new Endpoint(s.InternalAddress, s.InternalPort);
            subscriber = s.Subscriber;
            return true;
        }

        uint mapping = state.Nat.FindMapping(flow.InternalAddress, flow.InternalPort, flow.Protocol);
        if (mapping == 0 || !state.Nat.MappingLives(mapping, now.Tick))
            return false;
        ref MappingRecord m = ref state.Nat.Mapping(mapping);
        inner = new Endpoint(m.InternalAddress, m.InternalPort);
        subscriber = m.Subscriber;
        return state.Nat.IsPlaced(subscriber);
    }

    private static bool TryFindOutbound(
        in SubscriberKey key, in FlowKey flow, GatewayState state, in WorkerTime now, out Endpoint inner,
        out Endpoint external)
    {
        inner = new Endpoint(flow.InternalAddress, flow.InternalPort);
        external = default;
        uint session = state.Nat.FindOutbound(state.Nat.OutboundHash(key, flow), key, flow, now.Tick);
        if (session != 0)
        {
            ref SessionRecord s = ref state.Nat.Session(session);
            external = new Endpoint(s.ExternalAddress, s.ExternalPort);
            return true;
        }

        uint mapping = state.Nat.FindMappingInternal(key, flow.InternalAddress, flow.InternalPort, flow.Protocol);
        if (mapping == 0)
            return false;
        ref MappingRecord m = ref state.Nat.Mapping(mapping);
        external = new Endpoint(m.ExternalAddress, m.ExternalPort);
        return true;
    }

    /// <summary>Exchanges one endpoint of the quoted packet; its checksums by difference, so that what was wrong
    /// stays wrong (REQ-3c).</summary>
    private static void Quote(in EmbeddedPacketView quote, Endpoint before, Endpoint after, bool ofSource)
    {
        ChecksumDelta address = ChecksumDelta.Between(before.Address, after.Address);
        ChecksumDelta port = ChecksumDelta.Between(before.Port, after.Port);
        EmbeddedPacketView view = quote;
        if (ofSource)
            view.Source = new Ipv4Address(after.Address);
        else
            view.Destination = new Ipv4Address(after.Address);
        view.HeaderChecksum = address.Apply(quote.HeaderChecksum);

        switch (quote.Protocol)
        {
            case IpProtocol.Icmp:
                view.IcmpIdentifier = after.Port;
                if (quote.HasTransportChecksum)
                    view.TransportChecksum = port.Apply(quote.TransportChecksum);
                break;
            case IpProtocol.Tcp or IpProtocol.Udp or IpProtocol.UdpLite:
                if (ofSource)
                    view.SourcePort = after.Port;
                else
                    view.DestinationPort = after.Port;
                if (!quote.HasTransportChecksum)
                    break;
                ChecksumDelta both = address.Add(port);
                view.TransportChecksum = quote.Protocol == IpProtocol.Tcp
                    ? both.Apply(quote.TransportChecksum)
                    : both.ApplyUdp(quote.TransportChecksum);
                break;
        }
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

    private readonly record struct Endpoint(uint Address, ushort Port);
}
