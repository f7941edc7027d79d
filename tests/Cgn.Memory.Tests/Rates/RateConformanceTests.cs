using System;

using Cgn.Memory.Rates;

using Xunit;

namespace Cgn.Memory.Tests.Rates;

/// <summary>
/// Exactly how much passes, in simulated time: what is offered is twice the rate at least, so that the bucket decides.
/// </summary>
public sealed class RateConformanceTests
{
    private const long SecondNs = 1_000_000_000;
    private const long DepthNs = 50_000_000;

    [Theory]
    [InlineData(1_000_000, 64)]
    [InlineData(20_000_000, 1500)]
    [InlineData(2_000_000, 28)]
    [InlineData(333_333_333, 576)]
    [InlineData(100_000_000, 64)]
    [InlineData(1_000_000_000, 1500)]
    public void Any_second_after_the_burst_is_within_two_percent(long bitsPerSecond, int bytes)
    {
        var line = new Line(bitsPerSecond, bytes);
        line.Offer(SecondNs);
        for (int second = 0; second < 3; second++)
        {
            long passed = line.Offer(SecondNs);
            Assert.InRange(passed, bitsPerSecond / 8.0 * 0.98, bitsPerSecond / 8.0 * 1.02);
            // No second need begin where another ended.
            line.Offer(SecondNs / 7);
        }
    }

    [Theory]
    [InlineData(10_000_000_000, 28)]
    [InlineData(10_000_000_000, 64)]
    [InlineData(10_000_000_000, 1500)]
    [InlineData(100_000_000_000, 28)]
    [InlineData(100_000_000_000, 64)]
    [InlineData(400_000_000_000, 46)]
    [InlineData(400_000_000_000, 9000)]
    public void Rounding_changes_no_rate_however_fast_the_line_and_small_the_packet(long bitsPerSecond, int bytes)
    {
        const long TimeNs = 2_000_000;
        var line = new Line(bitsPerSecond, bytes, TimeNs / 2);
        line.Offer(TimeNs);
        long passed = line.Offer(TimeNs);
        double exact = bitsPerSecond / 8.0 * TimeNs / SecondNs;
        Assert.InRange(passed, exact * 0.9995, exact * 1.0005);
    }

    [Theory]
    [InlineData(64_000, 1500)]
    [InlineData(64_000, 64)]
    [InlineData(9_600, 576)]
    [InlineData(1_000, 1500)]
    public void A_slow_line_is_exact_to_one_packet_and_its_bucket(long bitsPerSecond, int bytes)
    {
        var line = new Line(bitsPerSecond, bytes);
        line.Offer(100 * SecondNs);
        long passed = line.Offer(1000 * SecondNs);
        Assert.InRange(passed, (bitsPerSecond / 8.0 * 1000) - bytes, (bitsPerSecond / 8.0 * 1000) + bytes);
    }

    [Fact]
    public void Packets_of_all_sizes_together_are_the_rate()
    {
        const long BitsPerSecond = 10_000_000_000;
        long cost = RateBucket.CostPerUnit(BitsPerSecond / 8.0);
        long sum = 0;
        long bytes = 0;
        var chance = new Prng(7);
        for (uint number = 0; number < 1_000_000; number++)
        {
            int size = 28 + (int)chance.Below(1473);
            sum += RateBucket.Cost(cost, size, number);
            bytes += size;
        }

        Assert.InRange(sum / (bytes * 0.8), 0.9999, 1.0001);
    }

    [Fact]
    public void The_bucket_starts_full_and_its_depth_is_time_of_the_rate()
    {
        const long BitsPerSecond = 8_000_000;
        long cost = RateBucket.CostPerUnit(BitsPerSecond / 8.0);
        long state = 0;
        int passed = 0;
        for (; RateBucket.TryTake(ref state, SecondNs, RateBucket.Cost(cost, 1000, (uint)passed), DepthNs); passed++)
        {
        }

        // 50 ms of a megabyte a second.
        Assert.Equal(50, passed);
    }

    [Fact]
    public void Another_rate_holds_from_the_next_packet_on_and_owes_no_more_than_its_own_bucket()
    {
        var line = new Line(1_000_000, 1000, depthNs: 10 * SecondNs);
        line.Offer(SecondNs);
        // Ten seconds of debt are left of the old bucket; the new one holds 50 ms.
        line.Change(8_000_000, DepthNs);
        line.Offer(DepthNs * 2);
        Assert.InRange(line.Offer(SecondNs), 980_000, 1_020_000);
        line.Change(80_000_000, DepthNs);
        Assert.InRange(line.Offer(SecondNs), 9_800_000, 10_200_000 + 500_000);
        line.Change(0, RateBucket.Unlimited);
        line.Offer(SecondNs / 100);
        Assert.Equal(1000, line.One());
    }

    [Fact]
    public void A_clock_that_is_set_costs_one_bucket_at_most()
    {
        var line = new Line(8_000_000, 1000);
        line.Offer(SecondNs);
        line.Set(100 * SecondNs);
        Assert.InRange(line.Offer(SecondNs), 1_000_000, 1_051_000);
        line.Set(0);
        Assert.InRange(line.Offer(SecondNs), 949_000, 1_000_000);
    }

    [Fact]
    public void Rates_too_low_to_count_do_not_overflow()
    {
        long cost = RateBucket.CostPerUnit(0.125);
        Assert.True(RateBucket.Cost(cost, 65535, uint.MaxValue) > 0);
        long state = 0;
        Assert.True(RateBucket.TryTake(ref state, SecondNs, RateBucket.Cost(cost, 1, 0), long.MaxValue / 4));
    }

    /// <summary>A bucket and a sender that offers three times the rate without pause.</summary>
    private sealed class Line
    {
        private readonly int _bytes;
        private long _cost;
        private long _depthNs;
        private double _gapNs;
        private double _nowNs = SecondNs;
        private long _state;
        private uint _number;

        public Line(long bitsPerSecond, int bytes, long depthNs = DepthNs)
        {
            _bytes = bytes;
            Change(bitsPerSecond, depthNs);
        }

        public void Change(long bitsPerSecond, long depthNs)
        {
            _cost = RateBucket.CostPerUnit(bitsPerSecond / 8.0);
            // A bucket holds two packets at least, or it would let none through.
            _depthNs = Math.Max(depthNs, (2 * _cost * _bytes) >> RateBucket.CostShift);
            if (bitsPerSecond != 0)
                _gapNs = _bytes * 8.0 * SecondNs / bitsPerSecond / 3;
        }

        public void Set(long nowNs) => _nowNs = nowNs;

        public int One()
        {
            long cost = RateBucket.Cost(_cost, _bytes, _number);
            if (!RateBucket.TryTake(ref _state, (long)_nowNs, cost, _depthNs))
                return 0;
            _number++;
            return _bytes;
        }

        public long Offer(long timeNs)
        {
            long passed = 0;
            for (double end = _nowNs + timeNs; _nowNs < end; _nowNs += _gapNs)
                passed += One();
            return passed;
        }
    }
}
