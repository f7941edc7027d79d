using System;

using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Memory.Rings;

namespace Cgn.Forwarder.Workers;

/// <summary>A ring of frame descriptors from every worker to every other. Frames move; their bytes never do.</summary>
public sealed class HandoffMesh
{
    private const int RingCapacity = 4096;

    // Each end has an object of its own: what one end remembers must not share a cache line with the other's.
    private readonly SpscRing<Frame>?[,] _producers;
    private readonly SpscRing<Frame>?[,] _consumers;

    /// <summary>Makes the rings.</summary>
    /// <param name="workerCount">Workers, 1 to 64.</param>
    /// <param name="memory">Where the rings lie: private to the process, since frames don't outlive it.</param>
    public HandoffMesh(int workerCount, Arena memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        WorkerCount = workerCount;
        _producers = new SpscRing<Frame>?[workerCount, workerCount];
        _consumers = new SpscRing<Frame>?[workerCount, workerCount];
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
}
