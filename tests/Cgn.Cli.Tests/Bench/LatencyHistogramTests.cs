using System;
using System.Linq;

using Cgn.Cli.Bench.Traffic;

using CsCheck;

using Xunit;

namespace Cgn.Cli.Tests.Bench;

public sealed class LatencyHistogramTests
{
    [Fact]
    public void Percentiles_are_at_most_one_part_in_64_too_long_and_never_too_short() =>
        Gen.Long[0, 1L << 40].Array[1, 200].Sample(times =>
        {
            LatencyHistogram histogram = Of(times);
            long[] sorted = [.. times.Order()];
            foreach (double part in (double[])[0.01, 0.5, 0.99, 0.9999, 1])
            {
                long right = sorted[(int)Math.Ceiling(sorted.Length * part) - 1];
                long said = histogram.PercentileNs(part);
                Assert.InRange(said, right, right + (right / 64));
            }
        });

    [Fact]
    public void Short_times_are_exact()
    {
        LatencyHistogram histogram = Of([.. Enumerable.Range(0, 128).Select(ns => (long)ns)]);
        Assert.Equal(63, histogram.PercentileNs(0.5));
        Assert.Equal(127, histogram.PercentileNs(1));
    }

    [Fact]
    public void The_longest_is_exact_and_what_is_beyond_all_bounds_is_counted()
    {
        LatencyHistogram histogram = Of([5, 1_000_003, long.MaxValue, -7]);
        Assert.Equal(4, histogram.Count);
        Assert.Equal(1L << 40, histogram.MaxNs);
        Assert.Equal(0, histogram.PercentileNs(0.25));
        Assert.Equal(1_000_003, Of([5, 1_000_003]).PercentileNs(1));
    }

    [Fact]
    public void Two_together_are_as_one()
    {
        LatencyHistogram both = Of([1, 10, 100_000]);
        both.Add(Of([20, 3_000_000]));
        LatencyHistogram one = Of([1, 10, 20, 100_000, 3_000_000]);
        Assert.Equal(one.Count, both.Count);
        Assert.Equal(one.MaxNs, both.MaxNs);
        foreach (double part in (double[])[0.2, 0.4, 0.6, 0.8, 1])
            Assert.Equal(one.PercentileNs(part), both.PercentileNs(part));
    }

    [Fact]
    public void None_are_0() => Assert.Equal(0, new LatencyHistogram().PercentileNs(0.99));

    private static LatencyHistogram Of(long[] times)
    {
        LatencyHistogram histogram = new();
        foreach (long ns in times)
            histogram.Add(ns);
        return histogram;
    }
}
