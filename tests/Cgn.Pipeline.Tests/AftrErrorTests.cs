using System;
using System.Buffers.Binary;
using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>ICMPv6 errors that the gateway sends to B4s whose packets it can't open (RFC 4443, RFC 8200).</summary>
public sealed class AftrErrorTests
{
    private const string OtherAftr = "2001:db8:ffff::2";

    private static readonly byte[] s_inner = Packets.Udp("192.168.1.2", 1000, GatewayBench.Server, 53);

    /// <summary>What is wrong, the packet, the code and the pointer of the answer.</summary>
    public static TheoryData<string, byte[], int, int> Problems() => new()
    {
        { "unknown upper layer", Reports.Ipv6(GatewayBench.B4, (IpProtocol)200, s_inner), 1, 6 },
        { "unknown behind options", Options((IpProtocol)200, 1, 4, 0, 0, 0, 0), 1, 40 },
        { "routing header in use", Routing(segmentsLeft: 1), 0, 42 },
        { "option that asks to be refused", Options(IpProtocol.Ipv4, 0x85, 4, 0, 0, 0, 0), 2, 42 },
        { "fragment of odd length", Reports.Fragment6(s_inner.AsSpan(0, 21), 0, more: true), 0, 4 },
        { "fragment beyond 64 K", Reports.Fragment6(new byte[64], 65528, more: false), 0, 42 },
        { "first fragment without its header", Reports.Fragment6(s_inner.AsSpan(0, 8), 0, more: true), 3, 0 },
    };

    [Theory]
    [MemberData(nameof(Problems))]
    [Requirement("RFC2473-S3.3-1")]
    [Requirement("RFC8200-NH")]
    [Requirement("RFC8200-S4.5-LEN8")]
    [Requirement("RFC8200-S4.5-64K")]
    [Requirement("RFC8200-S4.5-CHAIN")]
    public void A_packet_that_cannot_be_opened_is_answered_with_where_the_fault_lies(
        string what, byte[] packet, int code, int pointer)
    {
        using GatewayBench bench = new(shards: 4);
        Assert.Empty(bench.FromInside(Packets.Ethernet(packet), worker: 3));
        byte[] message = Reports.Message6(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal((what, 4, code), (what, message[0], message[1]));
        Assert.Equal((uint)pointer, BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(4)));
        Assert.Equal(packet, message[8..]);
        Assert.Equal(1, bench.Gateway.Counter(CounterId.Originated));
    }

    [Fact]
    [Requirement("RFC2473-S3.3-1")]
    public void Headers_are_read_from_left_to_right_and_a_spent_routing_header_is_passed_over()
    {
        using GatewayBench bench = new();
        byte[] chain =
        [
            60, 0, 1, 4, 0, 0, 0, 0,
            43, 0, 1, 4, 0, 0, 0, 0,
            4, 0, 0, 0, 0, 0, 0, 0,
            .. s_inner,
        ];
        byte[] packet = Reports.Ipv6(GatewayBench.B4, IpProtocol.HopByHop, chain);
        Assert.Single(bench.FromInside(Packets.Ethernet(packet)));
        Assert.Empty(bench.Collect(FramePort.Inside));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [Requirement("RFC8200-S4.5-TO")]
    public void Fragments_that_stay_alone_for_60_seconds_are_reported_if_the_first_was_there(int shards)
    {
        using GatewayBench bench = new(shards: shards);
        byte[] large = Packets.Udp("192.168.1.2", 1000, GatewayBench.Server, 53, 800);
        byte[] first = Reports.Fragment6(large.AsSpan(0, 400), 0, more: true, identification: 1);
        bench.FromInside(Packets.Ethernet(first), worker: shards - 1);
        bench.FromInside(
            Packets.Ethernet(Reports.Fragment6(large.AsSpan(400), 400, more: false, identification: 2)));
        bench.Advance(59);
        Assert.Empty(bench.Collect(FramePort.Inside));
        bench.Advance(2);
        byte[] message = Reports.Message6(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal([3, 1, 0, 0, 0, 0], (byte[])[.. message[..2], .. message[4..8]]);
        Assert.Equal(first, message[8..]);
        Assert.Equal(2, bench.Gateway.Drops(DropReason.FragmentTimeout));
        Assert.Empty(bench.Collect(FramePort.Outside));
    }

    [Fact]
    [Requirement("RFC4443-S2.4c")]
    public void An_error_quotes_as_much_as_1280_bytes_hold()
    {
        using GatewayBench bench = new();
        byte[] packet = Reports.Ipv6(GatewayBench.B4, (IpProtocol)200, new byte[1400]);
        bench.FromInside(Packets.Ethernet(packet, 100));
        byte[] frame = Assert.Single(bench.Collect(FramePort.Inside));
        // The tag that the packet came with stays.
        Assert.Equal(14 + 4 + 1280, frame.Length);
        Assert.Equal(packet[..(1280 - 48)], frame[(14 + 4 + 48)..]);
    }

    [Fact]
    public void An_error_comes_from_the_AFTR_address_that_was_addressed()
    {
        using GatewayBench bench = new(snapshot: all => all with
        {
            AftrAddresses = [.. all.AftrAddresses, new(0x20010DB8FFFF0000, 2, 128)],
        });
        byte[] packet = Reports.Ipv6(GatewayBench.B4, (IpProtocol)200, s_inner, OtherAftr);
        bench.FromInside(Packets.Ethernet(packet));
        Reports.Message6(Assert.Single(bench.Collect(FramePort.Inside)), source: OtherAftr);
    }

    [Theory]
    [InlineData("an ICMPv6 error")]
    [InlineData("a redirect")]
    [InlineData("a multicast source")]
    [InlineData("no source")]
    [InlineData("our own address as source")]
    [InlineData("an address that may have no softwire")]
    [InlineData("a link-layer multicast")]
    [InlineData("a later fragment that overlaps")]
    [Requirement("RFC4443-S2.4e")]
    public void Nothing_is_sent_about(string what)
    {
        using GatewayBench bench = new();
        byte[] packet = what switch
        {
            "an ICMPv6 error" => Options(IpProtocol.Icmpv6, 0x85, 4, 0, 0, 0, 0),
            "a redirect" => Options(IpProtocol.Icmpv6, 0x85, 4, 0, 0, 0, 0),
            "a multicast source" => Reports.Ipv6("ff02::1", (IpProtocol)200, s_inner),
            "no source" => Reports.Ipv6("::", (IpProtocol)200, s_inner),
            "our own address as source" => Reports.Ipv6(GatewayBench.Aftr, (IpProtocol)200, s_inner),
            "an address that may have no softwire" => Reports.Ipv6("2001:db8:999::1", (IpProtocol)200, s_inner),
            "a later fragment that overlaps" => Reports.Fragment6(s_inner.AsSpan(0, 40), 0, more: true),
            _ => Reports.Ipv6(GatewayBench.B4, (IpProtocol)200, s_inner),
        };
        if (what.StartsWith("an ICMPv6", StringComparison.Ordinal) || what == "a redirect")
            packet[48] = (byte)(what == "a redirect" ? Icmpv6Type.Redirect : Icmpv6Type.TimeExceeded);
        byte[] frame = Packets.Ethernet(packet);
        if (what == "a link-layer multicast")
            frame[0] |= 1;
        bench.FromInside(frame);
        if (what == "a later fragment that overlaps")
            bench.FromInside(Packets.Ethernet(Reports.Fragment6(s_inner.AsSpan(0, 24), 24, more: true)));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Originated));
    }

    [Theory]
    [InlineData(1, 10)]
    [InlineData(1, 1000)]
    [InlineData(4, 100)]
    [Requirement("RFC4443-S2.4f")]
    public void A_flood_is_answered_at_the_configured_rate(int shards, int rate)
    {
        using GatewayBench bench = new(all => all with { Icmpv6ErrorsPerSecond = rate }, shards);
        int answers = 0;
        for (int i = 0; i < 5000; i++)
        {
            string b4 = $"2001:db8:100:{(i % 32) << 8:x}::2";
            bench.FromInside(Packets.Ethernet(Reports.Ipv6(b4, (IpProtocol)200, s_inner)), worker: i % shards);
            bench.Advance(0.0004);
            answers += bench.Collect(FramePort.Inside).Count;
        }

        Assert.InRange(answers, rate, (2 * rate) + Math.Max(rate / 10, 10 * shards) + shards);
        Assert.Equal(5000 - answers, bench.Gateway.Counter(CounterId.IcmpSuppressed));
        // The two families do not share their limits.
        bench.FromB4(Packets.Udp("192.168.1.2", 1000, GatewayBench.Server, 53, ttl: 1));
        Assert.Single(bench.Collect(FramePort.Inside));
    }

    [Fact]
    [Requirement("RFC5508-REQ-9")]
    public void The_inside_can_be_spared_them()
    {
        using GatewayBench bench = new(all => all with { IcmpErrorsInside = false });
        bench.FromInside(Packets.Ethernet(Reports.Ipv6(GatewayBench.B4, (IpProtocol)200, s_inner)));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.NotSoftwire));
    }

    [Fact]
    [Requirement("RFC8200-HL")]
    [Requirement("RFC1812-S4.2.2.9")]
    public void The_hop_limit_of_what_has_arrived_does_not_matter()
    {
        using GatewayBench bench = new();
        foreach (byte hopLimit in new byte[] { 1, 0 })
        {
            Assert.Single(bench.FromInside(Packets.Ethernet(
                Reports.Ipv6(GatewayBench.B4, IpProtocol.Ipv4, s_inner, hopLimit: hopLimit))));
            byte[] ping = Reports.Icmp6(GatewayBench.B4, 128, 0, 1, new byte[24], hopLimit: hopLimit);
            bench.FromInside(Packets.Ethernet(ping));
            byte[] answer = Assert.Single(bench.Collect(FramePort.Inside));
            Assert.Equal((byte)Icmpv6Type.EchoReply, Reports.Message6(answer)[0]);
            Assert.Equal(64, answer[14 + 7]);
        }
    }

    // Destination options with one option, then whatever.
    private static byte[] Options(IpProtocol next, params byte[] option) =>
        Reports.Ipv6(GatewayBench.B4, IpProtocol.DestinationOptions, [(byte)next, 0, .. option, .. s_inner]);

    private static byte[] Routing(byte segmentsLeft)
    {
        byte[] header = [4, 2, 0, segmentsLeft, 0, 0, 0, 0, .. new byte[16]];
        return Reports.Ipv6(GatewayBench.B4, IpProtocol.Routing, [.. header, .. s_inner]);
    }
}
