using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Commands;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>A prefix of subscribers is forgotten by command.</summary>
public sealed class ClearTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [Requirement("RFC7785-S4.5-1")]
    public void Cleared_prefix_has_nothing_left_and_begins_afresh(int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Decoded[] cleared = Send(bench, GatewayBench.B4);
        Decoded[] kept = Send(bench, GatewayBench.OtherB4);
        Tell(bench);
        Assert.True(bench.Gateway.Command(new ForwarderCommand
        {
            Kind = CommandKind.Clear,
            Prefix = new Ipv6PrefixSetting(0x20010DB8_01000100, 0, 56),
        }));
        bench.Gateway.Run(bench.Now);

        Assert.All(cleared, packet => Assert.Empty(Answer(bench, packet)));
        Assert.All(kept, packet => Assert.Single(Answer(bench, packet)));
        Assert.Equal(
            [EventKind.BlockReleased, EventKind.SubscriberGone], Tell(bench).Select(told => told.Kind).Order());
        Assert.Equal(40, Enumerable.Range(0, shards).Sum(shard => bench.Gateway.Shard(shard).SessionCount));
        Assert.Equal(1, Enumerable.Range(0, shards).Sum(shard => bench.Gateway.Shard(shard).SubscriberCount));
        Send(bench, GatewayBench.B4);
        Assert.Contains(Tell(bench), told => told.Kind == EventKind.SubscriberSeen);
    }

    [Fact]
    [Requirement("RFC7785-S4.5-1")]
    public void Customer_is_cleared_by_its_address()
    {
        using GatewayBench bench = new();
        byte[] packet = Packets.Udp(GatewayBench.Customer, 10000, GatewayBench.Server, 53);
        Decoded sent = new(Assert.Single(bench.FromInside(Packets.Ethernet(packet))));
        bench.Gateway.Command(new ForwarderCommand
        {
            Kind = CommandKind.Clear,
            Prefix = new Ipv6PrefixSetting(0, 0x0000FFFF_6440000A, 128),
        });
        bench.Gateway.Run(bench.Now);
        Assert.Empty(Answer(bench, sent));
        Assert.Equal(0u, bench.Gateway.Shard(0).SubscriberCount);
    }

    private static Decoded[] Send(GatewayBench bench, string b4) =>
    [
        .. Enumerable.Range(0, 40).Select(i => new Decoded(Assert.Single(bench.FromB4(
            Packets.Udp("10.0.0.1", (ushort)(10000 + i), GatewayBench.Server, 53), b4)))),
    ];

    private static List<byte[]> Answer(GatewayBench bench, Decoded sent) => bench.FromServer(
        Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort));

    private static List<ForwarderEvent> Tell(GatewayBench bench)
    {
        List<ForwarderEvent> all = [];
        var events = new ForwarderEvent[256];
        for (int shard = 0; shard < bench.Gateway.ShardCount; shard++)
            all.AddRange(events.AsSpan(0, bench.Gateway.ReadEvents(shard, events)).ToArray());
        return all;
    }
}
