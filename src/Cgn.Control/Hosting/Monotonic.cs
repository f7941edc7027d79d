using System.Diagnostics;

namespace Cgn.Control.Hosting;

/// <summary>
/// The system's monotonic clock, which all processes of a machine share (clock_gettime CLOCK_MONOTONIC).
/// </summary>
internal static class Monotonic
{
    private const double NsPerSecond = 1e9;

    public static long NowNs => (long)(Stopwatch.GetTimestamp() * (NsPerSecond / Stopwatch.Frequency));
}
