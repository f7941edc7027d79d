using System;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>Tables and pools: what a scrape says is what the tables hold.</summary>
public sealed class TableMetricsTests
{
    private const string Server = ScrapedGateway.Server;

    [Fact]
    [Requirement("RFC8512-ST-10")]
    [Requirement("RFC8513-ST-23")]
    public async Task Gauges_equal_the_tables_and_fall_again_when_time_has_ended_all()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            settings: static settings => settings with { ShardCount = 2 });
        for (int i = 1; i <= 20; i++)
            gateway.FromB4(Packets.Udp("10.0.0.1", 4000, Server, 53), $"2001:db8:100:{i:x}00::2");
        for (int i = 1; i <= 5; i++)
            Outbound(gateway, $"100.64.0.{i}", Packets.Tcp($"100.64.0.{i}", 4000, Server, 80, TcpFlags.Syn));
        gateway.Advance(0.2);

        LabMetrics page = await gateway.ScrapeAsync();
        Assert.Equal(25, page.Sum("cgn_subscribers"));
        Assert.Equal(25, page.Sum("cgn_address_mappings"));
        Assert.Equal(25, page.Sum("cgn_address_mappings_created_total"));
        Assert.Equal(20, page.Sum("cgn_active_softwires"));
        Assert.Equal(20, page.Sum("cgn_mappings{protocol=\"udp\"}"));
        Assert.Equal(5, page.Sum("cgn_mappings{protocol=\"tcp\"}"));
        Assert.Equal(25, page.Sum("cgn_sessions"));
        Assert.Equal(25u, gateway.Gateway.Shard(0).MappingCount + gateway.Gateway.Shard(1).MappingCount);

        gateway.Advance(310);
        page = await gateway.ScrapeAsync();
        Assert.Equal(0, page.Sum("cgn_sessions"));
        Assert.Equal(25, page.Sum("cgn_mappings_held"));
        Assert.Equal(20, page.Sum("cgn_sessions_expired_total{protocol=\"udp\"}"));
        Assert.Equal(5, page.Sum("cgn_mappings_expired_total{protocol=\"tcp\"}"));

        gateway.Advance(300);
        gateway.Advance(300);
        gateway.Advance(0.2);
        page = await gateway.ScrapeAsync();
        Assert.Equal(0, page.Sum("cgn_mappings_held"));
        Assert.Equal(0, page.Sum("cgn_address_mappings"));
        Assert.Equal(0, page.Sum("cgn_subscribers"));
        Assert.Equal(25, page.Sum("cgn_port_blocks_released_total"));
    }

    [Fact]
    [Requirement("RFC8512-ST-12")]
    public async Task Pools_say_which_addresses_and_ports_are_given_out_whichever_shard_gave_them()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            static snapshot => snapshot with
            {
                Pools =
                [
                    new PoolSettings("one", [new Ipv4PrefixSetting(0xCB007101, 32)], 1024, 65535, 512, 1200),
                    new PoolSettings("two", [new Ipv4PrefixSetting(0xCB007180, 28)], 1024, 65535, 1024, 1200),
                ],
                Plans = [new PlanSettings("home", 0, 0, 8, 0, 0) { Pool = 0 }],
            },
            static settings => settings with { ShardCount = 4 });
        for (int i = 1; i <= 40; i++)
            Outbound(gateway, $"100.64.0.{i}", Packets.Udp($"100.64.0.{i}", 4000, Server, 53));
        gateway.Advance(0.2);

        LabMetrics page = await gateway.ScrapeAsync();
        Assert.Equal(1, page.Sum("cgn_pool_addresses{pool=\"one\",state=\"allocated\"}"));
        Assert.Equal(0, page.Sum("cgn_pool_addresses{pool=\"one\",state=\"free\"}"));
        Assert.Equal(40 * 512, page.Sum("cgn_pool_ports{pool=\"one\",state=\"allocated\"}"));
        Assert.Equal((126 - 40) * 512, page.Sum("cgn_pool_ports{pool=\"one\",state=\"free\"}"));
        Assert.Equal(40, page.Sum("cgn_pool_port_blocks_used{pool=\"one\"}"));
        Assert.Equal(40 / 126.0, page.Sum("cgn_pool_utilisation_ratio{pool=\"one\"}")!.Value, 6);
        Assert.Equal(0, page.Sum("cgn_pool_addresses{pool=\"two\",state=\"allocated\"}"));
        Assert.Equal(16, page.Sum("cgn_pool_addresses{pool=\"two\",state=\"free\"}"));
        Assert.Equal(40, page.Sum("cgn_port_blocks{state=\"used\"}"));
        Assert.Equal(126 + (16 * 63) - 40, page.Sum("cgn_port_blocks{state=\"free\"}"));
        Assert.Equal(40, page.Sum("cgn_port_blocks_allocated_total"));

        gateway.Advance(310);
        gateway.Advance(300);
        gateway.Advance(300);
        gateway.Advance(0.2);
        page = await gateway.ScrapeAsync();
        Assert.Equal(0, page.Sum("cgn_pool_addresses{pool=\"one\",state=\"allocated\"}"));
        Assert.Equal(0, page.Sum("cgn_pool_ports{pool=\"one\",state=\"allocated\"}"));
    }

    [Fact]
    public async Task Pools_of_another_configuration_are_numbered_anew_with_what_they_have_given_out()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        Outbound(gateway, "100.64.0.1", Packets.Udp("100.64.0.1", 4000, Server, 53));
        ConfigSnapshot next = gateway.Snapshot with
        {
            Generation = gateway.Snapshot.Generation + 1,
            Pools =
            [
                new PoolSettings("more", [new Ipv4PrefixSetting(0xC6336440, 28)], 1024, 65535, 512, 1200),
                .. gateway.Snapshot.Pools,
            ],
        };

        gateway.Take(next);

        LabMetrics page = await gateway.ScrapeAsync();
        Assert.Equal(0, page.Sum("cgn_pool_addresses{pool=\"more\",state=\"allocated\"}"));
        Assert.Equal(1, page.Sum("cgn_pool_addresses{pool=\"metro\",state=\"allocated\"}"));
        Assert.Equal(512, page.Sum("cgn_pool_ports{pool=\"metro\",state=\"allocated\"}"));
    }

    [Fact]
    public async Task A_forwarder_that_goes_on_with_the_records_counts_them_as_given_out()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        for (int i = 1; i <= 7; i++)
            Outbound(gateway, $"100.64.0.{i}", Packets.Udp($"100.64.0.{i}", 4000, Server, 53));
        gateway.Advance(0.2);
        LabMetrics before = await gateway.ScrapeAsync();

        gateway.Restart();

        LabMetrics page = await gateway.ScrapeAsync();
        Assert.Equal(7, page.Sum("cgn_address_mappings"));
        Assert.Equal(7 * 512, page.Sum("cgn_pool_ports{pool=\"metro\",state=\"allocated\"}"));
        Assert.Equal(
            before.Sum("cgn_pool_addresses{pool=\"metro\",state=\"allocated\"}"),
            page.Sum("cgn_pool_addresses{pool=\"metro\",state=\"allocated\"}"));
    }

    private static void Outbound(ScrapedGateway gateway, string customer, byte[] packet) =>
        Assert.True(gateway.Send(FramePort.Inside, Packets.Ethernet(packet)).Count == 1, $"{customer} was not carried");
}
