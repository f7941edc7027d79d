using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>The operator hears of subscribers that use much.</summary>
public sealed class SubscriberThresholdTests
{
    [Fact]
    [Requirement("RFC7659-ST-15")]
    public void Ports_that_reach_the_plans_threshold_are_told_once_an_interval_of_each_subscriber()
    {
        using Bench bench = new(Config(
            s => s with { Thresholds = new() { SubscriberInterval = 600 }, HoldDownTimeout = 0, UdpTimeout = 10 },
            plan: new PlanSettings("home", 0, 0, 4, 0, 0) { PortThreshold = 10 }));
        Open(bench, 1, 9);
        Assert.Empty(Told(bench));
        Open(bench, 1, 30);
        Open(bench, 2, 10);
        List<ForwarderEvent> told = Told(bench);
        Assert.Equal([Home(1).High, Home(2).High], told.Select(one => one.SubscriberHigh));
        Assert.All(told, one => Assert.Equal(
            (WatchedResource.SubscriberPorts, 10u, 10u), (one.Resource, one.Level, one.Capacity)));
        Assert.Equal(2, bench.Counters[CounterId.ThresholdsSubscriberPorts]);

        // It falls and rises: within the interval nothing, after it again.
        bench.Wait(30);
        bench.Sweep();
        Open(bench, 1, 10);
        Assert.Empty(Told(bench));
        bench.Wait(31);
        bench.Sweep();
        Open(bench, 1, 10);
        Assert.Equal(Home(1).High, Assert.Single(Told(bench)).SubscriberHigh);
    }

    [Fact]
    [Requirement("RFC7870-ST-29")]
    public void Sessions_that_reach_the_plans_threshold_are_told_whoever_began_them()
    {
        using Bench bench = new(Config(plan: new PlanSettings("home", 0, 0, 4, 0, 0) { SessionThreshold = 5 }));
        (uint address, ushort port) = bench.External(Customer(7), Udp, (uint)Customer(7).Low, 1);
        for (ushort remote = 1; remote < 4; remote++)
            Assert.NotEqual(0u, bench.In(Udp, address, port, Dns, remote));
        Assert.Empty(Told(bench));
        Assert.NotEqual(0u, bench.In(Udp, address, port, Dns, 4));
        ForwarderEvent told = Assert.Single(Told(bench));
        Assert.Equal(
            (WatchedResource.SubscriberSessions, 5u, Customer(7).Low), (told.Resource, told.Level, told.SubscriberLow));
        Assert.Equal(1, bench.Counters[CounterId.ThresholdsSubscriberSessions]);
    }

    [Fact]
    [Requirement("RFC7659-ST-15")]
    public void A_threshold_can_come_with_another_configuration_and_is_off_by_default()
    {
        using Bench bench = new();
        Open(bench, 1, 50);
        Assert.Empty(Told(bench));
        bench.Apply(bench.Snapshot with { Plans = [bench.Snapshot.Plans[0] with { PortThreshold = 60 }] });
        Open(bench, 1, 60);
        Assert.Single(Told(bench));
    }

    private static void Open(Bench bench, int home, int ports)
    {
        for (ushort port = 0; port < ports; port++)
            bench.External(Home(home), Udp, Host, port);
    }

    private static List<ForwarderEvent> Told(Bench bench) =>
        [.. bench.TakeEvents().Where(told => told.Kind == EventKind.ThresholdCrossed)];
}
