using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>
/// How long sessions, mappings and held ports live. A session ends by its timer whether or not a sweep came by.
/// </summary>
public sealed class TimerTests
{
    [Theory]
    [InlineData(Udp, 300)]
    [InlineData(Icmp, 60)]
    [InlineData(Tcp, 240)]
    [InlineData(Gre, 300)]
    [Requirement("RFC4787-REQ-5")]
    [Requirement("RFC4787-REQ-5c")]
    [Requirement("RFC5508-REQ-2")]
    [Requirement("RFC5382-REQ-5t")]
    public void Idle_mapping_lives_its_time_and_no_longer(byte protocol, int seconds)
    {
        using Bench bench = new();
        bench.Wait(0.099);
        ushort port = protocol == Gre ? (ushort)0 : (ushort)5000;
        ushort remotePort = protocol == Gre ? (ushort)0 : (ushort)80;
        (uint external, ushort mapped) = bench.External(Home(1), protocol, Host, port, Web, remotePort);
        bench.Wait(seconds);
        Assert.NotEqual(0u, bench.In(protocol, external, mapped, Web, remotePort, TcpFlags.Ack));
        bench.Wait(0.2);
        Assert.Equal(0u, bench.In(protocol, external, mapped, Web, remotePort, TcpFlags.Ack));
        Assert.Equal(DropReason.NoMapping, bench.Refusal);
    }

    [Fact]
    [Requirement("RFC4787-REQ-5")]
    public void Mapping_survives_119_idle_seconds()
    {
        using Bench bench = new(Config(s => s with { UdpTimeout = 1200 }));
        (uint external, ushort port) = bench.External(Home(1), Udp, Host, 5000);
        bench.Wait(119);
        bench.Sweep();
        Assert.NotEqual(0u, bench.In(Udp, external, port));
    }

    [Fact]
    [Requirement("RFC5382-REQ-5")]
    public void Established_connection_survives_7439_idle_seconds()
    {
        using Bench bench = new();
        (uint external, ushort port) = bench.External(Home(1), Tcp, Host, 5000);
        uint session = bench.In(Tcp, external, port, flags: TcpFlags.Syn);
        Assert.Equal(SessionState.TcpEstablished, bench.Shard.Session(session).State);
        bench.Wait(7439);
        bench.Sweep();
        Assert.Equal(session, bench.In(Tcp, external, port, flags: TcpFlags.Ack));
        bench.Wait(7440.2);
        Assert.Equal(0u, bench.In(Tcp, external, port, flags: TcpFlags.Ack));
    }

    [Fact]
    [Requirement("RFC4787-REQ-6")]
    public void Outbound_packets_keep_a_mapping_for_hours()
    {
        using Bench bench = new();
        (uint, ushort) first = bench.External(Home(1), Udp, Host, 5000);
        for (int i = 0; i < 60; i++)
        {
            bench.Wait(250);
            bench.Sweep();
            Assert.Equal(first, bench.External(Home(1), Udp, Host, 5000));
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Requirement("RFC4787-REQ-6a")]
    public void Inbound_packets_refresh_only_when_they_may(bool refresh)
    {
        using Bench bench = new(Config(s => s with { InboundRefresh = refresh }));
        (uint external, ushort port) = bench.External(Home(1), Udp, Host, 5000);
        bench.Wait(200);
        Assert.NotEqual(0u, bench.In(Udp, external, port));
        bench.Wait(200);
        Assert.Equal(refresh, bench.In(Udp, external, port) != 0);
    }

    [Fact]
    [Requirement("RFC6888-REQ-8")]
    [Requirement("RFC6888-REQ-8k")]
    public void Freed_port_is_given_to_nobody_else_for_the_hold_down()
    {
        using Bench bench = new(Config(plan: new("one", 0, 0, 1, 0, 0), blockSize: 64));
        for (ushort i = 0; i < 64; i++)
            bench.External(Home(1), Udp, Host, (ushort)(5000 + i));
        bench.Wait(301);
        bench.Sweep();
        Assert.Equal(0u, bench.Out(Home(1), Udp, OtherHost, 6000));
        Assert.Equal(DropReason.BlockLimit, bench.Refusal);
        bench.Wait(119);
        bench.Sweep();
        Assert.Equal(0u, bench.Out(Home(1), Udp, OtherHost, 6000));
        bench.Wait(2);
        bench.Sweep();
        Assert.NotEqual(0u, bench.Out(Home(1), Udp, OtherHost, 6000));
    }

    [Fact]
    [Requirement("RFC6888-REQ-8")]
    public void Returning_endpoint_has_its_own_held_port_back()
    {
        using Bench bench = new();
        (uint, ushort) first = bench.External(Home(1), Udp, Host, 5000);
        bench.Wait(301);
        bench.Sweep();
        Assert.Equal(MappingState.HeldDown, bench.Shard.Mapping(1).State);
        Assert.Equal(0u, bench.In(Udp, first.Item1, first.Item2));
        Assert.Equal(first, bench.External(Home(1), Udp, Host, 5000));
        Assert.Equal(1u, bench.Shard.MappingCount);
    }

    [Fact]
    public void Session_past_its_timer_is_made_anew_without_a_sweep()
    {
        using Bench bench = new();
        (uint, ushort) first = bench.External(Home(1), Udp, Host, 5000);
        bench.Wait(1000);
        Assert.Equal(first, bench.External(Home(1), Udp, Host, 5000));
        Assert.Equal(1u, bench.Shard.SessionCount);
        Assert.Equal(1u, bench.Shard.MappingCount);
    }

    [Fact]
    public void Idle_session_ends_by_time_without_any_quota()
    {
        using Bench bench = new();
        bench.External(Home(1), Udp, Host, 5000);
        bench.Wait(301);
        bench.Sweep();
        Assert.Equal(0u, bench.Shard.SessionCount);
    }

    [Fact]
    public void Sweep_asked_for_what_is_due_goes_round_in_two_seconds()
    {
        using Bench bench = new();
        for (ushort i = 0; i < 200; i++)
            bench.External(Home(i / 50), Udp, Host, i);
        bench.Sweep();
        bench.Wait(301);
        bench.Sweep();
        for (ushort i = 0; i < 200; i++)
            bench.External(Home(10 + (i / 50)), Udp, Host, i);
        Assert.Equal(200u, bench.Shard.SessionCount);
        bench.Wait(299);
        bench.Sweep();
        bench.Wait(1.2);
        int visited = 0;
        for (int i = 0; i < 2000; i++)
        {
            int due = bench.Shard.SweepDue(bench.Now);
            visited += due;
            bench.Shard.Sweep(bench.Now, due);
            bench.Wait(0.001);
        }

        Assert.InRange(visited, 200, 2000);
        Assert.Equal(0u, bench.Shard.SessionCount);
    }

    [Fact]
    public void Sweep_never_visits_more_than_its_budget()
    {
        using Bench bench = new();
        for (ushort i = 0; i < 100; i++)
            bench.External(Home(1), Udp, Host, i);
        bench.Wait(301);
        bench.Shard.Sweep(bench.Now, 30);
        Assert.InRange(bench.Shard.SessionCount, 70u, 100u);
    }
}
