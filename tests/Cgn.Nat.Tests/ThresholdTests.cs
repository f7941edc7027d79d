using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>The operator hears of a resource before it runs out (RFC 6333 section 6.3).</summary>
public sealed class ThresholdTests
{
    [Fact]
    [Requirement("RFC6333-S6.3-3")]
    [Requirement("RFC7422-S2.2")]
    public void Sessions_beyond_four_fifths_are_told_once_and_nothing_is_lost()
    {
        using Bench bench = new(Config(s => s with { SessionCapacity = 100 }));
        for (ushort i = 0; i < 79; i++)
            bench.External(Home(1), Udp, Host, i);
        bench.Sweep();
        Assert.Empty(Told(bench));
        for (ushort i = 79; i < 100; i++)
        {
            bench.External(Home(1), Udp, Host, i);
            bench.Wait(0.1);
            bench.Sweep();
        }

        ForwarderEvent told = Assert.Single(Told(bench));
        Assert.Equal((WatchedResource.Sessions, 80u, 100u), (told.Resource, told.Level, told.Capacity));
        Assert.Equal(1, bench.Counters[CounterId.ThresholdsSessions]);
    }

    [Fact]
    [Requirement("RFC6333-S6.3-3")]
    public void Every_table_and_each_pools_blocks_are_watched()
    {
        // 30 subscribers have 30 of 32 blocks; tables have room for 32.
        using Bench bench = new(Config(
            s => s with { SubscriberCapacity = 32, MappingCapacity = 32, SessionCapacity = 32 },
            prefix: 31, lastPort: 1024 + (64 * 16) - 1));
        for (int home = 0; home < 30; home++)
            bench.External(Home(home), Udp, Host, 5000);
        bench.Sweep();
        Assert.Equal(
            [
                WatchedResource.Subscribers, WatchedResource.Mappings, WatchedResource.Sessions,
                WatchedResource.PortBlocks,
            ],
            Told(bench).Select(told => told.Resource));
    }

    [Fact]
    [Requirement("RFC6333-S6.3-3")]
    public void A_level_that_comes_and_goes_is_told_again_only_after_the_interval()
    {
        Threshold threshold = default;
        Assert.True(threshold.IsCrossed(80, 100, 80, 10, 600));
        Assert.False(threshold.IsCrossed(79, 100, 80, 20, 600));
        Assert.False(threshold.IsCrossed(85, 100, 80, 30, 600));
        Assert.False(threshold.IsCrossed(10, 100, 80, 40, 600));
        Assert.False(threshold.IsCrossed(90, 100, 80, 50, 600));
        Assert.True(threshold.IsCrossed(90, 100, 80, 610, 600));
        Assert.False(threshold.IsCrossed(100, 100, 80, 5000, 600));
    }

    [Fact]
    [Requirement("RFC6333-S6.3-3")]
    public void A_threshold_can_be_set_and_switched_off()
    {
        using Bench bench = new(Config(
            s => s with { SessionCapacity = 100, Thresholds = new() { Sessions = 0, PortBlocks = 0 } }));
        for (ushort i = 0; i < 100; i++)
            bench.External(Home(1), Udp, Host, i);
        bench.Sweep();
        Assert.Empty(Told(bench));
        GatewaySettings settings = bench.Snapshot.Settings with { Thresholds = new() { Sessions = 99 } };
        bench.Apply(bench.Snapshot with { Settings = settings });
        bench.Wait(0.1);
        bench.Sweep();
        Assert.Equal(WatchedResource.Sessions, Assert.Single(Told(bench)).Resource);
    }

    private static List<ForwarderEvent> Told(Bench bench) =>
        [.. bench.TakeEvents().Where(told => told.Kind == EventKind.ThresholdCrossed)];
}
