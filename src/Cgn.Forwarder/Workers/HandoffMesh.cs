using System;

using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Memory.Rings;

namespace Cgn.Forwarder.Workers;

/// <summary>A ring of frame descriptors from every worker to every other. Frames move; their bytes never do.</summary>
public sealed class HandoffMesh
{
    private const int RingCapacity = 4096;

    private readonly SpscRing<Frame>?[,] _rings;

    /// <summary>Makes the rings.</summary>
    /// <param name="workerCount">Workers, 1 to 64.</param>
    /// <param name="memory">Where the rings lie: private to the process, since frames don't outlive it.</param>
    public HandoffMesh(int workerCount, Arena memory)
    {
        ArgumentNullException.ThrowIfNull(memory);
        WorkerCount = workerCount;
        _rings = new SpscRing<Frame>?[workerCount, workerCount];
        nuint bytes = SpscRing<Frame>.BytesFor(RingCapacity);
        for (int from = 0; from < workerCount; from++)
        {
            for (int to = 0; to < workerCount; to++)
            {
                if (from != to)
                    _rings[from, to] = new SpscRing<Frame>(memory.Take($"handoff{from}.{to}", bytes), RingCapacity);
            }
        }
    }

    /// <summary>Workers.</summary>
    public int WorkerCount { get; }

    /// <summary>The ring from one worker to another; null from a worker to itself.</summary>
    public SpscRing<Frame>? Ring(int from, int to) => _rings[from, to];
}
