using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Threading;

using Cgn.Cli.Bench.Traffic;
using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Memory.NextHops;
using Cgn.Memory.Rings;
using Cgn.Pipeline;

namespace Cgn.Cli.Bench;

/// <summary>
/// The gateway as <c>run</c> puts it together, with its own workers, threads, event rings and arena; only the ports at
/// both ends are the
/// benchmark's.
/// </summary>
internal sealed class BenchGateway : IDisposable
{
    private const int ChunksPerWorker = 4096;

    private readonly Arena _arena;
    private readonly Arena _private = Arena.Private();
    private readonly FrameStore _store;
    private readonly HandoffMesh _mesh;
    private readonly Worker[] _workers;
    private readonly List<WorkerThread> _threads = [];
    private readonly EventDrain _events;
    private Exception? _failure;

    /// <summary>Makes it and lets its threads run, with nothing to do yet.</summary>
    /// <param name="snapshot">Its configuration.</param>
    /// <param name="directory">
    /// Where its records lie in files, and those of an earlier one are taken over; null for private memory.
    /// </param>
    public BenchGateway(ConfigSnapshot snapshot, string? directory = null)
    {
        long started = Stopwatch.GetTimestamp();
        _arena = directory is null ? Arena.Private() : Arena.InDirectory(directory);
        int count = snapshot.Settings.ShardCount;
        _store = new FrameStore(ChunksPerWorker * count);
        FixedNextHops nextHops = new(snapshot.Nat444Sources[0].Contains);
        _mesh = new HandoffMesh(count, _private);
        ShardFactory factory = new(_arena, snapshot);
        WorkerTime now = new WorkerClock().Now();
        _workers = new Worker[count];
        Inside = new GeneratorPort[count];
        Outside = new GeneratorPort[count];
        SpscRing<ForwarderEvent>[] rings = new SpscRing<ForwarderEvent>[count];
        for (int i = 0; i < count; i++)
        {
            FramePool pool = new(_store, i * ChunksPerWorker, ChunksPerWorker);
            Inside[i] = new GeneratorPort(_store, $"inside{i}", FramePort.Inside, (ushort)i);
            Outside[i] = new GeneratorPort(_store, $"outside{i}", FramePort.Outside, (ushort)i);
            GatewayPipeline pipeline = factory.Make(i, _store, pool, nextHops, now);
            _workers[i] = new Worker(i, pipeline, new WorkerPorts([Inside[i]]), new WorkerPorts([Outside[i]]), _mesh);
            rings[i] = pipeline.State.Events;
        }

        _arena.Seal();
        _private.Seal();
        _events = new EventDrain(rings);
        for (int i = 0; i < count; i++)
        {
            WorkerThread thread = new(
                _workers[i], [Inside[i], Outside[i]], CpuOf(i, count), error => _failure ??= error);
            _threads.Add(thread);
            thread.Start();
        }

        StartSeconds = Stopwatch.GetElapsedTime(started).TotalSeconds;
    }

    /// <summary>How long it took to take all memory, lay the tables over it and start the threads.</summary>
    public double StartSeconds { get; }

    /// <summary>Chunks that all frames lie in.</summary>
    public int ChunkCount => _store.ChunkCount;

    /// <summary>What each worker works on.</summary>
    public IEnumerable<GatewayState> States => _workers.Select(worker => worker.State);

    /// <summary>The inside port of each worker.</summary>
    public GeneratorPort[] Inside { get; }

    /// <summary>The outside port of each worker.</summary>
    public GeneratorPort[] Outside { get; }

    /// <summary>Events that were read.</summary>
    public long Events => _events.Count;

    /// <summary>Bytes of records, counters and rings, those between workers included; without the indexes.</summary>
    public ulong ArenaBytes => _arena.Bytes - IndexBytes + _private.Bytes;

    /// <summary>Bytes of the indexes.</summary>
    public ulong IndexBytes
    {
        get
        {
            ulong sum = 0;
            foreach (Worker worker in _workers)
                sum += worker.State.Nat.IndexBytes;
            return sum;
        }
    }

    /// <summary>
    /// Processor for a worker: the last ones, so that the first is left to everything else; none when there are too
    /// few.
    /// </summary>
    public static int CpuOf(int worker, int workers) =>
        workers <= Environment.ProcessorCount ? Environment.ProcessorCount - 1 - worker : -1;

    /// <summary>A counter, summed over all workers.</summary>
    public long Counter(CounterId id)
    {
        long sum = 0;
        foreach (Worker worker in _workers)
            sum += Volatile.Read(ref worker.State.Counters[id]);
        return sum;
    }

    // Frames that are neither free nor kept waiting for others: a worker that the system has taken its processor from
    // looks as if it were at rest, and has some.
    private long InFlight
    {
        get
        {
            long free = 0;
            foreach (Worker worker in _workers)
                free += worker.State.Pool.Count + worker.State.Tables.ExtraChunks;
            return _store.ChunkCount - free - Counter(CounterId.Held);
        }
    }

    /// <summary>
    /// Frames that were dealt with as their case has it: transmitted; dropped for want of a mapping where all are to
    /// be; or taken in, where two become one, but for those that were lost between workers.
    /// </summary>
    public long Carried(BenchScenario scenario) => scenario switch
    {
        BenchScenario.PortScan => Drops(DropReason.NoMapping),
        BenchScenario.OuterFragments => Counter(CounterId.Received) - Drops(DropReason.HandoffFull),
        _ => Counter(CounterId.Transmitted),
    };

    /// <summary>Drops for a reason, summed over all workers.</summary>
    public long Drops(DropReason reason)
    {
        long sum = 0;
        foreach (Worker worker in _workers)
            sum += Volatile.Read(ref worker.State.Counters[reason]);
        return sum;
    }

    /// <summary>Adds up the latency histograms of all workers.</summary>
    /// <param name="buckets">Gets <see cref="CounterBlock.LatencyBuckets"/> counts.</param>
    public void ReadLatency(Span<long> buckets)
    {
        buckets.Clear();
        foreach (Worker worker in _workers)
        {
            for (int i = 0; i < buckets.Length; i++)
                buckets[i] += worker.State.Counters.Latency(i);
        }
    }

    /// <summary>Drops by reason, as a sentence; empty when there were none.</summary>
    public string Drops()
    {
        List<string> parts = [];
        foreach (DropReason reason in Enum.GetValues<DropReason>())
        {
            long sum = Drops(reason);
            if (sum != 0)
                parts.Add($"{sum} {reason}");
        }

        return string.Join(", ", parts);
    }

    /// <summary>
    /// Waits until something is so; throws when a worker has failed or nothing has moved for a while.
    /// </summary>
    /// <param name="isSo">What is waited for.</param>
    /// <param name="progress">Called some times a second.</param>
    public void WaitFor(Func<bool> isSo, Action? progress = null)
    {
        const int PollMs = 2;
        const int StuckMs = 20_000;
        long before = -1;
        Stopwatch still = Stopwatch.StartNew();
        while (!isSo())
        {
            Thread.Sleep(PollMs);
            if (_failure is not null)
                throw new BenchException($"a worker has failed: {_failure}");
            long moved = Counter(CounterId.Received);
            if (moved != before)
                still.Restart();
            before = moved;
            if (still.ElapsedMilliseconds > StuckMs)
                throw new BenchException($"nothing has moved for {StuckMs / 1000} s; drops: {Drops()}");
            progress?.Invoke();
        }
    }

    /// <summary>
    /// Stops sending everywhere and waits until the workers have come to rest and told their counters.
    /// </summary>
    public void Rest()
    {
        for (int i = 0; i < _workers.Length; i++)
        {
            Inside[i].End();
            Outside[i].End();
        }

        long busy = -1;
        WaitFor(() =>
        {
            long before = busy;
            busy = Counter(CounterId.BusyTurns);
            long turns = Counter(CounterId.Turns);
            // An idle worker sleeps a millisecond at a time and tells its counters before.
            Thread.Sleep(20);
            return before == busy && InFlight == 0 && Counter(CounterId.Turns) - turns > 2 * _workers.Length;
        });
        // Not before: what one worker has handed to another is still to be looked at.
        for (int i = 0; i < _workers.Length; i++)
        {
            Inside[i].Inspect(null);
            Outside[i].Inspect(null);
        }
    }

    /// <summary>Stops the threads and gives all memory back.</summary>
    public void Dispose()
    {
        foreach (WorkerThread thread in _threads)
            thread.Stop();
        _mesh.Dispose();
        _events.Dispose();
        foreach (Worker worker in _workers)
        {
            worker.State.Nat.Dispose();
            worker.State.Tables.Dispose();
        }

        _arena.Dispose();
        _private.Dispose();
        _store.Dispose();
    }
}
