using System;

using Cgn.Contract;
using Cgn.Contract.Commands;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Process;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Memory.NextHops;
using Cgn.Memory.Rings;
using Cgn.Nat;
using Cgn.Pipeline;
using Cgn.Ports.InMemory;

namespace Cgn.Forwarder;

/// <summary>
/// The whole gateway in one process and on the caller's thread: the very workers and pipeline of the live one, over
/// memory ports and a private
/// arena. Workers take their turns in a fixed order and the caller hands them the time, so a run is repeatable to the
/// byte.
/// </summary>
public sealed class SimulatedGateway : IDisposable
{
    // What a packet can set off in one run is bounded: handoff, hairpin, fragments. More rounds than this is a loop.
    private const int RoundsMax = 1024;
    private const int CommandTurnsMax = 1 << 20;

    private readonly Arena _arena;
    private readonly Arena _private = Arena.Private();
    private readonly FrameStore _store;
    private readonly Worker[] _workers;
    private readonly SpscRing<ForwarderCommand>[] _commands;
    private readonly MemoryPort[] _inside;
    private readonly MemoryPort[] _outside;

    /// <summary>Makes a gateway.</summary>
    /// <param name="snapshot">Its configuration; one worker for each shard.</param>
    /// <param name="chunkBytes">Bytes a frame: a power of two, 2,048 to 131,072.</param>
    /// <param name="chunkCount">Frames, shared evenly by the workers.</param>
    /// <param name="arena">
    /// Records of an earlier gateway of the same shape, which this one goes on with and gives back; none by default.
    /// </param>
    /// <param name="now">The time, where there is an arena.</param>
    public SimulatedGateway(
        ConfigSnapshot snapshot, int chunkBytes = FrameStore.LiveChunkBytes, int chunkCount = 8192,
        Arena? arena = null, WorkerTime now = default)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        _arena = arena ?? Arena.Private();
        int shards = snapshot.Settings.ShardCount;
        _store = new FrameStore(chunkCount, chunkBytes);
        FixedNextHops nextHops = new(address => IsInside(snapshot, address));
        // No worker of it sleeps, so there is no bell to take down.
        HandoffMesh mesh = new(shards, _private);
        ShardFactory factory = new(_arena, snapshot);
        Policies = factory.Policies;
        _workers = new Worker[shards];
        _inside = new MemoryPort[shards];
        _outside = new MemoryPort[shards];
        _commands = new SpscRing<ForwarderCommand>[shards];
        int share = chunkCount / shards;
        for (int i = 0; i < shards; i++)
        {
            FramePool pool = new(_store, i * share, share);
            _inside[i] = new MemoryPort(_store, $"inside{i}", FramePort.Inside, (ushort)i, 4096);
            _outside[i] = new MemoryPort(_store, $"outside{i}", FramePort.Outside, (ushort)i, 4096);
            _commands[i] = new SpscRing<ForwarderCommand>(
                _arena.Take(
                    SectionNames.Commands(i), SpscRing<ForwarderCommand>.BytesFor(ForwarderCommand.RingCapacity)),
                ForwarderCommand.RingCapacity);
            GatewayPipeline pipeline = factory.Make(i, _store, pool, nextHops, now);
            _workers[i] = new Worker(
                i, pipeline, new WorkerPorts([_inside[i]]), new WorkerPorts([_outside[i]]), mesh,
                new WorkerDesk(_commands[i]));
        }

        _arena.Seal();
        _private.Seal();
    }

    /// <summary>What is granted to subscribers, for whoever stands for the control plane.</summary>
    public PolicyTable Policies { get; }

    /// <summary>Workers, and so shards.</summary>
    public int ShardCount => _workers.Length;

    /// <summary>Bytes of records, all shards together.</summary>
    public ulong ArenaBytes => _arena.Bytes;

    /// <summary>
    /// received + originated + split - (transmitted + dropped + consumed + merged + held), all workers together: 0,
    /// or frames have been lost.
    /// </summary>
    public long Unaccounted
    {
        get
        {
            long sum = 0;
            foreach (Worker worker in _workers)
                sum += worker.State.Counters.Unaccounted();
            return sum;
        }
    }

    /// <summary>Chunks that are neither free, nor waiting in a port, nor held in a table: 0, or one has
    /// leaked.</summary>
    public long LeakedChunks
    {
        get
        {
            long free = 0;
            long waiting = 0;
            for (int i = 0; i < _workers.Length; i++)
            {
                free += _workers[i].State.Pool.Count;
                waiting += _workers[i].State.Tables.ExtraChunks;
                waiting += _inside[i].Waiting + _inside[i].Transmitted + _outside[i].Waiting + _outside[i].Transmitted;
            }

            return (_store.ChunkCount / _workers.Length * _workers.Length) - free - waiting - Counter(CounterId.Held);
        }
    }

    /// <summary>One shard's NAT.</summary>
    public NatShard Shard(int number) => _workers[number].State.Nat;

    /// <summary>One worker.</summary>
    public Worker Worker(int number) => _workers[number];

    /// <summary>A counter, summed over all shards.</summary>
    public long Counter(CounterId id)
    {
        long sum = 0;
        foreach (Worker worker in _workers)
            sum += worker.State.Counters[id];
        return sum;
    }

    /// <summary>Drops for a reason, summed over all shards.</summary>
    public long Drops(DropReason reason)
    {
        long sum = 0;
        foreach (Worker worker in _workers)
            sum += worker.State.Counters[reason];
        return sum;
    }

    /// <summary>Events that a shard has written since the last call, oldest first.</summary>
    /// <returns>How many were read into the span.</returns>
    public int ReadEvents(int shard, Span<ForwarderEvent> events) => _workers[shard].State.Events.Read(events);

    /// <summary>Puts a frame before a worker, as if its queue of the port had received it.</summary>
    /// <param name="side"><see cref="FramePort.Inside"/> or <see cref="FramePort.Outside"/>.</param>
    /// <param name="ethernetFrame">The frame from its destination address on.</param>
    /// <param name="worker">Which worker's queue.</param>
    /// <returns>False when the queue is full or no frame is free.</returns>
    public bool Inject(byte side, ReadOnlySpan<byte> ethernetFrame, int worker = 0) =>
        (side == FramePort.Inside ? _inside : _outside)[worker].Inject(ethernetFrame, _workers[worker].State.Pool);

    /// <summary>Lets all workers take turns until nothing moves any more.</summary>
    /// <param name="now">The time of all these turns; not before that of the last call.</param>
    public void Run(WorkerTime now)
    {
        do
        {
            RunTurns(now);
            foreach (Worker worker in _workers)
            {
                // Time may have jumped: visit all that is due now, as a live worker would have in the meantime.
                int due = worker.State.Nat.SweepDue(now);
                if (due > 0)
                    worker.Housekeep(now, due);
                ExpireFragments(worker, now);
            }
        }
        while (Array.Exists(_workers, static worker => worker.State.Output.Waiting != 0));
    }

    private void RunTurns(WorkerTime now)
    {
        int moved = 1;
        for (int round = 0; moved != 0; round++)
        {
            if (round == RoundsMax)
                throw new InvalidOperationException("frames go round in circles between the workers");
            moved = 0;
            foreach (Worker worker in _workers)
                moved += worker.Turn(now);
        }

        // A command takes as many turns as it needs.
        foreach (Worker worker in _workers)
        {
            for (int turn = 0; worker.Desk.IsBusy && turn < CommandTurnsMax; turn++)
                worker.Turn(now);
        }
    }

    /// <summary>Takes the next frame that has left by a side, oldest first within a worker.</summary>
    /// <param name="side">Which side.</param>
    /// <param name="buffer">Filled from the start; at least as long as the frame.</param>
    /// <param name="length">Bytes of the frame.</param>
    /// <returns>False when none has left.</returns>
    public bool TryCollect(byte side, Span<byte> buffer, out int length)
    {
        MemoryPort[] ports = side == FramePort.Inside ? _inside : _outside;
        for (int i = 0; i < ports.Length; i++)
        {
            if (!ports[i].TryCollect(out Frame frame))
                continue;
            length = (int)frame.Length;
            _store.Packet(frame).CopyTo(buffer);
            _workers[i].State.Pool.Return(frame.Chunk);
            return true;
        }

        length = 0;
        return false;
    }

    /// <summary>
    /// Leaves another configuration, as the live gateway does: each worker takes it before its next turn.
    /// </summary>
    /// <param name="next">
    /// The configuration; shards, seed, capacities and subscriber mask as they were.
    /// </param>
    public void Apply(ConfigSnapshot next)
    {
        ConfigUpdate update = ConfigUpdate.Of(next, _workers[0].State.Pools);
        foreach (Worker worker in _workers)
            worker.Desk.Leave(update);
    }

    /// <summary>Leaves a command for every shard; the next run carries it out.</summary>
    /// <returns>False when a ring is full.</returns>
    public bool Command(in ForwarderCommand command)
    {
        bool isWritten = true;
        foreach (SpscRing<ForwarderCommand> ring in _commands)
            isWritten &= ring.TryWrite(command);
        return isWritten;
    }

    /// <summary>Gives all memory back.</summary>
    public void Dispose()
    {
        _arena.Dispose();
        _private.Dispose();
        _store.Dispose();
    }

    // A turn ends a bounded number of fragments and SYNs that have waited too long; a live worker takes many turns
    // while time passes.
    private static void ExpireFragments(Worker worker, in WorkerTime now)
    {
        long before;
        do
        {
            before = worker.State.Counters[CounterId.Held] + worker.State.Tables.Ipv4.Count;
            worker.Housekeep(now, 0);
        }
        while (worker.State.Counters[CounterId.Held] + worker.State.Tables.Ipv4.Count < before);
    }

    private static bool IsInside(ConfigSnapshot snapshot, uint address)
    {
        foreach (Ipv4PrefixSetting prefix in snapshot.Nat444Sources)
        {
            if (prefix.Contains(address))
                return true;
        }

        return false;
    }
}
