using System;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>Each kind of drop that the management standards count moves its own series, and all make the sum.</summary>
public sealed class DropMetricsTests
{
    private const string Server = ScrapedGateway.Server;

    [Fact]
    [Requirement("RFC8512-ST-02")]
    public async Task Drops_by_reason_make_the_sum_of_dropped_frames_and_their_bytes_are_counted()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        byte[] stranger = Packets.Ethernet(Packets.Udp("192.0.2.1", 4000, Server, 53));
        byte[] unsolicited = Packets.Ethernet(Packets.Udp(Server, 53, "203.0.113.1", 5000, payloadBytes: 60));

        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            gateway.Send(FramePort.Inside, stranger);
            gateway.Send(FramePort.Outside, unsolicited, unsolicited);
        });

        Assert.Equal(1, moved("cgn_drops_total{reason=\"unknown_inside_source\"}"));
        Assert.Equal(2, moved("cgn_drops_total{reason=\"no_mapping\"}"));
        Assert.Equal(3, moved("cgn_drops_total"));
        Assert.Equal(3, moved("cgn_frames_total{outcome=\"dropped\"}"));
        Assert.Equal(stranger.Length + (2 * unsolicited.Length), moved("cgn_dropped_bytes_total"));
    }

    [Fact]
    [Requirement("RFC8512-ST-03")]
    [Requirement("RFC7659-ST-18")]
    public async Task A_flood_of_fragments_is_dropped_at_their_limit()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        byte[] packet = Packets.Udp("100.64.0.1", 4000, Server, 53, payloadBytes: 2000);
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            for (ushort i = 0; i < 200; i++)
            {
                byte[] later = Fragments.Ipv4(packet, 1000)[1];
                later[4] = (byte)(i >> 8);
                later[5] = (byte)i;
                Fragments.FillHeader(later);
                gateway.Send(FramePort.Inside, Packets.Ethernet(later));
            }
        });

        double dropped = moved("cgn_drops_total{reason=\"fragment_limit\"}");
        Assert.InRange(dropped, 1, 199);
        Assert.Equal(dropped, moved("cgn_limit_hits_total{kind=\"fragments\"}"));
        Assert.Equal(200 - dropped, moved("cgn_fragments_waiting"));
        Assert.Equal(200 - dropped, moved("cgn_frames_held"));
        Assert.Equal(200, moved("cgn_fragments_total{version=\"4\"}"));
    }

    // An address mapping is a subscriber's pairing with an external address, so its limit is that of subscribers.
    [Fact]
    [Requirement("RFC8512-ST-04")]
    [Requirement("RFC8512-ST-08")]
    public async Task One_subscriber_too_many_is_dropped_at_the_limit_of_subscribers()
    {
        Func<string, double> moved = await SubscribersAsync(
            static settings => settings with { SubscriberCapacity = 3 }, 5);
        Assert.Equal(2, moved("cgn_drops_total{reason=\"subscribers_full\"}"));
        Assert.Equal(2, moved("cgn_limit_hits_total{kind=\"subscriber_table\"}"));
        Assert.Equal(3, moved("cgn_subscribers"));
        Assert.True(moved("cgn_thresholds_crossed_total{resource=\"subscribers\"}") >= 1);
    }

    [Fact]
    [Requirement("RFC8512-ST-05")]
    [Requirement("RFC8512-ST-07")]
    public async Task A_pool_that_is_used_up_gives_no_address_and_no_port()
    {
        PoolSettings small = new("small", [new Ipv4PrefixSetting(0xCB007101, 32)], 1024, 5119, 1024, 1200);
        Func<string, double> moved = await SubscribersAsync(
            static settings => settings, 7, snapshot => snapshot with { Pools = [small] });
        Assert.Equal(3, moved("cgn_drops_total{reason=\"no_block\"}"));
        Assert.Equal(3, moved("cgn_port_blocks_exhausted_total"));
        Assert.Equal(1, moved("cgn_pool_utilisation_ratio{pool=\"small\"}"));
        Assert.True(moved("cgn_thresholds_crossed_total{resource=\"port_blocks\"}") >= 1);
    }

    [Fact]
    [Requirement("RFC8512-ST-06")]
    [Requirement("RFC7659-ST-09")]
    public async Task Full_tables_and_protocols_that_are_not_carried_have_reasons_of_their_own()
    {
        Func<string, double> moved = await SubscribersAsync(
            static settings => settings with { MappingCapacity = 4 }, 6);
        Assert.Equal(2, moved("cgn_drops_total{reason=\"mappings_full\"}"));
        Assert.Equal(2, moved("cgn_limit_hits_total{kind=\"mapping_table\"}"));

        moved = await SubscribersAsync(static settings => settings with { SessionCapacity = 4 }, 6);
        Assert.Equal(2, moved("cgn_drops_total{reason=\"sessions_full\"}"));

        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            settings: static settings => settings with { OtherProtocols = OtherProtocols.Drop });
        moved = await gateway.MovesAsync(() => gateway.Send(
            FramePort.Inside, Packets.Ethernet(TransportPackets.Bare("100.64.0.1", Server, 50))));
        Assert.Equal(1, moved("cgn_drops_total{reason=\"unsupported_protocol\"}"));
    }

    [Theory]
    [InlineData("ports", "port_limit")]
    [InlineData("mappings", "mapping_limit")]
    [InlineData("port_blocks", "block_limit")]
    [InlineData("sessions", "session_limit")]
    [InlineData("session_rate", "setup_rate_limit")]
    [InlineData("rate_up", "rate_limit_up")]
    [Requirement("RFC8512-ST-07")]
    public async Task A_subscriber_at_its_quota_is_dropped_by_the_name_of_the_quota(string kind, string reason)
    {
        PlanSettings none = new("home", 0, 0, 1, 0, 0);
        PlanSettings plan = kind switch
        {
            "ports" => none with { PortLimit = 3 },
            "mappings" => none with { MappingLimit = 3 },
            "sessions" => none with { ConnectionLimit = 3 },
            "session_rate" => none with { ConnectionRateLimit = 1, ConnectionRateBurst = 3 },
            "rate_up" => none with { RateUp = 8000, BurstMs = 150 },
            _ => none,
        };
        PoolSettings pool = new("metro", [new Ipv4PrefixSetting(0xCB007100, 28)], 1024, 65535, 4, 1200);
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            snapshot => snapshot with { Plans = [plan], Pools = [pool] });

        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            for (ushort port = 4000; port < 4010; port++)
                gateway.Send(FramePort.Inside, Packets.Ethernet(Packets.Udp(
                    "100.64.0.1", port, Server, 53, payloadBytes: 1200)));
        });

        double dropped = moved($"cgn_drops_total{{reason=\"{reason}\"}}");
        Assert.InRange(dropped, 1, 9);
        Assert.Equal(dropped, moved($"cgn_limit_hits_total{{kind=\"{kind}\"}}"));
    }

    [Fact]
    [Requirement("RFC8512-ST-07")]
    public async Task What_all_subscribers_together_may_not_have_is_dropped_by_that_name()
    {
        Func<string, double> moved = await SubscribersAsync(
            static settings => settings with { Limits = new InstanceLimits { Mappings = 3 } }, 5);
        Assert.Equal(2, moved("cgn_drops_total{reason=\"instance_limit\"}"));
        Assert.Equal(2, moved("cgn_limit_hits_total{kind=\"instance\"}"));
    }

    [Fact]
    [Requirement("MGMT-SUBS")]
    public async Task What_access_lists_refuse_is_counted()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(static snapshot => snapshot with
        {
            InsideDeny = [new AccessRule(default, new Ipv4PrefixSetting(0xC6336400, 24))],
        });
        Func<string, double> moved = await gateway.MovesAsync(() => gateway.Send(
            FramePort.Inside, Packets.Ethernet(Packets.Udp("100.64.0.1", 4000, Server, 53))));
        Assert.Equal(1, moved("cgn_drops_total{reason=\"access_list\"}"));
    }

    private static async Task<Func<string, double>> SubscribersAsync(
        Func<GatewaySettings, GatewaySettings> settings, int count,
        Func<ConfigSnapshot, ConfigSnapshot>? snapshot = null)
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(snapshot, settings);
        return await gateway.MovesAsync(() =>
        {
            for (int i = 1; i <= count; i++)
                gateway.Send(FramePort.Inside, Packets.Ethernet(Packets.Udp($"100.64.0.{i}", 4000, Server, 53)));
        });
    }
}
