using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>
/// What becomes of packets when there is nothing left to carry them with (RFC 6888 REQ-4, REQ-5, REQ-11).
/// </summary>
public sealed class ResourceLimitTests
{
    public static TheoryData<DropReason, bool> Refusals()
    {
        TheoryData<DropReason, bool> all = [];
        foreach (DropReason reason in new[]
        {
            DropReason.BlockLimit, DropReason.NoBlock, DropReason.PortLimit, DropReason.MappingLimit,
            DropReason.SessionLimit, DropReason.SetupRateLimit, DropReason.MappingSessionLimit,
            DropReason.MappingsFull, DropReason.SessionsFull, DropReason.SubscribersFull, DropReason.StateLossHold,
            DropReason.InstanceLimit,
        })
        {
            all.Add(reason, true);
            all.Add(reason, false);
        }

        return all;
    }

    [Theory]
    [MemberData(nameof(Refusals))]
    [Requirement("RFC6888-REQ-11a")]
    [Requirement("RFC6888-REQ-11b")]
    [Requirement("RFC6888-REQ-11d")]
    [Requirement("RFC8512-ST-04")]
    [Requirement("RFC8512-ST-05")]
    [Requirement("RFC8512-ST-06")]
    [Requirement("RFC8512-ST-07")]
    [Requirement("RFC8512-ST-08")]
    public void Whatever_is_lacking_the_packet_is_dropped_counted_and_answered_and_old_flows_go_on(
        DropReason reason, bool softwire)
    {
        using GatewayBench bench = Lacking(reason);
        Host host = new(bench, softwire);
        Host neighbour = new(bench, softwire, 2);
        bool hasFirst = reason != DropReason.StateLossHold;
        Assert.Equal(hasFirst ? 1 : 0, host.Udp(1, GatewayBench.Server, 53).Count);
        bench.Collect(FramePort.Inside);

        // The same port where sessions are short, a second one where ports are, a neighbour where blocks are.
        bool isSession = reason is DropReason.SessionLimit or DropReason.SetupRateLimit or DropReason.SessionsFull
            or DropReason.MappingSessionLimit;
        bool isOther = reason is DropReason.NoBlock or DropReason.SubscribersFull;
        Host second = isOther ? neighbour : host;
        Assert.Empty(second.Udp(isSession ? (ushort)1 : (ushort)2, GatewayBench.Server, 54));
        Assert.Equal(hasFirst ? 1 : 2, bench.Gateway.Drops(reason));
        Decoded answer = second.Receives(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal("192.0.0.1", answer.Source);
        Assert.Equal((3, 1), (answer.Icmp!.Bytes[0], answer.Icmp.Bytes[1]));
        if (hasFirst)
            Assert.Single(host.Udp(1, GatewayBench.Server, 53));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6888-REQ-11c")]
    public void Management_is_told_of_a_limit_once_a_second(bool softwire)
    {
        using GatewayBench bench = Lacking(DropReason.PortLimit);
        Host host = new(bench, softwire);
        for (ushort port = 1; port < 50; port++)
        {
            host.Udp(port, GatewayBench.Server, 53);
            bench.Advance(0.05);
        }

        ForwarderEvent[] events = new ForwarderEvent[256];
        ForwarderEvent[] told =
            [.. events[..bench.Gateway.ReadEvents(0, events)].Where(static one => one.Kind == EventKind.LimitHit)];
        Assert.Equal(3, told.Length);
        Assert.All(told, static one => Assert.Equal(DropReason.PortLimit, one.Reason));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6888-REQ-2")]
    [Requirement("RFC6888-REQ-1")]
    public void Each_transport_keeps_its_mapping_on_the_one_address_of_its_subscriber(bool softwire)
    {
        using GatewayBench bench = new(shards: 3);
        for (int number = 1; number < 20; number++)
        {
            Host host = new(bench, softwire, number, worker: number % 3);
            Decoded udp = new(Assert.Single(host.Udp(1000, GatewayBench.Server, 53)));
            Decoded tcp = new(Assert.Single(host.Tcp(1000, GatewayBench.Server, 80, TcpFlags.Syn)));
            Decoded icmp = new(Assert.Single(host.Send(Packets.Echo(host.Address, GatewayBench.Server, 1000))));
            Assert.Equal(udp.Source, tcp.Source);
            Assert.Equal(udp.Source, icmp.Source);
            // Endpoint-independent (RFC 4787 REQ-1, RFC 5382 REQ-1, RFC 5508 REQ-1).
            Assert.Equal(
                udp.Udp!.SourcePort, new Decoded(Assert.Single(host.Udp(1000, "198.51.100.7", 5))).Udp!.SourcePort);
            Assert.Equal(
                tcp.Tcp!.SourcePort,
                new Decoded(Assert.Single(host.Tcp(1000, "198.51.100.7", 5, TcpFlags.Syn))).Tcp!.SourcePort);
            Assert.Equal(
                icmp.Icmp!.Id,
                new Decoded(Assert.Single(
                    host.Send(Packets.Echo(host.Address, "198.51.100.7", 1000)))).Icmp!.Id);
            // And open to answers, at whatever worker they arrive.
            host.Receives(Assert.Single(bench.FromServer(
                Packets.Udp(GatewayBench.Server, 53, udp.Source, udp.Udp.SourcePort), (number + 1) % 3)));
            host.Receives(Assert.Single(bench.FromServer(
                Packets.Tcp(GatewayBench.Server, 80, tcp.Source, tcp.Tcp.SourcePort, TcpFlags.Syn | TcpFlags.Ack),
                (number + 1) % 3)));
            host.Receives(Assert.Single(bench.FromServer(
                Packets.Echo(GatewayBench.Server, icmp.Source, icmp.Icmp.Id, reply: true), (number + 2) % 3)));
        }
    }

    [Fact]
    [Requirement("RFC6888-REQ-2s")]
    public void Hosts_behind_one_B4_share_an_address_and_equal_hosts_behind_two_need_not()
    {
        using GatewayBench bench = new(shards: 2);
        HashSet<string> addresses = [];
        for (int number = 1; number < 20; number++)
        {
            string first = new Host(bench, softwire: true, number, "10.0.0.1").External(false, 1).Address;
            Assert.Equal(first, new Host(bench, softwire: true, number, "10.0.0.2").External(false, 1).Address);
            addresses.Add(first);
        }

        Assert.InRange(addresses.Count, 2, 16);
    }

    [Fact]
    [Requirement("RFC6888-S7-1")]
    [Requirement("RFC6269-S13.6-1")]
    public void Spoofed_sources_make_nothing_and_use_up_nobodys_ports()
    {
        using GatewayBench bench = new(plan: static home => home with { PortLimit = 10 });
        Host victim = new(bench, softwire: true);
        Host customer = new(bench, softwire: false);
        for (ushort i = 1; i <= 50; i++)
        {
            // A B4 and a customer who are none, and an inner source that is somebody else's.
            Assert.Empty(bench.FromB4(Packets.Udp("192.168.1.2", i, GatewayBench.Server, 53), "2001:db8:9999::2"));
            Assert.Empty(bench.FromInside(Packets.Ethernet(Packets.Udp("198.18.0.9", i, GatewayBench.Server, 53))));
            Assert.Empty(victim.Send(Packets.Udp("8.8.8.8", i, GatewayBench.Server, 53)));
            // The same in fragments.
            Assert.Empty(bench.FromB4(
                Packets.Ipv4(
                    "192.168.1.2", GatewayBench.Server, IpProtocol.Udp, new byte[64], identification: i,
                    dontFragment: false, fragmentOffset: 1480),
                "2001:db8:9999::2"));
        }

        Assert.Equal(0, bench.Gateway.Counter(CounterId.Subscribers));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.MappingsCreatedUdp));
        Assert.Equal(100, bench.Gateway.Drops(DropReason.UnknownSoftwireSource));
        Assert.Equal(50, bench.Gateway.Drops(DropReason.UnknownInsideSource));
        Assert.Equal(50, bench.Gateway.Drops(DropReason.BadInnerSource));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.All(
            new[] { victim, customer },
            static host => Assert.Equal(
                10, Enumerable.Range(1, 50).Count(i => host.Udp((ushort)i, GatewayBench.Server, 53).Count == 1)));
        bench.Collect(FramePort.Inside);
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(3, true)]
    [InlineData(3, false)]
    [Requirement("RFC6888-REQ-4a")]
    public void Limits_change_under_traffic_and_blocks_of_two_sizes_serve_all_workers(int shards, bool softwire)
    {
        using GatewayBench bench = new(
            shards: shards, plan: static home => home with { PortLimit = 100 }, snapshot: TwoSizes);
        List<(string, ushort)> Open(int count) =>
        [
            .. Enumerable.Range(1, 9).SelectMany(number => Enumerable.Range(1, count).Select(
                port => new Host(bench, softwire, number, worker: port % shards).External(false, (ushort)port))),
        ];
        List<(string, ushort)> before = Open(100);
        Assert.Equal(900, before.Distinct().Count());
        PlanSettings plan = bench.Snapshot.Plans[0];
        bench.Gateway.Apply(bench.Snapshot with { Generation = 2, Plans = [plan with { PortLimit = 50 }] });
        Assert.Equal(before, Open(100));
        Assert.Empty(new Host(bench, softwire).Udp(101, GatewayBench.Server, 53));
        bench.Gateway.Apply(bench.Snapshot with { Generation = 3, Plans = [plan with { PortLimit = 101 }] });
        Assert.Single(new Host(bench, softwire).Udp(101, GatewayBench.Server, 53));
        Assert.Empty(new Host(bench, softwire).Udp(102, GatewayBench.Server, 53));
        bench.Collect(FramePort.Inside);
        foreach ((string address, ushort port) in before)
            Assert.Single(bench.FromServer(Packets.Udp("198.51.100.9", 7, address, port), port % shards));
    }

    private static ConfigSnapshot TwoSizes(ConfigSnapshot all) => all with
    {
        Pools = [all.Pools[0] with { InitialPortSetSize = 64, PortSetSize = 16, ReservedPorts = [new(5060, 5061)] }],
    };

    private static GatewayBench Lacking(DropReason reason) => new(
        settings => reason switch
        {
            DropReason.MappingSessionLimit => settings with { SessionsPerMapping = 1 },
            DropReason.MappingsFull => settings with { MappingCapacity = 1 },
            DropReason.SessionsFull => settings with { SessionCapacity = 1 },
            DropReason.SubscribersFull => settings with { SubscriberCapacity = 1 },
            DropReason.StateLossHold => settings with { HoldDownAfterLoss = 1200 },
            DropReason.InstanceLimit => settings with { Limits = new InstanceLimits { Mappings = 1 } },
            _ => settings,
        },
        plan: plan => reason switch
        {
            DropReason.BlockLimit => plan with { MaxPortSets = 1 },
            DropReason.PortLimit => plan with { PortLimit = 1 },
            DropReason.MappingLimit => plan with { MappingLimit = 1 },
            DropReason.SessionLimit => plan with { ConnectionLimit = 1 },
            DropReason.SetupRateLimit => plan with { ConnectionRateLimit = 1, ConnectionRateBurst = 1 },
            _ => plan,
        },
        snapshot: all => reason is DropReason.BlockLimit or DropReason.NoBlock
            ? all with
            {
                Pools = [new("one", [new(0xCB007101, 32)], 5000, LastPort(reason), 1, 1200)],
            }
            : all);

    private static ushort LastPort(DropReason reason) => reason == DropReason.NoBlock ? (ushort)5000 : (ushort)5063;
}
