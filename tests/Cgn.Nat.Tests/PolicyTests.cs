using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;

using Xunit;

using static Cgn.Nat.Tests.Bench;
using static Cgn.Nat.Tests.Granted;

namespace Cgn.Nat.Tests;

/// <summary>Subscribers whose plan the control plane says.</summary>
public sealed class PolicyTests
{
    [Fact]
    public void Unknown_subscriber_waits_without_a_mapping_and_its_whole_address_is_asked_about()
    {
        using Bench bench = new(Asking());
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 5000, b4: 7));
        Assert.Equal(DropReason.SubscriberPending, bench.Refusal);
        ForwarderEvent told = Assert.Single(bench.TakeEvents());
        Assert.Equal(
            (EventKind.PolicyWanted, Home(1).High, 7ul, PlanNumber.Pending),
            (told.Kind, told.SubscriberHigh, told.SubscriberLow, told.Plan));
        Assert.Equal(Home(1), bench.Shard.KeyOf(bench.Shard.Subscriber(told.Subscriber)));
        Assert.Equal((0u, 1u), (bench.Shard.MappingCount, bench.Shard.SubscriberCount));
        Invariants.Check(bench);
    }

    [Fact]
    public void Question_is_put_again_every_five_seconds_while_packets_come_and_the_record_goes_with_them()
    {
        using Bench bench = new(Asking());
        for (int i = 0; i < 100; i++)
        {
            bench.Out(Customer(1), Udp, Host, (ushort)i);
            bench.Wait(0.2);
            bench.Sweep();
        }

        Assert.Equal(4, bench.TakeEvents().Count(static told => told.Kind == EventKind.PolicyWanted));
        bench.Wait(61);
        bench.Sweep();
        Assert.Equal(0u, bench.Shard.SubscriberCount);
        // Nobody had anything that could have an end.
        Assert.Empty(bench.TakeEvents());
    }

    [Fact]
    public void Question_does_not_take_the_last_places_of_the_ring()
    {
        using Bench bench = new(Asking(), ringEntries: 8);
        for (int home = 1; home <= 20; home++)
            bench.Out(Home(home), Udp, Host, 1);
        Assert.Equal(5, bench.Events.Depth);
        bench.TakeEvents();
        bench.Out(Home(20), Udp, Host, 1);
        Assert.Equal(Home(20).High, Assert.Single(bench.TakeEvents()).SubscriberHigh);
    }

    [Fact]
    public void Granted_policy_lets_it_in_with_the_plan_and_what_differs_from_it()
    {
        using Bench bench = new(Asking());
        bench.Out(Home(1), Udp, Host, 1);
        bench.TakeEvents();
        Grant(bench, Home(1), 0, Policy("home") with { PortQuotaUdp = 2, Overrides = PolicyOverrides.PortQuotaUdp });
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 1));
        Assert.Equal(EventKind.SubscriberSeen, bench.TakeEvents()[0].Kind);
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 2));
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 3));
        Assert.Equal(DropReason.PortLimit, bench.Refusal);
        Assert.NotEqual(0u, bench.Out(Home(1), Tcp, Host, 3));
    }

    [Fact]
    public void Change_of_the_rate_holds_for_sessions_that_exist()
    {
        using Bench bench = new(Asking());
        bench.Out(Home(1), Udp, Host, 1);
        Grant(bench, Home(1), 0, Policy("home"));
        uint session = bench.Out(Home(1), Udp, Host, 1);
        ref SubscriberRecord s = ref bench.Shard.Subscriber(bench.Shard.Session(session).Subscriber);
        Assert.True(bench.Shard.ConformsUp(ref s, 1_000_000, bench.NowNs));
        Grant(bench, Home(1), 1, Policy("home") with { RateUp = 8000, Overrides = PolicyOverrides.RateUp });
        Assert.Equal(session, bench.Out(Home(1), Udp, Host, 1));
        Assert.True(bench.Shard.ConformsUp(ref s, 3000, bench.NowNs));
        Assert.False(bench.Shard.ConformsUp(ref s, 1000, bench.NowNs));
        bench.Wait(1.001);
        Assert.True(bench.Shard.ConformsUp(ref s, 1000, bench.NowNs));
    }

    [Fact]
    public void Slot_that_is_written_anew_is_read_anew()
    {
        using Bench bench = new(Asking());
        bench.Out(Home(1), Udp, Host, 1);
        bench.Out(Home(2), Udp, Host, 1);
        Grant(bench, Home(1), 0, Policy("gone"));
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 1));
        Grant(bench, Home(1), 0, Policy("home"));
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 1));
    }

    [Fact]
    public void Granted_pool_is_where_new_blocks_come_from()
    {
        PoolSettings other = new("other", [new(Pool + 64, 32)], 1024, 65535, 64, 1200);
        using Bench bench = new(Asking() with { Pools = [PoolOf(30), other], Plans = [s_home with { Pool = 0 }] });
        bench.Out(Home(1), Udp, Host, 1);
        bench.Out(Home(2), Udp, Host, 1);
        Assert.True(PolicyName.TryPack("other", out PolicyName name));
        Grant(bench, Home(1), 0, Policy("home") with { Pool = name, Overrides = PolicyOverrides.Pool });
        Grant(bench, Home(2), 1, Policy("home"));
        Assert.Equal(Pool + 64, bench.External(Home(1), Udp, Host, 1).Address);
        Assert.InRange(bench.External(Home(2), Udp, Host, 1).Address, Pool, Pool + 3);
    }

    [Fact]
    public void Refusal_ends_everything_that_the_subscriber_had_and_nothing_of_others()
    {
        using Bench bench = new(Asking());
        foreach (int home in (int[])[1, 2])
        {
            bench.Out(Home(home), Udp, Host, 1);
            Grant(bench, Home(home), 0, Policy("home"));
            foreach (byte protocol in (byte[])[Tcp, Udp, Icmp, Gre])
            {
                for (ushort port = 0; port < 40; port++)
                    bench.Out(Home(home), protocol, Host, protocol == Gre ? (ushort)0 : port, Web + port);
            }
        }

        uint sessions = bench.Shard.SessionCount;
        bench.TakeEvents();
        Refuse(bench, Home(1));
        List<ForwarderEvent> events = bench.TakeEvents();
        Assert.Equal(sessions / 2, bench.Shard.SessionCount);
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 1));
        Assert.Equal(DropReason.SubscriberRefused, bench.Refusal);
        Assert.NotEqual(0u, bench.Out(Home(2), Udp, Host, 1));
        Assert.NotEmpty(events);
        Assert.All(events, static told => Assert.Equal(
            (EventKind.BlockReleased, Home(1).High), (told.Kind, told.SubscriberHigh)));
        Invariants.Check(bench);
    }

    [Fact]
    public void Refused_subscriber_is_asked_about_again_while_it_sends()
    {
        using Bench bench = new(Asking());
        bench.Out(Home(1), Udp, Host, 1);
        bench.TakeEvents();
        Refuse(bench, Home(1));
        for (int i = 0; i < 650; i++)
        {
            bench.Wait(0.1);
            bench.Sweep();
            bench.Out(Home(1), Udp, Host, 1);
            Assert.Equal(DropReason.SubscriberRefused, bench.Refusal);
        }

        Assert.Equal(2, bench.TakeEvents().Count(static told => told.Kind == EventKind.PolicyWanted));
        Grant(bench, Home(1), 0, Policy("home"));
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 1));
    }

    [Fact]
    public void Released_subscriber_is_unknown_again()
    {
        using Bench bench = new(Asking());
        bench.Out(Home(1), Udp, Host, 1);
        Grant(bench, Home(1), 0, Policy("home"));
        bench.Out(Home(1), Udp, Host, 1);
        bench.TakeEvents();
        Release(bench, Home(1));
        Assert.Equal((0u, 0u), (bench.Shard.SessionCount, bench.Shard.SubscriberCount));
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 1));
        Assert.Equal(DropReason.SubscriberPending, bench.Refusal);
        Assert.Equal(
            [EventKind.BlockReleased, EventKind.SubscriberGone, EventKind.PolicyWanted],
            bench.TakeEvents().Select(static told => told.Kind));
    }

    [Fact]
    public void Nobody_and_whoever_the_configuration_names_gets_no_plan_by_command()
    {
        ConfigSnapshot named = Asking() with
        {
            Plans = [s_home, new("named", 0, 0, 4, 1, 0)],
            StaticSubscribers = [new(new Ipv6PrefixSetting(Home(1).High, 0, 56), 1)],
        };
        using Bench bench = new(named);
        bench.Policies.Write(0, Policy("home"));
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 1));
        Assert.False(bench.Shard.SetPlan(Home(1), PlanNumber.FirstGranted, bench.Now));
        Assert.False(bench.Shard.SetPlan(Home(1), PlanNumber.Refused, bench.Now));
        Assert.False(bench.Shard.SetPlan(Home(2), PlanNumber.FirstGranted, bench.Now));
        Assert.Equal(1, bench.Shard.Subscriber(bench.Shard.FindSubscriber(Home(1))).Plan);
    }

    [Fact]
    public void Grant_that_was_never_used_is_told_as_gone_too()
    {
        using Bench bench = new(Asking());
        bench.Out(Home(1), Udp, Host, 1);
        Grant(bench, Home(1), 0, Policy("home"));
        bench.TakeEvents();
        bench.Wait(61);
        bench.Sweep();
        Assert.Equal(EventKind.SubscriberGone, Assert.Single(bench.TakeEvents()).Kind);
    }

    private static readonly PlanSettings s_home = new("home", 0, 0, 4, 0, 0);
}
