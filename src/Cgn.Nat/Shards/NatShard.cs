using System;
using System.IO;
using System.Runtime.CompilerServices;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Process;
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
    private const ulong LayoutVersion = 3;

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
    private readonly ArenaSection _headerSection;
    private readonly NativeArray<ulong> _header;
    private readonly Journal _journal;
    private readonly CounterBlock _counters;
    private readonly PoolBoard _board;
    private readonly SpscRing<ForwarderEvent>? _events;
    private readonly PolicyTable? _policies;
    private GatewaySettings _settings;
    private ConfigSnapshot _snapshot;
    private PoolTable _pools;
    private PlanTable _plans;
    private PlanLimits[] _limits;
    private Prng _chance;
    private Prng _blockChance;
    private bool _wasThere = true;
    private bool _anyThere;

    /// <summary>Lays a shard over an arena; what an earlier process left there lives on.</summary>
    /// <param name="shard">Its number, from 0.</param>
    /// <param name="shardCount">How many there are, 1 to 64.</param>
    /// <param name="arena">Where its records lie, in the sections of <see cref="ShardSections"/>.</param>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="pools">Made from the same snapshot, shared by all shards.</param>
    /// <param name="counters">The shard's counters.</param>
    /// <param name="events">Where to tell the control plane, or null when nobody listens.</param>
    /// <param name="now">The time.</param>
    /// <param name="policies">What the control plane has granted, or null where it grants nothing.</param>
    /// <param name="isSuspect">
    /// What is derived can't be believed, as after a fault: it is made anew, from the records that can be.
    /// </param>
    /// <exception cref="InvalidDataException">
    /// The arena was made by another layout, seed, number of shards or subscriber mask.
    /// </exception>
    public NatShard(
        int shard, int shardCount, Arena arena, ConfigSnapshot snapshot, PoolTable pools, CounterBlock counters,
        SpscRing<ForwarderEvent>? events, WorkerTime now, PolicyTable? policies = null,
        bool isSuspect = false)
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
        _policies = policies;
        _plans = new PlanTable(snapshot, policies);
        _limits = _plans.Limits;
        ShardCapacity capacity = ShardCapacity.Of(_settings, shardCount);
        // What is taken here is listed in Sections, too.
        _journal = new Journal(arena.Take(ShardSections.Journal(shard), Journal.SizeBytes));
        _headerSection = OpenHeader(arena);
        _header = new NativeArray<ulong>(_headerSection, HeaderWords);
        _wasThere = _headerSection.WasThere;
        _journal.Register(_headerSection);
        _journal.Register(counters.Section);
        if (events is not null)
            _journal.Register(events.Section);
        CheckHeader(now);

        _sessions = OpenSlab<SessionRecord>(arena, 0, ShardSections.Sessions(shard), capacity.Sessions);
        _mappings = OpenSlab<MappingRecord>(arena, 1, ShardSections.Mappings(shard), capacity.Mappings);
        _explicit = OpenSlab<ExplicitRecord>(arena, 2, ShardSections.Explicit(shard), capacity.Explicit);
        _subscribers = OpenSlab<SubscriberRecord>(arena, 3, ShardSections.Subscribers(shard), capacity.Subscribers);
        _blocks = new ShardBlocks(
            OpenSlab<BlockRecord>(arena, 4, ShardSections.Blocks(shard), capacity.Blocks), shard, shardCount);
        _board = new PoolBoard(arena.Take(SectionNames.Pools(shard), PoolBoard.SizeBytes));
        uint gateways = GatewaysOf(capacity.Sessions);
        _gateways = OpenSlab<GatewayRecord>(arena, 5, ShardSections.Gateways(shard), gateways);
        _gatewayOf = new HashIndex(gateways);
        _read = new ushort[capacity.Subscribers + 1];
        _expected = new NativeArray<ushort>(
            TakeSection(arena, ShardSections.Expected(shard), ((nuint)capacity.Subscribers + 1) * sizeof(ushort)),
            capacity.Subscribers + 1);
        _outbound = OpenIndex(arena, "outbound", capacity.Sessions);
        _inbound = OpenIndex(arena, "inbound", capacity.Sessions);
        _internal = OpenIndex(arena, "internal", capacity.Mappings);
        _external = OpenIndex(arena, "external", capacity.Mappings);
        _keys = OpenIndex(arena, "keys", capacity.Subscribers);
        _journal.Recover();
        events?.Resume();

        if (isSuspect)
            Distrust();
        TakeTimers();
        TakeThresholds();
        TakePortPolicy();
        TakeInstanceLimits();
        Attach(now);
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

    /// <summary>What of each pool this shard has given out, as it shows it once a tick.</summary>
    public PoolBoard Board => _board;

    /// <summary>Port blocks that can be given out and are free.</summary>
    public uint FreeBlockCount => _blocks.Free;

    /// <summary>The shard's counters.</summary>
    public CounterBlock Counters => _counters;

    /// <summary>Where the control plane is told; null when nobody listens.</summary>
    public SpscRing<ForwarderEvent>? Events => _events;

    /// <summary>What is kept of the change under way.</summary>
    public Journal Journal => _journal;

    /// <summary>
    /// What an earlier process left was taken as it is, rather than made anew from the records.
    /// </summary>
    public bool IsResumed { get; private set; }

    /// <summary>Memory of the indexes, in bytes, which is the arena's, too.</summary>
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

    /// <summary>Gives back what is not the arena's.</summary>
    public void Dispose() => _gatewayOf.Dispose();

    internal static ulong ShardHash(in SubscriberKey key, ulong seed) =>
        Hash.Mix(Hash.Pair(key.High, key.Low ^ ((ulong)key.Kind << 56), Hash.Mix(seed ^ 0x54A2D)));

    internal static int ShardOfHash(ulong hash, int shardCount) => (int)(((hash >> 32) * (ulong)shardCount) >> 32);

    // A field that is about to be written as part of the change under way.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref T Kept<T>(ref T place)
        where T : unmanaged
    {
        _journal.Save(ref place);
        return ref place;
    }

    // What was begun is whole from here on, and may be told.
    private void Commit()
    {
        _journal.Commit();
        _events?.Publish();
    }
}
