using System;
using System.Threading;

using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Memory.Rings;
using Cgn.Ports;

namespace Cgn.Forwarder.Workers;

/// <summary>A ring of frame descriptors from every worker to every other. Frames move; their bytes never do.</summary>
public sealed class HandoffMesh : IDisposable
{
    private const int RingCapacity = 4096;

    // Each end has an object of its own: what one end remembers must not share a cache line with the other's.
    private readonly SpscRing<Frame>?[,] _producers;
    private readonly SpscRing<Frame>?[,] _consumers;
    private readonly Bell?[] _bells;

    /// <summary>Makes the rings.</summary>
    /// <param name="workerCount">Workers, 1 to 64.</param>
    /// <param name="memory">Where the rings lie: private to the process, since frames don't outlive it.</param>
    public HandoffMesh(int workerCount, Arena memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        WorkerCount = workerCount;
        _producers = new SpscRing<Frame>?[workerCount, workerCount];
        _consumers = new SpscRing<Frame>?[workerCount, workerCount];
        _bells = new Bell?[workerCount];
        nuint bytes = SpscRing<Frame>.BytesFor(RingCapacity);
        for (int from = 0; from < workerCount; from++)
        {
            for (int to = 0; to < workerCount; to++)
            {
                if (from == to)
                    continue;
                ArenaSection section = memory.Take($"handoff{from}.{to}", bytes);
                _producers[from, to] = new SpscRing<Frame>(section, RingCapacity);
                _consumers[from, to] = new SpscRing<Frame>(section, RingCapacity);
            }
        }
    }

    /// <summary>Workers.</summary>
    public int WorkerCount { get; }

    /// <summary>The sending end of the ring from one worker to another; null from a worker to itself.</summary>
    public SpscRing<Frame>? Producer(int from, int to) => _producers[from, to];

    /// <summary>The receiving end of the same.</summary>
    public SpscRing<Frame>? Consumer(int from, int to) => _consumers[from, to];

    /// <summary>Hangs the bell of a worker that sleeps; of one that is driven by its caller there is none.</summary>
    /// <exception cref="System.IO.IOException">The system has no descriptor left.</exception>
    public Bell Hang(int worker) => _bells[worker] ??= new Bell();

    /// <summary>Wakes a worker for which something has been left in a ring.</summary>
    public void Ring(int worker) => Volatile.Read(ref _bells[worker])?.Ring();

    /// <summary>Takes the bells down; no worker runs any more. The rings are the arena's.</summary>
    public void Dispose()
    {
        foreach (Bell? bell in _bells)
            bell?.Dispose();
    }
}
