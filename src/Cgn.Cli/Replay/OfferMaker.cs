using System;
using System.Collections.Generic;

using Cgn.Cli.Captures;

namespace Cgn.Cli.Replay;

/// <summary>Makes the frames that a subscriber or the Internet would send.</summary>
internal sealed class OfferMaker(ReplayPlan plan, Access access, MappingBook mappings, Predictor predictor)
{
    private const int HeaderRoom = 128;

    private readonly byte[] _packet = new byte[plan.LargestPacketBytes];
    private readonly Dictionary<(int Subscriber, int Datagram), ushort> _identifications = [];
    private ushort _lastIdentification;

    /// <summary>Makes an offer.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="subscriber">Whose it is.</param>
    /// <param name="nowNs">The time.</param>
    /// <param name="skip">Why there is none.</param>
    internal Offer? Make(PlannedPacket packet, int subscriber, long nowNs, out SkipReason skip)
    {
        Verdict verdict = predictor.Predict(packet, subscriber, nowNs, out skip);
        if (skip != SkipReason.None)
            return null;
        int length = PacketForms.Write(packet, EndsAsSent(packet, subscriber), hop: false, _packet);
        if (!packet.Outbound && packet.Datagram is not null)
            Identify(packet, subscriber);
        ReadOnlySpan<byte> inner = _packet.AsSpan(0, length);
        ReadOnlySpan<byte> padding = packet.Captured.Bytes.AsSpan(packet.Facts!.Length);
        byte[] frame = new byte[length + padding.Length + HeaderRoom];
        int frameLength = packet.Outbound
            ? access.WrapInside(subscriber, packet.Captured.Tags, inner, padding, frame)
            : Access.WrapOutside(packet.Captured.Tags, inner, padding, frame);
        return new Offer
        {
            Packet = packet,
            Subscriber = subscriber,
            Verdict = verdict,
            NowNs = nowNs,
            Frame = frame[..frameLength],
            Key = KeyOf(packet, subscriber),
            CutBytes = CutBytes(packet),
        };
    }

    /// <summary>
    /// The packet needs nothing that others in its batch change: its session surely lives, and it neither begins nor
    /// ends one. Such packets are given to the gateway together.
    /// </summary>
    internal bool IsPlain(Offer offer)
    {
        PacketFacts facts = offer.Packet.Facts!;
        const Wire.TcpFlags Changes = Wire.TcpFlags.Syn | Wire.TcpFlags.Fin | Wire.TcpFlags.Rst;
        return facts.Kind is PacketKind.Tcp or PacketKind.Udp or PacketKind.Query
            && offer.Packet.Datagram is null && offer.Verdict == Verdict.Deliver && offer.CutBytes == 0
            && (facts.Flags & Changes) == 0
            && mappings.Flow(offer.Subscriber, offer.Packet.Flow!).IsSure(offer.NowNs)
            && mappings.Endpoint(offer.Subscriber, offer.Packet.Flow!).IsSure(offer.NowNs);
    }

    /// <summary>The ends of a packet where it enters the gateway.</summary>
    internal FormEnds EndsAsSent(PlannedPacket packet, int subscriber)
    {
        if (packet.Outbound)
            return EndsInside(packet, subscriber);
        mappings.TryReach(subscriber, packet.Flow!, out uint external, out ushort port);
        return EndsOutside(packet, external, port);
    }

    /// <summary>The ends of a packet inside.</summary>
    internal FormEnds EndsInside(PlannedPacket packet, int subscriber)
    {
        PacketFacts facts = packet.Facts!;
        Flow? flow = packet.Flow;
        uint clientAsCaptured = flow?.Client ?? (packet.Outbound ? facts.Source : facts.Destination);
        uint serverAsCaptured = flow?.Server ?? (packet.Outbound ? facts.Destination : facts.Source);
        AddressBook book = plan.Addresses;
        uint client = access.InsideAddress(subscriber, book.Host(clientAsCaptured));
        uint server = book.Outside(serverAsCaptured);
        ushort port = flow?.ClientPort ?? 0;
        return packet.Outbound
            ? new FormEnds(
                access.InsideAddress(subscriber, book.Host(facts.Source)), book.Outside(facts.Destination),
                client, port, server)
            : new FormEnds(book.Outside(facts.Source), client, client, port, server);
    }

    /// <summary>The ends of a packet outside, where the subscriber is known by an external endpoint.</summary>
    internal FormEnds EndsOutside(PlannedPacket packet, uint external, ushort port)
    {
        PacketFacts facts = packet.Facts!;
        AddressBook book = plan.Addresses;
        uint server = book.Outside(packet.Flow?.Server ?? (packet.Outbound ? facts.Destination : facts.Source));
        return packet.Outbound
            ? new FormEnds(external, book.Outside(facts.Destination), external, port, server)
            : new FormEnds(book.Outside(facts.Source), external, external, port, server);
    }

    /// <summary>By what packets are told apart outside.</summary>
    internal static ulong KeyOutside(uint external, ushort port, byte protocol) =>
        ((ulong)external << 32) | ((ulong)protocol << 16) | port;

    /// <summary>By what packets are told apart inside.</summary>
    internal static ulong KeyInside(int subscriber, uint address, ushort port, byte protocol) =>
        (1UL << 63) | ((ulong)(uint)subscriber << 40) ^ ((ulong)address << 24) ^ ((ulong)protocol << 16) ^ port;

    private int CutBytes(PlannedPacket packet)
    {
        int room = predictor.RoomBytes(packet.Outbound);
        bool isSoftwire = !packet.Outbound && access is DsLiteAccess;
        return packet.Facts!.Length > room ? room + (isSoftwire ? Wire.Ipv6View.HeaderSize : 0) : 0;
    }

    // Subscribers share external addresses, and one server sends each of them the same packets: as one source it must
    // identify them differently, or their fragments would be one packet's (RFC 6864 4.3).
    private void Identify(PlannedPacket packet, int subscriber)
    {
        (int, int) key = (subscriber, packet.Datagram!.Number);
        if (!_identifications.TryGetValue(key, out ushort identification))
        {
            identification = ++_lastIdentification;
            _identifications.Add(key, identification);
        }

        int headerLength = packet.Facts!.HeaderLength;
        NetworkBytes.Write16(_packet, 4, identification);
        OnesSum.Settle(
            _packet.AsSpan(0, headerLength), 10, 0, OnesSum.Of(packet.Captured.Bytes.AsSpan(0, headerLength)));
    }

    private ulong KeyOf(PlannedPacket packet, int subscriber)
    {
        if (packet.Flow is not { } flow)
            return 0;
        if (!packet.Outbound)
        {
            uint address = access.InsideAddress(subscriber, plan.Addresses.Host(flow.Client));
            return KeyInside(subscriber, address, flow.ClientPort, flow.Protocol);
        }

        return mappings.TryReach(subscriber, flow, out uint external, out ushort port)
            ? KeyOutside(external, port, flow.Protocol)
            : 0;
    }
}
