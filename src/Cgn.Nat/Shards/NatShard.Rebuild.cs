using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;

namespace Cgn.Nat;

// Everything that is derived, from the records alone: after attaching to what an earlier process left at any
// instruction, and after the pools have changed. A record that contradicts what it refers to, or that no longer fits
// the pools, ends here.
public sealed partial class NatShard
{
    private void Rebuild(in WorkerTime now, PoolTable? numberedBy)
    {
        _lastNow = now;
        bool isEmpty = numberedBy is null && _subscribers.Count == 0 && _mappings.Count == 0 && _sessions.Count == 0;
        if (!isEmpty)
        {
            _outbound.Clear();
            _inbound.Clear();
            _internal.Clear();
            _external.Clear();
            _keys.Clear();
            RebuildSubscribers();
            RebuildBlocks(now, out uint[] renumbered);
            RebuildMappings(renumbered);
            RebuildSessions(now);
            HoldDownUnused(now);
        }

        _blocks.Rebuild(_pools);
        _counters[CounterId.BlocksTotal] = _blocks.Total;
        _counters[CounterId.Subscribers] = _subscribers.Count;
    }

    private void RebuildSubscribers()
    {
        for (uint i = 1; i < _subscribers.Fresh; i++)
        {
            ref SubscriberRecord s = ref _subscribers[i];
            if (!s.IsLive)
                continue;
            SubscriberKey key = KeyOf(s);
            if (FindSubscriber(key) != 0 || !_keys.Insert(KeyHash(key), i))
            {
                _subscribers.Give(i);
                continue;
            }

            s.FirstBlock = 0;
            s.BlockCount = 0;
            s.SessionCount = 0;
            s.MappingCount = 0;
            s.Plan = _plans.Find(key);
            if (!_pools.Contains(s.ExternalAddress))
                s.ExternalAddress = 0;
        }
    }

    // Blocks keep their owner when the pools still have them; their numbers may change.
    private void RebuildBlocks(in WorkerTime now, out uint[] renumbered)
    {
        renumbered = new uint[_blocks.Capacity + 1];
        List<(BlockRecord Block, uint Number)> kept = [];
        for (uint i = 1; i <= _blocks.Capacity; i++)
        {
            ref BlockRecord b = ref _blocks[i];
            if (b.Subscriber == 0)
                continue;
            uint number = NumberOf(b);
            if (number != 0)
            {
                renumbered[i] = number;
                kept.Add((b, number));
            }
            else if (_subscribers[b.Subscriber].IsLive)
            {
                TellBlock(EventKind.BlockReleased, b.Subscriber, b, now.UnixMs);
                _counters[CounterId.BlocksReleased]++;
            }

            b.Subscriber = 0;
        }

        // Oldest first, as they were appended.
        kept.Sort((left, right) => left.Block.AllocatedUnixSeconds != right.Block.AllocatedUnixSeconds
            ? left.Block.AllocatedUnixSeconds.CompareTo(right.Block.AllocatedUnixSeconds)
            : left.Number.CompareTo(right.Number));
        foreach ((BlockRecord block, uint number) in kept)
        {
            ref BlockRecord b = ref _blocks[number];
            b = block with { NextOfSubscriber = 0, UsedTcp = 0, UsedUdp = 0, UsedIcmp = 0, UsedOther = 0 };
            Append(ref _subscribers[block.Subscriber], number);
        }
    }

    private uint NumberOf(in BlockRecord b)
    {
        if (b.Subscriber >= _subscribers.Fresh || !_subscribers[b.Subscriber].IsLive
            || !_pools.TryBlockOf(b.ExternalAddress, b.FirstPort, out uint block) || _pools.IsReserved(block))
        {
            return 0;
        }

        _pools.Block(block, out ushort first, out ushort last, out _);
        return first == b.FirstPort && last == b.LastPort ? _blocks.RecordOf(block) : 0;
    }

    private void RebuildMappings(uint[] renumbered)
    {
        long held = 0;
        for (uint i = 1; i < _mappings.Fresh; i++)
        {
            ref MappingRecord m = ref _mappings[i];
            if (!m.IsLive)
                continue;
            uint block = m.Block < renumbered.Length ? renumbered[m.Block] : 0;
            if (!Fits(m, block) || !IndexMapping(i, m))
            {
                _mappings.Give(i);
                continue;
            }

            m.Block = block;
            m.FirstSession = 0;
            m.SessionCount = 0;
            if (block != 0)
                Used(ref _blocks[block], m.Protocol)++;
            _subscribers[m.Subscriber].MappingCount++;
            held += m.State == MappingState.HeldDown ? 1 : 0;
        }

        _counters[CounterId.MappingsHeld] = held;
    }

    private bool Fits(in MappingRecord m, uint block)
    {
        if (m.Subscriber >= _subscribers.Fresh || !_subscribers[m.Subscriber].IsLive
            || !_pools.Contains(m.ExternalAddress)
            || FindExternal(m.ExternalAddress, m.ExternalPort, m.Protocol, RemoteOf(m)) != 0)
        {
            return false;
        }

        if (m.State == MappingState.Static)
            return true;
        return NatProtocol.HasPorts(m.Protocol)
            ? block != 0 && _blocks[block].Subscriber == m.Subscriber
            : TryClaim(m.ExternalAddress, m.Aux, m.Protocol);
    }

    private void RebuildSessions(in WorkerTime now)
    {
        for (uint i = 1; i < _sessions.Fresh; i++)
        {
            ref SessionRecord s = ref _sessions[i];
            if (!s.IsLive)
                continue;
            if (!Belongs(s) || !IndexSession(i, s, InboundHash(ExternalFlow(s)), fromInside: false))
            {
                if ((s.Flags & SessionFlags.Logged) != 0 && s.Subscriber < _subscribers.Fresh)
                    TellSession(EventKind.SessionClosed, s, now.UnixMs);
                _counters[CounterId.SessionsExpiredUdp + NatProtocol.Class(s.Protocol)]++;
                _sessions.Give(i);
                continue;
            }

            Link(i, ref s, ref _mappings[s.Mapping]);
            _subscribers[s.Subscriber].SessionCount++;
        }
    }

    private bool Belongs(in SessionRecord s)
    {
        if (s.Mapping >= _mappings.Fresh || s.Subscriber >= _subscribers.Fresh)
            return false;
        ref readonly MappingRecord m = ref _mappings[s.Mapping];
        return m.State is MappingState.Dynamic or MappingState.Static && m.Subscriber == s.Subscriber
            && m.ExternalAddress == s.ExternalAddress && m.ExternalPort == s.ExternalPort
            && m.InternalAddress == s.InternalAddress && m.InternalPort == s.InternalPort && m.Protocol == s.Protocol;
    }

    private void HoldDownUnused(in WorkerTime now)
    {
        for (uint i = 1; i < _mappings.Fresh; i++)
        {
            if (_mappings[i] is { State: MappingState.Dynamic, SessionCount: 0 })
                HoldDown(i, now);
        }
    }
}
