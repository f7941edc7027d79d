using System;
using System.Collections.Generic;

using Cgn.Cli.Captures;
using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Cli.Replay;

/// <summary>
/// Whether a packet that came out is the one offered, translated as it must be; and what is learnt of mappings from
/// it.
/// </summary>
internal sealed class PacketJudge(
    ReplayPlan plan, Access access, MappingBook mappings, OfferMaker maker, ConfigSnapshot snapshot, MssRule mss)
{
    // How long fragments of two packets can meet at a receiver that reassembles, in nanoseconds: RFC 791's suggestion.
    private const long UniqueNs = 15_000_000_000;

    private readonly byte[] _expected = new byte[plan.LargestPacketBytes];
    private readonly Dictionary<(int Subscriber, int Datagram), ushort> _identifications = [];
    private readonly Dictionary<(uint, uint, byte, ushort), long> _taken = [];

    /// <summary>Judges.</summary>
    /// <param name="offer">What was offered.</param>
    /// <param name="packet">The IPv4 packet that came out.</param>
    /// <param name="facts">What that says about itself.</param>
    /// <param name="nowNs">The time.</param>
    /// <param name="commit">It is this offer, so what it teaches is kept.</param>
    /// <returns>Null, or what is wrong.</returns>
    internal string? Judge(Offer offer, ReadOnlySpan<byte> packet, PacketFacts facts, long nowNs, bool commit)
    {
        PlannedPacket planned = offer.Packet;
        PacketFacts wanted = planned.Facts!;
        string? problem = null;
        ushort port = 0;
        if (planned.Outbound)
            problem = Source(offer, packet, facts, nowNs, commit, out port);
        FormEnds ends = planned.Outbound
            ? maker.EndsOutside(planned, facts.Source, port)
            : maker.EndsInside(planned, offer.Subscriber);
        int length = PacketForms.Write(planned, ends, hop: true, _expected);
        mss.Apply(_expected.AsSpan(0, length), wanted);
        problem ??= Comparison.Difference(_expected.AsSpan(0, length), packet, wanted);
        problem ??= Identification(offer, facts, nowNs, commit);
        if (commit && planned.Flow is { } flow && wanted.Kind is not (PacketKind.Error or PacketKind.LaterFragment))
            mappings.Carried(offer.Subscriber, Identity(offer.Subscriber, flow), flow, wanted, planned.Outbound, nowNs);
        return problem;
    }

    // An outbound packet must come from a pool, and tells by its source which mapping it has.
    private string? Source(
        Offer offer, ReadOnlySpan<byte> packet, PacketFacts facts, long nowNs, bool commit, out ushort port)
    {
        Flow? flow = offer.Packet.Flow;
        uint address = facts.Source;
        port = facts.SourcePort;
        if (!IsInPool(address))
            return $"IPv4 source {new Ipv4Address(address)} is not in any pool";
        if (flow is null)
            return null;
        ref FlowState session = ref mappings.Flow(offer.Subscriber, flow);
        switch (facts.Kind)
        {
            case PacketKind.LaterFragment:
                port = session.ExternalPort;
                return session.External == 0 || session.External == address
                    ? null
                    : Elsewhere("fragment", address, session.External);
            case PacketKind.Error:
                mappings.TryReach(offer.Subscriber, flow, out uint external, out port);
                return external == address
                    ? null
                    : Elsewhere("ICMP error", address, external);
            case PacketKind.Tcp or PacketKind.Udp or PacketKind.Query:
                if (!IsPortInPool(address, port))
                    return $"source port {port} is outside its pool's range";
                break;
            default:
                port = 0;
                break;
        }

        return commit
            ? mappings.Learn(offer.Subscriber, Identity(offer.Subscriber, flow), flow, address, port, nowNs)
            : null;
    }

    private static string Elsewhere(string what, uint address, uint mapping) =>
        $"{what}: from {new Ipv4Address(address)}, its flow's mapping is on {new Ipv4Address(mapping)}";

    private int Identity(int subscriber, Flow flow) => access.Identity(subscriber, plan.Addresses.Host(flow.Client));

    // All fragments of a packet keep one identification in common (RFC 791 section 3.2), whichever it is, and no
    // other packet between the same addresses has it at the same time (RFC 6864 4.3, 5.3.1).
    private string? Identification(Offer offer, PacketFacts facts, long nowNs, bool commit)
    {
        if (offer.Packet.Datagram is not { IsOdd: false } datagram)
            return null;
        (int, int) key = (offer.Subscriber, datagram.Number);
        if (_identifications.TryGetValue(key, out ushort known))
            return known == facts.Identification
                ? null
                : $"identification {facts.Identification}, its packet's others have {known}";
        if (!commit)
            return null;
        _identifications.Add(key, facts.Identification);
        (uint, uint, byte, ushort) wire = (facts.Source, facts.Destination, facts.Protocol, facts.Identification);
        bool isTaken = offer.Packet.Outbound && _taken.TryGetValue(wire, out long takenNs)
            && nowNs - takenNs < UniqueNs;
        _taken[wire] = nowNs;
        return isTaken ? $"identification {facts.Identification} is another packet's between the same addresses" : null;
    }

    private bool IsInPool(uint address) => PoolOf(address) is not null;

    private bool IsPortInPool(uint address, ushort port)
    {
        PoolSettings pool = PoolOf(address)!;
        return port >= pool.FirstPort && port <= pool.LastPort;
    }

    private PoolSettings? PoolOf(uint address)
    {
        foreach (PoolSettings pool in snapshot.Pools)
        {
            foreach (Ipv4PrefixSetting prefix in pool.Prefixes)
            {
                if (prefix.Contains(address))
                    return pool;
            }
        }

        return null;
    }
}
