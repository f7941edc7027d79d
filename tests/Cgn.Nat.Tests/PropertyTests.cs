using System;
using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Testing;
using Cgn.Wire;

using CsCheck;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>What holds after any traffic.</summary>
public sealed class PropertyTests
{
    private static readonly byte[] s_protocols = [Udp, Tcp, Icmp, Gre, (byte)IpProtocol.UdpLite];

    private static readonly TcpFlags[] s_flags =
    [
        TcpFlags.Syn, TcpFlags.Syn, TcpFlags.Ack, TcpFlags.Rst, TcpFlags.Fin | TcpFlags.Ack,
        TcpFlags.Syn | TcpFlags.Ack,
    ];

    // Kind, home, host, port, remote, protocol, flags.
    private static readonly Gen<(int Kind, int Home, uint Host, ushort Port, uint Remote, int Protocol, TcpFlags Flags)>
        s_step = Gen.Select(
            Gen.Int[0, 9], Gen.Int[0, 5], Gen.UInt[0, 2], Gen.UShort[0, 30], Gen.UInt[0, 5], Gen.Int[0, 4],
            Gen.Int[0, s_flags.Length - 1].Select(i => s_flags[i]));

    [Theory]
    [InlineData(MappingType.EndpointIndependent, FilteringType.EndpointIndependent, false)]
    [InlineData(MappingType.AddressDependent, FilteringType.AddressDependent, false)]
    [InlineData(MappingType.AddressAndPortDependent, FilteringType.EndpointIndependent, false)]
    [InlineData(MappingType.EndpointIndependent, FilteringType.AddressDependent, true)]
    [Requirement("RFC4787-REQ-3")]
    [Requirement("RFC4787-REQ-11")]
    public void Counts_and_endpoints_agree_after_any_traffic_and_everything_comes_back(
        MappingType mapping, FilteringType filtering, bool options) =>
        s_step.Array[1, 400].Sample(
            steps =>
            {
                using Bench bench = new(Config(
                    s => s with
                    {
                        MappingType = mapping,
                        FilteringType = filtering,
                        SubscriberCapacity = 5,
                        MappingCapacity = 100,
                        SessionCapacity = 150,
                        SessionsPerMapping = 20,
                        TcpFilteringType = options ? FilteringType.AddressAndPortDependent : null,
                        TcpKeepaliveProbe = options,
                        RstOnTimeout = options,
                    },
                    new("small", 0, 0, 2, 60, 0), 31, 8, 1024 + 63) with
                {
                    UdpPortTimeouts = options ? [new UdpPortTimeout(80, 50)] : [],
                });
                uint free = bench.Shard.FreeBlockCount;
                int left = 0;
                foreach (var step in steps)
                {
                    Take(bench, step);
                    if (left++ % 50 == 0)
                        Invariants.Check(bench);
                }

                Invariants.Check(bench);
                ExpectEmptyInTheEnd(bench, free);
            },
            iter: 100);

    // The same with all that changes which port is given and when it is free again.
    [Fact]
    [Requirement("RFC4787-REQ-3")]
    public void Counts_and_endpoints_agree_whatever_way_ports_are_given_out() =>
        Gen.Select(s_step.Array[1, 400], Gen.Int[0, 255], Gen.Int[0, 4], Gen.Int[0, 2]).Sample(
            (steps, knobs, ratio, change) =>
            {
                ConfigSnapshot config = Config(
                    s => s with
                    {
                        SubscriberCapacity = 5,
                        MappingCapacity = 100,
                        SessionCapacity = 150,
                        PortParity = (knobs & 1) != 0,
                        PortContiguity = (knobs & 2) != 0,
                        PortsInOrder = (knobs & 4) != 0,
                        PortPreservation = (knobs & 8) != 0,
                        SoftPaired = (knobs & 16) != 0,
                        BlockInterimSeconds = (knobs & 32) != 0 ? 600u : 0,
                        HoldDownExceptions = (HoldDownExceptions)(knobs >> 5 & 3),
                    },
                    new("small", 0, 0, 3, 60, 0)
                    {
                        PortLimit = (knobs & 64) != 0 ? 20u : 0,
                        PortQuotaUdp = (knobs & 128) != 0 ? 7u : 0,
                        ReservedPorts = (knobs & 1) != 0 ? [new(1030, 1035)] : [],
                    },
                    pools: [Cut(ratio, (knobs & 2) != 0)]);
                using Bench bench = new(config);
                uint free = bench.Shard.FreeBlockCount;
                for (int i = 0; i < steps.Length; i++)
                {
                    Take(bench, steps[i]);
                    if (i % 50 == 0)
                        Invariants.Check(bench);
                    if (i == 200 && change != 0)
                        bench.Apply(bench.Snapshot with { Pools = [Cut((ratio + change) % 5, change == 1)] });
                }

                Invariants.Check(bench);
                bench.Apply(config);
                ExpectEmptyInTheEnd(bench, free);
            },
            iter: 200);

    private static PoolSettings Cut(int ratio, bool limited)
    {
        (int first, int further) = ratio switch { 0 => (8, 8), 1 => (16, 4), 2 => (4, 16), 3 => (8, 1), _ => (32, 16) };
        return new("metro", [new(Pool, 31)], 1024, 1087, further, 1200)
        {
            InitialPortSetSize = first,
            HoldDownMax = limited ? 5u : 0,
            PortSetActiveTimeout = limited ? 3000u : 0,
            ReservedPorts = limited ? [new(1040, 1043)] : [],
        };
    }

    // The mapping of an internal endpoint is the same for as long as a session of it lives, and the session is found
    // exactly as long as its timer runs: compared with a dictionary that knows no records, indexes or sweeps.
    [Fact]
    [Requirement("RFC4787-REQ-1")]
    [Requirement("RFC4787-REQ-5")]
    public void Udp_behaves_as_a_dictionary_with_timers() =>
        s_step.Array[1, 500].Sample(
            steps =>
            {
                using Bench bench = new(Config(s => s with { HoldDownTimeout = 0 }));
                Dictionary<(int, uint, ushort, uint), uint> lastActive = [];
                Dictionary<(int, uint, ushort), (uint, ushort)> external = [];
                foreach (var step in steps)
                {
                    if (step.Kind == 0)
                    {
                        bench.Wait(step.Port * 7.1);
                        if (step.Home < 3)
                            bench.Sweep();
                        continue;
                    }

                    var flow = (step.Home, step.Host, step.Port, step.Remote);
                    var inside = (step.Home, step.Host, step.Port);
                    bool isAlive = lastActive.TryGetValue(flow, out uint last) && bench.Tick - last <= 3000;
                    FlowKey key = Flow(Udp, Host + step.Host, step.Port, Web + step.Remote, 80);
                    ulong hash = bench.Shard.OutboundHash(Home(step.Home), key);
                    Assert.Equal(isAlive, bench.Shard.FindOutbound(hash, Home(step.Home), key, bench.Tick) != 0);
                    bool mappingLives = false;
                    foreach (var ((home, host, port, _), active) in lastActive)
                        mappingLives |= (home, host, port) == inside && bench.Tick - active <= 3000;
                    (uint, ushort) endpoint =
                        bench.External(Home(step.Home), Udp, Host + step.Host, step.Port, Web + step.Remote);
                    if (mappingLives)
                        Assert.Equal(external[inside], endpoint);
                    external[inside] = endpoint;
                    lastActive[flow] = bench.Tick;
                }
            },
            iter: 200);

    [Fact]
    public void Same_seed_and_same_packets_give_the_same_ports() =>
        s_step.Array[1, 200].Sample(
            steps =>
            {
                using Bench left = new();
                using Bench right = new();
                foreach (var step in steps)
                {
                    uint one = Take(left, step);
                    uint two = Take(right, step);
                    Assert.Equal(one, two);
                    Assert.Equal(left.Refusal, right.Refusal);
                    ref SessionRecord s = ref left.Shard.Session(one);
                    ref SessionRecord t = ref right.Shard.Session(two);
                    Assert.Equal((s.ExternalAddress, s.ExternalPort), (t.ExternalAddress, t.ExternalPort));
                }
            },
            iter: 100);

    [Fact]
    public void Nothing_is_allocated_by_traffic_or_sweeps()
    {
        using Bench bench = new();
        Run(bench, 0);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 1; i < 20; i++)
            Run(bench, i);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());

        static void Run(Bench bench, int round)
        {
            for (int i = 0; i < 500; i++)
            {
                uint session = bench.Out(Home(i % 20), i % 2 == 0 ? Udp : Tcp, Host, (ushort)i, Web, (ushort)round);
                ref SessionRecord s = ref bench.Shard.Session(session);
                bench.In(s.Protocol, s.ExternalAddress, s.ExternalPort, Dns, (ushort)i);
            }

            bench.Wait(61);
            bench.Sweep();
        }
    }

    private static uint Take(
        Bench bench,
        (int Kind, int Home, uint Host, ushort Port, uint Remote, int Protocol, TcpFlags Flags) step)
    {
        byte protocol = s_protocols[step.Protocol];
        bool hasPorts = NatProtocol.HasPorts(protocol);
        ushort port = hasPorts ? step.Port : (ushort)0;
        ushort remotePort = hasPorts && protocol != Icmp ? (ushort)80 : (ushort)0;
        SubscriberKey key = step.Home < 4 ? Home(step.Home) : Customer(step.Home);
        switch (step.Kind)
        {
            case 0:
                bench.Wait(step.Port * step.Port);
                return 0;
            case 1:
                bench.Shard.Sweep(bench.Now, step.Port * 10);
                return 0;
            case 2 or 3 or 4:
                // Ports from 1024 to 1087 are all there are.
                ushort external = hasPorts ? (ushort)(1024 + (step.Port * 2) + step.Home) : (ushort)0;
                return bench.In(
                    protocol, Pool + (step.Host & 1), external, Web + step.Remote, remotePort, step.Flags);
            default:
                return bench.Out(key, protocol, Host + step.Host, port, Web + step.Remote, remotePort, step.Flags);
        }
    }

    private static void ExpectEmptyInTheEnd(Bench bench, uint free)
    {
        // Two hours for established connections; then hold-down, idle blocks and lingering subscribers.
        for (int i = 0; i < 10; i++)
        {
            bench.Wait(i == 0 ? 7441 : 121);
            bench.Sweep();
        }

        Assert.Equal(0u, bench.Shard.SessionCount);
        Assert.Equal(0u, bench.Shard.MappingCount);
        Assert.Equal(0u, bench.Shard.SubscriberCount);
        Assert.Equal(free, bench.Shard.FreeBlockCount);
        Assert.Equal(0, bench.Counters[Contract.Counting.CounterId.MappingsHeld]);
        Invariants.Check(bench);
    }
}
