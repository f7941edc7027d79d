using System;
using System.IO;
using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory;
using Cgn.Memory.Arenas;
using Cgn.Memory.Rates;
using Cgn.Memory.Rings;
using Cgn.Memory.Tables;

namespace Cgn.Nat;

/// <summary>
/// All translation state of one shard: subscribers, port blocks, mappings and sessions, their records in the arena and
/// the indexes over them. One thread only; no locks, and no allocation after it was made but in <see cref="Apply"/>.
/// </summary>
/// <remarks>
/// Established traffic is found by <see cref="FindOutbound"/> and <see cref="FindInbound"/>, or in batches by their
/// parts. What is not found goes through <see cref="CreateOutbound"/> or <see cref="CreateInbound"/>, which make what
/// is missing or say why not. A session whose timer has passed is treated as absent by all of them; <see cref="Sweep"/>
/// only gives memory back.
/// </remarks>
public sealed partial class NatShard : IDisposable
{
    private const ulong LayoutVersion = 2;

    private readonly int _shard;
    private readonly int _shardCount;
    private readonly ShardSecrets _secrets;
    private readonly ulong _maskHigh;
    private readonly ulong _maskLow;
    private readonly Slab<SessionRecord> _sessions;
    private readonly Slab<MappingRecord> _mappings;
    private readonly Slab<ExplicitRecord> _explicit;
    private readonly Slab<SubscriberRecord> _subscribers;
    private readonly ShardBlocks _blocks;
    private readonly HashIndex _outbound;
    private readonly HashIndex _inbound;
    private readonly HashIndex _internal;
    private readonly HashIndex _external;
    private readonly HashIndex _keys;
    private readonly NativeArray<ulong> _header;
    private readonly CounterBlock _counters;
    private readonly SpscRing<ForwarderEvent>? _events;
    private GatewaySettings _settings;
    private ConfigSnapshot _snapshot;
    private PoolTable _pools;
    private PlanTable _plans;
    private PlanLimits[] _limits;
    private Prng _chance;
    private Prng _blockChance;

    /// <summary>Lays a shard over an arena; what an earlier process left there lives on.</summary>
    /// <param name="shard">Its number, from 0.</param>
    /// <param name="shardCount">How many there are, 1 to 64.</param>
    /// <param name="arena">Where its records lie, in the sections of <see cref="ShardSections"/>.</param>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="pools">Made from the same snapshot, shared by all shards.</param>
    /// <param name="counters">The shard's counters.</param>
    /// <param name="events">Where to tell the control plane, or null when nobody listens.</param>
    /// <param name="now">The time.</param>
    /// <exception cref="InvalidDataException">
    /// The arena was made by another layout, seed, number of shards or subscriber mask.
    /// </exception>
    public NatShard(
        int shard, int shardCount, Arena arena, ConfigSnapshot snapshot, PoolTable pools, CounterBlock counters,
        SpscRing<ForwarderEvent>? events, WorkerTime now)
    {
        _shard = shard;
        _shardCount = shardCount;
        _snapshot = snapshot;
        _settings = snapshot.Settings;
        _pools = pools;
        _counters = counters;
        _events = events;
        _secrets = new ShardSecrets(_settings.Seed, shard);
        _chance = new Prng(_secrets.Ports);
        // Of its own, so that each new mapping draws exactly one number for its port: see PrefetchPort.
        _blockChance = new Prng(Hash.Mix(_secrets.Ports));
        _maskHigh = PlanTable.LeadingOnes(_settings.SubscriberMaskV6);
        _maskLow = PlanTable.LeadingOnes(_settings.SubscriberMaskV6 - 64);
        _plans = new PlanTable(snapshot);
        _limits = _plans.Limits;
        ShardCapacity capacity = ShardCapacity.Of(_settings, shardCount);
        _header = new NativeArray<ulong>(OpenHeader(arena), HeaderWords);
        CheckHeader(now);

        ArenaSection sessions = arena.Take(
            ShardSections.Sessions(shard), BytesFor(capacity.Sessions, SessionRecord.SizeBytes));
        ArenaSection mappings = arena.Take(
            ShardSections.Mappings(shard), BytesFor(capacity.Mappings, MappingRecord.SizeBytes));
        ArenaSection people = arena.Take(
            ShardSections.Subscribers(shard), BytesFor(capacity.Subscribers, SubscriberRecord.SizeBytes));
        ArenaSection blocks = arena.Take(ShardSections.Blocks(shard), BytesFor(capacity.Blocks, BlockRecord.SizeBytes));
        _sessions = new Slab<SessionRecord>(sessions, capacity.Sessions);
        _mappings = new Slab<MappingRecord>(mappings, capacity.Mappings);
        _explicit = new Slab<ExplicitRecord>(
            arena.Take(ShardSections.Explicit(shard), BytesFor(capacity.Explicit, ExplicitRecord.SizeBytes)),
            capacity.Explicit);
        _subscribers = new Slab<SubscriberRecord>(people, capacity.Subscribers);
        _blocks = new ShardBlocks(blocks, capacity.Blocks, shard, shardCount);
        uint gateways = GatewaysOf(capacity.Sessions);
        _gateways = new Slab<GatewayRecord>(
            arena.Take(ShardSections.Gateways(shard), BytesFor(gateways, Unsafe.SizeOf<GatewayRecord>())), gateways);
        _expected = new ushort[capacity.Subscribers + 1];
        _gatewayOf = new HashIndex(gateways);
        _read = new ushort[capacity.Subscribers + 1];
        _outbound = new HashIndex(capacity.Sessions);
        _inbound = new HashIndex(capacity.Sessions);
        _internal = new HashIndex(capacity.Mappings);
        _external = new HashIndex(capacity.Mappings);
        _keys = new HashIndex(capacity.Subscribers);

        TakeTimers();
        TakeThresholds();
        TakePortPolicy();
        TakeInstanceLimits();
        Rebuild(now);
        TakeHeld();
        InstallStatics(now);
        _sweptToNs = now.NowNs;
    }

    /// <summary>The configuration in force.</summary>
    public ref readonly GatewaySettings Settings => ref _settings;

    /// <summary>Sessions that fit.</summary>
    public uint SessionCapacity => _sessions.Capacity;

    /// <summary>Sessions whose records are taken, those past their timer but not yet swept included.</summary>
    public uint SessionCount => _sessions.Count;

    /// <summary>Mappings whose records are taken, held ones included.</summary>
    public uint MappingCount => _mappings.Count;

    /// <summary>Subscribers whose records are taken.</summary>
    public uint SubscriberCount => _subscribers.Count;

    /// <summary>Port blocks that can be given out and are free.</summary>
    public uint FreeBlockCount => _blocks.Free;

    /// <summary>Memory of the indexes, in bytes; the records' is the arena's.</summary>
    public ulong IndexBytes => _outbound.Bytes + _inbound.Bytes + _internal.Bytes + _external.Bytes + _keys.Bytes;

    /// <summary>The generation of the configuration in force.</summary>
    public uint Generation => _snapshot.Generation;

    /// <summary>A session's record.</summary>
    /// <exception cref="InvalidOperationException">There is no such place.</exception>
    public ref SessionRecord Session(uint n) => ref _sessions[n];

    /// <summary>A subscriber's record.</summary>
    /// <exception cref="InvalidOperationException">There is no such place.</exception>
    public ref SubscriberRecord Subscriber(uint n) => ref _subscribers[n];

    /// <summary>A mapping's record.</summary>
    /// <exception cref="InvalidOperationException">There is no such place.</exception>
    public ref MappingRecord Mapping(uint n) => ref _mappings[n];

    /// <summary>A port block's record, as named by <see cref="MappingRecord.Block"/>.</summary>
    /// <exception cref="InvalidOperationException">There is no such place.</exception>
    public ref BlockRecord Block(uint n) => ref _blocks[n];

    /// <summary>One more than the highest number of a port block's record.</summary>
    public uint BlockEnd => _blocks.Fresh;

    /// <summary>
    /// The shard of a subscriber: a hash of its key alone, so it does not matter which NIC queue a packet came by.
    /// </summary>
    /// <param name="key">Who.</param>
    /// <param name="shardCount">Shards.</param>
    /// <param name="seed">The configuration's seed.</param>
    public static int ShardOf(in SubscriberKey key, int shardCount, ulong seed) =>
        ShardOfHash(ShardHash(key, seed), shardCount);

    /// <summary>The key of a record.</summary>
    public SubscriberKey KeyOf(in SubscriberRecord s) => s.Kind == SubscriberKind.DsLite
        ? new SubscriberKey(s.B4High & _maskHigh, s.B4Low & _maskLow, s.Kind)
        : new SubscriberKey(s.B4High, s.B4Low, s.Kind);

    /// <summary>
    /// A packet towards the Internet is within its subscriber's rate; if so, it is charged. In the walled garden none
    /// is: <see cref="ConformsInGarden"/> knows more.
    /// </summary>
    /// <param name="s">The subscriber.</param>
    /// <param name="bytes">IPv4 bytes of the packet.</param>
    /// <param name="nowNs">The time, in nanoseconds.</param>
    public bool ConformsUp(ref SubscriberRecord s, int bytes, long nowNs)
    {
        ref readonly PlanLimits plan = ref _limits[s.Plan];
        return RateBucket.TryTake(
            ref s.UpFullAtNs, nowNs, RateBucket.Cost(plan.UpCost, bytes, s.PacketsUp), plan.UpDepthNs);
    }

    /// <summary>The same of a packet towards the subscriber.</summary>
    /// <param name="s">The subscriber.</param>
    /// <param name="bytes">IPv4 bytes of the packet.</param>
    /// <param name="nowNs">The time, in nanoseconds.</param>
    public bool ConformsDown(ref SubscriberRecord s, int bytes, long nowNs)
    {
        ref readonly PlanLimits plan = ref _limits[s.Plan];
        return RateBucket.TryTake(
            ref s.DownFullAtNs, nowNs, RateBucket.Cost(plan.DownCost, bytes, s.PacketsDown), plan.DownDepthNs);
    }

    /// <summary>Takes all pages of the indexes from the system now; the records' are the arena's.</summary>
    /// <returns>False when the system did not give some of them.</returns>
    public bool TryPopulate() =>
        _outbound.TryPopulate() & _inbound.TryPopulate() & _internal.TryPopulate() & _external.TryPopulate()
        & _keys.TryPopulate();

    /// <summary>Gives the indexes' memory back; the records are the arena's.</summary>
    public void Dispose()
    {
        _outbound.Dispose();
        _inbound.Dispose();
        _internal.Dispose();
        _external.Dispose();
        _keys.Dispose();
        _gatewayOf.Dispose();
    }

    internal static ulong ShardHash(in SubscriberKey key, ulong seed) =>
        Hash.Mix(Hash.Pair(key.High, key.Low ^ ((ulong)key.Kind << 56), Hash.Mix(seed ^ 0x54A2D)));

    internal static int ShardOfHash(ulong hash, int shardCount) => (int)(((hash >> 32) * (ulong)shardCount) >> 32);

    private static nuint BytesFor(uint capacity, int recordBytes) => ((nuint)capacity + 1) * (nuint)recordBytes;
}
