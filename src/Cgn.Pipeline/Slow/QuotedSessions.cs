using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Nat;
using Cgn.Pipeline.Rewriting;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// Which session a packet belongs to that an ICMP error quotes, and the packet put into the form that the error's
/// receiver knows (RFC 5508 section 4).
/// </summary>
internal static class QuotedSessions
{
    /// <summary>
    /// Errors are sent about first fragments only and never about errors (RFC 1122 3.2.2); a quote of anything else is
    /// forged, and could not be told whose it is.
    /// </summary>
    public static bool MayBeQuoted(in EmbeddedPacketView quote) =>
        quote.IsFirstFragment && !(quote.Protocol == IpProtocol.Icmp && IsError(quote.IcmpType));

    /// <summary>The quoted packet's flow, with either end as the local one.</summary>
    public static FlowKey FlowOf(in EmbeddedPacketView quote, bool localIsSource)
    {
        FlowKey flow = default;
        flow.InternalAddress = localIsSource ? quote.Source.Value : quote.Destination.Value;
        flow.RemoteAddress = localIsSource ? quote.Destination.Value : quote.Source.Value;
        flow.Protocol = (byte)quote.Protocol;
        FlowPorts.Read(quote.Transport, localIsSource, ref flow);
        return flow;
    }

    /// <summary>Whose a packet is that left here.</summary>
    /// <param name="flow">Its flow; the local end is external.</param>
    /// <param name="state">What the worker works on.</param>
    /// <param name="now">The time.</param>
    /// <param name="external">Its local end.</param>
    /// <param name="inner">The internal endpoint behind it.</param>
    /// <param name="subscriber">The subscriber.</param>
    public static bool TryFindInbound(
        in FlowKey flow, GatewayState state, in WorkerTime now, out QuotedEndpoint external, out QuotedEndpoint inner,
        out uint subscriber)
    {
        external = new QuotedEndpoint(flow.InternalAddress, flow.InternalPort);
        inner = default;
        subscriber = 0;
        uint session = state.Nat.FindInbound(state.Nat.InboundHash(flow), flow, now.Tick);
        if (session != 0)
        {
            ref SessionRecord s = ref state.Nat.Session(session);
            inner = new QuotedEndpoint(s.InternalAddress, s.InternalPort);
            subscriber = s.Subscriber;
            return true;
        }

        uint mapping = state.Nat.FindMapping(flow.InternalAddress, flow.InternalPort, flow.Protocol);
        if (mapping == 0 || !state.Nat.MappingLives(mapping, now.Tick))
            return false;
        ref MappingRecord m = ref state.Nat.Mapping(mapping);
        inner = new QuotedEndpoint(m.InternalAddress, m.InternalPort);
        subscriber = m.Subscriber;
        return state.Nat.IsPlaced(subscriber);
    }

    /// <summary>By which external endpoint a packet came in here.</summary>
    /// <param name="key">The subscriber.</param>
    /// <param name="flow">Its flow; the local end is internal.</param>
    /// <param name="state">What the worker works on.</param>
    /// <param name="now">The time.</param>
    /// <param name="inner">Its local end.</param>
    /// <param name="external">The external endpoint before it.</param>
    /// <param name="subscriber">The subscriber's record.</param>
    public static bool TryFindOutbound(
        in SubscriberKey key, in FlowKey flow, GatewayState state, in WorkerTime now, out QuotedEndpoint inner,
        out QuotedEndpoint external, out uint subscriber)
    {
        subscriber = 0;
        inner = new QuotedEndpoint(flow.InternalAddress, flow.InternalPort);
        external = default;
        uint session = state.Nat.FindOutbound(state.Nat.OutboundHash(key, flow), key, flow, now.Tick);
        if (session != 0)
        {
            ref SessionRecord s = ref state.Nat.Session(session);
            external = new QuotedEndpoint(s.ExternalAddress, s.ExternalPort);
            subscriber = s.Subscriber;
            return true;
        }

        uint mapping = state.Nat.FindMappingInternal(key, flow.InternalAddress, flow.InternalPort, flow.Protocol);
        if (mapping == 0 || !state.Nat.MappingLives(mapping, now.Tick))
            return false;
        ref MappingRecord m = ref state.Nat.Mapping(mapping);
        external = new QuotedEndpoint(m.ExternalAddress, m.ExternalPort);
        subscriber = m.Subscriber;
        return true;
    }

    /// <summary>Exchanges one endpoint of the quoted packet; its checksums by difference, so that what was wrong
    /// stays wrong (REQ-3c).</summary>
    public static void Rewrite(in EmbeddedPacketView quote, QuotedEndpoint before, QuotedEndpoint after, bool ofSource)
    {
        ChecksumDelta address = ChecksumDelta.Between(before.Address, after.Address);
        ChecksumDelta port = ChecksumDelta.Between(before.Port, after.Port);
        EmbeddedPacketView view = quote;
        if (ofSource)
            view.Source = new Ipv4Address(after.Address);
        else
            view.Destination = new Ipv4Address(after.Address);
        view.HeaderChecksum = address.Apply(quote.HeaderChecksum);

        if (quote.Protocol == IpProtocol.Icmp)
        {
            // No pseudo-header: the identifier alone counts.
            view.IcmpIdentifier = after.Port;
            view.TransportChecksum = port.ApplyIcmp(quote.TransportChecksum);
            return;
        }

        if (!ofSource && quote.Protocol == IpProtocol.Gre && FlowPorts.IsPptp(quote.Transport))
            FlowPorts.WriteCallId(quote.Transport, after.Port);
        ChecksumDelta both = address;
        if (NatProtocol.HasPorts((byte)quote.Protocol))
        {
            both = address.Add(port);
            if (ofSource)
                view.SourcePort = after.Port;
            else
                view.DestinationPort = after.Port;
        }

        // What the quote is too short for, the view leaves alone.
        view.TransportChecksum = quote.Protocol is IpProtocol.Tcp or IpProtocol.Dccp
            ? both.Apply(quote.TransportChecksum)
            : both.ApplyUdp(quote.TransportChecksum);
    }

    private static bool IsError(IcmpType type) => type is IcmpType.DestinationUnreachable or IcmpType.SourceQuench
        or IcmpType.Redirect or IcmpType.TimeExceeded or IcmpType.ParameterProblem;
}
