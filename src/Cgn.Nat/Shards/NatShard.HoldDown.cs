using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Wire;

namespace Cgn.Nat;

// Ports that wait before they are given out again (RFC 6888 REQ-8).
public sealed partial class NatShard
{
    // Held mappings of each pool; empty while no pool limits them.
    private long[] _heldOfPool = [];

    // The last session went: the port stays taken for a while. What has no port has nothing to hold.
    private void HoldDown(uint mapping, in WorkerTime now)
    {
        ref MappingRecord m = ref _mappings[mapping];
        if (_settings.HoldDownTimeout == 0 || !NatProtocol.HasPorts(m.Protocol) || IsExempt(m) || IsHeldEnough(m)
            || !MoveInternal(mapping, m, DiscriminatorOf(m), 0))
        {
            FreeMapping(mapping, now.Tick);
            return;
        }

        Kept(ref _counters[CounterId.MappingsExpiredUdp + NatProtocol.Class(m.Protocol)])++;
        Kept(ref PortsInUse(ref _subscribers[m.Subscriber], m.Protocol))--;
        Kept(ref m.State) = MappingState.HeldDown;
        Kept(ref m.Aux) = now.Tick + _settings.HoldDownTimeout;
        CountHeld(m, 1);
    }

    private bool IsExempt(in MappingRecord m)
    {
        HoldDownExceptions exceptions = _settings.HoldDownExceptions;
        return exceptions != HoldDownExceptions.None
            && (((exceptions & HoldDownExceptions.TrackedTcp) != 0 && m.Protocol == (byte)IpProtocol.Tcp)
                || ((exceptions & HoldDownExceptions.SameSubscriber) != 0 && m.Block != 0)
                || ((exceptions & HoldDownExceptions.Filtered) != 0
                    && FilteringFor(m.Protocol) != FilteringType.EndpointIndependent));
    }

    // This shard's part of what a pool may hold down.
    private bool IsHeldEnough(in MappingRecord m)
    {
        if (_heldOfPool.Length == 0)
            return false;
        int pool = _pools.PoolOf(m.ExternalAddress);
        if (pool < 0 || _snapshot.Pools[pool].HoldDownMax == 0)
            return false;
        uint max = _snapshot.Pools[pool].HoldDownMax;
        uint shards = (uint)_shardCount;
        return _heldOfPool[pool] >= (max / shards) + (_shard < max % shards ? 1 : 0);
    }

    private void CountHeld(in MappingRecord m, int change)
    {
        Kept(ref _counters[CounterId.MappingsHeld]) += change;
        if (_heldOfPool.Length == 0)
            return;
        int pool = _pools.PoolOf(m.ExternalAddress);
        if (pool >= 0)
            _heldOfPool[pool] += change;
    }

    // Where ports are free before their time, the block waits instead: it stays with its subscriber, and nobody else
    // gets it, until its last port would have been held long enough (RFC 6888 REQ-8b).
    private uint IdleTicksOf(in BlockRecord block)
    {
        uint idle = _pools.IdleTicksOf(block.ExternalAddress);
        bool isEarly = _heldOfPool.Length != 0
            || (_settings.HoldDownExceptions & HoldDownExceptions.SameSubscriber) != 0;
        return isEarly ? Math.Max(idle, _settings.HoldDownTimeout) : idle;
    }

    private void TakeHeld()
    {
        bool isLimited = Array.Exists(_snapshot.Pools, static pool => pool.HoldDownMax != 0);
        _heldOfPool = isLimited ? new long[_snapshot.Pools.Length] : [];
        for (uint i = 1; isLimited && i < _mappings.Fresh; i++)
        {
            int pool = _mappings[i].State == MappingState.HeldDown ? _pools.PoolOf(_mappings[i].ExternalAddress) : -1;
            if (pool >= 0)
                _heldOfPool[pool]++;
        }
    }

    // No port is given out for a while: what was in use before is not known. That stands in the arena, so that a
    // process which is killed meanwhile does not cut it short; a clock that began anew does not make it longer.
    private bool IsAfterLoss(uint tick)
    {
        if (_header[PortsFromWord] == 0)
            return false;
        uint left = (uint)(_header[PortsFromWord] - 1) - tick;
        if (left != 0 && left <= _settings.HoldDownAfterLoss)
            return true;
        _header[PortsFromWord] = 0;
        return false;
    }
}
