using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>What a subscriber may have, and how fast (RFC 6888 REQ-4, REQ-5, REQ-11).</summary>
public sealed class LimitTests
{
    [Fact]
    [Requirement("RFC6888-REQ-5")]
    [Requirement("RFC6888-REQ-5a")]
    [Requirement("RFC6888-REQ-11d")]
    public void Session_limit_refuses_one_more_and_leaves_the_others_alone()
    {
        using Bench bench = new(Config(plan: new("ten", 0, 0, 4, 10, 0)));
        uint[] sessions = [.. Enumerable.Range(0, 10).Select(i => bench.Out(Home(1), Udp, Host, (ushort)i))];
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 10));
        Assert.Equal(DropReason.SessionLimit, bench.Refusal);
        Assert.Equal(sessions, Enumerable.Range(0, 10).Select(i => bench.Out(Home(1), Udp, Host, (ushort)i)));
        Assert.NotEqual(0u, bench.Out(Home(2), Udp, Host, 10));
        bench.Wait(301);
        bench.Sweep();
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 10));
    }

    [Fact]
    [Requirement("RFC6888-REQ-5")]
    public void Strangers_cannot_pass_the_session_limit_either()
    {
        using Bench bench = new(Config(plan: new("ten", 0, 0, 4, 10, 0)));
        (uint address, ushort port) = bench.External(Home(1), Udp, Host, 5000);
        for (ushort i = 0; i < 9; i++)
            Assert.NotEqual(0u, bench.In(Udp, address, port, Dns, i));
        Assert.Equal(0u, bench.In(Udp, address, port, Dns, 9));
        Assert.Equal(DropReason.SessionLimit, bench.Refusal);
    }

    [Fact]
    [Requirement("RFC6888-REQ-5")]
    public void One_mapping_has_no_more_sessions_than_it_may()
    {
        using Bench bench = new(Config(s => s with { SessionsPerMapping = 5 }));
        (uint address, ushort port) = bench.External(Home(1), Udp, Host, 5000);
        for (ushort i = 1; i < 5; i++)
            Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 5000, Dns, i));
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 5000, Dns, 5));
        Assert.Equal(DropReason.MappingSessionLimit, bench.Refusal);
        Assert.Equal(0u, bench.In(Udp, address, port, Dns, 99));
        Assert.Equal(DropReason.MappingSessionLimit, bench.Refusal);
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 5001));
    }

    [Fact]
    [Requirement("RFC6888-REQ-4c")]
    [Requirement("RFC6888-REQ-5b")]
    public void Setup_rate_lets_one_second_at_once_and_then_the_rate()
    {
        using Bench bench = new(Config(plan: new("slow", 0, 0, 64, 0, 20)));
        ushort port = 0;
        int Burst(int count) => Enumerable.Range(0, count).Count(_ => bench.Out(Home(1), Udp, Host, port++) != 0);
        Assert.Equal(20, Burst(50));
        Assert.Equal(DropReason.SetupRateLimit, bench.Refusal);
        bench.Wait(0.5);
        Assert.Equal(10, Burst(50));
        bench.Wait(60);
        Assert.Equal(20, Burst(50));
        Assert.NotEqual(0u, bench.Out(Home(2), Udp, Host, 1));
    }

    [Fact]
    [Requirement("RFC6888-REQ-11c")]
    public void Limit_is_told_once_a_subscriber_and_second()
    {
        using Bench bench = new(Config(plan: new("one", 0, 0, 1, 1, 0)));
        bench.Out(Home(1), Udp, Host, 1);
        bench.Out(Home(2), Udp, Host, 1);
        bench.TakeEvents();
        for (int i = 0; i < 35; i++)
        {
            bench.Out(Home(1), Udp, Host, 2);
            bench.Wait(0.1);
        }

        ForwarderEvent[] told = [.. bench.TakeEvents()];
        Assert.Equal(4, told.Length);
        Assert.All(told, hit => Assert.Equal((EventKind.LimitHit, DropReason.SessionLimit), (hit.Kind, hit.Reason)));
        bench.Out(Home(2), Udp, Host, 2);
        Assert.Single(bench.TakeEvents());
    }

    [Fact]
    public void Unknown_subscriber_without_a_default_plan_is_refused()
    {
        using Bench bench = new(Config(s => s with { DefaultPlan = -1 }));
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 1));
        Assert.Equal(DropReason.SubscriberRefused, bench.Refusal);
        Assert.Equal(0u, bench.Shard.SubscriberCount);
    }

    [Fact]
    public void Longest_prefix_that_names_a_subscriber_gives_its_plan()
    {
        ConfigSnapshot config = Config();
        config = new ConfigSnapshot
        {
            Settings = config.Settings,
            Pools = config.Pools,
            Plans = [config.Plans[0], config.Plans[0], config.Plans[0], config.Plans[0]],
            StaticSubscribers =
            [
                new(new Ipv6PrefixSetting(0x20010DB8_00000000, 0, 32), 1),
                new(new Ipv6PrefixSetting(Home(5).High, 0, 56), 2),
                new(new Ipv6PrefixSetting(0, 0x0000FFFF_00000000 | Customer(5).Low, 128), 3),
            ],
        };
        using Bench bench = new(config);
        Assert.Equal(1, PlanOf(bench, Home(4)));
        Assert.Equal(2, PlanOf(bench, Home(5)));
        Assert.Equal(0, PlanOf(bench, Customer(4)));
        Assert.Equal(3, PlanOf(bench, Customer(5)));
    }

    [Fact]
    public void Full_tables_refuse_by_name_and_recover()
    {
        using Bench bench = new(Config(
            s => s with { SessionCapacity = 20, MappingCapacity = 15, SubscriberCapacity = 2 }));
        for (ushort i = 0; i < 15; i++)
            Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, i));
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 15));
        Assert.Equal(DropReason.MappingsFull, bench.Refusal);
        for (ushort i = 0; i < 5; i++)
            Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 0, Dns, i));
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 0, Dns, 5));
        Assert.Equal(DropReason.SessionsFull, bench.Refusal);
        bench.Out(Home(2), Udp, Host, 0);
        Assert.Equal(0u, bench.Out(Home(3), Udp, Host, 0));
        Assert.Equal(DropReason.SubscribersFull, bench.Refusal);
        for (int i = 0; i < 12; i++)
        {
            bench.Wait(61);
            bench.Sweep();
        }

        Assert.NotEqual(0u, bench.Out(Home(3), Udp, Host, 15));
    }

    [Fact]
    public void Byte_rate_holds_over_seconds_and_never_starves_a_slow_plan()
    {
        using Bench bench = new(Config(plan: new("slow", 800_000, 80_000, 4, 0, 0)));
        ref SubscriberRecord s = ref bench.Shard.Subscriber(
            bench.Shard.Session(bench.Out(Home(1), Udp, Host, 1)).Subscriber);
        (int up, int down) = (0, 0);
        for (int i = 0; i < 10_000; i++)
        {
            up += bench.Shard.ConformsUp(ref s, 1000, bench.NowNs) ? 1000 : 0;
            down += bench.Shard.ConformsDown(ref s, 1000, bench.NowNs) ? 1000 : 0;
            bench.Wait(0.001);
        }

        // Ten seconds of the rate and one bucket, which is two packets of the larger MTU or 50 ms.
        Assert.InRange(up, 100_000, 100_000 + 4000);
        Assert.InRange(down, 1_000_000, 1_000_000 + 6000);
    }

    [Fact]
    public void Plan_without_rates_lets_everything_pass()
    {
        using Bench bench = new();
        ref SubscriberRecord s = ref bench.Shard.Subscriber(
            bench.Shard.Session(bench.Out(Home(1), Udp, Host, 1)).Subscriber);
        for (int i = 0; i < 1000; i++)
            Assert.True(bench.Shard.ConformsUp(ref s, 65535, 0) && bench.Shard.ConformsDown(ref s, 65535, 0));
    }

    private static int PlanOf(Bench bench, SubscriberKey key) =>
        bench.Shard.Subscriber(bench.Shard.Session(bench.Out(key, Udp, Host, 1)).Subscriber).Plan;
}
