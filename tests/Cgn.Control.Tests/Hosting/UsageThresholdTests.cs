using System;

using Cgn.Control.Hosting.Events;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>When a use that rises and falls is told (RFC 7659 natv2PoolThresholdUsageHigh and Low).</summary>
public class UsageThresholdTests
{
    private static readonly TimeSpan s_interval = TimeSpan.FromSeconds(20);

    private readonly UsageThreshold _threshold = new();

    [Fact]
    [Requirement("RFC7659-ST-13")]
    public void Each_threshold_is_told_when_it_is_crossed_and_not_while_it_stays_so()
    {
        Assert.Equal(UsageCrossing.None, Look(10, 0));
        Assert.Equal(UsageCrossing.None, Look(89, 1));
        Assert.Equal(UsageCrossing.High, Look(90, 2));
        Assert.Equal(UsageCrossing.None, Look(95, 30));
        Assert.Equal(UsageCrossing.None, Look(50, 60));
        Assert.Equal(UsageCrossing.None, Look(20, 90));
        Assert.Equal(UsageCrossing.Low, Look(19, 91));
        Assert.Equal(UsageCrossing.None, Look(0, 120));
        Assert.Equal(UsageCrossing.High, Look(100, 121));
    }

    [Fact]
    [Requirement("RFC7659-ST-13")]
    [Requirement("RFC8512-CFG-14")]
    public void In_an_interval_one_is_told_and_of_both_the_high_one()
    {
        Assert.Equal(UsageCrossing.High, Look(90, 0));
        Assert.Equal(UsageCrossing.None, Look(10, 5));
        Assert.Equal(UsageCrossing.None, Look(90, 10));
        Assert.Equal(UsageCrossing.None, Look(10, 19.999));
        Assert.Equal(UsageCrossing.High, Look(10, 20));
        Assert.Equal(UsageCrossing.None, Look(10, 40));
        // And of one alone that one, late.
        Assert.Equal(UsageCrossing.High, Look(90, 50));
        Assert.Equal(UsageCrossing.None, Look(10, 51));
        Assert.Equal(UsageCrossing.Low, Look(10, 70));
    }

    [Fact]
    public void What_is_off_is_never_told()
    {
        Assert.Equal(UsageCrossing.None, _threshold.Look(100, 100, 0, 0, 0, s_interval));
        Assert.Equal(UsageCrossing.None, _threshold.Look(0, 100, 0, 0, 100_000, s_interval));
        Assert.Equal(UsageCrossing.None, _threshold.Look(5, 0, 20, 90, 200_000, s_interval));
    }

    private UsageCrossing Look(long level, double seconds) =>
        _threshold.Look(level, 100, 20, 90, (long)(seconds * 1000), s_interval);
}
