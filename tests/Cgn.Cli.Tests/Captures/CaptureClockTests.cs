using Cgn.Cli.Captures;

using Xunit;

namespace Cgn.Cli.Tests.Captures;

public sealed class CaptureClockTests
{
    private const long Second = 1_000_000_000;

    [Fact]
    public void Time_begins_with_the_first_record_and_keeps_its_distances()
    {
        CaptureClock clock = new();
        Assert.Equal(0, clock.At(1_700_000_000 * Second).NowNs);
        Assert.Equal(5 * Second, clock.At(1_700_000_005 * Second).NowNs);
        Assert.Equal(1_700_000_007_000, clock.At(1_700_000_007 * Second).UnixMs);
    }

    [Fact]
    public void A_record_out_of_order_stands_still()
    {
        CaptureClock clock = new();
        clock.At(100 * Second);
        clock.At(101 * Second);
        Assert.Equal(Second, clock.At((101 * Second) - 5000).NowNs);
        Assert.Equal(2 * Second, clock.At(102 * Second).NowNs);
    }

    [Fact]
    public void Another_recording_appended_goes_on_from_there()
    {
        CaptureClock clock = new();
        clock.At(100_000 * Second);
        clock.At(100_001 * Second);
        Assert.Equal(Second, clock.At(50 * Second).NowNs);
        Assert.Equal(4 * Second, clock.At(53 * Second).NowNs);
    }

    [Fact]
    public void Years_count_as_a_day()
    {
        CaptureClock clock = new();
        clock.At(0);
        Assert.Equal(CaptureClock.LongestGapNs, clock.At(500_000_000 * Second).NowNs);
    }
}
