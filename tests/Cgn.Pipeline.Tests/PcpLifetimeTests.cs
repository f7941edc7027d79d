using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>How long what was asked for lives, and what is left of it (RFC 6887 section 15).</summary>
public sealed class PcpLifetimeTests
{
    private const string Server = GatewayBench.Server;

    [Theory]
    [InlineData(10, 120)]
    [InlineData(1_000_000, 86400)]
    [InlineData(500, 500)]
    [Requirement("RFC6887-S15-LIFE")]
    public void Lifetimes_are_kept_within_bounds(uint asked, uint granted)
    {
        using GatewayBench bench = new();
        Assert.Equal(granted, new PcpHost(bench, softwire: true).Map(lifetime: asked).Lifetime);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S15-DEL")]
    public void Taking_back_a_busy_mapping_leaves_it_to_its_traffic(bool softwire)
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire);
        (string address, ushort port) = host.Host.External(tcp: false, 5000);
        host.Map();
        bench.Advance(100);
        PcpAnswer deleted = host.Map(lifetime: 0);
        Assert.Equal(0, deleted.Result);
        Assert.InRange(deleted.Lifetime, 199u, 201u);
        bench.Advance(150);
        Assert.Single(bench.FromServer(Packets.Udp(Server, 9, address, port)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S15.1-DELX")]
    public void Deleting_what_is_not_there_succeeds_and_what_is_not_ours_does_not(bool softwire)
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire);
        PcpAnswer nothing = host.Map(lifetime: 0);
        Assert.Equal((0, 0u, 0, "0.0.0.0"), (nothing.Result, nothing.Lifetime, nothing.Port, nothing.Address));
        host.Host.External(tcp: false, 5000);
        Assert.Equal(2, host.Map(lifetime: 0).Result);
        PcpAnswer mapped = host.Map(6000);
        PcpAnswer gone = host.Map(6000, lifetime: 0);
        Assert.Equal((0, 0u), (gone.Result, gone.Lifetime));
        Assert.Empty(bench.FromServer(Packets.Udp(Server, 9, mapped.Address, mapped.Port)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S15-REUSE")]
    public void A_port_that_was_given_back_waits_for_its_client(bool softwire)
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire);
        ushort port = host.Map().Port;
        host.Map(lifetime: 0);
        Assert.NotEqual(port, host.Map(6000, suggested: port).Port);
        Assert.Equal(port, host.Map().Port);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S15.1-TCP")]
    public void The_end_of_a_connection_is_not_the_end_of_the_mapping(bool softwire)
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire);
        PcpAnswer answer = host.Map(protocol: 6);
        Assert.Single(bench.FromServer(Packets.Tcp(Server, 9, answer.Address, answer.Port, TcpFlags.Syn)));
        Assert.Single(host.Host.Tcp(5000, Server, 9, TcpFlags.Syn | TcpFlags.Ack, 500, 1001));
        Assert.Single(host.Host.Tcp(5000, Server, 9, TcpFlags.Rst | TcpFlags.Ack, 501, 1001));
        bench.Advance(600);
        Assert.Single(bench.FromServer(Packets.Tcp(Server, 10, answer.Address, answer.Port, TcpFlags.Syn)));
    }
}
