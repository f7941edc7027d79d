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
public sealed class IcmpErrorTests
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC5508-REQ-3")]
    public void An_error_with_a_wrong_checksum_ends_silently(bool fromOutside)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire: true);
        byte[] left = Assert.Single(host.Send(Reports.Request("udp", host.Address)));
        Decoded inside = host.Receives(Assert.Single(bench.FromServer(Reports.Answer("udp", left))));
        byte[] error = fromOutside
            ? Packets.IcmpError(
                Router, new Decoded(left).Source, IcmpType.DestinationUnreachable, 3, left.AsSpan(14))
            : Packets.IcmpError(
                host.Address, GatewayBench.Server, IcmpType.DestinationUnreachable, 3, inside.Ipv4.Bytes);
        error[^1] ^= 1;
        Assert.Empty(fromOutside ? bench.FromServer(error) : host.Send(error));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Empty(bench.Collect(FramePort.Outside));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.BadIcmpError));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC5508-REQ-3a")]
    public void A_quoted_header_with_a_wrong_checksum_ends_the_error_unless_the_operator_lets_it(bool verified)
    {
        using GatewayBench bench = new(settings: all => all with { VerifyQuotedHeader = verified });
        Host host = new(bench, softwire: true);
        byte[] left = Assert.Single(host.Send(Reports.Request("udp", host.Address)));
        // As routers do that lower the time to live before they quote.
        string external = new Decoded(left).Source;
        left[14 + 8]--;
        List<byte[]> back = bench.FromServer(Packets.IcmpError(
            Router, external, IcmpType.TimeExceeded, 0, left.AsSpan(14)));
        Assert.Equal(verified ? 0 : 1, back.Count);
        Assert.Equal(verified ? 1 : 0, bench.Gateway.Drops(DropReason.BadIcmpError));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(9)]
    [InlineData(10)]
    [Requirement("RFC5508-REQ-3b")]
    public void Options_of_the_quoted_packet_are_skipped(int words)
    {
        using GatewayBench bench = new(shards: 4);
        Host host = new(bench, softwire: true);
        byte[] sent = Reports.Request("tcp", host.Address);
        byte[] left = Assert.Single(host.Send(sent));
        byte[] options = new byte[words * 4];
        options.AsSpan().Fill(1);
        Decoded back = host.Receives(Assert.Single(bench.FromServer(Packets.IcmpError(
            Router, new Decoded(left).Source, IcmpType.ParameterProblem, 0,
            Reports.WithOptions(left.AsSpan(14), options)))));
        Assert.Equal(Reports.WithOptions(Reports.Aged(sent), options), Reports.Quote(back));
    }

    [Theory]
    [InlineData("udp")]
    [InlineData("tcp")]
    [Requirement("RFC5508-REQ-3c")]
    public void A_wrong_transport_checksum_in_the_quote_is_nobodys_business(string kind)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire: true);
        byte[] sent = Reports.Request(kind, host.Address);
        byte[] left = Assert.Single(host.Send(sent));
        string external = new Decoded(left).Source;
        left[14 + 20 + (kind == "tcp" ? 16 : 6)] ^= 0x10;
        Decoded back = host.Receives(Assert.Single(bench.FromServer(Packets.IcmpError(
            Router, external, IcmpType.DestinationUnreachable, 1, left.AsSpan(14)))));
        byte[] quote = Reports.Quote(back);
        Assert.Equal(sent[12..24], quote[12..24]);
        // What was wrong stays wrong.
        Assert.NotEqual(sent, quote);
    }

    [Theory]
    [InlineData(IcmpType.DestinationUnreachable)]
    [InlineData(IcmpType.TimeExceeded)]
    [InlineData(IcmpType.ParameterProblem)]
    [Requirement("RFC5508-REQ-3d")]
    public void Extensions_and_padding_pass_untouched(IcmpType type)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire: true);
        byte[] sent = Reports.Request("udp", host.Address);
        byte[] left = Assert.Single(host.Send(sent));
        // RFC 4884: the quote padded to 128 bytes, its length in words in the sixth byte, then one MPLS label.
        byte[] extension = [0x20, 0, 0, 0, 0, 8, 1, 1, 0x12, 0x34, 0x51, 0xFF];
        BinaryPrimitives.WriteUInt16BigEndian(extension.AsSpan(2), Checksum.Compute(extension));
        byte[] quote = new byte[128];
        left.AsSpan(14).CopyTo(quote);
        Decoded back = host.Receives(Assert.Single(bench.FromServer(Reports.Icmp(
            Router, new Decoded(left).Source, (byte)type, 0, [0, 32, 0, 0, .. quote, .. extension]))));
        byte[] message = Reports.Message(back);
        Assert.Equal(32, message[5]);
        Assert.Equal(Reports.Aged(sent), message[8..(8 + sent.Length)]);
        Assert.Equal(new byte[128 - sent.Length], message[(8 + sent.Length)..136]);
        Assert.Equal(extension, message[136..]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC5508-REQ-4")]
    [Requirement("RFC5508-REQ-5")]
    public void An_error_about_nobodys_packet_ends_silently(bool fromOutside)
    {
        using GatewayBench bench = new(shards: 4);
        Host host = new(bench, softwire: true);
        byte[] error = fromOutside
            ? Packets.IcmpError(
                Router, "203.0.113.1", IcmpType.DestinationUnreachable, 3,
                Packets.Udp("203.0.113.1", 5000, GatewayBench.Server, 53))
            : Packets.IcmpError(
                host.Address, GatewayBench.Server, IcmpType.DestinationUnreachable, 3,
                Packets.Udp(GatewayBench.Server, 53, host.Address, 5000));
        Assert.Empty(fromOutside ? bench.FromServer(error) : host.Send(error));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.IcmpErrorUnmatched));
    }

    [Theory]
    [InlineData(0, true)]
    [InlineData(1480, false)]
    [Requirement("RFC5508-REQ-4")]
    public void An_error_about_a_fragment_is_carried_when_it_is_the_first(int offset, bool carried)
    {
        using GatewayBench bench = new(shards: 4);
        Host host = new(bench, softwire: true);
        byte[] left = Assert.Single(host.Send(Reports.Request("udp", host.Address)));
        byte[] quote = left[14..];
        BinaryPrimitives.WriteUInt16BigEndian(quote.AsSpan(6), (ushort)(0x2000 | (offset / 8)));
        List<byte[]> back = bench.FromServer(Packets.IcmpError(
            Router, new Decoded(left).Source, IcmpType.TimeExceeded, 1, Reports.Summed(quote)));
        Assert.Equal(carried ? 1 : 0, back.Count);
        Assert.Equal(carried ? 0 : 1, bench.Gateway.Drops(DropReason.IcmpErrorUnmatched));
    }

    [Theory]
    [InlineData(0, 68, true)]
    [InlineData(576, 575, false)]
    [InlineData(576, 576, true)]
    [Requirement("RFC6269-S10-1")]
    public void A_subscriber_may_be_kept_from_spoiling_the_path_MTU_of_a_shared_address(
        int least, ushort named, bool carried)
    {
        using GatewayBench bench = new(settings: all => all with { OutboundMtuMin = least });
        Host host = new(bench, softwire: true);
        byte[] left = Assert.Single(host.Send(Reports.Request("udp", host.Address)));
        Decoded inside = host.Receives(Assert.Single(bench.FromServer(Reports.Answer("udp", left))));
        List<byte[]> report = host.Send(Packets.IcmpError(
            host.Address, GatewayBench.Server, IcmpType.DestinationUnreachable, 4, inside.Ipv4.Bytes, named));
        Assert.Equal(carried ? 1 : 0, report.Count);
        Assert.Equal(carried ? 0 : 1, bench.Gateway.Drops(DropReason.MtuTooSmall));
    }

    [Fact]
    [Requirement("RFC5508-REQ-10b")]
    public void A_parameter_problem_keeps_its_pointer()
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire: true);
        byte[] left = Assert.Single(host.Send(Reports.Request("udp", host.Address)));
        Decoded back = host.Receives(Assert.Single(bench.FromServer(Reports.Icmp(
            Router, new Decoded(left).Source, 12, 0, [8, 0, 0, 0, .. left.AsSpan(14)]))));
        Assert.Equal((12, 0, 8), (Reports.Message(back)[0], Reports.Message(back)[1], Reports.Message(back)[4]));
    }
}
