using System;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>UDP through the whole gateway (RFC 4787, RFC 7857), by both kinds of access.</summary>
public sealed class UdpBehaviourTests
{
    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    [Requirement("RFC7857-S7.1-1")]
    public void Errors_that_the_inside_answers_with_keep_no_mapping_alive(bool softwire, bool asked)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        (string address, ushort port) = host.External(tcp: false, 5000, GatewayBench.Server, 53);
        for (int i = 0; i < 4; i++)
        {
            bench.Advance(60);
            // From whom the host had asked, or from a stranger.
            byte[] came = Packets.Udp(asked ? GatewayBench.Server : "192.0.2.77", 53, address, port);
            byte[] got = Assert.Single(bench.FromServer(came));
            byte[] quote = got[(softwire ? 54 : 14)..];
            Assert.Single(host.Send(Packets.IcmpError(
                host.Address, asked ? GatewayBench.Server : "192.0.2.77", IcmpType.DestinationUnreachable, 3,
                quote.AsSpan(0, 28))));
        }

        bench.Advance(60.2);
        Assert.Empty(bench.FromServer(Packets.Udp(GatewayBench.Server, 53, address, port)));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.NoMapping));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6333-S8.2-1")]
    [Requirement("RFC7857-S7-1")]
    public void Filtered_packets_keep_no_mapping_alive(bool softwire)
    {
        using GatewayBench bench = new(
            s => s with { FilteringType = FilteringType.AddressDependent, InboundRefresh = true });
        (string address, ushort port) = new Host(bench, softwire).External(tcp: false, 5000);
        for (int i = 0; i < 4; i++)
        {
            bench.Advance(60);
            Assert.Empty(bench.FromServer(Packets.Udp("192.0.2.77", 53, address, port)));
        }

        Assert.Equal(4, bench.Gateway.Drops(DropReason.Filtered));
        bench.Advance(60.2);
        Assert.Empty(bench.FromServer(Packets.Udp(GatewayBench.Server, 9, address, port)));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.NoMapping));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("QUIC-1")]
    public void Idle_quic_connection_is_still_there_after_299_seconds(bool softwire)
    {
        using GatewayBench bench = new(snapshot: s => s with
        {
            UdpPortTimeouts = [new UdpPortTimeout(53, 100), new UdpPortTimeout(123, 100)],
        });
        Host host = new(bench, softwire);
        (string address, ushort port) = host.External(tcp: false, 5000, GatewayBench.Server, 443);
        bench.Advance(299);
        Decoded got = host.Receives(Assert.Single(bench.FromServer(
            Packets.Udp(GatewayBench.Server, 443, address, port, payloadBytes: 1200))));
        Assert.Equal(5000, got.Udp!.DestinationPort);
        // The server sees another endpoint of the client's, and answers there: a rebinding is nothing special.
        (string, ushort Port) moved = host.External(tcp: false, 5001, GatewayBench.Server, 443);
        Assert.NotEqual(port, moved.Port);
        Assert.Single(bench.FromServer(Packets.Udp(GatewayBench.Server, 443, address, moved.Port)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("SCTP-2")]
    public void Sctp_in_udp_is_udp(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        byte[] asked = Packets.Udp(host.Address, 9899, GatewayBench.Server, 9899, payloadBytes: 100);
        Decoded sent = new(Assert.Single(host.Send(asked)));
        Assert.Equal(9899, sent.Udp!.DestinationPort);
        Assert.Equal(asked[28..], sent.Udp.PayloadData);
        byte[] answer = Packets.Udp(GatewayBench.Server, 9899, sent.Source, sent.Udp.SourcePort, payloadBytes: 700);
        Decoded got = host.Receives(Assert.Single(bench.FromServer(answer)));
        Assert.Equal((9899, 9899), (got.Udp!.SourcePort, got.Udp.DestinationPort));
        Assert.Equal(answer[28..], got.Udp.PayloadData);
    }

    [Theory]
    [InlineData(true, "10.0.0.5", "10.0.0.1")]
    [InlineData(false, "10.0.0.5", "10.0.0.1")]
    [InlineData(true, "192.0.0.2", "10.0.0.1")]
    [InlineData(false, "100.64.0.5", "100.64.0.1")]
    [InlineData(false, "100.64.0.5", "100.64.0.5")]
    [Requirement("RFC6333-S8.2-1")]
    [Requirement("RFC4787-REQ-7")]
    [Requirement("RFC6598-S4-1")]
    public void Network_outside_may_have_the_numbers_of_the_one_inside(bool softwire, string inside, string router)
    {
        using GatewayBench bench = Overlapping();
        Host host = new(bench, softwire, address: inside);
        foreach (string remote in new[] { GatewayBench.Server, "192.0.2.80" })
        {
            byte[] sent = Assert.Single(host.Udp(5000, remote, 80));
            Decoded seen = new(sent);
            host.Receives(Assert.Single(bench.FromServer(Packets.Udp(remote, 80, seen.Source, seen.Udp!.SourcePort))));
            // The next hop, which has a number of the inside, speaks up.
            Decoded error = host.Receives(Assert.Single(bench.FromServer(Packets.IcmpError(
                router, seen.Source, IcmpType.TimeExceeded, 0, sent.AsSpan(14, 28)))));
            Assert.Equal(router, error.Source);
        }
    }

    [Fact]
    [Requirement("RFC4787-REQ-7")]
    [Requirement("RFC6598-S4-1")]
    public void Same_endpoint_in_two_homes_at_a_customer_and_outside_is_four_endpoints()
    {
        using GatewayBench bench = Overlapping();
        Host[] hosts =
        [
            new(bench, softwire: true, 1, "172.16.0.5"), new(bench, softwire: true, 2, "172.16.0.5"),
            new(bench, softwire: false, address: "100.64.0.5"),
        ];
        foreach (Host host in hosts)
        {
            // The softwires' hosts speak to one outside that has their own address and port.
            string remote = host.Address == "100.64.0.5" ? GatewayBench.Server : host.Address;
            (string address, ushort port) = host.External(tcp: false, 5000, remote, 5000);
            Assert.True(Decoded.IsInPool(address));
            Decoded got = host.Receives(Assert.Single(bench.FromServer(Packets.Udp(remote, 5000, address, port))));
            Assert.Equal(remote, got.Source);
        }
    }

    private static GatewayBench Overlapping() => new(snapshot: s => s with
    {
        Nat444Sources = [new Ipv4PrefixSetting(0x64400000, 10), new Ipv4PrefixSetting(0x0A000000, 24)],
    });
}
