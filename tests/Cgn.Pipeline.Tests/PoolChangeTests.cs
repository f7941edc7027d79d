using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Events;
using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>Pools and modes that change while traffic flows, with packets that arrive at any worker.</summary>
public sealed class PoolChangeTests
{
    private const int Homes = 24;

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 3)]
    [Requirement("RFC6333-S8.1-1")]
    public void Sessions_outlive_an_added_a_drained_and_a_shrunken_pool(bool dsLite, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        List<Decoded> sent = SendAll(bench, dsLite, 10000);
        PoolSettings metro = bench.Snapshot.Pools[0];
        PoolSettings added = new("added", [new(0xC0000200, 28)], 1024, 65535, 256, 1200);
        // The added prefix stands before the old one, so every address and block gets another number.
        bench.Gateway.Apply(bench.Snapshot with { Generation = 2, Pools = [added, metro] });
        AnswerAll(bench, sent);
        bench.Gateway.Apply(bench.Snapshot with
        {
            Generation = 3,
            Pools = [added, metro with { FirstPort = 512, Drain = metro.Prefixes }],
        });
        AnswerAll(bench, sent);
        Assert.All(SendAll(bench, dsLite, 10000), again => Assert.Contains(sent, old => IsSame(old, again)));
        bench.Gateway.Apply(bench.Snapshot with { Generation = 4, Pools = [added, metro with { LastPort = 32767 }] });
        List<Decoded> kept = [.. sent.Where(packet => packet.Udp!.SourcePort <= 32767)];
        AnswerAll(bench, kept);
        foreach (Decoded gone in sent.Except(kept))
            Assert.Empty(Answer(bench, gone, 0));
        Assert.NotEmpty(kept);
        Assert.NotEqual(sent.Count, kept.Count);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [Requirement("RFC7422-S2-3a")]
    [Requirement("RFC7422-S2-3c")]
    public void Computed_ports_work_at_every_worker_and_lead_back_to_the_subscriber(bool dsLite, int shards)
    {
        using GatewayBench bench = new(
            settings: s => s with { PortAllocation = PortAllocationType.Deterministic, SubscriberMaskV6 = 56 },
            shards: shards, snapshot: Computed);
        PortPlan plan = new(bench.Snapshot);
        List<Decoded> sent = SendAll(bench, dsLite, 10000);
        AnswerAll(bench, sent);
        for (int home = 0; home < Homes; home++)
        {
            uint external = Ipv4Address.Parse(sent[home].Source).Value;
            Assert.True(plan.TryOwner(external, sent[home].Udp!.SourcePort, out SubscriberId who, out _));
            Assert.Equal(dsLite ? SubscriberKind.DsLite : SubscriberKind.Nat444, who.Kind);
            Assert.Equal(
                dsLite ? Ipv6Address.Parse(B4(home)).High & ~0xFFUL : 0, who.High);
            Assert.Equal(dsLite ? 0 : Ipv4Address.Parse(Customer(home)).Value, who.Low);
        }

        var events = new ForwarderEvent[256];
        for (int shard = 0; shard < shards; shard++)
        {
            int count = bench.Gateway.ReadEvents(shard, events);
            Assert.All(events.Take(count), told => Assert.Equal(EventKind.SubscriberSeen, told.Kind));
        }
    }

    private static ConfigSnapshot Computed(ConfigSnapshot plain) => plain with
    {
        SoftwireSources = [new Ipv6PrefixSetting(0x20010DB8_01000000, 0, 48)],
        Nat444Sources = [new Ipv4PrefixSetting(0x64400000, 24)],
    };

    private static string B4(int home) => $"2001:db8:100:{home:x}00::2";

    private static string Customer(int home) => $"100.64.0.{home + 1}";

    private static List<Decoded> SendAll(GatewayBench bench, bool dsLite, ushort port)
    {
        List<Decoded> sent = [];
        for (int home = 0; home < Homes; home++)
        {
            int worker = home % bench.Gateway.ShardCount;
            byte[] packet = Packets.Udp(dsLite ? "10.0.0.1" : Customer(home), port, GatewayBench.Server, 53);
            sent.Add(new Decoded(Assert.Single(dsLite
                ? bench.FromB4(packet, B4(home), worker: worker)
                : bench.FromInside(Packets.Ethernet(packet), worker))));
        }

        return sent;
    }

    private static void AnswerAll(GatewayBench bench, List<Decoded> sent)
    {
        foreach (Decoded packet in sent)
        {
            for (int worker = 0; worker < bench.Gateway.ShardCount; worker++)
                Assert.Single(Answer(bench, packet, worker));
        }
    }

    private static List<byte[]> Answer(GatewayBench bench, Decoded sent, int worker) => bench.FromServer(
        Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort), worker);

    private static bool IsSame(Decoded left, Decoded right) =>
        left.Source == right.Source && left.Udp!.SourcePort == right.Udp!.SourcePort;
}
