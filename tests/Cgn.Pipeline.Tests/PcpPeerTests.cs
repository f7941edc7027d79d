using System;

using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>PEER (RFC 6887 section 12).</summary>
public sealed class PcpPeerTests
{
    private const string Server = GatewayBench.Server;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6887-S12.3-COPY")]
    [Requirement("RFC6887-S12.3-NEW")]
    [Requirement("RFC6887-S12.3-LONG")]
    public void A_peer_is_kept_for_longer_than_traffic_would(bool softwire)
    {
        using GatewayBench bench = new(
            settings: static all => all with { FilteringType = FilteringType.AddressDependent });
        PcpHost host = new(bench, softwire);
        PcpAnswer answer = host.Peer(nonce: 3);
        Assert.Equal((0, 3600u, 80), (answer.Result, answer.Lifetime, answer.Bytes.Length));
        byte[] asked = PcpPackets.Request(host.Host.Address, PcpPackets.Peer, remote: Server, nonce: 3);
        Assert.Equal(asked.AsSpan(24, 18).ToArray(), answer.Bytes.AsSpan(24, 18).ToArray());
        Assert.Equal(asked.AsSpan(60).ToArray(), answer.Bytes.AsSpan(60).ToArray());
        bench.Advance(3500);
        Assert.Single(bench.FromServer(Packets.Udp(Server, 53, answer.Address, answer.Port)));
        Assert.Empty(bench.FromServer(Packets.Udp("198.51.100.77", 53, answer.Address, answer.Port)));
        Assert.Equal(11, host.Peer(port: 6000, suggested: 80).Result);
    }

    [Fact]
    [Requirement("RFC6887-S12.3-EXIST")]
    public void A_peer_query_tells_what_is_left_and_shortens_nothing()
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire: true);
        (string Address, ushort Port) there = host.Host.External(tcp: false, 5000);
        bench.Advance(50);
        PcpAnswer answer = host.Peer(lifetime: 1, suggested: 80);
        Assert.Equal(there, (answer.Address, answer.Port));
        Assert.InRange(answer.Lifetime, 249u, 251u);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("224.0.0.5")]
    [InlineData("0.0.0.0")]
    [Requirement("RFC6887-S12.3-BAD")]
    public void A_peer_that_can_not_be_is_malformed(string peer)
    {
        using GatewayBench bench = new();
        Assert.Equal(3, new PcpHost(bench, softwire: true).Peer(remote: peer).Result);
    }

    [Fact]
    [Requirement("RFC6887-S12.3-NONCE")]
    public void A_peer_belongs_to_its_nonce()
    {
        using GatewayBench bench = new();
        PcpHost host = new(bench, softwire: true);
        Assert.Equal(0, host.Peer(nonce: 1).Result);
        Assert.Equal(2, host.Peer(lifetime: 7200, nonce: 2).Result);
        Assert.Equal(0, host.Peer(lifetime: 7200, nonce: 1).Result);
    }
}
