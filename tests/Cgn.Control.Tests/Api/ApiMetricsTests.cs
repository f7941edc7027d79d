using System.IO;
using System.Text;
using System.Threading.Tasks;

using Cgn.Contract.Events;
using Cgn.Control.Api;
using Cgn.Control.Hosting.Metrics;
using Cgn.Testing;

using Prometheus;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>What the API counts of itself.</summary>
public class ApiMetricsTests
{
    [Fact]
    [Requirement("MGMT-SUBS")]
    public async Task Requests_are_counted_by_method_and_class_of_status_and_events_that_were_missed()
    {
        await using TestApi api = await TestApi.StartAsync(eventsKept: 4);
        await api.GetAsync("/api/v1/pools");
        await api.GetAsync("/api/v1/subscribers");
        await api.SendAsync("GET", "/api/v1/nothing", 404);
        await api.SendAsync("DELETE", "/api/v1/mappings?protocol=tcp", 403);
        await api.SendAsync("PATCH", "/api/v1/pools", 403);
        api.Events.Observe(new ForwarderEvent[10]);
        await api.GetAsync("/api/v1/events/recent");
        string page = await PageAsync(api.Counts);

        Assert.Contains("cgn_api_requests_total{method=\"get\",status=\"2xx\"} 3\n", page);
        Assert.Contains("cgn_api_requests_total{method=\"get\",status=\"4xx\"} 1\n", page);
        Assert.Contains("cgn_api_requests_total{method=\"delete\",status=\"4xx\"} 1\n", page);
        Assert.Contains("cgn_api_requests_total{method=\"other\",status=\"4xx\"} 1\n", page);
        Assert.Contains("cgn_api_events_missed_total 6\n", page);
        Assert.Contains("cgn_api_event_followers 0\n", page);
    }

    [Fact]
    public async Task Who_follows_the_events_is_counted_while_he_does()
    {
        await using TestApi api = await TestApi.StartAsync();
        using (Stream events = await api.Http.GetStreamAsync("/api/v1/events"))
        {
            using var reader = new StreamReader(events);
            Assert.Equal(": events follow", await reader.ReadLineAsync());
            Assert.Contains("cgn_api_event_followers 1\n", await PageAsync(api.Counts));
        }

        await Hosting.TestGateway.UntilAsync(() => api.Counts.Followers == 0, "the follower to be gone");
    }

    [Fact]
    public async Task Every_series_is_there_from_the_beginning()
    {
        string page = await PageAsync(new ApiStatistics());

        Assert.Contains("cgn_api_requests_total{method=\"post\",status=\"5xx\"} 0\n", page);
        Assert.Equal(
            ApiStatistics.Methods.Length * ApiStatistics.Statuses.Length,
            page.Split("\ncgn_api_requests_total{").Length - 1);
    }

    private static async Task<string> PageAsync(ApiStatistics counts)
    {
        CollectorRegistry registry = Metrics.NewCustomRegistry();
        MetricFamilies<ApiStatistics> families = ApiMetrics.Create(Metrics.WithCustomRegistry(registry));
        families.Update(counts);
        using var page = new MemoryStream();
        await registry.CollectAndExportAsTextAsync(page);
        return Encoding.UTF8.GetString(page.ToArray());
    }
}
