using System;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.FakeForwarder;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>The instance as a whole: what it has done, how it behaves, how far its pools are used.</summary>
public class InstanceEndpointTests
{
    [Fact]
    [Requirement("RFC7659-ST-17")]
    public async Task Capabilities_say_how_it_maps_filters_pools_and_treats_fragments()
    {
        await using TestApi standard = await TestApi.StartAsync();
        JsonElement found = await standard.GetAsync("/api/v1/instances/1/capabilities");
        Assert.Equal("endpointIndependent", Text(found, "port-mapping-behavior"));
        Assert.Equal("endpointIndependent", Text(found, "filtering-behavior"));
        Assert.Equal(("paired", "outOfOrder"), (Text(found, "pooling-behavior"), Text(found, "fragment-behavior")));
        Assert.Equal("napt", Text(found, "nat44-flavor"));

        await using TestApi other = await TestApi.StartAsync(more: """
            nat-policy:
              mapping-type: edm
              filtering-type: adf
              tcp-filtering-type: edf
              address-allocation-type: arbitrary
              hairpinning: false

            """);
        found = await other.GetAsync("/api/v1/instances/1/capabilities");
        Assert.Equal("addressAndPortDependent", Text(found, "port-mapping-behavior"));
        Assert.Equal("addressDependent", Text(found, "filtering-behavior"));
        Assert.Equal("addressAndPortDependent", Text(found, "tcp-filtering-behavior"));
        Assert.Equal("arbitrary", Text(found, "pooling-behavior"));
        Assert.False(found.GetProperty("hairpinning-support").GetBoolean());
    }

    [Fact]
    [Requirement("RFC8512-ST-01")]
    [Requirement("RFC8512-ST-10")]
    [Requirement("RFC7659-ST-11")]
    [Requirement("RFC8513-ST-23")]
    public async Task Statistics_are_the_sums_of_the_shards_counters()
    {
        await using TestApi api = await TestApi.StartAsync();
        CounterBlock counters = api.Fake.Counters(0);
        counters[CounterId.InboundBytesNat444] = 5_000_000_000;
        counters[CounterId.OutboundPacketsNat444] = 3;
        counters[CounterId.MappingsCreatedTcp] = 12;
        counters[CounterId.MappingsExpiredTcp] = 5;
        counters[CounterId.MappingsCreatedUdp] = 1;
        counters[CounterId.SessionsCreatedIcmp] = 4;
        counters[CounterId.Subscribers] = 2;
        counters[CounterId.Softwires] = 1;
        counters[CounterId.MappingsHeld] = 5;
        JsonElement found = await api.GetAsync("/api/v1/instances/1/statistics");

        JsonElement traffic = found.GetProperty("traffic-statistics");
        Assert.Equal(("10", "5000000000"), (Text(traffic, "sent-packets"), Text(traffic, "rcvd-bytes")));
        Assert.Equal("7", Text(found.GetProperty("ds-lite"), "sent-packets"));
        Assert.Equal("3", Text(found.GetProperty("nat444"), "sent-packets"));
        JsonElement state = found.GetProperty("mappings-statistics");
        Assert.Equal(2, state.GetProperty("total-active-subscribers").GetInt32());
        Assert.Equal(1, state.GetProperty("active-softwires").GetInt32());
        Assert.Equal(2, state.GetProperty("total-address-mappings").GetInt32());
        Assert.Equal(8, state.GetProperty("total-port-mappings").GetInt32());
        Assert.Equal(7, state.GetProperty("total-per-protocol").GetProperty("tcp").GetInt32());
        Assert.Equal(4, state.GetProperty("sessions-per-protocol").GetProperty("icmp").GetInt32());
        Assert.Equal(("13", "4"), (Text(state, "port-mapping-creations"), Text(state, "session-creations")));
    }

    [Fact]
    [Requirement("RFC8512-ST-02")]
    public async Task Drops_have_reasons_and_their_sum_is_all_of_them()
    {
        await using TestApi api = await TestApi.StartAsync();
        foreach (DropReason reason in DropReasonText.All)
            api.Fake.Counters(0)[reason] = (long)reason;
        JsonElement found = await api.GetAsync("/api/v1/instances/1/statistics");
        JsonElement[] drops = await RecordEndpointTests.ItemsAsync(api, "/api/v1/drops");

        Assert.Equal(DropReasonText.All.Count, drops.Length);
        Assert.Equal(
            DropReasonText.All.Sum(static reason => (long)reason),
            long.Parse(Text(found, "dropped-packets")!));
        Assert.Equal(
            long.Parse(Text(found, "dropped-packets")!), drops.Sum(static d => long.Parse(Text(d, "packets")!)));
        Assert.Equal(
            DropReasonText.All.OrderByDescending(static reason => (long)reason).Select(DropReasonText.Name),
            drops.Select(static d => Text(d, "reason")));
    }

    [Fact]
    [Requirement("RFC8512-ST-12")]
    public async Task Pools_count_addresses_and_ports_that_are_given_out_and_free()
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonElement pool = Assert.Single(await RecordEndpointTests.ItemsAsync(api, "/api/v1/pools"));

        Assert.Equal("one", Text(pool, "pool-id"));
        Assert.Equal("203.0.113.0/28", pool.GetProperty("external-ip-pool")[0].GetString());
        Assert.Equal(2, Number(pool, "addresses-allocated"));
        Assert.Equal(14, Number(pool, "addresses-free"));
        Assert.Equal(2 * 512, Number(pool, "ports-allocated"));
        Assert.Equal(((16 * 126) - 2) * 512, Number(pool, "ports-free"));
        Assert.Equal(1, Number(pool.GetProperty("ports-taken"), "udp"));
        Assert.Equal((16 * 126, 2), (Number(pool, "port-set-count"), Number(pool, "port-sets-allocated")));
        Assert.Equal(pool.ToString(), (await api.GetAsync("/api/v1/pools/one")).ToString());
    }

    [Fact]
    [Requirement("RFC7659-DISC")]
    public async Task A_forwarder_that_counts_anew_is_a_discontinuity()
    {
        await using TestApi api = await TestApi.StartAsync();
        DateTimeOffset first = await SinceAsync(api);
        Assert.Equal(first, await SinceAsync(api));
        await Task.Delay(5);
        using var next = new FakeState(api.State, Configuration.ConfigText.Snapshot(Configuration.ConfigText.Small));

        Assert.True(await SinceAsync(api) > first);
    }

    [Fact]
    public async Task Workers_and_health_are_those_of_the_forwarder()
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonElement worker = Assert.Single(await RecordEndpointTests.ItemsAsync(api, "/api/v1/workers"));
        Assert.Equal(FakeState.EventRingCapacity, Number(worker, "events-capacity"));
        JsonElement health = await api.GetAsync("/api/v1/health");
        Assert.Equal(("ready", "test"), (Text(health, "status"), Text(health, "name")));
        Assert.InRange(health.GetProperty("heartbeat-age-seconds").GetDouble(), 0, 60);
        api.Statistics.IsReady = false;
        using var response = await api.Http.GetAsync("/api/v1/health");
        Assert.Equal(503, (int)response.StatusCode);
    }

    [Fact]
    public async Task The_busiest_subscribers_are_those_whose_counters_grow_most()
    {
        await using TestApi api = await TestApi.StartAsync();
        Task<JsonElement> looking = api.GetAsync("/api/v1/subscribers/busiest?seconds=2&limit=1");
        await Hosting.TestGateway.UntilAsync(
            () =>
            {
                api.Fake.Subscribers[1].BytesDown += 100;
                api.Fake.Subscribers[2].BytesUp += 1_000_000;
                return looking.IsCompleted;
            },
            "the answer");
        JsonElement found = Assert.Single((await looking).GetProperty("items").EnumerateArray());

        Assert.Equal("100.64.0.5", Text(found, "subscriber"));
        Assert.True(found.GetProperty("bits-up").GetDouble() > 0);
        Assert.Equal(0, found.GetProperty("bits-down").GetDouble());
    }

    private static async Task<DateTimeOffset> SinceAsync(TestApi api) => DateTimeOffset.Parse(
        Text(await api.GetAsync("/api/v1/instances/1/statistics"), "discontinuity-time")!);

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static long Number(JsonElement element, string name) => element.GetProperty(name).GetInt64();
}
