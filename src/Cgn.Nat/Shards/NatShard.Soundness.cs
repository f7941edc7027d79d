using System;

using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Nat;

// What a record must be to be believed when everything is made anew from the records. Those that it refers to have
// been looked at before it: subscribers, blocks, mappings, sessions, gateways.
public sealed partial class NatShard
{
    // A counter beyond this has never been counted.
    private const long CounterMax = long.MaxValue >> 1;

    private bool IsSound(in SubscriberRecord s)
    {
        bool isKey = s.Kind == SubscriberKind.DsLite
            || (s is { Kind: SubscriberKind.Nat444, B4High: 0, B4Low: <= uint.MaxValue });
        if (!isKey || ShardOf(KeyOf(s), _shardCount, _settings.Seed) != _shard)
            return false;
        return !_isOurs || (s.Plan < PlanNumber.End
            && (s.AftrAddress == 0 || s.AftrAddress < _snapshot.AftrAddresses.Length)
            && (s.ExternalAddress == 0 || _pools.Contains(s.ExternalAddress)));
    }

    private bool Fits(in MappingRecord m)
    {
        if (m.State > MappingState.Explicit || m.Subscriber >= _subscribers.Fresh
            || !_subscribers[m.Subscriber].IsLive || !IsOnly(m) || !_pools.Contains(m.ExternalAddress)
            || FindExternal(m.ExternalAddress, m.ExternalPort, m.Protocol, RemoteOf(m)) != 0)
        {
            return false;
        }

        if (m.State == MappingState.Static)
            return m.Block == 0;
        if (!NatProtocol.HasPorts(m.Protocol) && m.State != MappingState.Explicit)
        {
            return m is { Block: 0, State: MappingState.Dynamic, InternalPort: 0, ExternalPort: 0 }
                && TryClaim(m.ExternalAddress, m.Aux, m.Protocol);
        }

        if (m.Block >= _blocks.Fresh
            || (IsCall(m) && !TryClaim(m.ExternalAddress, _explicit[m.Aux].RemoteAddress, m.Protocol, m.ExternalPort)))
        {
            return false;
        }

        ref readonly BlockRecord b = ref _blocks[m.Block];
        return b.Subscriber == m.Subscriber && b.ExternalAddress == m.ExternalAddress
            && m.ExternalPort >= b.FirstPort && m.ExternalPort <= b.LastPort;
    }

    // No other mapping stands for the same internal endpoint: traffic goes by one of them.
    private bool IsOnly(in MappingRecord m)
    {
        if (m.State is not (MappingState.Dynamic or MappingState.Explicit) || IsCall(m))
            return true;
        FlowKey flow = new()
        {
            InternalAddress = m.InternalAddress,
            InternalPort = m.InternalPort,
            Protocol = m.Protocol,
        };
        return FindInternal(m.Subscriber, flow, DiscriminatorOf(m), out _) == 0;
    }

    private bool Belongs(in SessionRecord s)
    {
        if (s.Mapping >= _mappings.Fresh || s.Subscriber >= _subscribers.Fresh)
            return false;
        ref readonly MappingRecord m = ref _mappings[s.Mapping];
        bool hasPorts = (m.ExternalPort == s.ExternalPort && m.InternalPort == s.InternalPort)
            || (!NatProtocol.HasPorts(m.Protocol) && s.ExternalPort == s.InternalPort);
        if (!NatProtocol.HasPorts(m.Protocol) && m.State == MappingState.Dynamic && m.Aux != s.RemoteAddress)
            return false;
        return IsInForce(m) && m.Subscriber == s.Subscriber && hasPorts
            && m.ExternalAddress == s.ExternalAddress && m.InternalAddress == s.InternalAddress
            && m.Protocol == s.Protocol && IsStateOf(s.Protocol, s.State) && m.SessionCount != ushort.MaxValue;
    }

    private static bool IsStateOf(byte protocol, SessionState state) =>
        state == SessionState.Expected || NatProtocol.InitialState(protocol) switch
        {
            SessionState.Udp => IsUdp(state),
            SessionState.TcpInitInside =>
                state is (>= SessionState.TcpInitInside and <= SessionState.TcpTransitory) or SessionState.TcpProbed,
            SessionState.DccpOpening => state is >= SessionState.DccpOpening and <= SessionState.DccpClosing,
            var only => state == only,
        };

    // Before it, RebuildSessions has decided which sessions there are.
    private bool Belongs(in GatewayRecord g)
    {
        if (g.Session >= _sessions.Fresh)
            return false;
        ref readonly SessionRecord s = ref _sessions[g.Session];
        return s.IsLive && s.Protocol == (byte)IpProtocol.Tcp && (s.Flags & SessionFlags.Gateway) != 0
            && !Gateway(g.Session).IsLive && IsSound(g.Outbound, g.Kind) && IsSound(g.Inbound, g.Kind);
    }

    private static bool IsSound(in GatewayStream stream, ApplicationGateways kind)
    {
        int heldMax = kind switch
        {
            ApplicationGateways.Ftp or ApplicationGateways.Rtsp => GatewayStream.HeldLineMax - 1,
            ApplicationGateways.Pptp => PptpMessage.StartBytes - 1,
            ApplicationGateways.Sip => 0,
            _ => -1,
        };
        if (stream.HeldLength > heldMax || stream.EditCount > GatewayStream.EditsMax)
            return false;
        for (int i = 0; i < stream.EditCount; i++)
        {
            if (stream.Edits[i].OldLength == 0 || stream.Edits[i].NewLength > GatewayEdit.TextBytes)
                return false;
        }

        return true;
    }

    // A time to come, at most so many ticks ahead.
    private static uint NoLaterThan(uint tick, ulong ticks, uint now) =>
        (int)(tick - now) > (long)ticks ? now + (uint)ticks : tick;

    // A killed process may have counted less than it did; created less ended is what there is.
    private void Reconcile()
    {
        Span<long> sessions = stackalloc long[4];
        Span<long> mappings = stackalloc long[4];
        sessions.Clear();
        mappings.Clear();
        for (uint i = 1; i < _sessions.Fresh; i++)
        {
            if (_sessions[i].IsLive)
                sessions[NatProtocol.Class(_sessions[i].Protocol)]++;
        }

        for (uint i = 1; i < _mappings.Fresh; i++)
        {
            if (IsInForce(_mappings[i]))
                mappings[NatProtocol.Class(_mappings[i].Protocol)]++;
        }

        for (int i = 0; i < 4; i++)
        {
            Reconcile(CounterId.SessionsCreatedUdp + i, CounterId.SessionsExpiredUdp + i, sessions[i]);
            Reconcile(CounterId.MappingsCreatedUdp + i, CounterId.MappingsExpiredUdp + i, mappings[i]);
        }

        Reconcile(CounterId.BlocksAllocated, CounterId.BlocksReleased, _blocks.Count);
    }

    // Counters only grow: whichever is behind catches up.
    private void Reconcile(CounterId begun, CounterId ended, long now)
    {
        _counters[begun] = Math.Clamp(_counters[begun], 0, CounterMax);
        _counters[ended] = Math.Clamp(_counters[ended], 0, CounterMax);
        long missing = _counters[begun] - _counters[ended] - now;
        _counters[missing > 0 ? ended : begun] += Math.Abs(missing);
    }
}
