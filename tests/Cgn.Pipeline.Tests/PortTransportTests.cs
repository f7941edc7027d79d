using System;
using System.Buffers.Binary;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>UDP-Lite and DCCP: translated by their ports as UDP is, in mapping spaces of their own.</summary>
public sealed class PortTransportTests
{
    private const string Server = GatewayBench.Server;
    private const int Request = 0;
    private const int Response = 1;
    private const int Data = 2;
    private const int Reset = 7;
    private const int Listen = 10;

    [Theory]
    [InlineData(true, 8)]
    [InlineData(true, 0)]
    [InlineData(false, 8)]
    [InlineData(false, 20)]
    [Requirement("UDPLITE-1")]
    public void UdpLite_keeps_its_coverage_and_a_right_checksum_both_ways(bool softwire, int coverage)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        (string udpAddress, ushort udpPort) = host.External(tcp: false, 5000);
        byte[] sent = Packet(Assert.Single(host.Send(
            TransportPackets.UdpLite(host.Address, 5000, Server, 53, (ushort)coverage))));
        (string address, ushort port) = Source(sent);
        Assert.Equal(udpAddress, address);
        Assert.Equal(coverage, BinaryPrimitives.ReadUInt16BigEndian(sent.AsSpan(24)));
        Assert.True(TransportPackets.IsSumRight(sent, coverage == 0 ? sent.Length - 20 : coverage));

        byte[] back = Packet(host.Receives(Assert.Single(bench.FromServer(
            TransportPackets.UdpLite(Server, 53, address, port, (ushort)coverage)))));
        Assert.Equal(5000, BinaryPrimitives.ReadUInt16BigEndian(back.AsSpan(22)));
        Assert.True(TransportPackets.IsSumRight(back, coverage == 0 ? back.Length - 20 : coverage));
        // Another protocol, another mapping.
        if (port != udpPort)
            Assert.Empty(bench.FromServer(TransportPackets.UdpLite(Server, 53, udpAddress, udpPort)));
        bench.Advance(299);
        Assert.Single(bench.FromServer(TransportPackets.UdpLite("198.51.100.77", 9, address, port)));
        bench.Advance(2);
        Assert.Empty(bench.FromServer(TransportPackets.UdpLite(Server, 53, address, port)));
    }

    [Fact]
    public void UdpLite_with_a_coverage_that_can_not_be_is_dropped()
    {
        using GatewayBench bench = new();
        byte[] packet = TransportPackets.UdpLite("10.0.0.1", 5000, Server, 53);
        packet[25] = 7;
        Assert.Empty(bench.FromB4(packet));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.BadTransportHeader));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC5597-REQ-1")]
    [Requirement("RFC5597-REQ-7")]
    public void Dccp_has_one_mapping_for_all_remotes_and_nobody_shares_it(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        Host other = new(bench, softwire, 2);
        (string Address, ushort Port) first = Source(Sent(host, 5000, Server));
        Assert.Equal(first, Source(Sent(host, 5000, "198.51.100.77")));
        Assert.NotEqual(first, Source(Sent(host, 5001, Server)));
        Assert.NotEqual(first, Source(Sent(other, 5000, Server)));
    }

    [Theory]
    [InlineData(Request)]
    [InlineData(Response)]
    [InlineData(Data)]
    [InlineData(Reset)]
    [InlineData(8)]
    [InlineData(Listen)]
    [Requirement("RFC5597-REQ-2")]
    [Requirement("RFC5597-REQ-6")]
    public void Dccp_packets_of_every_type_pass_as_they_are(int type)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire: true);
        byte[] original = TransportPackets.Dccp(host.Address, 5000, Server, 5001, type);
        byte[] sent = Packet(Assert.Single(host.Send(original)));
        // Beside source port and checksum nothing of the header or behind it.
        Assert.Equal(original.AsSpan(22, 4).ToArray(), sent.AsSpan(22, 4).ToArray());
        Assert.Equal(original.AsSpan(28).ToArray(), sent.AsSpan(28).ToArray());
        (string address, ushort port) = Source(sent);
        // Simultaneous open (RFC 5596): the peer's request comes in behind our own listen.
        Assert.Single(bench.FromServer(TransportPackets.Dccp(Server, 5001, address, port, Request)));
    }

    [Theory]
    [InlineData(FilteringType.EndpointIndependent, 1)]
    [InlineData(FilteringType.AddressDependent, 0)]
    [Requirement("RFC5597-REQ-3")]
    public void Dccp_filters_as_configured(FilteringType filtering, int admitted)
    {
        using GatewayBench bench = new(settings: all => all with { FilteringType = filtering });
        (string address, ushort port) = Source(Sent(new Host(bench, softwire: true), 5000, Server));
        Assert.Single(bench.FromServer(TransportPackets.Dccp(Server, 5001, address, port, Response)));
        Assert.Equal(
            admitted, bench.FromServer(TransportPackets.Dccp("198.51.100.77", 9, address, port, Request)).Count);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC5597-REQ-5")]
    public void Dccp_lives_two_hours_when_established_and_four_minutes_else(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        (string address, ushort port) = Source(Sent(host, 5000, Server));
        bench.Advance(239);
        Assert.Single(bench.FromServer(TransportPackets.Dccp(Server, 5001, address, port, Response)));
        Assert.Single(host.Send(TransportPackets.Dccp(host.Address, 5000, Server, 5001, Data)));
        bench.Advance(7439);
        Assert.Single(bench.FromServer(TransportPackets.Dccp(Server, 5001, address, port, Data)));
        Assert.Single(bench.FromServer(TransportPackets.Dccp(Server, 5001, address, port, Reset)));
        bench.Advance(241);
        Assert.Empty(bench.FromServer(TransportPackets.Dccp(Server, 5001, address, port, Data)));
        // Never answered.
        (address, port) = Source(Sent(host, 6000, Server));
        bench.Advance(241);
        Assert.Empty(bench.FromServer(TransportPackets.Dccp(Server, 5001, address, port, Response)));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("RFC5597-REQ-8")]
    public void Dccp_neighbours_meet_by_their_external_endpoints(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host host = new(bench, softwire);
        Host other = new(bench, softwire, 2);
        (string Address, ushort Port) mine = Source(Sent(host, 5000, Server));
        (string address, ushort port) = Source(Sent(other, 6000, Server));
        byte[] arrived = Packet(other.Receives(Assert.Single(host.ToNeighbour(
            TransportPackets.Dccp(host.Address, 5000, address, port, Request)))));
        Assert.Equal(mine, Source(arrived));
        Assert.True(TransportPackets.IsSumRight(arrived, arrived.Length - 20));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 4)]
    [Requirement("RFC5597-REQ-9")]
    [Requirement("RFC5597-REQ-10")]
    public void Dccp_errors_are_translated_and_end_nothing(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host host = new(bench, softwire);
        byte[] sent = Sent(host, 5000, Server);
        (string address, ushort port) = Source(sent);
        Decoded error = host.Receives(Assert.Single(bench.FromServer(Packets.IcmpError(
            "198.51.100.99", address, IcmpType.DestinationUnreachable, 3, sent))));
        byte[] message = error.Ipv4.Bytes.AsSpan(20).ToArray();
        Assert.Equal(5000, BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(8 + 20)));
        Assert.True(TransportPackets.IsSumRight(message[8..], message.Length - 28));
        Assert.Single(bench.FromServer(TransportPackets.Dccp(Server, 5001, address, port, Response)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [Requirement("RFC5597-REQ-11")]
    [Requirement("RFC5597-REQ-12")]
    [Requirement("RFC5597-REQ-13")]
    public void Dccp_checksum_stays_right_and_coverage_and_service_code_as_they_were(byte coverageField)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire: false);
        byte[] sent = Packet(Assert.Single(host.Send(
            TransportPackets.Dccp(host.Address, 5000, Server, 5001, Request, coverageField))));
        int covered = coverageField == 0 ? sent.Length - 20 : 20 + ((coverageField - 1) * 4);
        Assert.True(TransportPackets.IsSumRight(sent, covered));
        Assert.Equal(coverageField, sent[25]);
        Assert.Equal("SC:x"u8.ToArray(), sent.AsSpan(36, 4).ToArray());
    }

    [Theory]
    [InlineData(IpProtocol.UdpLite)]
    [InlineData(IpProtocol.Dccp)]
    public void Policy_may_exclude_them(IpProtocol protocol)
    {
        using GatewayBench bench = new(settings: all => all with
        {
            Protocols = all.Protocols with { CarriesDccp = false, CarriesUdpLite = false },
        });
        byte[] packet = protocol == IpProtocol.Dccp
            ? TransportPackets.Dccp("10.0.0.1", 5000, Server, 5001, Request)
            : TransportPackets.UdpLite("10.0.0.1", 5000, Server, 53);
        Assert.Empty(bench.FromB4(packet));
        Assert.Single(bench.Collect(FramePort.Inside));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.UnsupportedProtocol));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public void Fragments_go_the_way_of_their_first(int shards)
    {
        using GatewayBench bench = new(shards: shards);
        byte[] whole = TransportPackets.UdpLite("10.0.0.1", 5000, Server, 53, payloadBytes: 1992);
        byte[] first = Packets.Ipv4(
            "10.0.0.1", Server, IpProtocol.UdpLite, whole.AsSpan(20, 1000), identification: 9, dontFragment: false,
            moreFragments: true);
        byte[] last = Packets.Ipv4(
            "10.0.0.1", Server, IpProtocol.UdpLite, whole.AsSpan(1020), identification: 9, dontFragment: false,
            fragmentOffset: 1000);
        Assert.Empty(bench.FromB4(last));
        Assert.Equal(2, bench.FromB4(first).Count);
    }

    private static byte[] Sent(Host host, ushort port, string remote) =>
        Packet(Assert.Single(host.Send(TransportPackets.Dccp(host.Address, port, remote, 5001, Request))));

    private static byte[] Packet(byte[] frame) => Packet(new Decoded(frame));

    private static byte[] Packet(Decoded decoded) => decoded.Ipv4.Bytes;

    private static (string Address, ushort Port) Source(byte[] packet) =>
        (Ipv4Address.Read(packet.AsSpan(12)).ToString(), BinaryPrimitives.ReadUInt16BigEndian(packet.AsSpan(20)));
}
