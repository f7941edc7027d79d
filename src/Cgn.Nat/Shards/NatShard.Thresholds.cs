using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;

namespace Cgn.Nat;

// The operator is warned before something runs out (RFC 6333 section 6.3), of each resource and shard by itself.
public sealed partial class NatShard
{
    // Port blocks are watched for each pool, behind the others.
    private const int FirstPoolThreshold = (int)WatchedResource.Fragments + 1;

    private Threshold[] _thresholds = [];
    private uint _watchedAt = uint.MaxValue;

    /// <summary>
    /// Takes a look at how much of a resource is used; an event and a count tell when it is beyond its threshold. To be
    /// called once a tick or so for each resource.
    /// </summary>
    /// <param name="resource">Which one; port blocks are watched by the shard itself.</param>
    /// <param name="level">How much of it is used in this shard.</param>
    /// <param name="capacity">How much there is.</param>
    /// <param name="now">The time.</param>
    public void Watch(WatchedResource resource, uint level, uint capacity, in WorkerTime now) =>
        Watch(resource, (int)resource, 0, level, capacity, now);

    private void TakeThresholds()
    {
        Array.Resize(ref _thresholds, FirstPoolThreshold + _snapshot.Pools.Length);
        TakeSubscriberThresholds();
    }

    private void WatchTables(in WorkerTime now)
    {
        if (_watchedAt == now.Tick)
            return;
        _watchedAt = now.Tick;
        Watch(WatchedResource.Subscribers, _subscribers.Count, _subscribers.Capacity, now);
        Watch(WatchedResource.Mappings, _mappings.Count, _mappings.Capacity, now);
        Watch(WatchedResource.Sessions, _sessions.Count, _sessions.Capacity, now);
        for (int pool = 0; pool < _snapshot.Pools.Length; pool++)
        {
            (uint total, uint free) = _blocks.OfPool(pool);
            Watch(WatchedResource.PortBlocks, FirstPoolThreshold + pool, pool, total - free, total, now);
        }

        _blocks.Show(_board);
    }

    private void Watch(
        WatchedResource resource, int place, int pool, uint level, uint capacity, in WorkerTime now)
    {
        if (!_thresholds[place].IsCrossed(
            level, capacity, PercentOf(resource), now.Tick, _settings.Thresholds.Interval))
        {
            return;
        }

        _counters[CounterId.ThresholdsSubscribers + ((int)resource - 1)]++;
        ForwarderEvent told = new()
        {
            UnixMs = now.UnixMs,
            Kind = EventKind.ThresholdCrossed,
            Shard = (byte)_shard,
            Resource = resource,
            Pool = (ushort)pool,
            Level = level,
            Capacity = capacity,
        };
        Tell(ref told);
        Commit();
    }

    private int PercentOf(WatchedResource resource) => resource switch
    {
        WatchedResource.Subscribers => _settings.Thresholds.Subscribers,
        WatchedResource.Mappings => _settings.Thresholds.Mappings,
        WatchedResource.Sessions => _settings.Thresholds.Sessions,
        WatchedResource.PortBlocks => _settings.Thresholds.PortBlocks,
        WatchedResource.Reassembly => _settings.Thresholds.Reassembly,
        _ => _settings.Thresholds.Fragments,
    };
}
