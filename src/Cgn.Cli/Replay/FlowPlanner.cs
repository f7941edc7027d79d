using System.Collections.Generic;

using Cgn.Cli.Captures;
using Cgn.Wire;

namespace Cgn.Cli.Replay;

/// <summary>
/// Goes through a capture once before it is replayed, and decides for every packet which flow it belongs to and who
/// of the two is the subscriber.
/// </summary>
/// <remarks>
/// Who sends the SYN is the client. Else a private address talks to a public one; else whoever was heard first. A
/// peer that sends to a port which an internal host has used stays outside (it comes through an endpoint-independent
/// filter); one that sends to a port never used is itself made an internal host, because its packet could not have
/// come in through any NAT.
/// </remarks>
internal sealed class FlowPlanner(AddressBook book)
{
    private readonly List<Flow> _flows = [];
    private readonly Dictionary<Conversation, Flow> _byConversation = [];
    private readonly Dictionary<Conversation, uint> _synSender = [];
    private readonly Dictionary<(uint Low, uint High), uint> _insideOfPair = [];
    private readonly Dictionary<(byte Protocol, uint Address, ushort Port, uint Remote), int> _endpoints = [];
    private readonly HashSet<(byte Protocol, uint Address, ushort Port)> _used = [];

    /// <summary>Plans a capture.</summary>
    internal ReplayPlan Plan(IReadOnlyList<CapturedPacket> captured)
    {
        List<PlannedPacket> packets = new(captured.Count);
        foreach (CapturedPacket packet in captured)
        {
            PacketFacts? facts = packet.Skip == SkipReason.None ? PacketFacts.Of(packet.Bytes) : null;
            PlannedPacket planned = new(packet, facts);
            packets.Add(planned);
            if (facts is not null)
                NoteHosts(facts);
        }

        int datagrams = DatagramCollector.Collect(packets);
        foreach (PlannedPacket packet in packets)
        {
            if (packet.Facts is not null && packet.Facts.Kind != PacketKind.LaterFragment)
                Assign(packet, packet.Facts);
        }

        foreach (PlannedPacket packet in packets)
        {
            if (packet.Facts is { Kind: PacketKind.LaterFragment })
                FollowFirst(packet, packet.Facts);
        }

        return new ReplayPlan(packets, _flows, _endpoints.Count, datagrams, book);
    }

    private void NoteHosts(PacketFacts facts)
    {
        book.Note(facts.Source);
        book.Note(facts.Destination);
        if (facts.Kind == PacketKind.Tcp && facts.IsSyn)
            _synSender.TryAdd(Conversation.Of(facts), facts.Source);
        (uint, uint) pair = Pair(facts.Source, facts.Destination);
        if (!_insideOfPair.ContainsKey(pair))
            _insideOfPair.Add(pair, InsideByHeuristics(facts));
    }

    private static (uint Low, uint High) Pair(uint first, uint second) =>
        first < second ? (first, second) : (second, first);

    private static uint InsideByHeuristics(PacketFacts facts)
    {
        bool sourcePrivate = AddressBook.IsPrivate(facts.Source);
        bool destinationPrivate = AddressBook.IsPrivate(facts.Destination);
        if (sourcePrivate != destinationPrivate)
            return sourcePrivate ? facts.Source : facts.Destination;
        bool fromServer = facts.Kind switch
        {
            PacketKind.Tcp =>
                !facts.IsSyn && ((facts.Flags & TcpFlags.Syn) != 0 || facts.SourcePort < facts.DestinationPort),
            PacketKind.Query => !facts.IsRequest,
            PacketKind.Error => true,
            _ => false,
        };
        return fromServer ? facts.Destination : facts.Source;
    }

    private void Assign(PlannedPacket packet, PacketFacts facts)
    {
        switch (facts.Kind)
        {
            case PacketKind.Malformed:
                book.Host(facts.Source);
                book.Outside(facts.Destination);
                break;
            case PacketKind.Error:
                AssignError(packet, facts);
                break;
            case PacketKind.Query:
                AssignQuery(packet, facts);
                break;
            default:
                AssignConversation(packet, facts);
                break;
        }
    }

    private void AssignConversation(PlannedPacket packet, PacketFacts facts)
    {
        Conversation conversation = Conversation.Of(facts);
        if (!_byConversation.TryGetValue(conversation, out Flow? flow))
        {
            uint client = ClientOf(conversation, facts);
            flow = client == facts.Source
                ? AddFlow(facts, facts.Source, facts.SourcePort, facts.Destination, facts.DestinationPort)
                : AddFlow(facts, facts.Destination, facts.DestinationPort, facts.Source, facts.SourcePort);
            _byConversation.Add(conversation, flow);
        }

        packet.Flow = flow;
        packet.Outbound = facts.Source == flow.Client && facts.SourcePort == flow.ClientPort;
        if (packet.Outbound)
            _used.Add((facts.Protocol, facts.Source, facts.SourcePort));
    }

    private uint ClientOf(Conversation conversation, PacketFacts facts)
    {
        if (_synSender.TryGetValue(conversation, out uint sender))
            return sender;
        if (facts.Kind == PacketKind.Tcp && (facts.Flags & TcpFlags.Syn) != 0)
            return facts.Destination;
        uint inside = _insideOfPair[Pair(facts.Source, facts.Destination)];
        bool canComeIn = facts.Kind == PacketKind.Tcp
            || _used.Contains((facts.Protocol, facts.Destination, facts.DestinationPort));
        return inside == facts.Source || canComeIn ? inside : facts.Source;
    }

    private Flow AddFlow(PacketFacts facts, uint client, ushort clientPort, uint server, ushort serverPort)
    {
        book.Host(client);
        book.Outside(server);
        // Without ports, a mapping belongs to one remote host.
        uint remote = facts.Kind == PacketKind.Other ? server : 0;
        (byte, uint, ushort, uint) endpoint = (facts.Protocol, client, clientPort, remote);
        if (!_endpoints.TryGetValue(endpoint, out int number))
        {
            number = _endpoints.Count;
            _endpoints.Add(endpoint, number);
        }

        Flow flow = new(_flows.Count, facts.Kind, facts.Protocol, client, clientPort, server, serverPort, number);
        _flows.Add(flow);
        return flow;
    }

    // RFC 5508 section 3: a query's identifier belongs to the querier; the same one the other way is another session.
    private void AssignQuery(PlannedPacket packet, PacketFacts facts)
    {
        Conversation key = facts.IsRequest
            ? Conversation.Query(facts.Source, facts.Destination, facts.SourcePort)
            : Conversation.Query(facts.Destination, facts.Source, facts.SourcePort);
        if (!_byConversation.TryGetValue(key, out Flow? flow))
        {
            if (!facts.IsRequest)
            {
                packet.Skip = SkipReason.NoSessionForReply;
                return;
            }

            flow = AddFlow(facts, facts.Source, facts.SourcePort, facts.Destination, 0);
            _byConversation.Add(key, flow);
        }

        packet.Flow = flow;
        packet.Outbound = facts.IsRequest;
    }

    private void AssignError(PlannedPacket packet, PacketFacts facts)
    {
        QuoteFacts quote = facts.Quote!;
        Flow? flow = FlowOf(quote, out bool quotesClient);
        if (flow is null)
        {
            uint inside = _insideOfPair.GetValueOrDefault(Pair(quote.Source, quote.Destination), quote.Source);
            quotesClient = inside == quote.Source;
            packet.Skip = quotesClient ? SkipReason.NoSessionForReply : SkipReason.None;
        }

        packet.Flow = flow;
        packet.Outbound = !quotesClient;
        if (packet.Outbound)
        {
            book.Host(facts.Source);
            book.Outside(facts.Destination);
        }
        else
        {
            book.Outside(facts.Source);
        }
    }

    private Flow? FlowOf(QuoteFacts quote, out bool quotesClient)
    {
        if (quote.IsQuery)
        {
            quotesClient = _byConversation.TryGetValue(
                Conversation.Query(quote.Source, quote.Destination, quote.SourcePort), out Flow? query);
            return query ?? _byConversation.GetValueOrDefault(
                Conversation.Query(quote.Destination, quote.Source, quote.SourcePort));
        }

        Flow? flow = _byConversation.GetValueOrDefault(Conversation.Of(
            quote.Protocol, quote.Source, quote.SourcePort, quote.Destination, quote.DestinationPort));
        quotesClient = flow is not null && flow.Client == quote.Source && flow.ClientPort == quote.SourcePort;
        return flow;
    }

    private void FollowFirst(PlannedPacket packet, PacketFacts facts)
    {
        PlannedPacket? first = packet.Datagram!.First;
        if (first is not null && first.Facts!.Kind != PacketKind.Malformed)
        {
            packet.Flow = first.Flow;
            packet.Outbound = first.Outbound;
            packet.Skip = first.Skip;
            return;
        }

        packet.Outbound = first is not null || _insideOfPair[Pair(facts.Source, facts.Destination)] == facts.Source;
        if (!packet.Outbound)
            packet.Skip = SkipReason.NoSessionForReply;
        book.Host(facts.Source);
        book.Outside(facts.Destination);
    }
}
