using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Contract;
using Cgn.Contract.Records;
using Cgn.Control.Hosting;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>The tables of records by HTTP, over records that are known.</summary>
public class RecordEndpointTests
{
    [Fact]
    [Requirement("RFC7659-ST-16")]
    [Requirement("RFC7870-ST-27")]
    public async Task A_subscriber_shows_its_counts_limits_and_traffic()
    {
        await using TestApi api = await TestApi.StartAsync(
            more: "", records: 15);
        JsonElement found = await api.GetAsync("/api/v1/subscribers/2001:db8:100:100::%2F56");

        Assert.Equal("2001:db8:100:100::/56", found.GetProperty("subscriber").GetString());
        Assert.Equal(("ds-lite", "inside"), (Text(found, "kind"), Text(found, "realm")));
        Assert.Equal("203.0.113.5", Text(found, "external-ip-address"));
        Assert.Equal("home", Text(found, "plan"));
        Assert.Equal(1, found.GetProperty("mapping-count").GetInt32());
        Assert.Equal(1, found.GetProperty("session-count").GetInt32());
        Assert.Equal(1, found.GetProperty("port-set-count").GetInt32());
        Assert.Equal(4, found.GetProperty("limits").GetProperty("max-port-sets").GetInt32());
        // What has no limit is left out, as whatever there is not.
        Assert.Equal(
            ["max-port-sets", "port-quota"],
            found.GetProperty("limits").EnumerateObject().Select(static limit => limit.Name));
        Assert.Empty(found.GetProperty("limits").GetProperty("port-quota").EnumerateObject());
        // 64-bit numbers are texts of digits (RFC 7951 section 6.1).
        Assert.Equal("1000", Text(found.GetProperty("traffic-statistics"), "sent-bytes"));
        Assert.Equal("2001:db8:100:1ff::9", Text(found.GetProperty("b4-ipv6-address"), "address"));

        Assert.Equal(Text(found, "subscriber"), Text(
            await api.GetAsync("/api/v1/subscribers/2001:db8:100:101::1"), "subscriber"));
        Assert.Equal("nat444", Text(await api.GetAsync("/api/v1/subscribers/100.64.0.5"), "kind"));
        await api.SendAsync("GET", "/api/v1/subscribers/100.64.0.6", 404);
        await api.SendAsync("GET", "/api/v1/subscribers/nobody", 400);
    }

    [Fact]
    [Requirement("RFC7659-ST-20")]
    [Requirement("RFC7870-ST-26")]
    [Requirement("RFC8513-ST-22")]
    public async Task A_mapping_is_found_by_its_external_endpoint_and_names_its_b4()
    {
        await using TestApi api = await TestApi.StartAsync();
        api.Fake.Subscribers[1].B4ChangedAt = Tick.At(Monotonic.NowNs) - (60 * Tick.PerSecond);
        JsonElement mapping = await OneAsync(api, "/api/v1/mappings?external=203.0.113.5:1030");

        Assert.Equal(("dynamic-implicit", "live"), (Text(mapping, "type"), Text(mapping, "state")));
        Assert.Equal(17, mapping.GetProperty("transport-protocol").GetInt32());
        Assert.Equal("192.168.1.10", Text(mapping, "internal-src-address"));
        Assert.Equal(40000, mapping.GetProperty("internal-src-port").GetProperty("start-port-number").GetInt32());
        Assert.Equal("203.0.113.5", Text(mapping, "external-src-address"));
        Assert.Equal(1030, mapping.GetProperty("external-src-port").GetProperty("end-port-number").GetInt32());
        Assert.Equal(("eim", "eif"), (Text(mapping, "mapping-type"), Text(mapping, "filtering-type")));
        Assert.Equal("paired", Text(mapping, "address-allocation-type"));
        Assert.Equal(("one", "2001:db8:100:100::/56"), (Text(mapping, "pool"), Text(mapping, "subscriber")));
        Assert.Equal("2001:db8:100:1ff::9", Text(mapping.GetProperty("b4-ipv6-address"), "address"));
        var changed = System.DateTimeOffset.Parse(
            Text(mapping.GetProperty("b4-ipv6-address"), "last-address-change")!);
        Assert.InRange(System.DateTimeOffset.UtcNow - changed, System.TimeSpan.FromSeconds(59),
            System.TimeSpan.FromSeconds(120));

        Assert.Empty(await ItemsAsync(api, "/api/v1/mappings?external=203.0.113.5:1031"));
        Assert.Empty(await ItemsAsync(api, "/api/v1/mappings?protocol=tcp"));
        Assert.Single(await ItemsAsync(api, "/api/v1/mappings?protocol=udp&type=dynamic-implicit"));
    }

    [Fact]
    [Requirement("RFC8512-ST-21")]
    public async Task A_mapping_is_static_implicit_or_explicit_and_has_a_lifetime_where_it_has_an_end()
    {
        await using TestApi api = await TestApi.StartAsync();
        uint now = Tick.At(Monotonic.NowNs);
        api.Fake.Mappings[2] = Mapping(2000, MappingState.Static);
        api.Fake.Mappings[3] = Mapping(2001, MappingState.Explicit) with { Aux = 1 };
        api.Fake.Explicit[1] = new ExplicitRecord { Mapping = 3, Kind = ExplicitKind.Map, EndsAt = now + 6000 };
        api.Fake.Mappings[4] = Mapping(2002, MappingState.HeldDown) with { Aux = now + 1200 };

        JsonElement[] all = await ItemsAsync(api, "/api/v1/subscribers/2001:db8:100:100::%2F56/mappings");
        Assert.Equal(
            ["dynamic-implicit", "static", "dynamic-explicit", "dynamic-implicit"], all.Select(m => Text(m, "type")));
        Assert.Equal(["live", "live", "live", "held"], all.Select(m => Text(m, "state")));
        Assert.False(all[0].TryGetProperty("lifetime", out _));
        Assert.False(all[1].TryGetProperty("lifetime", out _));
        Assert.InRange(all[2].GetProperty("lifetime").GetInt32(), 500, 600);
        Assert.InRange(all[3].GetProperty("lifetime").GetInt32(), 60, 120);
        Assert.Equal(4, all.Select(m => m.GetProperty("index").GetInt64()).Distinct().Count());
    }

    [Fact]
    [Requirement("RFC7659-ST-19")]
    public async Task Address_mappings_pair_inside_and_public_addresses()
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonElement[] all = await ItemsAsync(api, "/api/v1/address-mappings");

        Assert.Equal(["2001:db8:100:1ff::9", "100.64.0.5"], all.Select(m => Text(m, "internal-src-address")));
        Assert.Equal(["203.0.113.5", "203.0.113.6"], all.Select(m => Text(m, "external-src-address")));
        Assert.All(all, m => Assert.Equal(("inside", "outside", "one"),
            (Text(m, "internal-realm"), Text(m, "external-realm"), Text(m, "pool"))));
        Assert.Equal("100.64.0.5", Text(
            await OneAsync(api, "/api/v1/address-mappings?external=203.0.113.6"), "subscriber"));
    }

    [Fact]
    [Requirement("RFC7870-ST-25")]
    public async Task Softwires_have_both_ends_and_a_prefix_length()
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonElement softwire = await OneAsync(api, "/api/v1/softwires");

        Assert.Equal("ipv6", Text(softwire, "address-type"));
        Assert.Equal("2001:db8:ffff::1", Text(softwire, "aftr-ipv6-address"));
        Assert.Equal("2001:db8:100:1ff::9", Text(softwire.GetProperty("b4-ipv6-address"), "address"));
        Assert.Equal(56, softwire.GetProperty("prefix-length").GetInt32());
        Assert.Equal("10", Text(softwire.GetProperty("traffic-statistics"), "sent-packets"));
    }

    [Fact]
    public async Task Sessions_and_port_blocks_are_listed()
    {
        await using TestApi api = await TestApi.StartAsync();
        JsonElement session = await OneAsync(api, "/api/v1/sessions?subscriber=2001:db8:100::/40");
        Assert.Equal(("8.8.8.8", "udp"), (Text(session, "external-dst-address"), Text(session, "state")));
        JsonElement[] blocks = await ItemsAsync(api, "/api/v1/port-blocks");
        Assert.Equal([1024, 2048], blocks.Select(b => b.GetProperty("start-port-number").GetInt32()));
        Assert.Equal("2023-11-14T22:13:20Z", Text(blocks[0], "allocated"));
        Assert.Equal(1, blocks[0].GetProperty("ports-taken").GetProperty("udp").GetInt32());
    }

    internal static async Task<JsonElement[]> ItemsAsync(TestApi api, string path) =>
        [.. (await api.GetAsync(path)).GetProperty("items").EnumerateArray()];

    private static async Task<JsonElement> OneAsync(TestApi api, string path) =>
        Assert.Single(await ItemsAsync(api, path));

    private static MappingRecord Mapping(ushort port, MappingState state) => new()
    {
        Subscriber = 1,
        InternalAddress = 0xC0A8010A,
        InternalPort = port,
        ExternalAddress = 0xCB007105,
        ExternalPort = port,
        Protocol = 6,
        State = state,
        Block = 1,
    };

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
