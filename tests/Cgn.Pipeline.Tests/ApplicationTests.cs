using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using PacketDotNet;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>What people do, both ways through the gateway: the applications that RFC 7021 looked at.</summary>
public sealed class ApplicationTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC7021-WEB")]
    public void Pages_over_TCP_and_QUIC_and_mail_pass(bool softwire)
    {
        using GatewayBench bench = new(shards: 2);
        foreach (ushort port in (ushort[])[80, 443, 993, 5222])
            Assert.Equal(20, Download(bench, softwire, (ushort)(40000 + port), port, segments: 20));

        Decoded asked = new(Assert.Single(Out(bench, softwire, 50000, 443, 1200)));
        for (int i = 0; i < 20; i++)
        {
            byte[] part = Packets.Udp(GatewayBench.Server, 443, asked.Source, asked.Udp!.SourcePort, 1200);
            Decoded got = new(Assert.Single(bench.FromServer(part)));
            Assert.Equal(50000, got.Udp!.DestinationPort);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC7021-VIDEO")]
    public void Four_streams_of_one_subscriber_do_not_stall_each_other(bool softwire)
    {
        using GatewayBench bench = new();
        int[] got = [.. Enumerable.Range(0, 4).Select(i => Download(bench, softwire, (ushort)(41000 + i), 443, 250))];
        Assert.All(got, static segments => Assert.Equal(250, segments));
    }

    [Fact]
    [Requirement("RFC7021-FILE")]
    public void A_full_size_segment_that_does_not_fit_the_softwire_is_answered_and_never_lost_in_silence()
    {
        using GatewayBench bench = new(static s => s with { TunnelMtu = 1500, InsideMtu = 1500, MssClamp = 0 });
        Decoded open = new(Assert.Single(bench.FromB4(Segment(TcpFlags.Syn, 42000, 80, 999))));
        byte[] full = Packets.Tcp(GatewayBench.Server, 80, open.Source, open.Tcp!.SourcePort,
            TcpFlags.Ack, 5000, 1000, payloadBytes: 1460);
        Assert.Empty(bench.FromServer(full));
        Decoded answer = new(Assert.Single(bench.Collect(FramePort.Outside)));
        Assert.Equal(IcmpV4TypeCode.UnreachableFragmentationNeeded, answer.Icmp!.TypeCode);
        Assert.Equal(1460, answer.Icmp.Sequence);

        byte[] fitting = Packets.Tcp(GatewayBench.Server, 80, open.Source, open.Tcp.SourcePort,
            TcpFlags.Ack, 5000, 1000, payloadBytes: 1420);
        Assert.Equal(1460, new Decoded(Assert.Single(bench.FromServer(fitting))).Ipv4.TotalLength);
    }

    [Fact]
    [Requirement("RFC7021-TORRENT")]
    public void Peers_reach_an_opened_port_and_a_used_one_stays_open_five_minutes()
    {
        ulong home = Ipv6Address.Parse(GatewayBench.B4).High & ~0xFFUL;
        StaticMapping opened = new(home, 0, true, (byte)IpProtocol.Tcp, 0xC0A8010A, 6881, 0xCB007105, 6881);
        using GatewayBench bench = new(snapshot: s => s with { StaticMappings = [opened] });
        Assert.Single(bench.FromB4(Packets.Udp("192.168.1.1", 5353, GatewayBench.Server, 53))); // the B4 shows itself
        Decoded call = new(Assert.Single(bench.FromServer(
            Packets.Tcp("198.51.100.99", 51413, "203.0.113.5", 6881, TcpFlags.Syn, 1))));
        Assert.Equal(("192.168.1.10", 6881), (call.Destination, call.Tcp!.DestinationPort));
        Decoded answer = new(Assert.Single(bench.FromB4(Packets.Tcp(
            "192.168.1.10", 6881, "198.51.100.99", 51413, TcpFlags.Syn | TcpFlags.Ack, 1, 2))));
        Assert.Equal(("203.0.113.5", 6881), (answer.Source, answer.Tcp!.SourcePort));

        Decoded udp = new(Assert.Single(bench.FromB4(Packets.Udp("192.168.1.10", 6882, GatewayBench.Server, 6881))));
        bench.Advance(299);
        Assert.Single(bench.FromServer(Packets.Udp("198.51.100.98", 7000, udp.Source, udp.Udp!.SourcePort)));
    }

    private static int Download(GatewayBench bench, bool softwire, ushort from, ushort port, int segments)
    {
        Decoded syn = new(Assert.Single(Send(bench, softwire, Segment(TcpFlags.Syn, from, port, 999, softwire))));
        ushort external = syn.Tcp!.SourcePort;
        int got = bench.FromServer(Packets.Tcp(
            GatewayBench.Server, port, syn.Source, external, TcpFlags.Syn | TcpFlags.Ack, 4999, 1000)).Count;
        Assert.Equal(1, got);
        Assert.Single(Send(bench, softwire, Segment(TcpFlags.Ack, from, port, 1000, softwire)));
        for (int i = 0; i < segments; i++)
        {
            byte[] segment = Packets.Tcp(GatewayBench.Server, port, syn.Source, external,
                TcpFlags.Ack, 5000 + (uint)(i * 1000), 1000, payloadBytes: 1000);
            got += bench.FromServer(segment).Count(frame => new Decoded(frame).Tcp!.DestinationPort == from);
        }

        return got - 1;
    }

    private static byte[] Segment(TcpFlags flags, ushort from, ushort port, uint sequence, bool softwire = true) =>
        Packets.Tcp(
            softwire ? "192.168.1.10" : GatewayBench.Customer, from, GatewayBench.Server, port, flags, sequence,
            flags == TcpFlags.Syn ? 0 : 5000u);

    private static List<byte[]> Out(GatewayBench bench, bool softwire, ushort from, ushort port, int bytes) =>
        Send(bench, softwire, Packets.Udp(
            softwire ? "192.168.1.10" : GatewayBench.Customer, from, GatewayBench.Server, port, bytes));

    private static List<byte[]> Send(GatewayBench bench, bool softwire, byte[] packet) =>
        softwire ? bench.FromB4(packet) : bench.FromInside(Packets.Ethernet(packet));
}
