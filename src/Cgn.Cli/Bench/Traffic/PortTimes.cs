using System;
using System.Diagnostics;

using Cgn.Memory.Frames;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// How long the frames that leave by one port took. Written by the port's worker, read when it rests.
/// </summary>
internal sealed class PortTimes
{
    private static readonly double s_nsPerTick = 1e9 / Stopwatch.Frequency;

    private readonly FrameStamps _stamps;
    private volatile bool _counts;

    /// <summary>Makes them for one port.</summary>
    /// <param name="stamps">Of all ports together.</param>
    public PortTimes(FrameStamps stamps) => _stamps = stamps;

    /// <summary>From being received to being transmitted.</summary>
    public LatencyHistogram Inside { get; } = new();

    /// <summary>From arriving at the port to being transmitted: what it waited to be received comes on top.</summary>
    public LatencyHistogram SinceArrival { get; } = new();

    /// <summary>Frames that leave are counted; before, they only lose their stamps.</summary>
    public bool Counts
    {
        get => _counts;
        set => _counts = value;
    }

    /// <summary>Frames were received.</summary>
    /// <param name="frames">Which.</param>
    /// <param name="first">Number of the first at this port.</param>
    /// <param name="pace">Their pace.</param>
    public void Received(ReadOnlySpan<Frame> frames, long first, FramePace pace)
    {
        for (int i = 0; i < frames.Length; i++)
            _stamps.Put(frames[i].Chunk, first + i, pace);
    }

    /// <summary>Frames leave now.</summary>
    public void Transmitted(ReadOnlySpan<Frame> frames)
    {
        long now = Stopwatch.GetTimestamp();
        foreach (ref readonly Frame frame in frames)
        {
            if (!_stamps.TryTake(frame.Chunk, out long received, out long arrived) || !_counts)
                continue;
            Inside.Add((long)((now - received) * s_nsPerTick));
            SinceArrival.Add((long)((now - arrived) * s_nsPerTick));
        }
    }
}
