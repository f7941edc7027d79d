using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>
/// What the gateway says itself and is told: ICMP, PCP, packets in pieces (beyond the standards' objects).
/// </summary>
[Requirement("MGMT-SUBS")]
public sealed class MessageMetricsTests
{
    private const string Customer = "100.64.0.10";
    private const string Server = ScrapedGateway.Server;

    [Fact]
    public async Task Icmp_of_its_own_counts_by_version_and_kind_and_what_the_limit_suppressed()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            settings: static settings => settings with { Icmpv6ErrorsPerSecond = 1 });
        byte[] spent = Packets.Ethernet(Packets.Udp(Customer, 4000, Server, 53, ttl: 1));
        byte[] ping6 = Packets.Ethernet(Icmp6(ScrapedGateway.B4, 128, 0, [0, 1, 0, 1]));
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            Assert.Single(gateway.Send(FramePort.Inside, spent));
            gateway.FromB4(Packets.Echo("10.0.0.1", "192.0.0.1", 5));
            for (int i = 0; i < 30; i++)
                gateway.Send(FramePort.Inside, ping6);
        });

        Assert.Equal(1, moved("cgn_icmp_originated_total{version=\"4\",kind=\"error\"}"));
        Assert.Equal(1, moved("cgn_icmp_originated_total{version=\"4\",kind=\"reply\"}"));
        double replies = moved("cgn_icmp_originated_total{version=\"6\",kind=\"reply\"}");
        Assert.InRange(replies, 1, 29);
        Assert.Equal(30 - replies, moved("cgn_icmp_suppressed_total"));
        Assert.Equal(2 + replies, moved("cgn_frames_total{outcome=\"originated\"}"));
        Assert.Equal(31, moved("cgn_frames_total{outcome=\"consumed\"}"));
    }

    [Fact]
    public async Task Too_big_counts_when_it_is_sent_carried_and_believed()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            settings: static settings => settings with { OutsideMtu = 1400 });
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            gateway.FromB4(Packets.Udp("10.0.0.1", 4000, Server, 53, payloadBytes: 1400));
            byte[] left = Assert.Single(gateway.FromB4(Packets.Udp("10.0.0.1", 4000, Server, 53)))[14..];
            string external = string.Join('.', left.Skip(12).Take(4));
            Assert.Single(gateway.Send(FramePort.Outside, Packets.Ethernet(Packets.IcmpError(
                "192.0.2.7", external, IcmpType.DestinationUnreachable, 4, left, nextHopMtu: 1300))));
            ushort port = (ushort)(left[20] << 8 | left[21]);
            byte[] softwire = Assert.Single(gateway.Send(FramePort.Outside, Packets.Ethernet(
                Packets.Udp(Server, 53, external, port, payloadBytes: 1300))))[14..];
            gateway.Send(FramePort.Inside, Packets.Ethernet(
                Icmp6("2001:db8:aaaa::1", 2, 0, [0, 0, 0x05, 0x14, .. softwire.Take(1200)])));
        });

        Assert.Equal(2, moved("cgn_packet_too_big_sent_total"));
        Assert.Equal(1, moved("cgn_packet_too_big_received_total{version=\"4\"}"));
        Assert.Equal(1, moved("cgn_packet_too_big_received_total{version=\"6\"}"));
        Assert.Equal(1, moved("cgn_icmp_errors_carried_total"));
        Assert.Equal(1, moved("cgn_softwire_errors_relayed_total"));
        Assert.Equal(1, moved("cgn_path_mtu_lowered_total"));
    }

    [Fact]
    public async Task Outer_fragments_are_put_together_or_given_up_by_cause()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        byte[] inner = Packets.Udp("10.0.0.1", 4000, Server, 53, payloadBytes: 1472);
        List<byte[]> whole = Fragments.Outer(ScrapedGateway.B4, ScrapedGateway.Aftr, inner, identification: 1);
        List<byte[]> lost = Fragments.Outer(ScrapedGateway.B4, ScrapedGateway.Aftr, inner, identification: 2);
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            foreach (byte[] fragment in whole)
                gateway.Send(FramePort.Inside, Packets.Ethernet(fragment));
            gateway.Send(FramePort.Inside, Packets.Ethernet(lost[0]));
            byte[] part = inner[..64];
            gateway.Send(FramePort.Inside, Packets.Ethernet(
                Fragments.Outer(ScrapedGateway.B4, ScrapedGateway.Aftr, part, 0, more: true, identification: 3)));
            gateway.Send(FramePort.Inside, Packets.Ethernet(
                Fragments.Outer(ScrapedGateway.B4, ScrapedGateway.Aftr, part, 8, more: true, identification: 3)));
        });
        Assert.Equal(5, moved("cgn_fragments_total{version=\"6\"}"));
        Assert.Equal(1, moved("cgn_reassembled_total"));
        Assert.Equal(1, moved("cgn_frames_total{outcome=\"merged\"}"));
        Assert.Equal(1, moved("cgn_reassembly_failures_total{cause=\"overlap\"}"));
        Assert.InRange(moved("cgn_reassemblies"), 1, 2);

        moved = await gateway.MovesAsync(() => gateway.Advance(130));
        Assert.Equal(1, moved("cgn_reassembly_failures_total{cause=\"timeout\"}"));
        Assert.Equal(1, moved("cgn_icmp_originated_total{version=\"6\",kind=\"error\"}"));
    }

    [Fact]
    public async Task Fragments_that_it_makes_count_by_version()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            settings: static settings => settings with { InsideMtu = 1500, TunnelMtu = 1500, OutsideMtu = 1400 });
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            byte[] left = gateway.FromB4(
                Packets.Udp("10.0.0.1", 4000, Server, 53, payloadBytes: 1400, dontFragment: false))[0][14..];
            string external = string.Join('.', left.Skip(12).Take(4));
            ushort port = (ushort)(left[20] << 8 | left[21]);
            Assert.Equal(2, gateway.Send(FramePort.Outside, Packets.Ethernet(
                Packets.Udp(Server, 53, external, port, payloadBytes: 1472, dontFragment: false))).Count);
        });
        Assert.Equal(2, moved("cgn_fragments_made_total{version=\"4\"}"));
        Assert.Equal(2, moved("cgn_fragments_made_total{version=\"6\"}"));
        Assert.Equal(2, moved("cgn_frames_total{outcome=\"split\"}"));
    }

    [Fact]
    public async Task Pcp_requests_count_by_opcode_and_result()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            settings: static settings => settings with { Pcp = new PcpSettings { Enabled = true, Map = true } });
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            Ask(gateway, PcpPackets.Request("10.0.0.1", PcpPackets.Map));
            Ask(gateway, PcpPackets.Request("10.0.0.9", PcpPackets.Map));
            Ask(gateway, PcpPackets.Request("10.0.0.1", 0));
            Ask(gateway, PcpPackets.Request("10.0.0.1", 77));
        });
        Assert.Equal(1, moved("cgn_pcp_requests_total{opcode=\"map\",result=\"success\"}"));
        Assert.Equal(1, moved("cgn_pcp_requests_total{opcode=\"map\",result=\"address_mismatch\"}"));
        Assert.Equal(1, moved("cgn_pcp_requests_total{opcode=\"announce\",result=\"success\"}"));
        Assert.Equal(1, moved("cgn_pcp_requests_total{opcode=\"other\",result=\"unsupported_opcode\"}"));
        Assert.Equal(4, moved("cgn_pcp_requests_total"));
    }

    [Fact]
    public async Task Resets_of_its_own_are_counted()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            settings: static settings => settings with { TcpWithoutSession = TcpWithoutSession.Rst });
        Func<string, double> moved = await gateway.MovesAsync(() => gateway.Send(
            FramePort.Inside, Packets.Ethernet(Packets.Tcp(Customer, 4000, Server, 80, TcpFlags.Ack))));
        Assert.Equal(1, moved("cgn_tcp_segments_originated_total"));
    }

    private static void Ask(ScrapedGateway gateway, byte[] message) =>
        Assert.Single(gateway.FromB4(PcpPackets.Datagram("10.0.0.1", 7000, "192.0.0.1", 5351, message)));

    private static byte[] Icmp6(string source, byte type, byte code, byte[] body)
    {
        byte[] message = [type, code, 0, 0, .. body];
        Checksum.FillIcmpv6(message, Checksum.PseudoHeader(
            Ipv6Address.Parse(source), Ipv6Address.Parse(ScrapedGateway.Aftr), IpProtocol.Icmpv6, message.Length));
        byte[] packet = Packets.Softwire(source, ScrapedGateway.Aftr, message);
        packet[6] = (byte)IpProtocol.Icmpv6;
        return packet;
    }
}
