using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.CompilerServices;

using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Process;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Memory.Arenas;
using Cgn.Memory.Rings;

namespace Cgn.Control.State;

/// <summary>
/// A gateway's state as it lies in its state directory, mapped for reading only: the records themselves, while workers
/// change them. What is read is a copy of a moment, field by field, and need not agree with the next.
/// </summary>
public sealed class StateView : IDisposable
{
    private readonly List<NativeRegion> _regions = [];
    private readonly NativeArray<StatusPage> _status;
    private readonly CounterBlock[] _counters;
    private readonly PoolBoard[] _pools;
    private readonly SpscRing<ForwarderEvent>?[] _events;
    private readonly PolicyTable? _policies;

    private StateView(StateDirectory directory)
    {
        Directory = directory;
        _status = new NativeArray<StatusPage>(Map(SectionNames.Forwarder), 1);
        if (Status.Magic != StatusPage.ExpectedMagic)
            throw new StateException($"{directory.StatusFile} is no status page; 'cgn run' makes one");
        if (Status.LayoutVersion != StatusPage.CurrentLayoutVersion)
        {
            throw new StateException(
                $"{directory.Path} has layout {Status.LayoutVersion} and this program knows "
                + $"{StatusPage.CurrentLayoutVersion}; "
                + "the program that runs the gateway would fit");
        }

        if (File.Exists(directory.SectionFile(SectionNames.Policies)))
            _policies = new PolicyTable(Map(SectionNames.Policies));
        Snapshot = SnapshotFile.Read(directory.SnapshotFile);
        int shards = Status.ShardCount;
        Shards = new ShardView[shards];
        _counters = new CounterBlock[shards];
        _pools = new PoolBoard[shards];
        _events = new SpscRing<ForwarderEvent>?[shards];
        for (int shard = 0; shard < shards; shard++)
        {
            _counters[shard] = new CounterBlock(Map(SectionNames.Counters(shard)));
            _pools[shard] = new PoolBoard(Map(SectionNames.Pools(shard)));
            _events[shard] = Ring(shard);
            Shards[shard] = new ShardView(
                Array<SubscriberRecord>(ShardSections.Subscribers(shard)),
                Array<MappingRecord>(ShardSections.Mappings(shard)),
                Array<ExplicitRecord>(ShardSections.Explicit(shard)),
                Array<SessionRecord>(ShardSections.Sessions(shard)),
                Array<BlockRecord>(ShardSections.Blocks(shard)));
        }
    }

    /// <summary>Where it lies.</summary>
    public StateDirectory Directory { get; }

    /// <summary>The configuration that the forwarder was given.</summary>
    public ConfigSnapshot Snapshot { get; }

    /// <summary>What the forwarder says of itself, now.</summary>
    public ref readonly StatusPage Status => ref _status[0];

    /// <summary>The shards' records, by number of the shard.</summary>
    public ShardView[] Shards { get; }

    /// <summary>Attaches to a gateway's state.</summary>
    /// <param name="directory">Its state directory.</param>
    /// <exception cref="StateException">There is no state, or it is another program's.</exception>
    public static StateView Open(StateDirectory directory)
    {
        RequireRights(directory);
        try
        {
            return new StateView(directory);
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new StateException(
                $"{directory.Path}: no gateway's state can be read: none has run here; 'cgn run' starts one", error);
        }
        catch (Exception error)
            when (error is IOException or UnauthorizedAccessException or ArgumentOutOfRangeException)
        {
            throw new StateException($"{directory.Path}: no gateway's state can be read: {error.Message}", error);
        }
        catch (SnapshotException error)
        {
            throw new StateException(error.Message, error);
        }
    }

    // Asked before anything else: what the system says of a file that may not be read is not always that.
    private static void RequireRights(StateDirectory directory)
    {
        try
        {
            using (File.OpenHandle(directory.StatusFile))
            {
            }
        }
        catch (UnauthorizedAccessException error)
        {
            throw new StateException(
                $"{directory.Path}: {Environment.UserName} may not read the state of this gateway, which is for the "
                + "user and the group that it runs as; sudo, or membership in that group, would be right",
                error);
        }
        catch (IOException)
        {
            // Told of below.
        }
    }

    /// <summary>Counters of a shard.</summary>
    /// <param name="shard">Number of the shard.</param>
    public CounterBlock Counters(int shard) => _counters[shard];

    /// <summary>How far a shard has used the pools.</summary>
    /// <param name="shard">Number of the shard.</param>
    public PoolBoard Pools(int shard) => _pools[shard];

    /// <summary>What the control plane has granted; null where it grants nothing.</summary>
    public PolicyTable? Policies => _policies;

    /// <summary>Copies what a granted policy says.</summary>
    /// <param name="number">A granted number: see <see cref="PlanNumber"/>.</param>
    /// <param name="policy">The policy.</param>
    /// <returns>False when nothing stands there.</returns>
    public bool TryPolicy(ushort number, out PolicyRecord policy)
    {
        policy = default;
        return PlanNumber.IsGranted(number) && _policies is not null
            && _policies.TryRead(PlanNumber.SlotOf(number), out policy);
    }

    /// <summary>Events that wait for the control plane, and how many fit; 0 of 0 where the shard has no ring.</summary>
    /// <param name="shard">Number of the shard.</param>
    public (int Depth, int Capacity) EventRing(int shard) =>
        _events[shard] is { } ring ? (ring.Depth, ring.Capacity) : (0, 0);

    /// <summary>A counter summed over the shards.</summary>
    /// <param name="id">Which.</param>
    public long Sum(CounterId id)
    {
        long sum = 0;
        foreach (CounterBlock counters in _counters)
            sum += counters[id];
        return sum;
    }

    /// <summary>Unmaps; whatever was read through this view is gone.</summary>
    public void Dispose()
    {
        foreach (NativeRegion region in _regions)
            region.Dispose();
        _regions.Clear();
    }

    private ArenaSection Map(string section)
    {
        NativeRegion region = NativeRegion.ReadOnlyFile(Directory.SectionFile(section));
        _regions.Add(region);
        return new ArenaSection(region.Address, region.Bytes, WasThere: true);
    }

    // Places beyond a slab's capacity, up to the end of the page, are zero: not live.
    private NativeArray<T> Array<T>(string name)
        where T : unmanaged
    {
        ArenaSection section = Map(name);
        return new NativeArray<T>(section, (uint)(section.Bytes / (nuint)Unsafe.SizeOf<T>()));
    }

    private SpscRing<ForwarderEvent>? Ring(int shard) => Status.EventRingCapacity == 0
        ? null
        : new SpscRing<ForwarderEvent>(Map(SectionNames.Events(shard)), Status.EventRingCapacity);
}
