using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>How many ports and mappings a subscriber may have, beside its blocks (RFC 6888 REQ-4, REQ-5).</summary>
public sealed class PortLimitTests
{
    private static readonly PlanSettings s_home = new("home", 0, 0, 8, 0, 0);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6888-REQ-4")]
    [Requirement("RFC6333-S11-5")]
    public void One_port_more_than_the_limit_is_refused_until_one_is_freed(bool softwire)
    {
        using Bench bench = new(Config(plan: s_home with { PortLimit = 100 }));
        SubscriberKey key = softwire ? Home(1) : Customer(1);
        for (ushort i = 0; i < 100; i++)
            bench.External(key, i % 2 == 0 ? Udp : Icmp, Host, i);
        Assert.Equal(0u, bench.Out(key, Tcp, Host, 100));
        Assert.Equal(DropReason.PortLimit, bench.Refusal);
        Assert.NotEqual(0u, bench.Out(Home(2), Udp, Host, 100));

        // Queries end after 60 s, datagrams later: 50 ports are free again, held down or not.
        bench.Wait(61);
        bench.Sweep();
        for (ushort i = 0; i < 50; i++)
            Assert.NotEqual(0u, bench.Out(key, Tcp, Host, i));
        Assert.Equal(0u, bench.Out(key, Tcp, Host, 50));
    }

    [Fact]
    [Requirement("RFC6888-REQ-4b")]
    public void Each_protocol_has_a_limit_of_its_own()
    {
        using Bench bench = new(Config(plan: s_home with
        {
            PortQuotaTcp = 20,
            PortQuotaUdp = 10,
            PortQuotaIcmp = 5,
            PortQuotaOther = 2,
        }));
        foreach ((byte protocol, int limit) in new[] { (Tcp, 20), (Udp, 10), (Icmp, 5) })
        {
            for (ushort i = 0; i < limit; i++)
                Assert.NotEqual(0u, bench.Out(Home(1), protocol, Host, i));
            Assert.Equal(0u, bench.Out(Home(1), protocol, Host, 99));
            Assert.Equal(DropReason.PortLimit, bench.Refusal);
        }

        Assert.NotEqual(0u, bench.Out(Home(1), Gre, Host, 0, Web, 0));
        Assert.NotEqual(0u, bench.Out(Home(1), Gre, Host, 0, Dns, 0));
        Assert.Equal(0u, bench.Out(Home(1), Gre, Host, 0, Web + 9, 0));
        Assert.Equal(DropReason.PortLimit, bench.Refusal);
    }

    [Fact]
    [Requirement("RFC6908-S2.5.1-1")]
    [Requirement("RFC6333-S11-5")]
    public void Two_plans_give_two_limits()
    {
        ConfigSnapshot two = Config() with
        {
            Plans = [s_home with { Name = "silver", PortLimit = 50 }, s_home with { Name = "gold", PortLimit = 400 }],
            StaticSubscribers = [new(new(Home(2).High, 0, 56), 1)],
        };
        using Bench bench = new(two);
        Assert.Equal(50, Enumerable.Range(0, 600).Count(i => bench.Out(Home(1), Udp, Host, (ushort)i) != 0));
        Assert.Equal(400, Enumerable.Range(0, 600).Count(i => bench.Out(Home(2), Udp, Host, (ushort)i) != 0));
    }

    [Fact]
    [Requirement("RFC6888-REQ-4a")]
    [Requirement("RFC6888-REQ-11d")]
    public void A_lowered_limit_ends_nothing_and_holds_for_what_is_new()
    {
        using Bench bench = new(Config(plan: s_home with { PortLimit = 100 }));
        uint[] sessions = [.. Enumerable.Range(0, 100).Select(i => bench.Out(Home(1), Udp, Host, (ushort)i))];
        bench.Apply(bench.Snapshot with { Plans = [s_home with { PortLimit = 10, MaxPortSets = 1 }] });
        Assert.Equal(sessions, Enumerable.Range(0, 100).Select(i => bench.Out(Home(1), Udp, Host, (ushort)i)));
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 100));
        Assert.Equal(DropReason.PortLimit, bench.Refusal);
        bench.Apply(bench.Snapshot with { Plans = [s_home with { PortLimit = 101 }] });
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 100));
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 101));
        Invariants.Check(bench);
    }

    [Fact]
    [Requirement("RFC6888-REQ-5")]
    [Requirement("RFC6888-REQ-5a")]
    public void Mappings_are_limited_with_those_that_are_held_down()
    {
        using Bench bench = new(Config(plan: s_home with { MappingLimit = 30 }));
        for (ushort i = 0; i < 30; i++)
            Assert.NotEqual(0u, bench.Out(Home(1), Icmp, Host, i));
        Assert.Equal(0u, bench.Out(Home(1), Icmp, Host, 30));
        Assert.Equal(DropReason.MappingLimit, bench.Refusal);
        bench.Wait(61);
        bench.Sweep();
        Assert.Equal(0u, bench.Out(Home(1), Icmp, Host, 30));
        // One that is held is there already and may come back.
        Assert.NotEqual(0u, bench.Out(Home(1), Icmp, Host, 7));
        bench.Wait(121);
        bench.Sweep();
        Assert.NotEqual(0u, bench.Out(Home(1), Icmp, Host, 30));
    }

    [Fact]
    [Requirement("RFC6888-REQ-4c")]
    [Requirement("RFC6888-REQ-5b")]
    public void A_storm_of_new_flows_is_held_to_the_rate_and_hurts_nobody_else()
    {
        // 10,000 new flows a second for three seconds against 500 a second, 50 at once.
        using Bench bench = new(Config(plan: new("fast", 0, 0, 64, 0, 500) { ConnectionRateBurst = 50 }));
        int made = 0;
        int others = 0;
        for (int i = 0; i < 30_000; i++)
        {
            bench.Wait(0.0001);
            made += bench.Out(Home(1), Udp, Host, (ushort)i, Web + (uint)(i >> 16)) != 0 ? 1 : 0;
            if (i % 300 == 0)
                others += bench.Out(Home(2), Udp, Host, (ushort)i) != 0 ? 1 : 0;
        }

        Assert.InRange(made, 1500, 1551);
        Assert.Equal(100, others);
    }

    [Fact]
    [Requirement("RFC6888-REQ-4c")]
    public void The_burst_is_what_comes_at_once()
    {
        using Bench bench = new(Config(plan: new("slow", 0, 0, 64, 0, 20) { ConnectionRateBurst = 5 }));
        ushort port = 0;
        int Burst(int count) => Enumerable.Range(0, count).Count(_ => bench.Out(Home(1), Udp, Host, port++) != 0);
        Assert.Equal(5, Burst(50));
        bench.Wait(0.1);
        Assert.Equal(2, Burst(50));
        bench.Wait(60);
        Assert.Equal(5, Burst(50));
    }

    [Fact]
    [Requirement("RFC6888-REQ-11c")]
    public void A_limit_is_told_with_its_reason_once_a_second()
    {
        using Bench bench = new(Config(plan: s_home with { PortLimit = 1 }));
        bench.External(Home(1), Udp, Host, 1);
        for (int i = 0; i < 30; i++)
        {
            bench.Out(Home(1), Udp, Host, 2);
            bench.Wait(0.1);
        }

        ForwarderEvent[] told = [.. bench.TakeEvents().Where(static told => told.Kind == EventKind.LimitHit)];
        Assert.Equal(3, told.Length);
        Assert.All(told, static one => Assert.Equal(DropReason.PortLimit, one.Reason));
    }

    [Fact]
    [Requirement("RFC6888-REQ-4")]
    public void Ports_in_use_are_counted_again_after_a_restart()
    {
        using StateFolder folder = new();
        ConfigSnapshot config = Config(plan: s_home with { PortQuotaUdp = 10 });
        using (Memory.Arenas.Arena arena = folder.Open())
        using (Bench first = new(config, arena))
        {
            for (ushort i = 0; i < 10; i++)
                first.External(Home(1), Udp, Host, i);
        }

        using Memory.Arenas.Arena later = folder.Open();
        using Bench second = new(config, later);
        Assert.Equal(0u, second.Out(Home(1), Udp, Host, 10));
        Assert.Equal(DropReason.PortLimit, second.Refusal);
        Invariants.Check(second);
    }
}
