using System;
using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;

namespace Cgn.Nat;

// Everything that is derived, from the records alone, where what lies beside them can't be believed: the configuration
// is another, or the process was killed while it did this. A record that contradicts what it refers to, or that no
// longer fits the pools, ends here.
public sealed partial class NatShard
{
    private const uint BlockOfOrder = int.MaxValue;

    private void Rebuild(in WorkerTime now)
    {
        if (_anyThere)
            Recount();
        NumberBlocks();
        _counters[CounterId.Softwires] = 0;
        _counters[CounterId.AddressMappings] = 0;
        _outbound.Clear(_anyThere);
        _inbound.Clear(_anyThere);
        _internal.Clear(_anyThere);
        _external.Clear(_anyThere);
        _keys.Clear(_anyThere);
        if ((_subscribers.Count | _mappings.Count | _sessions.Count | _blocks.Count) != 0)
        {
            RebuildSubscribers();
            RebuildBlocks(now);
            RebuildMappings();
            RebuildExplicit(now);
            RebuildSessions(now);
            RebuildGateways();
            HoldDownUnused(now);
            Reconcile();
        }

        _counters[CounterId.BlocksTotal] = _blocks.Total;
        _counters[CounterId.Subscribers] = _subscribers.Count;
        _blocks.Show(_board);
    }

    private void Recount()
    {
        _sessions.Recount();
        _mappings.Recount();
        _explicit.Recount();
        _subscribers.Recount();
        _blocks.Recount();
        _gateways.Recount();
    }

    private void RebuildSubscribers()
    {
        for (uint i = 1; i < _subscribers.Fresh; i++)
        {
            ref SubscriberRecord s = ref _subscribers[i];
            AheadOfSubscriber(i);
            Commit();
            _expected[i] = 0;
            if (!s.IsLive)
                continue;
            SubscriberKey key = KeyOf(s);
            if (FindSubscriber(key) != 0 || !_keys.Insert(KeyHash(key), i))
            {
                _subscribers.Give(i);
                continue;
            }

            if (s.CreatedAt != 0 && s.Kind == SubscriberKind.DsLite)
                _counters[CounterId.Softwires]++;
            // Another process had other numbers for its neighbours.
            s.NextHop = 0;
            s.FirstBlock = 0;
            s.BlockCount = 0;
            s.SessionCount = 0;
            _read[i] = 0;
            s.MappingCount = 0;
            s.PortsUdp = 0;
            s.PortsTcp = 0;
            s.PortsIcmp = 0;
            s.PortsOther = 0;
            s.ExplicitCount = 0;
            s.Plan = _plans.Keep(key, s.Plan);
            if (!_pools.Contains(s.ExternalAddress))
                s.ExternalAddress = 0;
        }
    }

    // Blocks stay with their subscribers as long as the pools have them.
    private void RebuildBlocks(in WorkerTime now)
    {
        List<ulong> kept = [];
        for (uint i = 1; i < _blocks.Fresh; i++)
        {
            ref BlockRecord b = ref _blocks[i];
            Commit();
            if (b.Subscriber == 0)
                continue;
            if (!b.IsGivenOut)
            {
                KeepOrDropWaiting(i);
                continue;
            }

            bool hasOwner = b.Subscriber < _subscribers.Fresh && _subscribers[b.Subscriber].IsLive;
            if (hasOwner && TryKeepBlock(i))
            {
                b.NextOfSubscriber = 0;
                b.UsedTcp = 0;
                b.UsedUdp = 0;
                b.UsedIcmp = 0;
                b.UsedOther = 0;
                kept.Add(Order(i));
                continue;
            }

            if (hasOwner)
                TellBlock(EventKind.BlockReleased, b.Subscriber, b, now.UnixMs);
            _blocks.Drop(i);
        }

        kept.Sort();
        foreach (ulong order in kept)
        {
            uint block = (uint)order & BlockOfOrder;
            Append(ref _subscribers[_blocks[block].Subscriber], block);
            Commit();
        }
    }

    // Computed sets first, then the oldest, as they were appended. Records of blocks are fewer than 2^31.
    private ulong Order(uint block) =>
        (IsSet(_blocks[block]) ? 0 : 1UL << 63) | ((ulong)_blocks[block].AllocatedUnixSeconds << 31) | block;

    private bool TryKeepBlock(uint block)
    {
        if (_blocks.TryKeep(_pools, block))
            return true;
        if (!IsSetOf(_subscribers[_blocks[block].Subscriber], _blocks[block]))
            return false;
        _blocks.KeepSet(_pools, block);
        return true;
    }

    private void RebuildMappings()
    {
        long held = 0;
        for (uint i = 1; i < _mappings.Fresh; i++)
        {
            ref MappingRecord m = ref _mappings[i];
            AheadOfMapping(i);
            Commit();
            if (!m.IsLive)
                continue;
            SettleExplicit(i, ref m);
            if (!Fits(m) || !IndexMapping(i, m))
            {
                _mappings.Give(i);
                continue;
            }

            m.FirstSession = 0;
            m.SessionCount = 0;
            if (m.Block != 0)
                Used(ref _blocks[m.Block], m.Protocol)++;
            ref SubscriberRecord s = ref _subscribers[m.Subscriber];
            s.MappingCount++;
            if (CountsAsPort(m.State))
                PortsInUse(ref s, m.Protocol)++;
            held += m.State == MappingState.HeldDown ? 1 : 0;
        }

        _counters[CounterId.MappingsHeld] = held;
        TakeHeld();
        Commit();
    }

    private bool Fits(in MappingRecord m)
    {
        if (m.Subscriber >= _subscribers.Fresh || !_subscribers[m.Subscriber].IsLive
            || !_pools.Contains(m.ExternalAddress)
            || FindExternal(m.ExternalAddress, m.ExternalPort, m.Protocol, RemoteOf(m)) != 0)
        {
            return false;
        }

        if (m.State == MappingState.Static)
            return m.Block == 0;
        if (!NatProtocol.HasPorts(m.Protocol) && m.State != MappingState.Explicit)
            return m.Block == 0 && TryClaim(m.ExternalAddress, m.Aux, m.Protocol);
        if (m.Block >= _blocks.Fresh
            || (IsCall(m) && !TryClaim(m.ExternalAddress, _explicit[m.Aux].RemoteAddress, m.Protocol, m.ExternalPort)))
        {
            return false;
        }

        ref readonly BlockRecord b = ref _blocks[m.Block];
        return b.Subscriber == m.Subscriber && b.ExternalAddress == m.ExternalAddress
            && m.ExternalPort >= b.FirstPort && m.ExternalPort <= b.LastPort;
    }

    private void RebuildSessions(in WorkerTime now)
    {
        for (uint i = 1; i < _sessions.Fresh; i++)
        {
            ref SessionRecord s = ref _sessions[i];
            AheadOfSession(i);
            Commit();
            if (!s.IsLive)
                continue;
            bool isExpected = s.State == SessionState.Expected;
            if (!Belongs(s)
                || (!isExpected && !IndexSession(i, s, InboundHash(ExternalFlow(s)), fromInside: false)))
            {
                if ((s.Flags & SessionFlags.Logged) != 0 && s.Subscriber < _subscribers.Fresh)
                    TellSession(EventKind.SessionClosed, s, now.UnixMs);
                _sessions.Give(i);
                continue;
            }

            if (IsUdp(s.State))
                s.State = InitialState(s);
            s.NextHopGeneration = 0;
            Link(i, ref s, ref _mappings[s.Mapping]);
            _subscribers[s.Subscriber].SessionCount++;
            _expected[s.Subscriber] += (ushort)(isExpected ? 1 : 0);
        }
    }

    private bool Belongs(in SessionRecord s)
    {
        if (s.Mapping >= _mappings.Fresh || s.Subscriber >= _subscribers.Fresh)
            return false;
        ref readonly MappingRecord m = ref _mappings[s.Mapping];
        bool hasPorts = (m.ExternalPort == s.ExternalPort && m.InternalPort == s.InternalPort)
            || (!NatProtocol.HasPorts(m.Protocol) && s.ExternalPort == s.InternalPort);
        return IsInForce(m) && m.Subscriber == s.Subscriber && hasPorts
            && m.ExternalAddress == s.ExternalAddress && m.InternalAddress == s.InternalAddress
            && m.Protocol == s.Protocol;
    }

    private void HoldDownUnused(in WorkerTime now)
    {
        for (uint i = 1; i < _mappings.Fresh; i++)
        {
            if (_mappings[i] is { State: MappingState.Dynamic, SessionCount: 0 })
                HoldDown(i, now);
            Commit();
        }
    }

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
        long missing = _counters[begun] - _counters[ended] - now;
        _counters[missing > 0 ? ended : begun] += Math.Abs(missing);
    }
}
