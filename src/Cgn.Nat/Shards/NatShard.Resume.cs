using System.Threading;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Memory.Tables;

namespace Cgn.Nat;

// Going on where an earlier process stopped: the journal has undone the change that it was killed in, so records,
// indexes and counts agree, and only what is this process's own has to be made. What that costs grows with subscribers
// and port blocks, not with sessions.
public sealed partial class NatShard
{
    /// <summary>
    /// Has whoever attaches next make all that is derived anew from the records, for which it needs nothing else.
    /// </summary>
    public void Distrust() => _journal.IsDistrusted = true;

    private void Attach(in WorkerTime now)
    {
        _lastNow = now;
        IsResumed = _wasThere && !_journal.IsDistrusted && _header[FitsWord] == _pools.SnapshotHash && TryResume(now);
        if (!IsResumed)
        {
            _journal.IsDistrusted = true;
            Rebuild(now);
            InstallStatics(now);
            Volatile.Write(ref _header[FitsWord], _pools.SnapshotHash);
            Commit();
            _journal.IsDistrusted = false;
        }

        _counters[CounterId.BlocksTotal] = _blocks.Total;
        _blocks.Show(_board);
        TakeHeld();
    }

    private bool TryResume(in WorkerTime now)
    {
        ResumeCounts();
        NumberBlocks();
        if (!TryResumeBlocks() || !TryResumeSubscribers())
            return false;
        RebuildGateways();
        ResumeClaims();
        // They are there; what is counted anew is those that can't be.
        InstallConfigured(now);
        return true;
    }

    private bool TryResumeBlocks()
    {
        uint live = 0;
        for (uint i = 1; i < _blocks.Fresh; i++)
        {
            ref readonly BlockRecord b = ref _blocks[i];
            if (b.Subscriber == 0)
                continue;
            live++;
            if (b.IsGivenOut ? b.Subscriber >= _subscribers.Fresh || !TryKeepBlock(i) : !_blocks.TryKeep(_pools, i))
                return false;
            if (!b.IsGivenOut)
                KeepWaiting(i);
            Commit();
        }

        return live == _blocks.Count;
    }

    // What is counted in two places must be the same in both: damage that is not met otherwise shows in this.
    private bool TryResumeSubscribers()
    {
        uint live = 0;
        ulong sessions = 0;
        ulong mappings = 0;
        for (uint i = 1; i < _subscribers.Fresh; i++)
        {
            ref SubscriberRecord s = ref _subscribers[i];
            // Another process had other numbers for its neighbours. Sessions have their generations.
            s.NextHop = 0;
            if (!s.IsLive)
                continue;
            live++;
            sessions += s.SessionCount;
            mappings += s.MappingCount;
        }

        return live == _subscribers.Count && sessions == _sessions.Count && mappings == _mappings.Count;
    }

    // How many records are live follows from the counters, which are part of every change.
    private void ResumeCounts()
    {
        long sessions = 0;
        long mappings = _counters[CounterId.MappingsHeld];
        for (int i = 0; i < 4; i++)
        {
            sessions += _counters[CounterId.SessionsCreatedUdp + i] - _counters[CounterId.SessionsExpiredUdp + i];
            mappings += _counters[CounterId.MappingsCreatedUdp + i] - _counters[CounterId.MappingsExpiredUdp + i];
        }

        _sessions.Resume((uint)sessions);
        _mappings.Resume((uint)mappings);
        _subscribers.Resume((uint)_counters[CounterId.Subscribers]);
        _blocks.Resume((uint)(_counters[CounterId.BlocksAllocated] - _counters[CounterId.BlocksReleased]));
        _explicit.Resume(LiveOf(_explicit));
        _gateways.Resume(LiveOf(_gateways));
    }

    private static uint LiveOf<T>(Slab<T> slab)
        where T : unmanaged, ISlabRecord
    {
        uint live = 0;
        for (uint i = 1; i < slab.Fresh; i++)
            live += slab[i].IsLive ? 1u : 0;
        return live;
    }

    // What the shards share is in private memory. Most gateways have no traffic without ports, and calls are few.
    private void ResumeClaims()
    {
        const int Other = 3;
        bool hasOther =
            _counters[CounterId.MappingsCreatedUdp + Other] != _counters[CounterId.MappingsExpiredUdp + Other];
        if (_shardCount == 1 || (!hasOther && _explicit.Count == 0))
            return;
        for (uint i = 1; i < _mappings.Fresh; i++)
        {
            ref readonly MappingRecord m = ref _mappings[i];
            if (m.State == MappingState.Dynamic && !NatProtocol.HasPorts(m.Protocol))
                TryClaim(m.ExternalAddress, m.Aux, m.Protocol);
            else if (IsCall(m))
                TryClaim(m.ExternalAddress, _explicit[m.Aux].RemoteAddress, m.Protocol, m.ExternalPort);
        }
    }
}
