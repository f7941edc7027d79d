using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>Ports computed from the subscriber's address (RFC 7422).</summary>
public sealed class DeterministicTests
{
    private const uint Inside = 0xC6336400;
    private const uint Outside = 0xC0000201;

    [Theory]
    [InlineData(1, 1024, 5055)]
    [InlineData(2, 5056, 9087)]
    [InlineData(14, 53440, 57471)]
    [Requirement("RFC7422-S2-A")]
    [Requirement("RFC7422-S2-F")]
    public void Golden_vector_of_the_rfc_both_ways(uint host, int first, int last)
    {
        PortPlan plan = new(Golden());
        Assert.True(plan.TryFind(SubscriberKind.Nat444, 0, Inside + host, out PortSet set));
        Assert.Equal(new PortSet(Outside, (ushort)first, (ushort)last, 0), set);
        foreach (int port in new[] { first, (first + last) / 2, last })
        {
            Assert.True(plan.TryOwner(Outside, (ushort)port, out SubscriberId subscriber, out PortSet again));
            Assert.Equal(new SubscriberId(SubscriberKind.Nat444, 0, Inside + host), subscriber);
            Assert.Equal(set, again);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1023)]
    [InlineData(57472)]
    [InlineData(65535)]
    [Requirement("RFC7422-S2-R")]
    public void Reserved_and_dynamic_ports_are_nobodys_by_computation(int port) =>
        Assert.False(new PortPlan(Golden()).TryOwner(Outside, (ushort)port, out _, out _));

    [Fact]
    [Requirement("RFC7422-S2-3a")]
    [Requirement("RFC7422-S2-3c")]
    public void Every_computed_port_is_used_before_any_other_and_nothing_is_told()
    {
        using Bench bench = new(Golden());
        HashSet<ushort> ports = [];
        for (int i = 0; i < 4032; i++)
        {
            (uint address, ushort port) = bench.External(Host(2), Udp, Inside + 2, (ushort)(i + 1));
            Assert.Equal(Outside, address);
            Assert.InRange(port, 5056, 9087);
            Assert.True(ports.Add(port));
        }

        Assert.Equal([EventKind.SubscriberSeen], bench.TakeEvents().Select(told => told.Kind));
        Invariants.Check(bench);
    }

    [Fact]
    [Requirement("RFC7422-S2-4")]
    public void Overflow_takes_a_logged_block_of_the_dynamic_range_up_to_the_most_ports()
    {
        using Bench bench = new(Golden());
        for (int i = 0; i < 4032; i++)
            bench.External(Host(2), Udp, Inside + 2, (ushort)(i + 1));
        bench.TakeEvents();
        for (int i = 4032; i < 5040; i++)
            Assert.InRange(bench.External(Host(2), Udp, Inside + 2, (ushort)(i + 1)).Port, 57472, 65535);
        ForwarderEvent told = Assert.Single(bench.TakeEvents());
        Assert.Equal((EventKind.BlockAllocated, Outside), (told.Kind, told.ExternalAddress));
        Assert.Equal(1008, told.LastPort - told.ExternalPort + 1);
        Assert.Equal(0u, bench.Out(Host(2), Udp, Inside + 2, 6000));
        Assert.Equal(DropReason.BlockLimit, bench.Refusal);
        Invariants.Check(bench);
    }

    [Fact]
    public void Without_a_dynamic_range_the_set_is_all_there_is()
    {
        using Bench bench = new(Golden(dynamicFactor: 0));
        for (int i = 0; i < 4608; i++)
            Assert.InRange(bench.External(Host(1), Udp, Inside + 1, (ushort)(i + 1)).Port, 1024, 5631);
        Assert.Equal(0u, bench.Out(Host(1), Udp, Inside + 1, 6000));
    }

    [Fact]
    [Requirement("RFC7422-S2-ICMP")]
    public void Query_identifiers_come_from_the_set_too()
    {
        using Bench bench = new(Golden());
        for (ushort i = 1; i < 100; i++)
            Assert.InRange(bench.External(Host(14), Icmp, Inside + 14, i, Web, 0).Port, 53440, 57471);
    }

    [Fact]
    [Requirement("RFC7422-S2-3b")]
    public void Ports_are_drawn_evenly_from_the_set()
    {
        using Bench bench = new(Golden());
        int[] buckets = new int[16];
        for (int i = 0; i < 1600; i++)
            buckets[(bench.External(Host(1), Udp, Inside + 1, (ushort)(i + 1)).Port - 1024) / 252]++;
        Assert.All(buckets, count => Assert.InRange(count, 60, 145));
    }

    [Fact]
    public void B4_prefixes_are_counted_in_subscribers_and_share_an_address_in_order()
    {
        // 65,536 subscribers of /56 in a /40, 1,024 addresses: 64 each, 1,008 ports.
        PortPlan plan = new(Homes(22, 1008));
        for (int i = 0; i < 65536; i += 977)
        {
            ulong high = 0x20010DB8_01000000 + ((ulong)i << 8);
            Assert.True(plan.TryFind(SubscriberKind.DsLite, high | 0x42, 7, out PortSet set));
            Assert.Equal(0xCB000000u + (uint)(i / 64), set.Address);
            Assert.Equal(1024 + (i % 64 * 1008), set.FirstPort);
            Assert.True(plan.TryOwner(set.Address, set.LastPort, out SubscriberId who, out _));
            Assert.Equal(new SubscriberId(SubscriberKind.DsLite, high, 0), who);
        }

        Assert.False(plan.TryFind(SubscriberKind.DsLite, 0x20010DB8_02000000, 0, out _));
    }

    [Fact]
    [Requirement("RFC7422-S3.1")]
    public void Another_gateway_with_the_same_configuration_computes_the_same()
    {
        using Bench one = new(Homes(22, 1008));
        using Bench other = new(Homes(22, 1008) with { Settings = one.Snapshot.Settings with { Seed = 99 } });
        for (int home = 0; home < 50; home++)
        {
            (uint address, ushort port) = one.External(Home(home), Udp, Bench.Host, 5000);
            (uint otherAddress, ushort otherPort) = other.External(Home(home), Udp, Bench.Host, 5000);
            Assert.Equal((address, (port - 1024) / 1008), (otherAddress, (otherPort - 1024) / 1008));
        }
    }

    [Fact]
    public void Who_is_in_no_inside_range_gets_no_port()
    {
        using Bench bench = new(Golden());
        // The network's own address is no host.
        Assert.Equal(0u, bench.Out(Host(0), Udp, Inside, 5000));
        Assert.Equal(DropReason.NoBlock, bench.Refusal);
    }

    [Fact]
    public void Other_variables_end_what_is_computed_elsewhere_and_keep_the_rest()
    {
        using Bench bench = new(Golden());
        (uint, ushort) first = bench.External(Host(1), Udp, Inside + 1, 5000);
        (uint address, ushort port) = bench.External(Host(2), Udp, Inside + 2, 5000);
        bench.TakeEvents();
        // Another address: subscribers 1 to 7 stay on the first, with larger sets.
        ConfigSnapshot next = Golden(dynamicFactor: 2);
        bench.Apply(next);
        Assert.Equal(first, bench.External(Host(1), Udp, Inside + 1, 5000));
        bench.Apply(Golden(dynamicFactor: 0));
        Assert.Equal(0u, bench.In(Udp, address, port));
        Assert.Empty(bench.TakeEvents());
        Assert.InRange(bench.External(Host(2), Udp, Inside + 2, 5000).Port, 1024 + 4608, 1023 + (2 * 4608));
        Invariants.Check(bench);
    }

    [Fact]
    public void Going_over_from_blocks_tells_their_end()
    {
        ConfigSnapshot blocks = Golden() with
        {
            Settings = Golden().Settings with { PortAllocation = PortAllocationType.PortSet },
        };
        using Bench bench = new(blocks);
        bench.External(Host(1), Udp, Inside + 1, 5000);
        Assert.Contains(bench.TakeEvents(), told => told.Kind == EventKind.BlockAllocated);
        bench.Apply(Golden());
        Assert.Contains(bench.TakeEvents(), told => told.Kind == EventKind.BlockReleased);
        Assert.InRange(bench.External(Host(1), Udp, Inside + 1, 5000).Port, 1024, 5055);
        Assert.Empty(bench.TakeEvents());
    }

    private static SubscriberKey Host(uint number) => new(0, Inside + number, SubscriberKind.Nat444);

    private static ConfigSnapshot Golden(int dynamicFactor = 2) => Config(
        s => s with { PortAllocation = PortAllocationType.Deterministic },
        pools:
        [
            new("metro", [new Ipv4PrefixSetting(Outside, 32)], 1024, 65535, 1008, 1200)
            {
                DynamicFactor = dynamicFactor,
                PortsMax = 5040,
            },
        ]) with
    { Nat444Sources = [new Ipv4PrefixSetting(Inside, 28)] };

    private static ConfigSnapshot Homes(byte prefix, int size) => Config(
        s => s with { PortAllocation = PortAllocationType.Deterministic },
        pools: [new("metro", [new Ipv4PrefixSetting(0xCB000000, prefix)], 1024, 65535, size, 1200)]) with
    { SoftwireSources = [new Ipv6PrefixSetting(0x20010DB8_01000000, 0, 40)] };
}
