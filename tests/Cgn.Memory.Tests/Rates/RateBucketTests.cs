using Cgn.Memory.Rates;

using Xunit;

namespace Cgn.Memory.Tests.Rates;

public sealed class RateBucketTests
{
    [Theory]
    [InlineData(20_000_000, 1500)]
    [InlineData(4_000_000, 64)]
    [InlineData(10_000_000_000, 1500)]
    public void What_passes_in_ten_seconds_is_the_rate_and_no_more_than_the_depth_above(long bitsPerSecond, int bytes)
    {
        long cost = RateBucket.CostPerUnit(bitsPerSecond / 8.0);
        const long DepthNs = 50_000_000;
        long state = 0;
        long passed = 0;
        long stepNs = bytes * 8L * 1_000_000_000 / bitsPerSecond / 3 + 1;
        for (long now = 1; now < 10_000_000_000; now += stepNs)
        {
            if (RateBucket.TryTake(ref state, now, RateBucket.Cost(cost, bytes, (uint)(passed / bytes)), DepthNs))
                passed += bytes;
        }

        double expected = bitsPerSecond / 8.0 * 10;
        Assert.InRange(passed, expected * 0.999, expected * 1.01);
    }

    [Fact]
    public void A_refusal_takes_nothing()
    {
        long state = 0;
        Assert.True(RateBucket.TryTake(ref state, 100, 50, 50));
        long before = state;
        Assert.False(RateBucket.TryTake(ref state, 100, 1, 50));
        Assert.Equal(before, state);
    }

    [Fact]
    public void No_limit_costs_nothing() => Assert.Equal(0, RateBucket.CostPerUnit(0));
}
