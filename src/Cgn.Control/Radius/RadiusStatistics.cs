using System;
using System.Threading;

namespace Cgn.Control.Radius;

/// <summary>What RADIUS has done. Any thread counts, any thread reads.</summary>
public sealed class RadiusStatistics
{
    private readonly long[] _counts = new long[Enum.GetValues<RadiusCounter>().Length];

    /// <summary>A counter's value; it never goes down.</summary>
    /// <param name="counter">Which.</param>
    public long this[RadiusCounter counter] => Interlocked.Read(ref _counts[(int)counter]);

    internal void Count(RadiusCounter counter, long by = 1) => Interlocked.Add(ref _counts[(int)counter], by);
}
