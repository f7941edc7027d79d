using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Memory.Rates;
using Cgn.Memory.Tables;
using Cgn.Wire;

namespace Cgn.Nat;

// Sessions: begun within their limits, and ended.
public sealed partial class NatShard
{
    /// <summary>
    /// Makes what an outbound packet without a session lacks: subscriber, block, mapping, session; or says why it may
    /// not have it.
    /// </summary>
    /// <param name="hash">Its <see cref="OutboundHash"/>.</param>
    /// <param name="key">Its subscriber.</param>
    /// <param name="b4High">Upper half of the B4's whole address; 0 for NAT444.</param>
    /// <param name="b4Low">Lower half; for NAT444 the customer's address.</param>
    /// <param name="aftr">Number of the AFTR address that it came to; 0 for NAT444.</param>
    /// <param name="flow">Its endpoints; the local one is internal.</param>
    /// <param name="tcp">Its TCP header, or the default value.</param>
    /// <param name="now">The time.</param>
    /// <param name="refusal">Why not, or none.</param>
    /// <returns>The session, 0 when refused.</returns>
    public uint CreateOutbound(
        ulong hash, in SubscriberKey key, ulong b4High, ulong b4Low, byte aftr, in FlowKey flow, in TcpSegment tcp,
        in WorkerTime now, out DropReason refusal)
    {
        bool isHairpin = _pools.Contains(flow.RemoteAddress);
        refusal = RefuseByKind(flow, tcp, isHairpin);
        if (refusal != DropReason.None)
            return 0;
        EndStale(hash, key, flow, now);
        uint subscriber = Admit(key, b4High, b4Low, aftr, now, out refusal);
        if (subscriber == 0)
            return 0;
        uint session = CreateFor(subscriber, hash, flow, tcp, isHairpin, now, out refusal);
        if (session == 0)
            TellLimit(subscriber, refusal, flow, now);
        Commit();
        return session;
    }

    // What no subscriber may: a connection that does not begin with a SYN, protocols and destinations that policy
    // excludes.
    private DropReason RefuseByKind(in FlowKey flow, in TcpSegment tcp, bool isHairpin)
    {
        if (flow.Protocol == (byte)IpProtocol.Tcp && !TcpTracker.IsOpening(tcp))
            return DropReason.NoSession;
        if (!ProtocolPolicy.Carries(flow.Protocol, _settings))
            return DropReason.UnsupportedProtocol;

        return isHairpin && !_settings.Hairpinning ? DropReason.HairpinOff : DropReason.None;
    }

    // A session of the same endpoints whose timer has passed, but which no sweep has come by yet.
    private void EndStale(ulong hash, in SubscriberKey key, in FlowKey flow, in WorkerTime now)
    {
        HashProbe probe = _outbound.Probe(hash);
        while (probe.Next(out uint session))
        {
            ref readonly SessionRecord s = ref _sessions[session];
            if (!s.IsLive || !HasKeys(s, key, flow))
                continue;
            EndSession(session, now);
            return;
        }
    }

    private uint CreateFor(
        uint subscriber, ulong hash, in FlowKey flow, in TcpSegment tcp, bool isHairpin, in WorkerTime now,
        out DropReason refusal)
    {
        refusal = RefuseByLimits(subscriber, flow.Protocol, now);
        if (refusal != DropReason.None)
            return 0;
        uint mapping = MappingFor(subscriber, flow, now, out refusal);
        if (mapping == 0)
            return 0;
        ref readonly MappingRecord m = ref _mappings[mapping];
        uint session = 0;
        if (m.SessionCount >= _settings.SessionsPerMapping)
        {
            refusal = DropReason.MappingSessionLimit;
        }
        else
        {
            session = BeginSession(
                mapping, flow, hash, fromInside: true, isHairpin, tcp, uint.MaxValue, now, out refusal);
        }

        // A mapping that has not got its first session never was.
        if (session == 0 && m.SessionCount == 0 && m.State == MappingState.Dynamic)
            FreeMapping(mapping, now.Tick);
        return session;
    }

    // The gateway's own limits come last, so that nobody uses them up with what its plan refuses.
    private DropReason RefuseByLimits(uint subscriber, byte protocol, in WorkerTime now)
    {
        ref SubscriberRecord s = ref _subscribers[subscriber];
        ref readonly PlanLimits plan = ref _limits[s.Plan];
        if (plan.BlocksMax == 0)
            return Unserved(s.Plan);
        if (s.SessionCount >= plan.SessionsMax)
            return DropReason.SessionLimit;
        if (_sessions.Count >= _sessions.Capacity)
            return DropReason.SessionsFull;
        return !RateBucket.TryTake(ref s.SetupFullAtNs, now.NowNs, plan.SetupCostNs, plan.SetupDepthNs)
            ? DropReason.SetupRateLimit
            : MaySetUp(protocol, now) ? DropReason.None
            : DropReason.InstanceLimit;
    }

    // Writes a record, links and indexes it; its state is its last store. Of the two hashes the other one follows from
    // the record. It is to live no longer than the ticks that are left, unless the inside answers.
    private uint BeginSession(
        uint mapping, in FlowKey flow, ulong hash, bool fromInside, bool isHairpin, in TcpSegment tcp, uint leftTicks,
        in WorkerTime now, out DropReason refusal)
    {
        refusal = DropReason.SessionsFull;
        uint session = _sessions.Take();
        if (session == 0)
            return 0;
        ref MappingRecord m = ref _mappings[mapping];
        ref SessionRecord s = ref _sessions[session];
        s = default;
        s.RemoteAddress = flow.RemoteAddress;
        s.RemotePort = flow.RemotePort;
        // Without ports the packet's own stand for themselves: none, or a call identifier that stays as it is. Packets
        // out of a call don't say which one it is.
        bool isBare = !NatProtocol.HasPorts(m.Protocol) && (m.State != MappingState.Explicit || fromInside);
        s.InternalAddress = m.InternalAddress;
        s.InternalPort = isBare ? flow.InternalPort : m.InternalPort;
        s.ExternalAddress = m.ExternalAddress;
        s.ExternalPort = isBare ? flow.InternalPort : m.ExternalPort;
        s.Protocol = m.Protocol;
        s.Subscriber = m.Subscriber;
        s.Mapping = mapping;
        if (!IndexSession(session, s, hash, fromInside))
        {
            _sessions.Give(session);
            return 0;
        }

        refusal = DropReason.None;
        SetDeltas(ref s);
        s.Flags = (isHairpin ? SessionFlags.Hairpin : SessionFlags.None)
            | (fromInside ? SessionFlags.None : SessionFlags.OutsideInitiated)
            | (_settings.SessionLogging ? SessionFlags.Logged : SessionFlags.None) | FilteringMark(m);
        SessionState state = InitialState(s);
        s.LastActive = BegunBefore(state, leftTicks, now.Tick);
        if (_limits[_subscribers[s.Subscriber].Plan].Gateways != 0)
            s.Flags |= BeginGateway(session, s);
        Link(session, ref s, ref m);
        if (s.Protocol == (byte)IpProtocol.Tcp)
            TcpTracker.Open(ref s, fromInside, tcp, now.Tick);
        else
            s.State = state;

        ref SubscriberRecord subscriber = ref _subscribers[s.Subscriber];
        Kept(ref subscriber.SessionCount)++;
        subscriber.LastActive = now.Tick;
        WatchSessions(s.Subscriber, now);
        Kept(ref _counters[CounterId.SessionsCreatedUdp + NatProtocol.Class(s.Protocol)])++;
        if (_settings.SessionLogging)
            TellSession(EventKind.SessionOpened, s, now.UnixMs);
        return session;
    }

    private static void SetDeltas(ref SessionRecord s)
    {
        ChecksumDelta address = ChecksumDelta.Between(s.InternalAddress, s.ExternalAddress);
        ChecksumDelta port = ChecksumDelta.Between(s.InternalPort, s.ExternalPort);
        s.AddressDelta = address.Value;
        // The ICMP checksum has no pseudo-header (RFC 792), so the addresses are not in it.
        s.TransportDelta = s.Protocol == (byte)IpProtocol.Icmp ? port.Value : address.Add(port).Value;
    }

    private void Link(uint session, ref SessionRecord s, ref MappingRecord m)
    {
        s.PreviousOfMapping = 0;
        s.NextOfMapping = m.FirstSession;
        if (m.FirstSession != 0)
            Kept(ref _sessions[m.FirstSession].PreviousOfMapping) = session;
        Kept(ref m.FirstSession) = session;
        Kept(ref m.SessionCount)++;
    }

    private bool IndexSession(uint session, in SessionRecord s, ulong hash, bool fromInside)
    {
        ulong outbound = fromInside ? hash : OutboundHash(KeyOf(_subscribers[s.Subscriber]), InternalFlow(s));
        ulong inbound = fromInside ? InboundHash(ExternalFlow(s)) : hash;
        if (!_outbound.Insert(outbound, session))
            return false;
        if (_inbound.Insert(inbound, session))
            return true;
        _outbound.Remove(outbound, session);
        return false;
    }

    private static FlowKey InternalFlow(in SessionRecord s) => new()
    {
        RemoteAddress = s.RemoteAddress,
        RemotePort = s.RemotePort,
        InternalAddress = s.InternalAddress,
        InternalPort = s.InternalPort,
        Protocol = s.Protocol,
    };

    private static FlowKey ExternalFlow(in SessionRecord s) => new()
    {
        RemoteAddress = s.RemoteAddress,
        RemotePort = s.RemotePort,
        InternalAddress = s.ExternalAddress,
        InternalPort = s.ExternalPort,
        Protocol = s.Protocol,
    };

    private void EndSession(uint session, in WorkerTime now)
    {
        ref SessionRecord s = ref _sessions[session];
        ref SubscriberRecord subscriber = ref _subscribers[s.Subscriber];
        ref MappingRecord m = ref _mappings[s.Mapping];
        uint mapping = s.Mapping;
        if ((s.Flags & SessionFlags.Logged) != 0)
            TellSession(EventKind.SessionClosed, s, now.UnixMs);
        if (s.State == SessionState.Expected)
            Kept(ref _expected[s.Subscriber])--;
        else
            Unindex(session, s, subscriber);
        if ((s.Flags & SessionFlags.Gateway) != 0)
            EndGateway(session, s.Subscriber);
        Kept(ref m.SessionCount)--;
        if (s.PreviousOfMapping == 0)
            Kept(ref m.FirstSession) = s.NextOfMapping;
        else
            Kept(ref _sessions[s.PreviousOfMapping].NextOfMapping) = s.NextOfMapping;
        if (s.NextOfMapping != 0)
            Kept(ref _sessions[s.NextOfMapping].PreviousOfMapping) = s.PreviousOfMapping;
        Kept(ref subscriber.SessionCount)--;
        subscriber.LastActive = now.Tick;
        Kept(ref _counters[CounterId.SessionsExpiredUdp + NatProtocol.Class(s.Protocol)])++;
        _sessions.Give(session);
        if (m.SessionCount == 0 && m.State == MappingState.Dynamic)
            HoldDown(mapping, now);
        Commit();
    }

    private void Unindex(uint session, in SessionRecord s, in SubscriberRecord subscriber)
    {
        _outbound.Remove(OutboundHash(KeyOf(subscriber), InternalFlow(s)), session);
        _inbound.Remove(InboundHash(ExternalFlow(s)), session);
    }

    // A mapping and all its sessions, at once and without a hold-down.
    private void EndMapping(uint mapping, in WorkerTime now)
    {
        ref MappingRecord m = ref _mappings[mapping];
        while (m.SessionCount != 0)
            EndSession(m.FirstSession, now);
        // The last session of a dynamic mapping held it down, or freed it already.
        if (m.IsLive)
            FreeMapping(mapping, now.Tick);
        Commit();
    }
}
