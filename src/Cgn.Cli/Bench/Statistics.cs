using System;

namespace Cgn.Cli.Bench;

/// <summary>What windows are summed up by.</summary>
internal static class Statistics
{
    /// <summary>The middle one of an odd number of values; not a number when there are none.</summary>
    public static double Median(ReadOnlySpan<double> values)
    {
        if (values.IsEmpty)
            return double.NaN;
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted[sorted.Length / 2];
    }
}
