using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>What a hostile or merely odd network sends, and what must or must not come of it.</summary>
public sealed class HostileNetworkTests
{
    private const string OtherAftr = "2001:db8:ffff::2";

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [Requirement("RFC4787-REQ-14")]
    public void Hairpinned_fragments_arrive_in_whatever_order_they_were_sent(int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Decoded other = new(Assert.Single(bench.FromB4(
            Packets.Udp("10.0.0.2", 2000, GatewayBench.Server, 53), GatewayBench.OtherB4)));
        byte[] whole = Packets.Udp("10.0.0.1", 1000, other.Source, other.Udp!.SourcePort, 3000, dontFragment: false);
        foreach ((int start, int end) in new[] { (2960, 3008), (1480, 2960), (0, 1480) })
        {
            bench.FromB4(Packets.Ipv4(
                "10.0.0.1", other.Source, IpProtocol.Udp, whole.AsSpan(20 + start, end - start), identification: 7,
                dontFragment: false, moreFragments: end != 3008, fragmentOffset: start));
        }

        List<Decoded> arrived = [.. bench.Collect(FramePort.Inside).Select(static frame => new Decoded(frame))];
        Assert.Equal([0, 185, 370], arrived.Select(static piece => piece.Ipv4.FragmentOffset).Order());
        Assert.All(arrived, static piece => Assert.Equal("10.0.0.2", piece.Destination));
        Assert.All(
            arrived, static piece => Assert.Equal(GatewayBench.OtherB4, piece.Outer!.DestinationAddress.ToString()));
    }

    [Fact]
    [Requirement("RFC5508-REQ-4")]
    public void No_error_goes_to_a_B4_whose_address_is_not_known_yet()
    {
        Ipv6Address b4 = Ipv6Address.Parse(GatewayBench.B4);
        StaticMapping mapping = new(b4.High & ~0xFFUL, 0, true, 6, 0xC0A8010A, 443, 0xCB00710E, 443);
        using GatewayBench bench = new(snapshot: all => all with { StaticMappings = [mapping] });
        byte[] error = Packets.IcmpError(
            "198.51.100.99", "203.0.113.14", IcmpType.DestinationUnreachable, 1,
            Packets.Tcp("203.0.113.14", 443, GatewayBench.Server, 80, TcpFlags.Ack));
        Assert.Empty(bench.FromServer(error));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.IcmpErrorUnmatched));

        bench.FromB4(Packets.Udp("192.168.1.10", 1, GatewayBench.Server, 53));
        Decoded back = new(Assert.Single(bench.FromServer(error)));
        Assert.Equal(GatewayBench.B4, back.Outer!.DestinationAddress.ToString());
    }

    [Fact]
    [Requirement("RFC2473-S3.1-2")]
    public void Answers_come_from_the_AFTR_address_that_the_B4_used_last()
    {
        using GatewayBench bench = new(snapshot: all => all with
        {
            AftrAddresses = [.. all.AftrAddresses, new(0x20010DB8FFFF0000, 2, 128)],
        });
        byte[] inner = Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53);
        Decoded sent = new(Assert.Single(bench.FromB4(inner)));
        Assert.Single(bench.FromInside(Packets.Ethernet(Packets.Softwire(GatewayBench.B4, OtherAftr, inner))));
        Decoded back = new(Assert.Single(bench.FromServer(
            Packets.Udp(GatewayBench.Server, 53, sent.Source, sent.Udp!.SourcePort))));
        Assert.Equal(OtherAftr, back.Outer!.SourceAddress.ToString());
    }

    [Theory]
    [InlineData("192.0.0.2")]
    [InlineData("192.0.0.6")]
    [InlineData("100.64.0.77")]
    [Requirement("RFC7335-S4-1")]
    [Requirement("RFC6598-S4-2")]
    public void Addresses_of_the_inside_alone_are_neither_reached_through_us_nor_believed_outside(string address)
    {
        using GatewayBench bench = new();
        Decoded sent = new(Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53))));
        Assert.Empty(bench.FromB4(Packets.Udp("10.0.0.1", 1000, address, 53)));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Empty(bench.FromServer(Packets.Udp(address, 53, sent.Source, sent.Udp!.SourcePort)));
        Assert.Equal(2, bench.Gateway.Drops(DropReason.Martian));
        // A router on the way may have such an address, and its report counts.
        Assert.Single(bench.FromServer(Packets.IcmpError(
            "100.64.0.1", sent.Source, IcmpType.TimeExceeded, 0, sent.Ipv4.Bytes)));
    }

    [Fact]
    [Requirement("RFC2827-1")]
    public void Nobody_outside_speaks_for_a_pool_address()
    {
        using GatewayBench bench = new();
        Decoded sent = new(Assert.Single(bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53))));
        ushort port = sent.Udp!.SourcePort;
        Assert.Empty(bench.FromServer(Packets.Udp(sent.Source, port, sent.Source, port)));
        Assert.Empty(bench.FromServer(Packets.Echo("203.0.113.3", sent.Source, 1)));
        Assert.Equal(2, bench.Gateway.Drops(DropReason.Martian));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    [Requirement("RFC6333-S6.3-1")]
    public void A_ping_in_outer_fragments_is_answered_in_outer_fragments(bool ipv6)
    {
        using GatewayBench bench = new(settings: all => all with { TunnelMtu = 1280 });
        byte[] ping = ipv6 ? Ping6(1392) : Packets.Echo("10.0.0.1", "192.0.0.1", 5, payloadBytes: 1372);
        IpProtocol kind = ipv6 ? IpProtocol.Icmpv6 : IpProtocol.Ipv4;
        bench.FromInside(Packets.Ethernet(OuterFragment(ping.AsSpan(0, 1200), kind, 0, more: true)));
        bench.FromInside(Packets.Ethernet(OuterFragment(ping.AsSpan(1200), kind, 1200, more: false)));
        List<byte[]> answer = bench.Collect(FramePort.Inside);
        Assert.Equal(2, answer.Count);
        Assert.All(answer, static frame => Assert.InRange(frame.Length, 0, 14 + 1280));
        Assert.All(answer, static frame => Assert.Equal((byte)IpProtocol.Fragment, frame[14 + 6]));
        Assert.Equal(ping.Length, answer.Sum(static frame => frame.Length - 14 - 40 - 8));
    }

    [Fact]
    [Requirement("RFC6908-S3.2.2-1")]
    public void The_well_known_address_answers_pings_through_the_softwire()
    {
        using GatewayBench bench = new();
        Assert.Empty(bench.FromB4(Packets.Echo("10.0.0.1", "192.0.0.1", 5)));
        Decoded answer = new(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal(("192.0.0.1", "10.0.0.1"), (answer.Source, answer.Destination));
        Assert.Equal(GatewayBench.B4, answer.Outer!.DestinationAddress.ToString());
        Assert.Equal(0u, bench.Gateway.Shard(0).MappingCount);
    }

    [Fact]
    public void A_ping_that_claims_to_come_from_the_AFTR_itself_is_not_answered()
    {
        using GatewayBench bench = new();
        byte[] message = Ping6(64, GatewayBench.Aftr);
        byte[] packet = Packets.Softwire(GatewayBench.Aftr, GatewayBench.Aftr, message);
        packet[6] = (byte)IpProtocol.Icmpv6;
        bench.FromInside(Packets.Ethernet(packet));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.Loop));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [Requirement("RFC4787-REQ-13")]
    public void Too_big_for_the_neighbours_softwire_is_reported_to_the_sender_inside(int shards)
    {
        using GatewayBench bench = new(settings: all => all with { TunnelMtu = 1500 }, shards: shards);
        Decoded other = new(Assert.Single(bench.FromB4(
            Packets.Udp("10.0.0.2", 2000, GatewayBench.Server, 53), GatewayBench.OtherB4)));
        byte[] big = Packets.Udp(GatewayBench.Customer, 1000, other.Source, other.Udp!.SourcePort, 1472);
        bench.FromInside(Packets.Ethernet(big));
        Decoded report = new(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Null(report.Outer);
        Assert.Equal(GatewayBench.Customer, report.Destination);
        byte[] message = report.Ipv4.PayloadData ?? report.Ipv4.PayloadPacket.Bytes;
        Assert.Equal((3, 4, 1460), (message[0], message[1], BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(6))));
        // It quotes what the sender sent, time to live excepted.
        Assert.Equal(big.AsSpan(12, 12).ToArray(), message.AsSpan(8 + 12, 12).ToArray());
        Assert.Equal(1, bench.Gateway.Drops(DropReason.TooBig));
    }

    [Fact]
    [Requirement("RFC5508-S7.3-1")]
    public void An_error_that_quotes_a_source_routed_packet_stays_inside()
    {
        using GatewayBench bench = new();
        bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53));
        byte[] plain = Packets.Udp(GatewayBench.Server, 53, "10.0.0.1", 1000);
        byte[] quote = [.. plain.AsSpan(0, 20), 131, 7, 4, 0, 0, 0, 0, 0, .. plain.AsSpan(20)];
        quote[0] = 0x47;
        BinaryPrimitives.WriteUInt16BigEndian(quote.AsSpan(2), (ushort)quote.Length);
        quote.AsSpan(10, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(quote.AsSpan(10), Checksum.Compute(quote.AsSpan(0, 28)));
        Assert.Empty(bench.FromB4(Packets.IcmpError(
            "10.0.0.1", GatewayBench.Server, IcmpType.DestinationUnreachable, 3, quote)));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.SourceRoute));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC4787-REQ-13")]
    public void An_error_larger_than_the_way_out_takes_is_cut_or_dropped(bool dontFragment)
    {
        using GatewayBench bench = new(settings: all => all with { TunnelMtu = 9000, OutsideMtu = 1000 });
        bench.FromB4(Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53));
        byte[] error = Packets.IcmpError(
            "10.0.0.1", GatewayBench.Server, IcmpType.DestinationUnreachable, 3,
            Packets.Udp(GatewayBench.Server, 53, "10.0.0.1", 1000, 1200));
        error[6] = (byte)(dontFragment ? 0x40 : 0);
        error.AsSpan(10, 2).Clear();
        BinaryPrimitives.WriteUInt16BigEndian(error.AsSpan(10), Checksum.Compute(error.AsSpan(0, 20)));
        List<byte[]> left = bench.FromB4(error);
        Assert.Equal(dontFragment ? 0 : 2, left.Count);
        Assert.All(left, static frame => Assert.InRange(frame.Length, 0, 14 + 1000));
        Assert.Equal(dontFragment ? 1 : 0, bench.Gateway.Drops(DropReason.TooBig));
    }

    [Theory]
    [InlineData(43)]
    [InlineData(46)]
    [Requirement("RFC2473-S3.3-1")]
    public void Destination_options_that_run_past_their_header_are_refused(int optionLengthAt)
    {
        using GatewayBench bench = new();
        byte[] packet = Packets.Softwire(
            GatewayBench.B4, GatewayBench.Aftr, Packets.Udp("10.0.0.1", 1000, GatewayBench.Server, 53),
            encapsulationLimit: true);
        packet[optionLengthAt] = 200;
        Assert.Empty(bench.FromInside(Packets.Ethernet(packet)));
        Assert.Equal(
            1, bench.Gateway.Drops(DropReason.BadIpv6Header) + bench.Gateway.Drops(DropReason.RefusedExtensionHeader));
    }

    private static byte[] Ping6(int length, string source = GatewayBench.B4)
    {
        byte[] message = new byte[length];
        message[0] = (byte)Icmpv6Type.EchoRequest;
        Checksum.FillIcmpv6(message, Checksum.PseudoHeader(
            Ipv6Address.Parse(source), Ipv6Address.Parse(GatewayBench.Aftr), IpProtocol.Icmpv6, length));
        return message;
    }

    private static byte[] OuterFragment(ReadOnlySpan<byte> part, IpProtocol kind, int offset, bool more)
    {
        byte[] behind = new byte[Ipv6FragmentHeader.Size + part.Length];
        new Ipv6FragmentHeader
        {
            NextHeader = kind,
            FragmentOffsetBytes = offset,
            MoreFragments = more,
            Identification = 77,
        }.Write(behind);
        part.CopyTo(behind.AsSpan(Ipv6FragmentHeader.Size));
        byte[] packet = Packets.Softwire(GatewayBench.B4, GatewayBench.Aftr, behind);
        packet[6] = (byte)IpProtocol.Fragment;
        return packet;
    }
}
