using System;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;

using Xunit;

using static Cgn.Nat.Tests.Bench;
using static Cgn.Nat.Tests.Granted;

namespace Cgn.Nat.Tests;

/// <summary>What was granted or refused, over the end of the process and over other configurations.</summary>
public sealed class PolicyLifeTests : IDisposable
{
    private readonly StateFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Grant_refusal_and_waiting_survive_the_process()
    {
        long stopped;
        using (Arena arena = _folder.Open())
        using (Bench bench = new(Asking(), arena))
        {
            for (int home = 1; home <= 3; home++)
                bench.Out(Home(home), Udp, Host, 1);
            Grant(bench, Home(1), 5, Policy("home") with { PortLimit = 1, Overrides = PolicyOverrides.PortLimit });
            bench.Out(Home(1), Udp, Host, 1);
            Refuse(bench, Home(2));
            stopped = bench.NowNs;
        }

        using Arena again = _folder.Open();
        using Bench later = new(Asking(), again, nowNs: stopped);
        Assert.NotEqual(0u, later.Out(Home(1), Udp, Host, 1));
        Assert.Equal(DropReason.PortLimit, Refused(later, 1, 2));
        Assert.Equal(DropReason.SubscriberRefused, Refused(later, 2, 1));
        Assert.Equal(DropReason.SubscriberPending, Refused(later, 3, 1));
    }

    [Fact]
    public void Process_that_can_no_longer_follow_a_grant_asks_anew()
    {
        using (Arena arena = _folder.Open())
        using (Bench bench = new(Asking(), arena))
        {
            bench.Out(Home(1), Udp, Host, 1);
            Grant(bench, Home(1), 0, Policy("home"));
            bench.Out(Home(1), Udp, Host, 1);
        }

        using Arena again = _folder.Open();
        using Bench later = new(Asking() with { Plans = [new("other", 0, 0, 4, 0, 0)] }, again);
        // What it has goes on while the question is open.
        Assert.NotEqual(0u, later.Out(Home(1), Udp, Host, 1));
        Assert.Equal(DropReason.SubscriberPending, Refused(later, 1, 2));
        Invariants.Check(later);
    }

    [Fact]
    public void Reload_gives_a_grant_the_plan_of_the_same_name_wherever_it_stands_now()
    {
        using Bench bench = new(Asking());
        bench.Out(Home(1), Udp, Host, 1);
        Grant(bench, Home(1), 0, Policy("home"));
        bench.Out(Home(1), Udp, Host, 1);
        bench.Apply(Asking() with { Plans = [new("first", 0, 0, 4, 0, 0), new("home", 0, 0, 4, 1, 0)] });
        Assert.Equal(DropReason.SessionLimit, Refused(bench, 1, 2));
        bench.Apply(Asking() with { Plans = [new("first", 0, 0, 4, 0, 0)] });
        Assert.Equal(DropReason.SubscriberPending, Refused(bench, 1, 2));
        bench.Apply(Asking());
        Assert.Equal(DropReason.SubscriberPending, Refused(bench, 1, 2));
        Grant(bench, Home(1), 0, Policy("home"));
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 2));
    }

    [Fact]
    public void Grant_without_a_plan_follows_the_default_plan()
    {
        using Bench bench = new(Asking());
        bench.Out(Home(1), Udp, Host, 1);
        Grant(bench, Home(1), 0, Policy(""));
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 1));
        PlanSettings one = new("one", 0, 0, 4, 1, 0);
        ConfigSnapshot next = Config(static s => s with { AsksUnknown = true, DefaultPlan = 1 });
        bench.Apply(next with { Plans = [next.Plans[0], one] });
        Assert.Equal(DropReason.SessionLimit, Refused(bench, 1, 2));
        bench.Apply(Config(static s => s with { AsksUnknown = true, DefaultPlan = -1 }));
        Assert.Equal(DropReason.SubscriberPending, Refused(bench, 1, 2));
    }

    [Fact]
    public void Configuration_that_names_the_subscriber_goes_before_the_grant()
    {
        using Bench bench = new(Asking());
        bench.Out(Home(1), Udp, Host, 1);
        Grant(bench, Home(1), 0, Policy("home"));
        bench.Apply(Asking() with
        {
            StaticSubscribers = [new(new Ipv6PrefixSetting(Home(1).High, 0, 56), 0)],
        });
        Assert.Equal(0, bench.Shard.Subscriber(bench.Shard.FindSubscriber(Home(1))).Plan);
    }

    [Fact]
    public void Configuration_that_asks_no_longer_gives_those_who_wait_or_were_refused_the_default_plan()
    {
        using Bench bench = new(Asking());
        bench.Out(Home(1), Udp, Host, 1);
        bench.Out(Home(2), Udp, Host, 1);
        Refuse(bench, Home(2));
        bench.Apply(Config());
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 1));
        Assert.NotEqual(0u, bench.Out(Home(2), Udp, Host, 1));
    }

    [Fact]
    public void Static_mapping_of_a_subscriber_that_waits_admits_nobody()
    {
        StaticMapping web = new(0, Customer(1).Low, false, Tcp, Host, 443, Pool + 2, 443);
        using Bench bench = new(Asking() with { StaticMappings = [web] });
        Assert.Equal(0u, bench.In(Tcp, Pool + 2, 443, Dns, 4000));
        Assert.Equal(DropReason.SubscriberPending, bench.Refusal);
        bench.Out(Customer(1), Udp, Host, 1);
        Grant(bench, Customer(1), 0, Policy("home"));
        Assert.NotEqual(0u, bench.In(Tcp, Pool + 2, 443, Dns, 4000));
        Refuse(bench, Customer(1));
        Assert.Equal((0u, 1u), (bench.Shard.SessionCount, bench.Shard.MappingCount));
        Assert.Equal(0u, bench.In(Tcp, Pool + 2, 443, Dns, 4000));
        Release(bench, Customer(1));
        Assert.Equal(DropReason.SubscriberPending, RefusedKey(bench, Customer(1), 1));
        Invariants.Check(bench);
    }

    [Fact]
    public void Home_that_only_a_static_mapping_knows_is_asked_about_by_the_address_that_it_sends_from()
    {
        StaticMapping web = new(Home(1).High, 0, true, Tcp, Host, 443, Pool + 2, 443);
        using Bench bench = new(Asking() with { StaticMappings = [web] });
        bench.Out(Home(1), Udp, Host, 1, b4: 9);
        ForwarderEvent told = Assert.Single(bench.TakeEvents());
        Assert.Equal((EventKind.PolicyWanted, 9ul), (told.Kind, told.SubscriberLow));
    }

    private static DropReason Refused(Bench bench, int home, ushort port) => RefusedKey(bench, Home(home), port);

    private static DropReason RefusedKey(Bench bench, in SubscriberKey key, ushort port)
    {
        Assert.Equal(0u, bench.Out(key, Udp, Host, port));
        return bench.Refusal;
    }
}
