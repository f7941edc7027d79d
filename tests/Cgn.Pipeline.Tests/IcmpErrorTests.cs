using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Net;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>ICMP errors in transit, both ways and between neighbours (RFC 5508 section 4).</summary>
public sealed partial class IcmpErrorTests
{
    private const string Router = Reports.Router;

    /// <summary>Every kind of flow, through both access types, with one shard and several.</summary>
    public static TheoryData<string, bool, int> Flows()
    {
        TheoryData<string, bool, int> data = new();
        foreach (string kind in new[] { "udp", "tcp", "echo", "gre" })
        {
            foreach (bool softwire in new[] { true, false })
            {
                data.Add(kind, softwire, 1);
                data.Add(kind, softwire, 4);
            }
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Flows))]
    [Requirement("RFC5508-REQ-4")]
    [Requirement("RFC5508-REQ-4a")]
    [Requirement("RFC5508-REQ-4b")]
    [Requirement("RFC5508-REQ-4c")]
    [Requirement("RFC4787-REQ-12b")]
    [Requirement("RFC5382-REQ-9")]
    public void An_error_from_outside_quotes_byte_by_byte_what_the_host_had_sent(string kind, bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host host = new(bench, softwire);
        byte[] sent = Reports.Request(kind, host.Address);
        byte[] left = Assert.Single(host.Send(sent));
        byte[] error = Packets.IcmpError(
            Router, new Decoded(left).Source, IcmpType.DestinationUnreachable, 4, left.AsSpan(14), nextHopMtu: 1400);
        Decoded back = host.Receives(Assert.Single(bench.FromServer(error, worker: shards - 1)));
        Assert.Equal(Router, back.Source);
        byte[] message = Reports.Message(back);
        Assert.Equal((3, 4, 1400), (message[0], message[1], BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6))));
        Assert.Equal(Reports.Aged(sent), Reports.Quote(back));
        Assert.Equal(63, back.Ipv4.TimeToLive);
        Assert.Equal(1, bench.Gateway.Counter(CounterId.IcmpErrorsCarried));
    }

    [Theory]
    [MemberData(nameof(Flows))]
    [Requirement("RFC5508-REQ-5")]
    [Requirement("RFC5508-REQ-5a")]
    [Requirement("RFC5508-REQ-5b")]
    [Requirement("RFC5508-REQ-5c")]
    public void An_error_from_inside_quotes_byte_by_byte_what_the_server_had_sent(
        string kind, bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host host = new(bench, softwire, worker: shards - 1);
        byte[] left = Assert.Single(host.Send(Reports.Request(kind, host.Address)));
        byte[] answer = Reports.Answer(kind, left);
        Decoded inside = host.Receives(Assert.Single(bench.FromServer(answer)));
        byte[] error = Packets.IcmpError(
            host.Address, GatewayBench.Server, IcmpType.DestinationUnreachable, 3, inside.Ipv4.Bytes);
        byte[] frame = Assert.Single(host.Send(error));
        Decoded report = new(frame);
        Assert.Equal((new Decoded(left).Source, GatewayBench.Server), (report.Source, report.Destination));
        Assert.Equal((3, 3), (Reports.Message(report)[0], Reports.Message(report)[1]));
        Assert.Equal(Reports.Aged(answer), Reports.Quote(report));
        Assert.Equal(-1, frame.AsSpan().IndexOf(IPAddress.Parse(host.Address).GetAddressBytes()));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 1)]
    [InlineData(false, 4)]
    [Requirement("RFC5508-REQ-5c")]
    [Requirement("RFC7857-S12-1")]
    public void A_router_without_a_mapping_reports_from_the_address_that_its_subscriber_is_paired_with(
        bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host host = new(bench, softwire, worker: shards - 1);
        // In the home behind a softwire; or in the access network, before the customers.
        Host router = new(bench, softwire, address: "10.0.0.254", worker: shards - 1);
        byte[] left = Assert.Single(host.Send(Reports.Request("udp", host.Address)));
        byte[] answer = Reports.Answer("udp", left);
        Decoded inside = host.Receives(Assert.Single(bench.FromServer(answer)));
        Decoded report = new(Assert.Single(router.Send(Packets.IcmpError(
            router.Address, GatewayBench.Server, IcmpType.TimeExceeded, 0, inside.Ipv4.Bytes))));
        Assert.Equal((new Decoded(left).Source, GatewayBench.Server), (report.Source, report.Destination));
        Assert.Equal(Reports.Aged(answer), Reports.Quote(report));
    }

    [Fact]
    [Requirement("RFC5508-REQ-5")]
    public void No_customer_reports_about_another()
    {
        using GatewayBench bench = new();
        Host victim = new(bench, softwire: false);
        Host other = new(bench, softwire: false, number: 2);
        byte[] left = Assert.Single(victim.Send(Reports.Request("udp", victim.Address)));
        Decoded inside = victim.Receives(Assert.Single(bench.FromServer(Reports.Answer("udp", left))));
        Assert.Empty(other.Send(Packets.IcmpError(
            other.Address, GatewayBench.Server, IcmpType.DestinationUnreachable, 3, inside.Ipv4.Bytes)));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.IcmpErrorUnmatched));
    }

    [Theory]
    [InlineData(true, true, 1, "udp")]
    [InlineData(true, true, 4, "tcp")]
    [InlineData(true, false, 4, "udp")]
    [InlineData(false, true, 4, "tcp")]
    [InlineData(false, false, 4, "udp")]
    [InlineData(false, false, 1, "tcp")]
    [Requirement("RFC5508-REQ-7")]
    [Requirement("RFC5508-REQ-7a")]
    public void Neighbours_report_to_each_other_by_their_external_addresses(
        bool first, bool second, int shards, string kind)
    {
        using GatewayBench bench = new(shards: shards);
        Host one = new(bench, first, number: 1);
        Host two = new(bench, second, number: 2, worker: shards - 1);
        (string address, ushort port) = two.External(kind == "tcp", 2000);
        byte[] sent = kind == "tcp"
            ? Packets.Tcp(one.Address, 1000, address, port, TcpFlags.Syn)
            : Packets.Udp(one.Address, 1000, address, port);
        Decoded arrived = two.Receives(Assert.Single(one.ToNeighbour(sent)));
        List<byte[]> reported = two.ToNeighbour(Packets.IcmpError(
            two.Address, arrived.Source, IcmpType.DestinationUnreachable, 3, arrived.Ipv4.Bytes));
        Decoded report = one.Receives(Assert.Single(reported));
        Assert.Equal(address, report.Source);
        Assert.Equal((3, 3), (Reports.Message(report)[0], Reports.Message(report)[1]));
        Assert.Equal(Reports.Aged(sent), Reports.Quote(report));
    }

    [Theory]
    [MemberData(nameof(Flows))]
    [Requirement("RFC5508-REQ-6")]
    [Requirement("RFC4787-REQ-12")]
    [Requirement("RFC5382-REQ-10")]
    public void No_error_refreshes_shortens_or_ends_a_session(string kind, bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host host = new(bench, softwire);
        byte[] left = Assert.Single(host.Send(Reports.Request(kind, host.Address)));
        byte[] answer = Reports.Answer(kind, left);
        Decoded inside = host.Receives(Assert.Single(bench.FromServer(answer)));
        List<SessionRecord> before = Reports.Sessions(bench);
        bench.Advance(30);
        foreach (byte type in new byte[] { 3, 4, 5, 11, 12 })
        {
            for (byte code = 0; code < 16; code++)
            {
                bench.FromServer(Packets.IcmpError(
                    Router, new Decoded(left).Source, (IcmpType)type, code, left.AsSpan(14)));
                host.Send(Packets.IcmpError(
                    host.Address, GatewayBench.Server, (IcmpType)type, code, inside.Ipv4.Bytes));
            }
        }

        bench.Collect(FramePort.Outside);
        bench.Collect(FramePort.Inside);
        Assert.Equal(before, Reports.Sessions(bench));
        // And it still carries: to the 60th second that a query session has, the least of all.
        bench.Advance(29);
        host.Receives(Assert.Single(bench.FromServer(answer)));
    }

    [Theory]
    [InlineData("198.18.0.9")]
    [InlineData("10.1.2.3")]
    [InlineData("100.64.0.1")]
    [InlineData("203.0.113.5")]
    [Requirement("RFC4787-REQ-12a")]
    [Requirement("RFC5508-REQ-4c")]
    public void Whatever_address_a_router_reports_from_is_kept(string router)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire: true);
        byte[] left = Assert.Single(host.Send(Reports.Request("udp", host.Address)));
        byte[] error = Packets.IcmpError(
            router, new Decoded(left).Source, IcmpType.DestinationUnreachable, 4, left.AsSpan(14), 1280);
        Assert.Equal(router, host.Receives(Assert.Single(bench.FromServer(error))).Source);
    }
}
