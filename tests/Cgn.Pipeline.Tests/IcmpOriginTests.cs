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

/// <summary>ICMP errors that the gateway itself sends: when, from where, how much, how many (RFC 1812 section
/// 4.3.2).</summary>
public sealed class IcmpOriginTests
{
    private const string Outside = "198.18.0.1";
    private const string Inside = "100.64.255.1";

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("RFC5508-REQ-10a2")]
    [Requirement("RFC1812-S5.2.7.3")]
    [Requirement("RFC1812-S5.3.1")]
    [Requirement("RFC1812-S4.3.2.4")]
    [Requirement("RFC6333-S6.5-1")]
    public void Time_to_live_at_its_end_is_reported_from_the_address_of_the_side_that_it_came_by(
        bool softwire, int shards)
    {
        using GatewayBench bench = new(Addresses, shards);
        Host host = new(bench, softwire, worker: shards - 1);
        (string address, ushort port) = host.External(tcp: false, 1000);
        byte[] outbound = Packets.Udp(host.Address, 1000, GatewayBench.Server, 33434, ttl: 1);
        Assert.Empty(host.Send(outbound));
        Decoded report = host.Receives(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal(softwire ? "192.0.0.1" : Inside, report.Source);
        Assert.Equal((11, 0), (Reports.Message(report)[0], Reports.Message(report)[1]));
        Assert.Equal(outbound, Reports.Quote(report));
        Assert.Equal(64, report.Ipv4.TimeToLive);

        byte[] inbound = Packets.Udp(GatewayBench.Server, 53, address, port, ttl: 1);
        Assert.Empty(bench.FromServer(inbound, worker: shards - 1));
        report = new Decoded(Assert.Single(bench.Collect(FramePort.Outside)));
        Assert.Equal((Outside, GatewayBench.Server), (report.Source, report.Destination));
        Assert.Equal((11, 0), (Reports.Message(report)[0], Reports.Message(report)[1]));
        Assert.Equal(inbound, Reports.Quote(report));
        Assert.Equal(2, bench.Gateway.Drops(DropReason.TtlExpired));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC1812-S4.3.2.3")]
    public void An_error_quotes_as_much_as_576_bytes_hold(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        byte[] large = Packets.Udp(host.Address, 1000, GatewayBench.Server, 33434, 1472, ttl: 1);
        Assert.Empty(host.Send(large));
        Decoded report = host.Receives(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal(576, report.Ipv4.TotalLength);
        Assert.Equal(large[..548], Reports.Quote(report));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 4)]
    [Requirement("RFC4787-REQ-13")]
    [Requirement("RFC5508-REQ-10a1")]
    [Requirement("RFC1191-S4-1")]
    public void Too_large_for_the_way_out_is_reported_with_what_would_fit(bool softwire, int shards)
    {
        using GatewayBench bench = new(all => Addresses(all) with { OutsideMtu = 1400 }, shards);
        Host host = new(bench, softwire);
        byte[] large = Packets.Udp(host.Address, 1000, GatewayBench.Server, 53, 1472);
        Assert.Empty(host.Send(large));
        Decoded report = host.Receives(Assert.Single(bench.Collect(FramePort.Inside)));
        byte[] message = Reports.Message(report);
        Assert.Equal((3, 4), (message[0], message[1]));
        Assert.Equal(1400u, BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(4)));
        Assert.Equal(softwire ? "192.0.0.1" : Inside, report.Source);
        Assert.Equal(large[..548], message[8..]);
        Assert.Equal(1, bench.Gateway.Drops(DropReason.TooBig));
    }

    [Theory]
    [InlineData(true, 1460)]
    [InlineData(false, 1400)]
    [Requirement("RFC2473-S7.2a-1")]
    [Requirement("RFC5508-REQ-10a1")]
    [Requirement("RFC8900-S6.5")]
    public void Too_large_for_the_way_in_is_reported_as_the_server_sent_it(bool softwire, int mtu)
    {
        using GatewayBench bench = new(all => Addresses(all) with { TunnelMtu = 1500, InsideMtu = 1400 });
        Host host = new(bench, softwire);
        (string address, ushort port) = host.External(tcp: false, 1000);
        byte[] large = Packets.Udp(GatewayBench.Server, 9, address, port, 1472);
        Assert.Empty(bench.FromServer(large));
        Decoded report = new(Assert.Single(bench.Collect(FramePort.Outside)));
        byte[] message = Reports.Message(report);
        Assert.Equal((Outside, GatewayBench.Server), (report.Source, report.Destination));
        Assert.Equal((3, 4), (message[0], message[1]));
        Assert.Equal((uint)mtu, BinaryPrimitives.ReadUInt32BigEndian(message.AsSpan(4)));
        Assert.Equal(large[..548], message[8..]);
    }

    [Theory]
    [InlineData("an ICMP error")]
    [InlineData("a wrong header checksum")]
    [InlineData("a later fragment")]
    [InlineData("a multicast destination")]
    [InlineData("a broadcast destination")]
    [InlineData("a loopback source")]
    [InlineData("a source of this network")]
    [InlineData("a link-layer broadcast")]
    [InlineData("a link-layer multicast")]
    [Requirement("RFC1812-S4.3.2.7")]
    [Requirement("RFC5508-REQ-10e")]
    public void Nothing_is_sent_about(string what)
    {
        using GatewayBench bench = new();
        const string Host = "192.168.1.2";
        byte[] plain = Packets.Udp(Host, 1000, GatewayBench.Server, 53, ttl: 1);
        byte[] packet = what switch
        {
            "an ICMP error" => Expired(Packets.IcmpError(
                Host, GatewayBench.Server, IcmpType.DestinationUnreachable, 3,
                Packets.Udp(GatewayBench.Server, 53, Host, 1000))),
            "a wrong header checksum" => [.. plain[..10], (byte)(plain[10] ^ 1), .. plain[11..]],
            "a later fragment" => Packets.Ipv4(
                Host, GatewayBench.Server, IpProtocol.Udp, new byte[64], ttl: 1, dontFragment: false,
                fragmentOffset: 1480),
            "a multicast destination" => Packets.Udp(Host, 1000, "224.0.0.5", 53, ttl: 1),
            "a broadcast destination" => Packets.Udp(Host, 1000, "255.255.255.255", 53, ttl: 1),
            "a loopback source" => Packets.Udp("127.0.0.1", 1000, GatewayBench.Server, 53, ttl: 1),
            "a source of this network" => Packets.Udp("0.0.0.7", 1000, GatewayBench.Server, 53, ttl: 1),
            _ => plain,
        };
        byte[] frame = Packets.Ethernet(Packets.Softwire(GatewayBench.B4, GatewayBench.Aftr, packet));
        if (what == "a link-layer broadcast")
            frame.AsSpan(0, 6).Fill(0xFF);
        if (what == "a link-layer multicast")
            new byte[] { 0x33, 0x33, 0, 0, 0, 1 }.CopyTo(frame, 0);
        Assert.Empty(bench.FromInside(frame));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Originated));
        // The same without its fault is answered.
        Assert.Empty(bench.FromB4(plain));
        Assert.Single(bench.Collect(FramePort.Inside));
    }

    [Theory]
    [InlineData(true, 1, 100)]
    [InlineData(false, 1, 1000)]
    [InlineData(true, 4, 200)]
    [Requirement("RFC5508-REQ-10f")]
    [Requirement("RFC1812-S4.3.2.8")]
    public void A_flood_is_answered_at_the_configured_rate(bool softwire, int shards, int rate)
    {
        using GatewayBench bench = new(all => all with { IcmpErrorsPerSecond = rate }, shards);
        int answers = 0;
        for (int i = 0; i < 10_000; i++)
        {
            Host host = new(bench, softwire, number: 1 + (i % 16));
            host.Send(Packets.Udp(host.Address, 1000, GatewayBench.Server, 33434, ttl: 1));
            bench.Advance(0.0002);
            answers += bench.Collect(FramePort.Inside).Count;
        }

        // Two seconds, and the tenth of a second or ten errors of each worker that may come at once.
        Assert.InRange(answers, rate, (2 * rate) + Math.Max(rate / 10, 10 * shards) + shards);
        Assert.Equal(10_000 - answers, bench.Gateway.Counter(CounterId.IcmpSuppressed));
        Assert.Equal(10_000, bench.Gateway.Drops(DropReason.TtlExpired));
    }

    [Theory]
    [InlineData(-1, 0x28, 0x28)]
    [InlineData(-1, 0x2B, 0x28)]
    [InlineData(48, 0x28, 0xC0)]
    [Requirement("RFC5508-REQ-10d")]
    public void An_error_has_the_class_of_the_packet_it_is_about_or_the_configured_one(
        int dscp, byte asked, byte answered)
    {
        using GatewayBench bench = new(all => all with { IcmpDscp = dscp });
        Host host = new(bench, softwire: false);
        host.Send(Packets.Udp(host.Address, 1000, GatewayBench.Server, 33434, ttl: 1, tos: asked));
        Decoded report = host.Receives(Assert.Single(bench.Collect(FramePort.Inside)));
        Assert.Equal(answered, report.Ipv4.TypeOfService);
        (string address, ushort port) = host.External(tcp: false, 1000);
        bench.FromServer(Packets.Udp(GatewayBench.Server, 9, address, port, ttl: 1, tos: asked));
        Assert.Equal(answered, new Decoded(Assert.Single(bench.Collect(FramePort.Outside))).Ipv4.TypeOfService);
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    [Requirement("RFC5508-REQ-9")]
    public void Each_side_can_be_spared_errors(bool inside, bool outside)
    {
        using GatewayBench bench = new(
            all => all with { IcmpErrorsInside = inside, IcmpErrorsOutside = outside, OutsideMtu = 1400 });
        Host host = new(bench, softwire: true);
        (string address, ushort port) = host.External(tcp: false, 1000);
        host.Send(Packets.Udp(host.Address, 1000, GatewayBench.Server, 33434, ttl: 1));
        host.Send(Packets.Udp(host.Address, 1000, GatewayBench.Server, 33434, 1472));
        Assert.Equal(inside ? 2 : 0, bench.Collect(FramePort.Inside).Count);
        bench.FromServer(Packets.Udp(GatewayBench.Server, 9, address, port, ttl: 1));
        Assert.Equal(outside ? 1 : 0, bench.Collect(FramePort.Outside).Count);
        Assert.Equal(2, bench.Gateway.Drops(DropReason.TtlExpired));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.TooBig));
    }

    [Theory]
    [InlineData(ExhaustionAnswer.HostUnreachable, true, 1)]
    [InlineData(ExhaustionAnswer.HostUnreachable, false, 1)]
    [InlineData(ExhaustionAnswer.AdminProhibited, true, 13)]
    [InlineData(ExhaustionAnswer.AdminProhibited, false, 13)]
    [InlineData(ExhaustionAnswer.Silent, true, -1)]
    [InlineData(ExhaustionAnswer.Silent, false, -1)]
    [Requirement("RFC5508-REQ-8")]
    public void What_finds_no_room_is_answered_as_configured(ExhaustionAnswer answer, bool softwire, int code)
    {
        using GatewayBench bench = new(
            all => all with { ExhaustionAnswer = answer }, plan: home => home with { ConnectionLimit = 1 });
        Host host = new(bench, softwire);
        Assert.Single(host.Udp(1000, GatewayBench.Server, 53));
        byte[] next = Packets.Udp(host.Address, 1001, GatewayBench.Server, 53);
        Assert.Empty(host.Send(next));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.SessionLimit));
        List<byte[]> told = bench.Collect(FramePort.Inside);
        Assert.Equal(code < 0 ? 0 : 1, told.Count);
        if (code < 0)
            return;
        Decoded report = host.Receives(told[0]);
        Assert.Equal((3, code), (Reports.Message(report)[0], Reports.Message(report)[1]));
        Assert.Equal(next, Reports.Quote(report));
    }

    [Fact]
    [Requirement("RFC1122-S3.3.2")]
    public void An_IPv4_fragment_whose_first_never_comes_ends_without_a_report()
    {
        using GatewayBench bench = new(all => all with { FragmentTimeout = 50 });
        Host host = new(bench, softwire: true);
        host.Send(Packets.Ipv4(
            host.Address, GatewayBench.Server, IpProtocol.Udp, new byte[64], dontFragment: false,
            fragmentOffset: 1480));
        bench.Advance(4.8);
        Assert.Equal(1, bench.Gateway.Counter(CounterId.Held));
        bench.Advance(0.4);
        Assert.Equal(1, bench.Gateway.Drops(DropReason.FragmentTimeout));
        Assert.Empty(bench.Collect(FramePort.Inside));
    }

    private static GatewaySettings Addresses(GatewaySettings all) => all with
    {
        OutsideAddress = Ipv4Address.Parse(Outside).Value,
        InsideAddress = Ipv4Address.Parse(Inside).Value,
    };

    private static byte[] Expired(byte[] packet)
    {
        packet[8] = 1;
        return Reports.Summed(packet);
    }
}
