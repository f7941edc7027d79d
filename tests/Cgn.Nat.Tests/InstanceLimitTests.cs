using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>What all subscribers together may have and how fast (RFC 8512 mapping-limits, connection-limits).</summary>
public sealed class InstanceLimitTests
{
    [Fact]
    [Requirement("RFC8512-CFG-15")]
    public void Mappings_of_all_and_of_each_protocol_are_limited_and_make_room_when_they_end()
    {
        using Bench bench = With(new InstanceLimits { Mappings = 10, MappingsUdp = 6, MappingsIcmp = 1 });
        Assert.Equal(6, Opened(bench, Udp, 20));
        Assert.Equal(DropReason.InstanceLimit, bench.Refusal);
        Assert.Equal(1, Opened(bench, Icmp, 20));
        Assert.Equal(3, Opened(bench, Tcp, 20));
        Assert.Equal(DropReason.InstanceLimit, bench.Refusal);
        // What has a mapping goes on, to anywhere.
        Assert.NotEqual(0u, bench.Out(Home(0), Udp, Host, 1, Dns, 99));
        bench.Wait(301);
        bench.Sweep();
        Assert.Equal(6, Opened(bench, Udp, 20));
    }

    [Fact]
    [Requirement("RFC8512-CFG-15")]
    public void Subscribers_are_limited_and_the_limit_changes_while_it_runs()
    {
        using Bench bench = With(new InstanceLimits { Subscribers = 3 });
        Assert.Equal(3, Enumerable.Range(0, 10).Count(home => bench.Out(Home(home), Udp, Host, 1) != 0));
        Assert.Equal(DropReason.InstanceLimit, bench.Refusal);
        bench.Apply(bench.Snapshot with
        {
            Settings = bench.Snapshot.Settings with { Limits = new InstanceLimits { Subscribers = 5 } },
        });
        Assert.Equal(5, Enumerable.Range(0, 10).Count(home => bench.Out(Home(home), Udp, Host, 1) != 0));
    }

    [Fact]
    [Requirement("RFC8512-CFG-16")]
    public void New_sessions_a_second_are_limited_for_all_and_for_each_protocol()
    {
        using Bench bench = With(new InstanceLimits { SetupRate = 30, SetupRateUdp = 20 });
        Assert.Equal(20, Opened(bench, Udp, 50));
        Assert.Equal(DropReason.InstanceLimit, bench.Refusal);
        Assert.Equal(10, Opened(bench, Tcp, 50));
        bench.Wait(1);
        Assert.Equal(30, Opened(bench, Tcp, 50, from: 100));
        Assert.Equal(0, Opened(bench, Udp, 50, from: 100));
    }

    [Fact]
    [Requirement("RFC8512-CFG-16")]
    public void What_a_subscribers_plan_refuses_takes_nothing_from_the_others()
    {
        using Bench bench = new(Config(
            s => s with { Limits = new InstanceLimits { SetupRate = 20 } }, new PlanSettings("slow", 0, 0, 4, 0, 5)));
        Assert.Equal(5, Enumerable.Range(1, 50).Count(i => bench.Out(Home(1), Udp, Host, (ushort)i) != 0));
        Assert.Equal(DropReason.SetupRateLimit, bench.Refusal);
        Assert.Equal(
            15,
            Enumerable.Range(2, 9).Sum(
                home => Enumerable.Range(1, 5).Count(i => bench.Out(Home(home), Udp, Host, (ushort)i) != 0)));
        Assert.Equal(DropReason.InstanceLimit, bench.Refusal);
    }

    private static Bench With(InstanceLimits limits) =>
        new(Config(s => s with { Limits = limits, HoldDownTimeout = 0 }));

    private static int Opened(Bench bench, byte protocol, int count, int from = 1) =>
        Enumerable.Range(from, count).Count(i => bench.Out(Home(0), protocol, Host, (ushort)i) != 0);
}
