using System;
using System.Diagnostics;

using Cgn.Contract;
using Cgn.Contract.Commands;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Process;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;
using Cgn.Memory.Rings;

namespace Cgn.FakeForwarder;

/// <summary>
/// A state directory as a forwarder makes it, with two subscribers whose records are known: what the control plane and
/// listings are tested against.
/// </summary>
public sealed class FakeState : IDisposable
{
    public const int EventRingCapacity = 64;

    private const uint FewRecords = 15;

    private readonly Arena _arena;
    private readonly NativeArray<StatusPage> _status;
    private readonly SpscRing<ForwarderEvent>[] _rings;
    private readonly CounterBlock[] _counters;
    private NativeArray<BlockRecord> _blocks;
    private readonly uint _records;
    private ulong _sequence;

    public FakeState(StateDirectory directory, ConfigSnapshot snapshot, uint records = FewRecords)
    {
        _records = records;
        int shards = snapshot.Settings.ShardCount;
        _arena = Arena.InDirectory(directory.Path);
        _status = new NativeArray<StatusPage>(_arena.Take(SectionNames.Forwarder, StatusPage.SizeBytes), 1);
        Policies = new PolicyTable(_arena.Take(SectionNames.Policies, PolicyTable.SizeBytes));
        _rings = new SpscRing<ForwarderEvent>[shards];
        _counters = new CounterBlock[shards];
        for (int shard = 0; shard < shards; shard++)
        {
            ArenaSection events = _arena.Take(
                SectionNames.Events(shard), SpscRing<ForwarderEvent>.BytesFor(EventRingCapacity));
            _rings[shard] = new SpscRing<ForwarderEvent>(events, EventRingCapacity);
            _arena.Take(SectionNames.Commands(shard), CommandBytes);
            _counters[shard] = new CounterBlock(_arena.Take(SectionNames.Counters(shard), CounterBlock.SizeBytes));
            Fill(shard);
            var board = new PoolBoard(_arena.Take(SectionNames.Pools(shard), PoolBoard.SizeBytes));
            if (shard != 0)
                continue;
            board[0, PoolCount.PortsUsed] = 1024;
            board[0, PoolCount.BlocksUsed] = 2;
            board.Addresses[0] = 0x60;
        }

        // Numbers go on where an earlier one stopped, as the real forwarder's do.
        _sequence = (ulong)_status[0].Incarnation << 32;
        _status[0] = new StatusPage
        {
            LayoutVersion = StatusPage.CurrentLayoutVersion,
            State = ForwarderState.Starting,
            ProcessId = Environment.ProcessId,
            ShardCount = shards,
            StartedUnixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            CountersSinceUnixMs = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(),
            Generation = snapshot.Generation,
            EventRingCapacity = EventRingCapacity,
            SubscribersPerShard = records,
            MappingsPerShard = records,
            SessionsPerShard = records,
            Incarnation = _status[0].Incarnation + 1,
            InsideDriver = DriverName.Of("fake"),
            OutsideDriver = DriverName.Of("fake"),
            Magic = StatusPage.ExpectedMagic,
        };
        Beat();
    }

    /// <summary>The first shard's mappings, for tests that want others.</summary>
    public NativeArray<MappingRecord> Mappings { get; private set; }

    /// <summary>The first shard's subscribers.</summary>
    public NativeArray<SubscriberRecord> Subscribers { get; private set; }

    /// <summary>The granted policies.</summary>
    public PolicyTable Policies { get; }

    /// <summary>What is beside the first shard's explicit mappings.</summary>
    public NativeArray<ExplicitRecord> Explicit { get; private set; }

    private static nuint CommandBytes => SpscRing<ForwarderCommand>.BytesFor(ForwarderCommand.RingCapacity);

    /// <summary>Gives a block of the first shard to its first subscriber, or takes it back.</summary>
    public void Put(
        uint number, uint address, ushort first, ushort last, ushort tcp = 0, ushort udp = 0, bool taken = false) =>
        _blocks[number] = new BlockRecord
        {
            Subscriber = taken ? 0u : 1u,
            ExternalAddress = address,
            FirstPort = first,
            LastPort = last,
            UsedTcp = tcp,
            UsedUdp = udp,
        };

    public CounterBlock Counters(int shard) => _counters[shard];

    public void Enter(ForwarderState state) => _status[0].State = state;

    public void Take(ConfigSnapshot snapshot, bool refuse)
    {
        if (refuse)
            _status[0].RefusedGeneration = snapshot.Generation;
        else
            _status[0].Generation = snapshot.Generation;
    }

    public void Beat(double ageSeconds = 0) =>
        _status[0].HeartbeatNs = Stopwatch.GetTimestamp() - (long)(ageSeconds * Stopwatch.Frequency);

    public bool Tell(EventKind kind, int shard = 0) => _rings[shard].TryWrite(new ForwarderEvent
    {
        UnixMs = 1_700_000_000_123,
        Sequence = ++_sequence,
        Kind = kind,
        Shard = (byte)shard,
        SubscriberKind = SubscriberKind.DsLite,
        SubscriberHigh = 0x2001_0DB8_0100_0100,
        ExternalAddress = 0xCB007105,
        ExternalPort = 1024,
        LastPort = 1535,
        InternalAddress = 0xC0A8010A,
        InternalPort = 40000,
        RemoteAddress = 0x08080808,
        RemotePort = 53,
        Protocol = 17,
    });

    public void Dispose() => _arena.Dispose();

    private NativeArray<T> Array<T>(string section, int size)
        where T : unmanaged => new(_arena.Take(section, (nuint)((_records + 1) * size)), _records + 1);

    private void Fill(int shard)
    {
        NativeArray<SubscriberRecord> subscribers =
            Array<SubscriberRecord>(ShardSections.Subscribers(shard), SubscriberRecord.SizeBytes);
        NativeArray<MappingRecord> mappings = Array<MappingRecord>(
            ShardSections.Mappings(shard), MappingRecord.SizeBytes);
        NativeArray<SessionRecord> sessions = Array<SessionRecord>(
            ShardSections.Sessions(shard), SessionRecord.SizeBytes);
        NativeArray<BlockRecord> blocks = Array<BlockRecord>(ShardSections.Blocks(shard), BlockRecord.SizeBytes);
        if (shard == 0)
            _blocks = blocks;
        NativeArray<ExplicitRecord> asked =
            Array<ExplicitRecord>(ShardSections.Explicit(shard), ExplicitRecord.SizeBytes);
        CounterBlock counters = _counters[shard];
        counters[CounterId.BlocksTotal] = 100;
        counters[CounterId.OutboundPacketsDsLite] = 7;
        counters[CounterId.AddressMappings] = shard == 0 ? 2 : 0;
        counters[DropReason.NoMapping] = 3;
        counters.Latency(10) = 5;
        if (shard != 0)
            return;
        (Subscribers, Mappings, Explicit) = (subscribers, mappings, asked);
        subscribers[1] = new SubscriberRecord
        {
            B4High = 0x2001_0DB8_0100_01FF,
            B4Low = 9,
            Kind = SubscriberKind.DsLite,
            ExternalAddress = 0xCB007105,
            FirstBlock = 1,
            SessionCount = 1,
            MappingCount = 1,
            BlockCount = 1,
            BytesUp = 1000,
            PacketsUp = 10,
        };
        subscribers[2] = new SubscriberRecord
        {
            B4Low = 0x64400005,
            Kind = SubscriberKind.Nat444,
            ExternalAddress = 0xCB007106,
            FirstBlock = 2,
            BlockCount = 1,
        };
        blocks[1] = new BlockRecord
        {
            Subscriber = 1,
            ExternalAddress = 0xCB007105,
            FirstPort = 1024,
            LastPort = 1535,
            UsedUdp = 1,
            AllocatedUnixSeconds = 1_700_000_000,
        };
        blocks[2] = new BlockRecord
        {
            Subscriber = 2,
            ExternalAddress = 0xCB007106,
            FirstPort = 2048,
            LastPort = 2559,
            AllocatedUnixSeconds = 1_700_000_001,
        };
        mappings[1] = new MappingRecord
        {
            Subscriber = 1,
            InternalAddress = 0xC0A8010A,
            InternalPort = 40000,
            ExternalAddress = 0xCB007105,
            ExternalPort = 1030,
            Protocol = 17,
            State = MappingState.Dynamic,
            SessionCount = 1,
            FirstSession = 1,
            Block = 1,
        };
        sessions[1] = new SessionRecord
        {
            Subscriber = 1,
            Mapping = 1,
            InternalAddress = 0xC0A8010A,
            InternalPort = 40000,
            ExternalAddress = 0xCB007105,
            ExternalPort =
                1030,
            RemoteAddress = 0x08080808,
            RemotePort = 53,
            Protocol = 17,
            State = SessionState.Udp,
        };
    }
}
