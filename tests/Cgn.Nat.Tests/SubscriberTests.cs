using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>Who a subscriber is, and where its B4 is (RFC 7785).</summary>
public sealed class SubscriberTests
{
    [Fact]
    [Requirement("RFC7785-S4.3-1")]
    [Requirement("RFC7785-S4.3-2")]
    [Requirement("RFC7785-S4.1-1")]
    public void B4_may_move_within_its_prefix_but_not_again_within_half_an_hour()
    {
        using Bench bench = new();
        uint session = bench.Out(Home(1), Udp, Host, 5000, b4: 1);
        uint subscriber = bench.Shard.Session(session).Subscriber;
        Assert.True(Admit(bench, subscriber, 2));
        Assert.Equal(2ul, bench.Shard.Subscriber(subscriber).B4Low);
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, Host, 5000, b4: 2));
        bench.Wait(600);
        Assert.False(Admit(bench, subscriber, 3));
        Assert.Equal(0u, bench.Out(Home(1), Udp, Host, 6000, b4: 3));
        Assert.Equal(DropReason.B4AddressChange, bench.Refusal);
        Assert.Equal(2ul, bench.Shard.Subscriber(subscriber).B4Low);
        Assert.True(Admit(bench, subscriber, 2));
        bench.Wait(1200.1);
        Assert.True(Admit(bench, subscriber, 3));
        Assert.Equal(3ul, bench.Shard.Subscriber(subscriber).B4Low);
    }

    [Fact]
    public void Move_forgets_what_was_learnt_about_the_way_to_the_old_address()
    {
        using Bench bench = new();
        uint subscriber = bench.Shard.Session(bench.Out(Home(1), Udp, Host, 5000)).Subscriber;
        ref SubscriberRecord s = ref bench.Shard.Subscriber(subscriber);
        s.PathMtu = 1280;
        s.NextHopGeneration = 7;
        Assert.True(Admit(bench, subscriber, 2));
        Assert.Equal(0, s.PathMtu);
        Assert.NotEqual(7, s.NextHopGeneration);
    }

    [Fact]
    [Requirement("RFC7785-S3-1")]
    public void Sessions_of_the_old_address_are_found_by_the_new_one()
    {
        using Bench bench = new();
        uint session = bench.Out(Home(1), Udp, Host, 5000, b4: 1);
        FlowKey flow = Flow(Udp, Host, 5000, Web, 80);
        ulong hash = bench.Shard.OutboundHash(Home(1), flow);
        Assert.Equal(session, bench.Shard.OutboundCandidate(hash));
        Assert.True(bench.Shard.IsOutbound(session, Home(1), flow, bench.Tick));
        Admit(bench, bench.Shard.Session(session).Subscriber, 0xFF_FFFF);
        Assert.True(bench.Shard.IsOutbound(session, Home(1), flow, bench.Tick));
        Assert.False(bench.Shard.IsOutbound(session, Home(2), flow, bench.Tick));
        Assert.False(bench.Shard.IsOutbound(0, Home(1), flow, bench.Tick));
    }

    [Fact]
    public void Nat444_customers_are_told_apart_by_their_whole_address()
    {
        using Bench bench = new();
        (uint, ushort) one = bench.External(Customer(1), Udp, Customer1, 5000);
        (uint, ushort) two = bench.External(Customer(2), Udp, Customer1 + 1, 5000);
        Assert.NotEqual(one, two);
        Assert.Equal(2u, bench.Shard.SubscriberCount);
        uint subscriber = bench.Shard.FindSubscriber(Customer(1));
        Assert.Equal(Customer(1), bench.Shard.KeyOf(bench.Shard.Subscriber(subscriber)));
        Assert.Equal(0u, bench.Shard.FindSubscriber(Customer(3)));
    }

    [Fact]
    public void Whole_b4_address_names_the_subscriber_with_a_mask_of_128()
    {
        using Bench bench = new(Config(s => s with { SubscriberMaskV6 = 128 }));
        SubscriberKey one = new(Home(1).High, 1, SubscriberKind.DsLite);
        SubscriberKey two = new(Home(1).High, 2, SubscriberKind.DsLite);
        bench.Out(one, Udp, Host, 5000, b4: 1);
        bench.Out(two, Udp, Host, 5000, b4: 2);
        Assert.Equal(2u, bench.Shard.SubscriberCount);
        Assert.NotEqual(bench.Shard.FindSubscriber(one), bench.Shard.FindSubscriber(two));
    }

    [Fact]
    [Requirement("RFC7857-S12-1")]
    [Requirement("RFC5508-REQ-5c")]
    public void Paired_address_is_that_of_every_mapping()
    {
        using Bench bench = new();
        uint address = bench.External(Home(1), Udp, Host, 5000).Address;
        Assert.Equal(address, bench.Shard.PairedAddress(bench.Shard.FindSubscriber(Home(1))));
        Assert.Equal(0u, bench.Shard.PairedAddress(0));
    }

    private const uint Customer1 = 0x64400001;

    private static bool Admit(Bench bench, uint subscriber, ulong low) =>
        bench.Shard.AdmitB4Address(subscriber, Home(1).High, low, 0, bench.Now);
}
