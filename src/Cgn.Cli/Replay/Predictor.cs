using System;

using Cgn.Cli.Captures;
using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Nat;

namespace Cgn.Cli.Replay;

/// <summary>
/// Says of every packet what a correct gateway does with it, from what the replay has seen come out before.
/// </summary>
internal sealed class Predictor(ConfigSnapshot snapshot, MappingBook mappings, AccessKind access, bool isGiven)
{
    private static readonly DropSet s_noSession = DropSet.Of(DropReason.NoSession);
    private static readonly DropSet s_unmatched = DropSet.Of(
        DropReason.IcmpErrorUnmatched, DropReason.NoSession, DropReason.NoMapping);
    private static readonly DropSet s_unsolicited = DropSet.Of(
        DropReason.NoMapping, DropReason.NoSession, DropReason.Filtered);
    private static readonly DropSet s_unsupported = DropSet.Of(DropReason.UnsupportedProtocol);
    private static readonly DropSet s_lostFragment = HeaderRules.Fragments.With(s_unsolicited);

    private readonly long _fragmentNs = (snapshot.Settings.FragmentTimeout * Tick.Nanoseconds) - (2 * Tick.Nanoseconds);
    private readonly DropSet _policy = PolicyDrops(snapshot, isGiven);

    /// <summary>Predicts.</summary>
    /// <param name="packet">The packet.</param>
    /// <param name="subscriber">Whose it is.</param>
    /// <param name="nowNs">The time.</param>
    /// <param name="skip">Set when the packet can't be offered.</param>
    internal Verdict Predict(PlannedPacket packet, int subscriber, long nowNs, out SkipReason skip)
    {
        skip = SkipReason.None;
        PacketFacts facts = packet.Facts!;
        Verdict verdict = HeaderRules.Judge(facts.Faults).And(Verdict.Either(_policy));
        if (facts.Kind == PacketKind.Malformed
            || (facts.Faults & (HeaderFault.Ipv4Header | HeaderFault.Truncated)) != 0)
            return verdict;
        Flow? flow = packet.Flow;
        if (flow is null)
            return verdict.And(facts.Kind == PacketKind.Error ? Verdict.Drop(s_unmatched) : Orphan(facts));
        FlowState session = mappings.Flow(subscriber, flow);
        if (!packet.Outbound)
            skip = Unreachable(subscriber, flow, session, facts);
        if (skip != SkipReason.None)
            return verdict;
        Verdict bySession = packet.Outbound
            ? Outbound(packet, subscriber, session, nowNs)
            : Inbound(packet, subscriber, session, nowNs);
        return verdict.And(bySession).And(ByFragments(packet, session, nowNs)).And(BySize(packet));
    }

    /// <summary>Bytes that a packet's way out takes, from its IPv4 header on.</summary>
    internal int RoomBytes(bool outbound)
    {
        const int SoftwireBytes = 40;
        GatewaySettings settings = snapshot.Settings;
        if (outbound)
            return settings.OutsideMtu;
        return access == AccessKind.DsLite ? settings.TunnelMtu - SoftwireBytes : settings.InsideMtu;
    }

    // What a plan, or a table that is full, may refuse. The replay's own configuration has no such limits.
    private static DropSet PolicyDrops(ConfigSnapshot snapshot, bool isGiven)
    {
        DropSet drops = isGiven
            ? DropSet.Of(
                DropReason.NoBlock, DropReason.SubscribersFull, DropReason.MappingsFull, DropReason.SessionsFull)
            : default;
        if (snapshot.Settings.HoldDownAfterLoss != 0)
            drops = drops.With(DropSet.Of(DropReason.StateLossHold));
        if (snapshot.Settings.DefaultPlan < 0)
            drops = drops.With(DropSet.Of(DropReason.SubscriberRefused));
        foreach (PlanSettings plan in snapshot.Plans)
        {
            if (plan.RateUp != 0)
                drops = drops.With(DropSet.Of(DropReason.RateLimitUp));
            if (plan.RateDown != 0)
                drops = drops.With(DropSet.Of(DropReason.RateLimitDown));
            if (plan.ConnectionLimit != 0)
                drops = drops.With(DropSet.Of(DropReason.SessionLimit));
            if (plan.ConnectionRateLimit != 0)
                drops = drops.With(DropSet.Of(DropReason.SetupRateLimit));
            if (plan.MaxPortSets < ReplayConfiguration.AmplePortSets)
                drops = drops.With(DropSet.Of(DropReason.BlockLimit));
            uint quotas = plan.PortQuotaTcp | plan.PortQuotaUdp | plan.PortQuotaIcmp | plan.PortQuotaOther;
            if ((plan.PortLimit | quotas) != 0)
                drops = drops.With(DropSet.Of(DropReason.PortLimit));
            if (plan.MappingLimit != 0)
                drops = drops.With(DropSet.Of(DropReason.MappingLimit));
        }

        return drops;
    }

    private static Verdict Orphan(PacketFacts facts) => facts.Protocol is 1 or 6 or 17
        ? Verdict.Drop(s_lostFragment)
        : Verdict.Either(s_lostFragment);

    private static Verdict BySession(in FlowState session, DropSet reasons, long nowNs)
    {
        if (session.IsSure(nowNs))
            return Verdict.Deliver;
        return session.IsGone(nowNs) ? Verdict.Drop(reasons) : Verdict.Either(reasons);
    }

    private SkipReason Unreachable(int subscriber, Flow flow, in FlowState session, PacketFacts facts)
    {
        bool needsOwn = facts.Kind == PacketKind.Tcp && !facts.IsSyn;
        if (!mappings.TryReach(subscriber, flow, out _, out _) || (needsOwn && session.External == 0))
            return SkipReason.NoSessionForReply;
        return mappings.IsLost(subscriber, flow) ? SkipReason.MappingGone : SkipReason.None;
    }

    private Verdict Outbound(PlannedPacket packet, int subscriber, in FlowState session, long nowNs)
    {
        PacketFacts facts = packet.Facts!;
        switch (facts.Kind)
        {
            case PacketKind.Tcp when facts.IsSyn && (facts.Faults & HeaderFault.OddSyn) == 0:
                return Verdict.Deliver;
            case PacketKind.Tcp:
                return (facts.Faults & HeaderFault.OddSyn) != 0
                    ? Verdict.Either(s_noSession)
                    : BySession(session, s_noSession, nowNs);
            case PacketKind.Query:
                // RFC 5508 REQ-10b: timestamps need not be supported.
                return facts.IcmpType == 8 ? Verdict.Deliver : Verdict.Either(DropSet.Of(DropReason.UnsupportedIcmp));
            case PacketKind.Error:
                return session.IsSure(nowNs) ? Verdict.Deliver : Verdict.Either(s_unmatched);
            case PacketKind.Udp when !ProtocolPolicy.Carries(facts.Protocol, snapshot.Settings):
                return Verdict.Drop(s_unsupported);
            case PacketKind.Other:
                return AddressOnly(packet.Flow!, subscriber, nowNs);
            default:
                return Verdict.Deliver;
        }
    }

    private Verdict AddressOnly(Flow flow, int subscriber, long nowNs)
    {
        if (!ProtocolPolicy.Carries(flow.Protocol, snapshot.Settings))
            return Verdict.Drop(s_unsupported);
        Verdict verdict = mappings.MayConflict(subscriber, flow, nowNs)
            ? Verdict.Either(DropSet.Of(DropReason.AddressOnlyConflict))
            : Verdict.Deliver;
        return verdict;
    }

    private Verdict Inbound(PlannedPacket packet, int subscriber, in FlowState session, long nowNs)
    {
        if (session.IsSure(nowNs))
            return Verdict.Deliver;
        PacketFacts facts = packet.Facts!;
        ref EndpointState mapping = ref mappings.Endpoint(subscriber, packet.Flow!);
        if (mapping.IsGone(nowNs) && session.IsGone(nowNs))
            return Verdict.Drop(facts.Kind == PacketKind.Error ? s_unmatched : s_unsolicited);
        bool comesThrough = snapshot.Settings.FilteringType == FilteringType.EndpointIndependent
            && mapping.IsSure(nowNs)
            && (facts.Kind == PacketKind.Udp || facts.IsSyn);
        if (comesThrough)
            return Verdict.Deliver;
        if (facts.Kind == PacketKind.Tcp && !facts.IsSyn)
            return BySession(session, s_unsolicited, nowNs);
        return Verdict.Either(facts.Kind == PacketKind.Error ? s_unmatched : s_unsolicited);
    }

    // RFC 4787 REQ-13, RFC 6333 5.3: what is too large and may not be cut is refused.
    private Verdict BySize(PlannedPacket packet)
    {
        bool cutsOutside = !packet.Outbound && access == AccessKind.DsLite
            && snapshot.Settings.DfPolicy == DfPolicy.IgnoreDf;
        return packet.Facts!.Length > RoomBytes(packet.Outbound) && packet.Facts.DontFragment && !cutsOutside
            ? Verdict.Drop(DropSet.Of(DropReason.TooBig))
            : Verdict.Deliver;
    }

    private Verdict ByFragments(PlannedPacket packet, in FlowState session, long nowNs)
    {
        Datagram? datagram = packet.Datagram;
        if (datagram is null)
            return Verdict.Deliver;
        PlannedPacket? first = datagram.First;
        bool isFirst = ReferenceEquals(first, packet);
        bool isSound = first is not null && !datagram.IsOdd && HeaderRules.Judge(first.Facts!.Faults) == Verdict.Deliver
            && first.Captured.TimestampNs - datagram.BeganNs < _fragmentNs
            && packet.Captured.TimestampNs - datagram.BeganNs < _fragmentNs;
        if (isFirst || (isSound && session.IsSure(nowNs)))
            return isSound ? Verdict.Deliver : Verdict.Either(HeaderRules.Fragments);
        // It follows its first fragment, which may be still to come.
        bool opens = isSound && packet.Outbound
            && (packet.Flow!.Kind == PacketKind.Udp || packet.Flow.Kind == PacketKind.Query);
        return opens ? Verdict.Deliver : Verdict.Either(s_lostFragment);
    }
}
