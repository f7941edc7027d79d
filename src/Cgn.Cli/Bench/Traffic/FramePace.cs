using System;
using System.Diagnostics;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// When the frames of a port arrive: evenly, so many a second, from the first time that the worker asks. Frames that
/// nobody has asked for yet wait as in a ring without an end. For one worker's thread.
/// </summary>
internal sealed class FramePace
{
    private readonly double _ticksPerFrame;
    private long _startTicks;

    /// <summary>Prepares a pace.</summary>
    /// <param name="framesPerSecond">Above 0.</param>
    public FramePace(double framesPerSecond) => _ticksPerFrame = Stopwatch.Frequency / framesPerSecond;

    /// <summary>When <see cref="Due"/> was last asked, in <see cref="Stopwatch"/> ticks.</summary>
    public long NowTicks { get; private set; }

    /// <summary>Frames that have arrived by now and wait.</summary>
    /// <param name="sent">Frames that were taken before.</param>
    /// <param name="room">The most that are wanted.</param>
    public int Due(long sent, int room)
    {
        NowTicks = Stopwatch.GetTimestamp();
        if (_startTicks == 0)
            _startTicks = NowTicks;
        long waiting = (long)((NowTicks - _startTicks) / _ticksPerFrame) - sent;
        return (int)Math.Clamp(waiting, 0, room);
    }

    /// <summary>When a frame arrived, in <see cref="Stopwatch"/> ticks.</summary>
    /// <param name="number">Its number, from 0.</param>
    public long ArrivalTicks(long number) => _startTicks + (long)((number + 1) * _ticksPerFrame);
}
