using Cgn.Contract;

namespace Cgn.Cli.Captures;

/// <summary>
/// Makes a worker's clock, which never runs back, of the times in captures: it begins at 0 with the first record. A
/// step back of less than a second is packets out of order and stands still; a longer one is another recording
/// appended, and time goes on from there. A gap of more than a day counts as a day, since no timer is that long and a
/// coarse tick holds 13 years.
/// </summary>
internal sealed class CaptureClock
{
    /// <summary>The longest step that is taken as it stands, in nanoseconds.</summary>
    internal const long LongestGapNs = 86_400L * 1_000_000_000;

    private const long ReorderedNs = 1_000_000_000;

    private long _captureNs;
    private bool _started;

    /// <summary>Nanoseconds since the first record.</summary>
    internal long NowNs { get; private set; }

    /// <summary>The time of a record.</summary>
    /// <param name="timestampNs">Nanoseconds since 1970 as the capture has it.</param>
    internal WorkerTime At(long timestampNs)
    {
        if (!_started)
        {
            _started = true;
            _captureNs = timestampNs;
        }

        long step = timestampNs - _captureNs;
        if (step is >= 0 or <= -ReorderedNs)
            _captureNs = timestampNs;
        NowNs += long.Clamp(step, 0, LongestGapNs);
        return new WorkerTime(NowNs, timestampNs / 1_000_000);
    }

    /// <summary>Lets time pass in which nothing was captured.</summary>
    internal WorkerTime Pass(long nanoseconds)
    {
        NowNs += nanoseconds;
        _captureNs += nanoseconds;
        return new WorkerTime(NowNs, _captureNs / 1_000_000);
    }

    /// <summary>The next record begins another recording: no time lies between it and the last one.</summary>
    internal void Restart() => _started = false;
}
