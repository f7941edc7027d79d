using System;
using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Commands;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Process;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Memory.NextHops;
using Cgn.Memory.Rings;
using Cgn.Nat;
using Cgn.Pipeline;

namespace Cgn.Forwarder.Workers;

/// <summary>Makes what a worker works on: NAT, counters, events, fragment tables, over an arena. Used alike by the
/// live process and in memory.</summary>
public sealed class ShardFactory
{
    /// <summary>Events that a shard's ring holds: at 50 bytes of log each, some seconds of the worst storm.</summary>
    public const int EventRingCapacity = 1 << 16;

    private readonly Arena _arena;
    private readonly ConfigSnapshot _snapshot;
    private readonly PoolTable _pools;
    private readonly NatShard?[] _attached;
    private readonly PolicyTable _policies;
    private readonly bool _isSuspect;

    /// <summary>Prepares for a snapshot.</summary>
    /// <param name="arena">Where records live.</param>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="isSuspect">
    /// Nothing that the arena holds is believed but the records, and of those what agrees.
    /// </param>
    public ShardFactory(Arena arena, ConfigSnapshot snapshot, bool isSuspect = false)
    {
        ArgumentNullException.ThrowIfNull(arena);
        ArgumentNullException.ThrowIfNull(snapshot);
        _arena = arena;
        _snapshot = snapshot;
        _isSuspect = isSuspect;
        _pools = new PoolTable(snapshot);
        _attached = new NatShard?[snapshot.Settings.ShardCount];
        _policies = new PolicyTable(arena.Take(SectionNames.Policies, PolicyTable.SizeBytes));
    }

    /// <summary>Records of the shards attached so far that were damaged and left out.</summary>
    public int DamagedRecords
    {
        get
        {
            int count = 0;
            foreach (NatShard? shard in _attached)
                count += shard?.DamagedRecords ?? 0;
            return count;
        }
    }

    /// <summary>What the control plane grants: in tests and in memory whoever stands for it writes there.</summary>
    public PolicyTable Policies => _policies;

    /// <summary>What the sections that a snapshot needs are made for: another shape can't be attached to.</summary>
    public static StatusPage ShapeOf(ConfigSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        ShardCapacity capacity = ShardCapacity.Of(snapshot.Settings, snapshot.Settings.ShardCount);
        return new StatusPage
        {
            ShardCount = snapshot.Settings.ShardCount,
            EventRingCapacity = EventRingCapacity,
            SubscribersPerShard = capacity.Subscribers,
            MappingsPerShard = capacity.Mappings,
            SessionsPerShard = capacity.Sessions,
        };
    }

    /// <summary>The sections of the arena that all shards of a snapshot take, with what they share.</summary>
    /// <param name="snapshot">The configuration.</param>
    public static IEnumerable<SectionSize> Sections(ConfigSnapshot snapshot)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        int shards = snapshot.Settings.ShardCount;
        yield return new SectionSize(SectionNames.Policies, PolicyTable.SizeBytes);
        for (int shard = 0; shard < shards; shard++)
        {
            yield return new SectionSize(SectionNames.Counters(shard), CounterBlock.SizeBytes);
            yield return new SectionSize(
                SectionNames.Events(shard), SpscRing<ForwarderEvent>.BytesFor(EventRingCapacity));
            yield return new SectionSize(
                SectionNames.Commands(shard), SpscRing<ForwarderCommand>.BytesFor(ForwarderCommand.RingCapacity));
            foreach (SectionSize section in NatShard.Sections(shard, shards, snapshot.Settings))
                yield return section;
        }
    }

    /// <summary>
    /// Attaches to what a shard finds in the arena, ahead of <see cref="Make"/>; each shard on any thread.
    /// </summary>
    /// <param name="shard">Its number.</param>
    /// <param name="now">The time, for the records' ages.</param>
    /// <exception cref="System.IO.IOException">State or memory can't be had.</exception>
    public NatShard Attach(int shard, in WorkerTime now)
    {
        CounterBlock counters = new(_arena.Take(SectionNames.Counters(shard), CounterBlock.SizeBytes));
        SpscRing<ForwarderEvent> events = new(
            _arena.Take(SectionNames.Events(shard), SpscRing<ForwarderEvent>.BytesFor(EventRingCapacity)),
            EventRingCapacity);
        NatShard nat = new(
            shard, _snapshot.Settings.ShardCount, _arena, _snapshot, _pools, counters, events, now, _policies,
            _isSuspect);
        _attached[shard] = nat;
        return nat;
    }

    /// <summary>Makes one shard.</summary>
    /// <param name="shard">Its number.</param>
    /// <param name="store">All frames.</param>
    /// <param name="pool">The worker's free frames.</param>
    /// <param name="nextHops">Neighbours.</param>
    /// <param name="now">The time, for the records' ages.</param>
    public GatewayPipeline Make(int shard, FrameStore store, FramePool pool, NextHopTable nextHops, in WorkerTime now)
    {
        NatShard nat = _attached[shard] ?? Attach(shard, now);
        FragmentTables tables = new(_snapshot.Settings, pool, shard);
        return new GatewayPipeline(
            new GatewayState(
                shard, _snapshot, nat, _pools, nat.Counters, nat.Events!, store, pool, nextHops, tables));
    }

    /// <summary>The desk of a worker, with the command ring of its shard.</summary>
    /// <param name="shard">Its number.</param>
    public WorkerDesk Desk(int shard)
    {
        SpscRing<ForwarderCommand> ring = new(
            _arena.Take(
                SectionNames.Commands(shard), SpscRing<ForwarderCommand>.BytesFor(ForwarderCommand.RingCapacity)),
            ForwarderCommand.RingCapacity);
        ring.ResumeReading();
        return new WorkerDesk(ring);
    }
}
