using System;
using System.IO;

using Cgn.Contract;
using Cgn.Contract.Events;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>Mappings that are asked for.</summary>
public sealed class ExplicitTests
{
    [Fact]
    public void Lives_for_its_lifetime_without_traffic_and_lets_anybody_in()
    {
        using Bench bench = new(Config(s => s with { FilteringType = FilteringType.AddressAndPortDependent }));
        (uint address, ushort port) = Ask(bench, Udp, 5000, seconds: 600);
        Invariants.Check(bench);
        bench.Wait(599);
        bench.Sweep();
        Assert.NotEqual(0u, bench.In(Udp, address, port, Dns, 53));
        bench.Wait(310);
        bench.Sweep();
        Assert.Equal(0u, bench.In(Udp, address, port, Web, 53));
        bench.Wait(121);
        bench.Sweep();
        Assert.Equal(0u, bench.Shard.MappingCount);
        Invariants.Check(bench);
    }

    [Fact]
    public void Traffic_of_the_internal_endpoint_goes_by_it_and_outlives_it()
    {
        using Bench bench = new();
        (uint address, ushort port) = Ask(bench, Udp, 5000, seconds: 120);
        Assert.Equal((address, port), bench.External(Home(1), Udp, Host, 5000));
        bench.Wait(121);
        bench.Sweep();
        Assert.Equal(MappingState.Dynamic, bench.Shard.Mapping(Mapping(bench, 5000)).State);
        Assert.Equal((address, port), bench.External(Home(1), Udp, Host, 5000));
        Invariants.Check(bench);
    }

    [Fact]
    public void A_mapping_of_traffic_becomes_explicit_with_the_same_external_endpoint()
    {
        using Bench bench = new();
        (uint Address, ushort Port) before = bench.External(Home(1), Udp, Host, 5000);
        Assert.Equal(before, Ask(bench, Udp, 5000, seconds: 1000, suggested: (ushort)(before.Port ^ 1)));
        bench.Wait(900);
        bench.Sweep();
        Assert.NotEqual(0u, bench.In(Udp, before.Address, before.Port, Dns, 53));
        Invariants.Check(bench);
    }

    [Fact]
    public void A_suggested_port_of_the_own_block_is_given_and_another_is_not()
    {
        using Bench bench = new();
        (_, ushort used) = bench.External(Home(1), Udp, Host, 5000);
        ushort wished = (ushort)(((used - 1024) & ~63) + 1024 + ((used + 5) & 63));
        Assert.Equal(wished, Ask(bench, Udp, 6000, 600, wished).Port);
        Assert.NotEqual(wished, Ask(bench, Udp, 6001, 600, wished).Port);
        Assert.NotEqual(80, Ask(bench, Udp, 6002, 600, 80).Port);
    }

    [Fact]
    public void Outlives_the_process_and_only_what_is_whole_does()
    {
        string directory = Directory.CreateTempSubdirectory("cgn-explicit-").FullName;
        try
        {
            (uint Address, ushort Port) mapped;
            using (Arena arena = Arena.InDirectory(directory))
            using (Bench bench = new(arena: arena))
            {
                mapped = Ask(bench, Udp, 5000, seconds: 600);
                Ask(bench, Udp, 5001, seconds: 600);
                uint broken = Mapping(bench, 5001);
                bench.Shard.Mapping(broken).Aux = 0;
                bench.Shard.Distrust();
            }

            using (Arena arena = Arena.InDirectory(directory))
            using (Bench bench = new(arena: arena))
            {
                Invariants.Check(bench);
                Assert.NotEqual(0u, bench.In(Udp, mapped.Address, mapped.Port, Dns, 53));
                Assert.Equal(1, bench.Shard.Subscriber(bench.Shard.FindSubscriber(Home(1))).ExplicitCount);
                bench.Wait(601);
                bench.Sweep();
                Assert.Equal(0, bench.Shard.Subscriber(bench.Shard.FindSubscriber(Home(1))).ExplicitCount);
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S8.5-EPOCH")]
    public void The_epoch_goes_on_with_the_state_and_begins_anew_without(bool keepsState)
    {
        string directory = Directory.CreateTempSubdirectory("cgn-epoch-").FullName;
        try
        {
            using (Arena arena = Arena.InDirectory(directory))
            using (Bench bench = new(arena: arena, nowNs: 5_000_000_000))
            {
                bench.Wait(100);
                Assert.Equal(100u, bench.Shard.EpochSeconds(bench.Now));
            }

            if (!keepsState)
                Directory.Delete(directory, recursive: true);
            using Arena again = Arena.InDirectory(directory);
            using Bench after = new(arena: again, nowNs: 205_000_000_000);
            Assert.Equal(keepsState ? 200u : 0u, after.Shard.EpochSeconds(after.Now));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    [Fact]
    [Requirement("PCP-LOG")]
    public void What_is_asked_for_is_logged_through_its_block()
    {
        using Bench bench = new();
        (uint address, ushort port) = Ask(bench, Udp, 5000, seconds: 600);
        ForwarderEvent[] told = new ForwarderEvent[8];
        int count = bench.Events.Read(told);
        ForwarderEvent block = Assert.Single(told[..count], static e => e.Kind == EventKind.BlockAllocated);
        Assert.Equal(address, block.ExternalAddress);
        Assert.InRange(port, block.ExternalPort, block.LastPort);
    }

    [Fact]
    [Requirement("PPTP-1")]
    public void Two_calls_to_one_server_have_call_identifiers_of_their_own()
    {
        using Bench bench = new();
        (uint address, ushort first) = Call(bench, Host, 7, out _);
        (_, ushort second) = Call(bench, OtherHost, 7, out _);
        Assert.NotEqual(first, second);
        uint there = bench.Out(Home(1), Gre, Host, 0, Web, 500);
        uint thereToo = bench.Out(Home(1), Gre, OtherHost, 0, Web, 501);
        Assert.True(there != 0 && thereToo != 0 && there != thereToo);
        Assert.Equal(address, bench.Shard.Session(there).ExternalAddress);
        uint back = bench.In(Gre, address, second, Web, 0);
        Assert.Equal((OtherHost, (ushort)7), Internal(bench, back));
        Assert.Equal(0u, bench.In(Gre, address, second, Dns, 0));
        Invariants.Check(bench);
    }

    [Fact]
    public void Without_a_call_there_is_one_client_for_each_server_and_call_identifiers_stay()
    {
        using Bench bench = new();
        uint there = bench.Out(Home(1), Gre, Host, 0, Web, 500);
        Assert.NotEqual(0u, there);
        Assert.Equal(0u, bench.Out(Home(1), Gre, OtherHost, 0, Web, 501));
        Assert.Equal(DropReason.AddressOnlyConflict, bench.Refusal);
        uint back = bench.In(Gre, bench.Shard.Session(there).ExternalAddress, 7, Web, 0);
        Assert.Equal((Host, (ushort)7), Internal(bench, back));
        Invariants.Check(bench);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("PPTP-2")]
    public void A_call_ends_a_minute_after_its_control_connection(bool reset)
    {
        using Bench bench = new();
        (uint address, ushort call) = Call(bench, Host, 7, out uint control);
        Assert.NotEqual(0u, bench.Out(Home(1), Gre, Host, 0, Web, 500));
        bench.Shard.Session(control).State = SessionState.TcpEstablished;
        bench.Wait(1000);
        bench.Sweep();
        Assert.NotEqual(0u, bench.In(Gre, address, call, Web, 0));
        if (reset)
            bench.Shard.Session(control).State = SessionState.TcpTransitory;
        else
            bench.Wait(7441);
        bench.Sweep();
        bench.Wait(59);
        bench.Sweep();
        Assert.NotEqual(0u, bench.In(Gre, address, call, Web, 0));
        bench.Wait(2);
        bench.Sweep();
        Assert.Equal(0u, bench.In(Gre, address, call, Web, 0));
        Invariants.Check(bench);
    }

    private static (uint Address, ushort Port) Ask(
        Bench bench, byte protocol, ushort port, uint seconds, ushort suggested = 0)
    {
        uint subscriber = bench.Shard.Admit(Home(1), Home(1).High, 1, 0, bench.Now, out _);
        uint mapping = bench.Shard.MakeExplicit(
            subscriber,
            new ExplicitRequest
            {
                Kind = ExplicitKind.Map,
                Protocol = protocol,
                InternalAddress = Host,
                InternalPort = port,
                SuggestedPort = suggested,
                LifetimeTicks = seconds * Tick.PerSecond,
            },
            bench.Now,
            out DropReason refusal);
        Assert.Equal(DropReason.None, refusal);
        return (bench.Shard.Mapping(mapping).ExternalAddress, bench.Shard.Mapping(mapping).ExternalPort);
    }

    private static (uint Address, ushort Call) Call(Bench bench, uint host, ushort call, out uint control)
    {
        control = bench.Out(Home(1), Tcp, host, 3000, Web, 1723);
        uint subscriber = bench.Shard.FindSubscriber(Home(1));
        uint mapping = bench.Shard.MakeExplicit(
            subscriber,
            new ExplicitRequest
            {
                Kind = ExplicitKind.Call,
                Protocol = Gre,
                InternalAddress = host,
                InternalPort = call,
                RemoteAddress = Web,
                Control = control,
            },
            bench.Now,
            out DropReason refusal);
        Assert.Equal(DropReason.None, refusal);
        Assert.Equal(mapping, bench.Shard.FindCall(subscriber, host, call, Web));
        return (bench.Shard.Mapping(mapping).ExternalAddress, bench.Shard.Mapping(mapping).ExternalPort);
    }

    private static (uint Address, ushort Port) Internal(Bench bench, uint session) =>
        (bench.Shard.Session(session).InternalAddress, bench.Shard.Session(session).InternalPort);

    private static uint Mapping(Bench bench, ushort port) =>
        bench.Shard.FindMappingInternal(Home(1), Host, port, Udp);
}
