using System;
using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Memory.Tables;

namespace Cgn.Nat;

// Everything that is derived, from the records alone, where what lies beside them can't be believed: the configuration
// is another, a process died of a fault, or was killed while it did this. A record that contradicts itself or what it
// refers to, or that no longer fits the pools, ends here: what is left can be followed from any record to any other.
public sealed partial class NatShard
{
    private const uint BlockOfOrder = int.MaxValue;

    // The records were made under this configuration: what it excludes can only be damage.
    private bool _isOurs;

    /// <summary>
    /// Records that were damaged, and left out when all was made anew from them; 0 where it was made anew for another
    /// configuration, which leaves out what it has no room for.
    /// </summary>
    public int DamagedRecords { get; private set; }

    private void Rebuild(in WorkerTime now)
    {
        _isOurs = _header[FitsWord] == _pools.SnapshotHash;
        DamagedRecords = 0;
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
        RebuildSubscribers();
        RebuildBlocks(now);
        RebuildMappings(now);
        RebuildExplicit(now);
        RebuildSessions(now);
        RebuildGateways();
        HoldDownUnused(now);
        Reconcile();
        _counters[CounterId.Subscribers] = _subscribers.Count;
        if (!_isOurs)
            DamagedRecords = 0;
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
        if (_anyThere)
            _expected.Span.Clear();
        for (uint i = 1; i < _subscribers.Fresh; i++)
        {
            ref SubscriberRecord s = ref _subscribers[i];
            AheadOfSubscriber(i);
            Commit();
            if (!s.IsLive)
                continue;
            SubscriberKey key = KeyOf(s);
            if (!IsSound(s) || FindSubscriber(key) != 0 || !_keys.Insert(KeyHash(key), i))
            {
                LeaveOut(_subscribers, i);
                continue;
            }

            if (s.CreatedAt != 0 && s.Kind == SubscriberKind.DsLite)
                _counters[CounterId.Softwires]++;
            // Another process had other numbers for its neighbours; what goes with them is learnt again, too.
            s.NextHop = 0;
            s.PathMtu = 0;
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
            if (s.AftrAddress >= _snapshot.AftrAddresses.Length)
                s.AftrAddress = 0;
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
                DamagedRecords += KeepOrDropWaiting(i) ? 0 : 1;
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
            DamagedRecords++;
            _blocks.Drop(i);
        }

        kept.Sort();
        foreach (ulong order in kept)
        {
            uint block = (uint)order & BlockOfOrder;
            ref SubscriberRecord s = ref _subscribers[_blocks[block].Subscriber];
            if (s.BlockCount < BlocksWalked && !(IsSet(_blocks[block]) && HasSet(s)))
            {
                Append(ref s, block);
            }
            else
            {
                DamagedRecords++;
                _blocks.Give(_pools, block);
            }

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

    private void RebuildMappings(in WorkerTime now)
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
                LeaveOut(_mappings, i);
                continue;
            }

            if (m.State == MappingState.HeldDown)
                m.Aux = NoLaterThan(m.Aux, _settings.HoldDownTimeout, now.Tick);
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
                || (!isExpected && !TryIndexAlone(i, s, now.Tick)))
            {
                bool hasOwner = s.Subscriber < _subscribers.Fresh && _subscribers[s.Subscriber].IsLive;
                if ((s.Flags & SessionFlags.Logged) != 0 && hasOwner)
                    TellSession(EventKind.SessionClosed, s, now.UnixMs);
                LeaveOut(_sessions, i);
                continue;
            }

            if (IsUdp(s.State))
                s.State = InitialState(s);
            ref MappingRecord m = ref _mappings[s.Mapping];
            SetDeltas(ref s);
            s.Flags = FlagsOf(s, m);
            s.NextHopGeneration = 0;
            Link(i, ref s, ref m);
            _subscribers[s.Subscriber].SessionCount++;
            _expected[s.Subscriber] += (ushort)(isExpected ? 1 : 0);
        }
    }

    // No two live sessions have the same endpoints, inside or outside.
    private bool TryIndexAlone(uint session, in SessionRecord s, uint tick)
    {
        FlowKey outside = ExternalFlow(s);
        ulong hash = InboundHash(outside);
        if (IsAlive(s, tick))
        {
            FlowKey inside = InternalFlow(s);
            SubscriberKey key = KeyOf(_subscribers[s.Subscriber]);
            if (FindInbound(hash, outside, tick) != 0
                || FindOutbound(OutboundHash(key, inside), key, inside, tick) != 0)
            {
                return false;
            }
        }

        return IndexSession(session, s, hash, fromInside: false);
    }

    // What follows from the endpoints, and from the sessions that the mapping has already.
    private SessionFlags FlagsOf(in SessionRecord s, in MappingRecord m)
    {
        const SessionFlags Filtering = SessionFlags.AddressFiltered | SessionFlags.EndpointFiltered;
        const SessionFlags Own = SessionFlags.OutsideInitiated | SessionFlags.Logged | SessionFlags.Gateway;
        SessionFlags filtering = (m.FirstSession == 0 ? s : _sessions[m.FirstSession]).Flags & Filtering;
        // The stricter of two that exclude each other.
        if (filtering == Filtering)
            filtering = SessionFlags.EndpointFiltered;
        bool isHairpin = s.State != SessionState.Expected && _pools.Contains(s.RemoteAddress);
        return (s.Flags & Own) | filtering | (isHairpin ? SessionFlags.Hairpin : SessionFlags.None);
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

    private void LeaveOut<T>(Slab<T> slab, uint number)
        where T : unmanaged, ISlabRecord
    {
        DamagedRecords++;
        slab.Give(number);
    }
}
