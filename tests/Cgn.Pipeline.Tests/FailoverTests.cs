using System;
using System.IO;
using System.Linq;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>A gateway that takes over from another, with its state or without.</summary>
public sealed class FailoverTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("cgn-failover-").FullName;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("RFC6269-S18-1")]
    public void A_gateway_that_starts_again_on_the_state_left_goes_on_serving(bool softwire, int shards)
    {
        const int Homes = 12;
        (string Address, ushort Port)[] before;
        using (GatewayBench bench = new(shards: shards, stateDirectory: _state))
        {
            before = [.. Enumerable.Range(1, Homes).Select(home => Of(bench, home).External(tcp: false, 5000))];
            new Connection(bench, Of(bench, 1), 7000).Open();
        }

        using GatewayBench again = new(shards: shards, stateDirectory: _state, atSeconds: 5);
        for (int home = 1; home <= Homes; home++)
        {
            Host host = Of(again, home);
            (string address, ushort port) = before[home - 1];
            host.Receives(Assert.Single(again.FromServer(Packets.Udp(GatewayBench.Server, 9, address, port))));
            Assert.Equal((address, port), host.External(tcp: false, 5000));
            (string Address, ushort Port) added = host.External(tcp: false, 6000);
            Assert.Equal(address, added.Address);
            Assert.DoesNotContain(added, before);
        }

        // No SYN: only a connection that is known carries it.
        Assert.Single(Of(again, 1).Tcp(7000, GatewayBench.Server, 80, TcpFlags.Ack, payloadBytes: 10));

        Host Of(GatewayBench bench, int number) => new(bench, softwire, number, worker: number % shards);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6908-S2.7-1")]
    [Requirement("RFC6333-A3-1")]
    public void A_cold_standby_under_the_same_addresses_refuses_old_sessions_and_serves_new_ones(bool softwire)
    {
        (string Address, ushort Port) old;
        using (GatewayBench active = new())
        {
            Host host = new(active, softwire);
            old = host.External(tcp: false, 5000);
            new Connection(active, host, 7000).Open();
        }

        // The host, its B4 and the softwire's other end are as before; only the gateway is another one.
        using GatewayBench standby = new();
        Host there = new(standby, softwire);
        Assert.Empty(there.Tcp(7000, GatewayBench.Server, 80, TcpFlags.Ack, payloadBytes: 10));
        Assert.Equal(1, standby.Gateway.Drops(DropReason.NoSession));
        Assert.Empty(standby.FromServer(Packets.Udp(GatewayBench.Server, 9, old.Address, old.Port)));
        Assert.Equal(1, standby.Gateway.Drops(DropReason.NoMapping));
        new Connection(standby, there, 7000).Open();
        (string address, ushort port) = there.External(tcp: false, 5000);
        there.Receives(Assert.Single(standby.FromServer(Packets.Udp(GatewayBench.Server, 9, address, port))));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6908-S2.7-1")]
    public void A_cold_standby_can_hold_all_ports_down_for_two_minutes(bool softwire)
    {
        using GatewayBench standby = new(static all => all with { HoldDownAfterLoss = 1200 });
        Host host = new(standby, softwire);
        standby.Advance(119);
        Assert.Empty(host.Udp(5000, GatewayBench.Server, 53));
        Assert.Single(standby.Collect(FramePort.Inside));
        Assert.Equal(1, standby.Gateway.Drops(DropReason.StateLossHold));
        standby.Advance(2);
        Assert.Single(host.Udp(5000, GatewayBench.Server, 53));
    }
}
