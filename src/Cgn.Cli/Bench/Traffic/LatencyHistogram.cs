using System;
using System.Numerics;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// How often each time occurred: buckets of one nanosecond below 128, then 64 in each power of two, so that a time is
/// known to one part in 64. One writer.
/// </summary>
internal sealed class LatencyHistogram
{
    private const int StepBits = 6;
    private const int Steps = 1 << StepBits;
    private const int LargestBit = 40;

    private readonly long[] _counts = new long[((LargestBit - StepBits) + 2) * Steps];

    /// <summary>Times noted.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, exactly.</summary>
    public long MaxNs { get; private set; }

    /// <summary>Notes a time.</summary>
    /// <param name="ns">Nanoseconds; below 0 counts as 0, beyond 2^40 (18 minutes) as 2^40.</param>
    public void Add(long ns)
    {
        long value = Math.Clamp(ns, 0, 1L << LargestBit);
        _counts[BucketOf(value)]++;
        Count++;
        MaxNs = Math.Max(MaxNs, value);
    }

    /// <summary>Adds what another one has noted.</summary>
    public void Add(LatencyHistogram other)
    {
        for (int i = 0; i < _counts.Length; i++)
            _counts[i] += other._counts[i];
        Count += other.Count;
        MaxNs = Math.Max(MaxNs, other.MaxNs);
    }

    /// <summary>The shortest time that a part of all were within: at most one part in 64 too long.</summary>
    /// <param name="part">Above 0, up to 1.</param>
    /// <returns>Nanoseconds; 0 when there are none.</returns>
    public long PercentileNs(double part)
    {
        long wanted = Math.Max(1, (long)Math.Ceiling(Count * part));
        long seen = 0;
        for (int i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= wanted)
                return Math.Min(LastOf(i), MaxNs);
        }

        return 0;
    }

    private static int BucketOf(long ns)
    {
        int shift = Math.Max(0, BitOperations.Log2((ulong)ns | 1) - StepBits);
        return (shift * Steps) + (int)(ns >> shift);
    }

    private static long LastOf(int bucket)
    {
        int shift = Math.Max(0, (bucket / Steps) - 1);
        return ((bucket - ((long)shift * Steps) + 1) << shift) - 1;
    }
}
