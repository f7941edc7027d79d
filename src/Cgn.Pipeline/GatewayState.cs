using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Memory;
using Cgn.Memory.Frames;
using Cgn.Memory.NextHops;
using Cgn.Memory.Rings;
using Cgn.Nat;
using Cgn.Softwire;

namespace Cgn.Pipeline;

/// <summary>What the stages of one worker work on. One thread only.</summary>
public sealed class GatewayState
{
    /// <summary>Puts the parts together.</summary>
    /// <param name="shard">Number of this worker's shard.</param>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="nat">The shard's NAT.</param>
    /// <param name="pools">Which external addresses are ours, and whose.</param>
    /// <param name="counters">The shard's counters.</param>
    /// <param name="events">Where the shard's events go.</param>
    /// <param name="store">All frames.</param>
    /// <param name="pool">This worker's free frames.</param>
    /// <param name="nextHops">Neighbours.</param>
    /// <param name="tables">Fragments and reassembly.</param>
    public GatewayState(
        int shard, ConfigSnapshot snapshot, NatShard nat, PoolTable pools, CounterBlock counters,
        SpscRing<ForwarderEvent> events,
        FrameStore store, FramePool pool,
        NextHopTable nextHops, FragmentTables tables)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        Shard = shard;
        Nat = nat;
        Counters = counters;
        Events = events;
        Store = store;
        Pool = pool;
        NextHops = nextHops;
        Tables = tables;
        Pools = pools;
        // What an earlier process held is lost with it.
        for (; counters[CounterId.Held] > 0; counters[CounterId.Held]--)
            counters.Drop(DropReason.Restart, 0);
        LoseFramesInHand(counters);
        Settings = new PipelineSettings(snapshot, pools);
        Syns = new HeldSyns(SynsMax(snapshot.Settings, pool), Hash.Mix(snapshot.Settings.Seed + (ulong)shard + 5));
    }

    // Frames that an earlier process had received and was still working on when it was killed, or had sent before it
    // counted the batch that they came in.
    private static void LoseFramesInHand(CounterBlock counters)
    {
        long frames = counters.Unaccounted();
        for (; frames > 0; frames--)
            counters.Drop(DropReason.Restart, 0);
        counters[CounterId.Received] -= frames;
    }

    // Where fragmenters put the pieces of one packet; more than the largest packet over the smallest path makes.
    internal readonly Frame[] Pieces = GC.AllocateArray<Frame>(256, pinned: true);

    // Where the reassembler puts what it gives up.
    internal readonly ReassemblyLoss[] LostPackets = GC.AllocateArray<ReassemblyLoss>(64, pinned: true);

    // Tick of the last look at what fragments have timed out.
    internal uint LastExpiryTick;

    // Wraps of identifications that stand in the counters.
    internal ulong WrapsCounted;

    // Buckets of the ICMP errors and replies that we originate, to the inside and to the outside: when they are full,
    // in nanoseconds. Whoever makes us answer on one side takes nothing from the other.
    private long _icmpInsideFullAtNs;
    private long _icmpOutsideFullAtNs;

    // Answers to PCP requests, and to what the walled garden keeps in.
    internal readonly AnswerBuckets PcpAnswers = new();
    internal readonly AnswerBuckets GardenAnswers = new();

    // The same of ICMPv6.
    internal long Icmpv6FullAtNs;

    /// <summary>The bucket of what we originate to a side.</summary>
    internal ref long IcmpBucket(bool toInside) => ref toInside ? ref _icmpInsideFullAtNs : ref _icmpOutsideFullAtNs;

    /// <summary>Number of this worker's shard.</summary>
    public int Shard { get; }

    /// <summary>The shard's NAT.</summary>
    public NatShard Nat { get; }

    /// <summary>Which external addresses are ours, and whose.</summary>
    public PoolTable Pools { get; private set; }

    /// <summary>The shard's counters.</summary>
    public CounterBlock Counters { get; }

    /// <summary>Where the shard's events go; the control plane, or whoever runs the gateway in memory, reads
    /// them.</summary>
    public SpscRing<ForwarderEvent> Events { get; }

    /// <summary>All frames.</summary>
    public FrameStore Store { get; }

    /// <summary>This worker's free frames.</summary>
    public FramePool Pool { get; }

    /// <summary>Neighbours.</summary>
    public NextHopTable NextHops { get; }

    /// <summary>Fragments and reassembly.</summary>
    public FragmentTables Tables { get; }

    /// <summary>SYNs from outside that wait for the inside to open the same connection.</summary>
    public HeldSyns Syns { get; }

    /// <summary>The configuration, as the stages read it.</summary>
    public PipelineSettings Settings { get; private set; }

    /// <summary>Where frames lie after the stages.</summary>
    public PipelineOutput Output { get; } = new();

    // A sixteenth of the frames, and as many as a quarter of the ICMP errors can answer in time, so that scanners can
    // stop neither the traffic nor the errors that it needs.
    private static int SynsMax(in GatewaySettings settings, FramePool pool)
    {
        long answers = settings.IcmpErrorsPerSecond * (long)settings.TcpInSynTimeout
            / (4 * Tick.PerSecond * Math.Max(1, settings.ShardCount));
        return (int)Math.Clamp(answers, 1, Math.Clamp(pool.StartCount / 16, 1, ushort.MaxValue));
    }

    /// <summary>Takes a new configuration between two turns.</summary>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="pools">Made from it and from the table in force.</param>
    /// <param name="settings">Made from it; workers may share it.</param>
    public void Apply(ConfigSnapshot snapshot, PoolTable pools, PipelineSettings settings)
    {
        Nat.Apply(snapshot, pools);
        Pools = pools;
        Settings = settings;
    }
}
