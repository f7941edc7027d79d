using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Tables;
using Cgn.Wire;

namespace Cgn.Nat;

// What comes from outside to a mapping without a session yet: filtered (RFC 4787 section 5), then given one.
public sealed partial class NatShard
{
    // Sessions of a mapping that address-dependent filtering looks at: what an outsider's packet may cost. A mapping in
    // use by more peers than this admits those of its newest sessions only.
    private const int FilterWalked = 1024;

    /// <summary>
    /// Makes the session that an inbound packet without one needs, if a live mapping stands behind its external
    /// endpoint and admits it. The mapping's life is not prolonged by it.
    /// </summary>
    /// <param name="hash">Its <see cref="InboundHash"/>.</param>
    /// <param name="flow">Its endpoints; the local one is external.</param>
    /// <param name="tcp">Its TCP header, or the default value.</param>
    /// <param name="now">The time.</param>
    /// <param name="refusal">Why not, or none.</param>
    /// <returns>The session, 0 when refused.</returns>
    public uint CreateInbound(
        ulong hash, in FlowKey flow, in TcpSegment tcp, in WorkerTime now, out DropReason refusal)
    {
        uint mapping = FindAdmitting(flow, now.Tick, out uint leftTicks, out refusal);
        if (mapping == 0)
            return 0;
        if (_settings.MappingType != MappingType.EndpointIndependent && HasOtherWay(_mappings[mapping], flow, now.Tick))
        {
            refusal = DropReason.Filtered;
            return 0;
        }

        bool isTcp = flow.Protocol == (byte)IpProtocol.Tcp;
        if (isTcp && !TcpTracker.IsOpening(tcp))
        {
            refusal = DropReason.NoSession;
            return 0;
        }

        if (IsWalledOff(_subscribers[_mappings[mapping].Subscriber], flow))
        {
            refusal = DropReason.WalledGarden;
            return 0;
        }

        EndStaleInbound(hash, flow, now);
        ref readonly MappingRecord m = ref _mappings[mapping];
        uint subscriber = m.Subscriber;
        refusal = m.SessionCount >= _settings.SessionsPerMapping
            ? DropReason.MappingSessionLimit
            : RefuseByLimits(subscriber, flow.Protocol, now);
        uint session = 0;
        if (refusal == DropReason.None)
        {
            session = BeginSession(
                mapping, flow, hash, fromInside: false, _pools.Contains(flow.RemoteAddress), tcp,
                isTcp ? uint.MaxValue : leftTicks, now, out refusal);
        }

        if (session == 0)
            TellLimit(subscriber, refusal, flow, now);
        Commit();
        return session;
    }

    // Where mappings depend on the remote endpoint (RFC 4787 section 4.1) the same two endpoints may already talk by
    // another mapping. What the internal host answers could go by one of them alone, so the first one stands.
    private bool HasOtherWay(in MappingRecord m, in FlowKey flow, uint tick)
    {
        FlowKey inside = flow;
        inside.InternalAddress = m.InternalAddress;
        inside.InternalPort = m.InternalPort;
        SubscriberKey key = KeyOf(_subscribers[m.Subscriber]);
        return FindOutbound(OutboundHash(key, inside), key, inside, tick) != 0;
    }

    // A live mapping that lets the packet in, and the ticks that it has left.
    private uint FindAdmitting(in FlowKey flow, uint tick, out uint leftTicks, out DropReason refusal)
    {
        leftTicks = uint.MaxValue;
        refusal = DropReason.NoMapping;
        uint mapping = FindExternal(flow.InternalAddress, flow.InternalPort, flow.Protocol, 0);
        if (mapping == 0 && !NatProtocol.HasPorts(flow.Protocol))
            mapping = FindExternal(flow.InternalAddress, 0, flow.Protocol, flow.RemoteAddress);
        if (mapping == 0)
            return 0;
        ref readonly MappingRecord m = ref _mappings[mapping];
        bool isOpen = IsOpenTo(m, flow.RemoteAddress, tick);
        bool lasts = isOpen || (m.State == MappingState.Explicit && ExplicitLives(m, tick));
        if (m.State == MappingState.HeldDown || (!lasts && !TryLongest(m, tick, out leftTicks)))
            return 0;
        if (!IsPlaced(m.Subscriber))
            return 0;
        if (isOpen || (!IsCall(m)
            && (Admits(m, flow.RemoteAddress, tick) || IsAwaited(m, flow.RemoteAddress, tick))))
        {
            refusal = DropReason.None;
            return mapping;
        }

        refusal = DropReason.Filtered;
        return 0;
    }

    private bool Admits(in MappingRecord m, uint remoteAddress, uint tick)
    {
        FilteringType type = FilteringOf(m);
        if (type != FilteringType.AddressDependent)
            return type == FilteringType.EndpointIndependent;
        uint session = m.FirstSession;
        for (int i = 0; session != 0 && i < FilterWalked; i++)
        {
            ref readonly SessionRecord s = ref _sessions[session];
            if (s.RemoteAddress == remoteAddress && IsAlive(s, tick))
                return true;
            session = s.NextOfMapping;
        }

        return false;
    }

    // A mapping keeps the filtering that it was made with (RFC 4787 REQ-8): its sessions carry it on, each from the one
    // before it.
    private FilteringType FilteringOf(in MappingRecord m)
    {
        if (m.FirstSession == 0)
            return FilteringFor(m.Protocol);
        SessionFlags flags = _sessions[m.FirstSession].Flags;
        return (flags & SessionFlags.EndpointFiltered) != 0 ? FilteringType.AddressAndPortDependent
            : (flags & SessionFlags.AddressFiltered) != 0 ? FilteringType.AddressDependent
            : FilteringType.EndpointIndependent;
    }

    private FilteringType FilteringFor(byte protocol) =>
        protocol == (byte)IpProtocol.Tcp && _settings.TcpFilteringType is { } type ? type : _settings.FilteringType;

    private SessionFlags FilteringMark(in MappingRecord m) => FilteringOf(m) switch
    {
        FilteringType.AddressDependent => SessionFlags.AddressFiltered,
        FilteringType.AddressAndPortDependent => SessionFlags.EndpointFiltered,
        _ => SessionFlags.None,
    };

    private void EndStaleInbound(ulong hash, in FlowKey flow, in WorkerTime now)
    {
        HashProbe probe = _inbound.Probe(hash);
        while (probe.Next(out uint session))
        {
            ref readonly SessionRecord s = ref _sessions[session];
            if (!s.IsLive || s.RemoteAddress != flow.RemoteAddress || s.RemotePort != flow.RemotePort
                || s.ExternalAddress != flow.InternalAddress || s.ExternalPort != flow.InternalPort
                || s.Protocol != flow.Protocol)
            {
                continue;
            }

            EndSession(session, now);
            return;
        }
    }
}
