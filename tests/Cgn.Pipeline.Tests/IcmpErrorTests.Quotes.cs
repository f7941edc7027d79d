using System;
using System.Buffers.Binary;
using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

// What errors quote, and what in it matters.
public sealed partial class IcmpErrorTests
{
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
