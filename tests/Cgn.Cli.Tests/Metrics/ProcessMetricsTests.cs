using System;
using System.Threading.Tasks;

using Cgn.Cli.Lab.Testing;
using Cgn.Contract.Process;

using Xunit;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>What is told of the two processes.</summary>
public sealed class ProcessMetricsTests
{
    [Fact]
    public async Task The_forwarder_is_told_by_its_status_page()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        gateway.Statistics.IsReady = true;
        gateway.Beat(ageSeconds: 3);
        LabMetrics page = await gateway.ScrapeAsync();
        Assert.Equal(1, page.Sum("cgn_forwarder_up"));
        Assert.Equal(1, page.Sum("cgn_forwarder_ready"));
        Assert.InRange(page.Sum("cgn_forwarder_heartbeat_age_seconds")!.Value, 3, 120);
        Assert.Equal(0, page.Sum("cgn_configuration_refused"));
        Assert.Equal(4000, page.Sum("cgn_capacity{records=\"sessions\"}"));

        gateway.Statistics.IsReady = false;
        gateway.Status.State = ForwarderState.Stopping;
        gateway.Status.Generation = 4;
        gateway.Status.RefusedGeneration = 5;
        page = await gateway.ScrapeAsync();
        Assert.Equal(0, page.Sum("cgn_forwarder_up"));
        Assert.Equal(0, page.Sum("cgn_forwarder_ready"));
        Assert.Equal(4, page.Sum("cgn_configuration_generation"));
        Assert.Equal(1, page.Sum("cgn_configuration_refused"));
    }

    [Fact]
    public async Task The_control_plane_tells_of_itself()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        LabMetrics before = await gateway.ScrapeAsync();
        GC.Collect();
        LabMetrics page = await gateway.ScrapeAsync();
        Assert.True(
            page.Sum("cgn_control_collections_total{generation=\"2\"}")
            > before.Sum("cgn_control_collections_total{generation=\"2\"}"));
        Assert.InRange(page.Sum("cgn_control_memory_bytes")!.Value, 1e6, 1e12);
        double now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        Assert.InRange(page.Sum("cgn_control_start_time_seconds")!.Value, now - 86400, now + 1);
        Assert.Equal(1, page.Sum("cgn_build_info"));
        Assert.InRange(page.Sum("cgn_scrape_read_seconds")!.Value, 1e-9, 60);
    }
}
