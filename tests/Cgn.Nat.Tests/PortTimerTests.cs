using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

using static Cgn.Nat.Tests.Bench;

namespace Cgn.Nat.Tests;

/// <summary>UDP timers of well-known ports (RFC 4787 REQ-5a).</summary>
public sealed class PortTimerTests
{
    [Fact]
    [Requirement("RFC4787-REQ-5a")]
    public void Mapping_used_for_one_short_port_only_ends_with_it()
    {
        using Bench bench = new(Short());
        (uint external, ushort port) = bench.External(Home(1), Udp, Host, 5000, Dns, 53);
        bench.Wait(9.9);
        Assert.NotEqual(0u, bench.In(Udp, external, port, Dns, 53));
        bench.Wait(0.3);
        Assert.Equal(0u, bench.In(Udp, external, port, Dns, 53));
        Assert.Equal(DropReason.NoMapping, bench.Refusal);
    }

    [Fact]
    [Requirement("RFC4787-REQ-5a")]
    public void Mapping_lives_as_long_as_the_longest_of_its_sessions()
    {
        using Bench bench = new(Short());
        (uint external, ushort port) = bench.External(Home(1), Udp, Host, 5000, Web, 4500);
        bench.Wait(100);
        Assert.Equal((external, port), bench.External(Home(1), Udp, Host, 5000, Dns, 53));
        bench.Wait(199);
        bench.Sweep();
        Assert.NotEqual(0u, bench.In(Udp, external, port, Web, 4500));
        // Endpoint-independent filtering: whoever asks, port 53 too, finds the mapping alive.
        Assert.NotEqual(0u, bench.In(Udp, external, port, Dns, 53));
        bench.Wait(1.2);
        Assert.Equal(0u, bench.In(Udp, external, port, Web, 4500));
        Assert.Equal(0u, bench.In(Udp, external, port, Dns, 53));
    }

    [Fact]
    [Requirement("RFC4787-REQ-5a")]
    public void Strangers_packet_does_not_give_a_short_mapping_a_long_life_but_an_answer_does()
    {
        using Bench bench = new(Short());
        (uint external, ushort port) = bench.External(Home(1), Udp, Host, 5000, Dns, 53);
        bench.Wait(5);
        Assert.NotEqual(0u, bench.In(Udp, external, port, Web, 4500));
        bench.Wait(5.2);
        Assert.Equal(0u, bench.In(Udp, external, port, Web, 4500));
        Assert.Equal((external, port), bench.External(Home(1), Udp, Host, 5000, Dns, 53));
        Assert.NotEqual(0u, bench.In(Udp, external, port, Web, 4500));
        bench.External(Home(1), Udp, Host, 5000, Web, 4500);
        bench.Wait(299);
        Assert.NotEqual(0u, bench.In(Udp, external, port, Web, 4500));
    }

    [Fact]
    [Requirement("RFC4787-REQ-5c")]
    [Requirement("QUIC-1")]
    public void Other_ports_keep_the_long_timer()
    {
        using Bench bench = new(Short());
        (uint external, ushort port) = bench.External(Home(1), Udp, Host, 5000, Web, 443);
        bench.Wait(299);
        bench.Sweep();
        Assert.NotEqual(0u, bench.In(Udp, external, port, Web, 443));
    }

    [Fact]
    public void Short_timers_are_of_udp_alone()
    {
        using Bench bench = new(Short());
        (uint external, ushort port) = bench.External(Home(1), Tcp, Host, 5000, Dns, 53);
        bench.Wait(239);
        Assert.NotEqual(0u, bench.In(Tcp, external, port, Dns, 53));
    }

    [Fact]
    [Requirement("RFC4787-REQ-5a")]
    public void Another_configuration_holds_for_sessions_that_exist()
    {
        using Bench bench = new(Short());
        (uint external, ushort port) = bench.External(Home(1), Udp, Host, 5000, Dns, 53);
        bench.External(Home(1), Udp, Host, 6000, Dns, 123);
        bench.Apply(Short() with { UdpPortTimeouts = [new UdpPortTimeout(123, 150)] });
        bench.Wait(15.2);
        bench.Sweep();
        Assert.NotEqual(0u, bench.In(Udp, external, port, Dns, 53));
        Assert.Equal(1u, bench.Shard.SessionCount);
        bench.Apply(Short());
        bench.Sweep();
        Assert.Equal(0u, bench.Shard.SessionCount);
    }

    [Fact]
    [Requirement("RFC4787-REQ-5b")]
    public void Timer_of_three_minutes_is_three_minutes()
    {
        using Bench bench = new(Config(s => s with { UdpTimeout = 1800 }));
        (uint external, ushort port) = bench.External(Home(1), Udp, Host, 5000);
        bench.Wait(179.9);
        Assert.NotEqual(0u, bench.In(Udp, external, port));
        bench.Wait(0.3);
        Assert.Equal(0u, bench.In(Udp, external, port));
    }

    [Theory]
    [InlineData(SessionState.TcpInitInside, 30)]
    [InlineData(SessionState.TcpClosing, 120)]
    [InlineData(SessionState.TcpTransitory, 60)]
    [Requirement("RFC7857-S2.1-1")]
    [Requirement("RFC7857-S2.1-2")]
    [Requirement("RFC5382-REQ-5a")]
    public void Opening_closing_and_reset_connections_have_timers_of_their_own(SessionState state, int seconds)
    {
        using Bench bench = new(Config(s => s with
        {
            TcpTransOpenTimeout = 300,
            TcpTransCloseTimeout = 1200,
            TcpRstTimeout = 600,
        }));
        uint session = bench.Out(Home(1), Tcp, Host, 5000);
        bench.Shard.Session(session).State = state;
        bench.Wait(seconds);
        bench.Sweep();
        Assert.Equal(1u, bench.Shard.SessionCount);
        bench.Wait(0.2);
        bench.Sweep();
        Assert.Equal(0u, bench.Shard.SessionCount);
    }

    private static ConfigSnapshot Short() => Config() with
    {
        UdpPortTimeouts = [new UdpPortTimeout(53, 100), new UdpPortTimeout(123, 100), new UdpPortTimeout(500, 200)],
    };
}
