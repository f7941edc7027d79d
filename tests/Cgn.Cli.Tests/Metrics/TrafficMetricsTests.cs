using System;
using System.Linq;
using System.Threading.Tasks;

using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>What is carried moves its families, driven through the real pipeline and read by a real scrape.</summary>
public sealed class TrafficMetricsTests
{
    private const string Customer = "100.64.0.10";
    private const string Server = ScrapedGateway.Server;

    [Fact]
    [Requirement("RFC8512-ST-01")]
    [Requirement("RFC7659-ST-11")]
    [Requirement("RFC7870-ST-27")]
    public async Task Packets_and_bytes_count_by_direction_and_access_and_what_is_translated_by_protocol()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        byte[] question = Packets.Udp("10.0.0.1", 4000, Server, 53, payloadBytes: 100);

        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            byte[] left = Assert.Single(gateway.FromB4(question));
            Answer(gateway, left);
            Answer(gateway, left);
            gateway.Send(FramePort.Inside, Packets.Ethernet(Packets.Tcp(Customer, 5000, Server, 80, TcpFlags.Syn)));
            gateway.Send(FramePort.Inside, Packets.Ethernet(Packets.Echo(Customer, Server, 7)));
            gateway.Send(FramePort.Inside, Packets.Ethernet(TransportPackets.Bare(Customer, Server, 50)));
        });

        Assert.Equal(1, moved("cgn_packets_total{direction=\"outbound\",access=\"ds-lite\"}"));
        Assert.Equal(2, moved("cgn_packets_total{direction=\"inbound\",access=\"ds-lite\"}"));
        Assert.Equal(3, moved("cgn_packets_total{direction=\"outbound\",access=\"nat444\"}"));
        Assert.Equal(128, moved("cgn_bytes_total{direction=\"outbound\",access=\"ds-lite\"}"));
        Assert.Equal(2 * 46, moved("cgn_bytes_total{direction=\"inbound\",access=\"ds-lite\"}"));
        Assert.Equal(3, moved("cgn_translations_total{protocol=\"udp\"}"));
        Assert.Equal(1, moved("cgn_translations_total{protocol=\"tcp\"}"));
        Assert.Equal(1, moved("cgn_translations_total{protocol=\"icmp\"}"));
        Assert.Equal(1, moved("cgn_translations_total{protocol=\"other\"}"));
        Assert.Equal(1, moved("cgn_mappings_created_total{protocol=\"udp\"}"));
        Assert.Equal(1, moved("cgn_mappings_created_total{protocol=\"tcp\"}"));
        Assert.Equal(1, moved("cgn_sessions_created_total{protocol=\"icmp\"}"));
        Assert.Equal(6, moved("cgn_frames_total{outcome=\"received\"}"));
        Assert.Equal(6, moved("cgn_frames_total{outcome=\"transmitted\"}"));
        Assert.Equal(0, moved("cgn_frames_unaccounted"));
        Assert.Equal(6, moved("cgn_worker_batch_frames_count"));
        Assert.Equal(6, moved("cgn_worker_busy_turns_total"));
        Assert.True(moved("cgn_worker_turns_total") >= 6);
        Assert.Equal(0.75 * 6, moved("cgn_worker_batch_frames_sum"));
    }

    [Fact]
    public async Task Neighbours_passed_through_and_clamped_packets_are_counted()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            static snapshot => snapshot with
            {
                PassThrough = [new PassThroughRule(new Ipv4PrefixSetting(0xC6336400, 24), 0, 0)],
            },
            static settings => settings with { MssClamp = 1200 });
        byte[] options = [2, 4, 0x05, 0xB4];
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            byte[] first = Assert.Single(gateway.FromB4(Packets.Udp("10.0.0.1", 4000, "192.88.99.1", 53)));
            string external = string.Join('.', first.Skip(26).Take(4));
            ushort port = (ushort)(first[34] << 8 | first[35]);
            gateway.Send(FramePort.Inside, Packets.Ethernet(Packets.Udp(Customer, 4000, external, port)));
            gateway.Send(FramePort.Inside, Packets.Ethernet(Packets.Udp(Customer, 4000, Server, 53)));
            gateway.FromB4(Packets.Tcp("10.0.0.1", 4000, "192.88.99.1", 80, TcpFlags.Syn, options: options));
            byte[] bad = [2, 0, 0, 0];
            gateway.FromB4(Packets.Tcp("10.0.0.1", 4001, "192.88.99.1", 80, TcpFlags.Syn, options: bad));
        });

        Assert.Equal(1, moved("cgn_hairpin_packets_total"));
        Assert.Equal(1, moved("cgn_untranslated_packets_total"));
        Assert.Equal(1, moved("cgn_mss_clamped_total"));
        Assert.Equal(1, moved("cgn_tcp_options_malformed_total"));
    }

    [Fact]
    [Requirement("MGMT-SUBS")]
    public async Task Ecn_fields_that_should_never_meet_are_counted()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        byte[] NotCapable(byte outer) => Packets.Ethernet(Packets.Softwire(
            ScrapedGateway.B4, ScrapedGateway.Aftr, Packets.Udp("10.0.0.1", 4000, Server, 53), trafficClass: outer));

        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            Assert.Single(gateway.Send(FramePort.Inside, NotCapable(0)));
            Assert.Single(gateway.Send(FramePort.Inside, NotCapable(1)));
            Assert.Empty(gateway.Send(FramePort.Inside, NotCapable(3)));
        });

        Assert.Equal(2, moved("cgn_ecn_anomalies_total"));
        Assert.Equal(1, moved("cgn_drops_total{reason=\"ecn_drop\"}"));
    }

    // Eighteen bytes of payload to whoever sent a frame that left outside.
    private static void Answer(ScrapedGateway gateway, byte[] left)
    {
        string external = string.Join('.', left.Skip(26).Take(4));
        ushort port = (ushort)(left[34] << 8 | left[35]);
        Assert.Single(gateway.Send(
            FramePort.Outside, Packets.Ethernet(Packets.Udp(Server, 53, external, port))));
    }
}
