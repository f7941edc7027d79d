using System;
using System.Diagnostics;

using Cgn.Contract;

namespace Cgn.Forwarder.Workers;

/// <summary>
/// The live clock: nanoseconds since the machine started (CLOCK_MONOTONIC), so that records which outlive a process
/// keep their ages, and the
/// time of day that goes with them. The only clock in the forwarder; read once a turn.
/// </summary>
public sealed class WorkerClock
{
    private static readonly double s_nanosecondsPerTick = 1e9 / Stopwatch.Frequency;

    private long _unixMsAtZero;

    /// <summary>Relates the clock to the time of day; a later step of that is taken up by
    /// <see cref="Resynchronise"/>.</summary>
    public WorkerClock() => Resynchronise();

    /// <summary>The time.</summary>
    public WorkerTime Now()
    {
        long now = NowNs();
        return new WorkerTime(now, _unixMsAtZero + (now / 1_000_000));
    }

    /// <summary>Makes the clock agree with the time of day as it is now.</summary>
    public void Resynchronise() =>
        _unixMsAtZero = DateTimeOffset.UtcNow.ToUnixTimeMilliseconds() - (NowNs() / 1_000_000);

    private static long NowNs() => (long)(Stopwatch.GetTimestamp() * s_nanosecondsPerTick);
}
