using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>The leaves of RFC 8512 and RFC 8513: set by the configuration, shown by the instance.</summary>
[Collection(nameof(Hosting.ReloadTests))]
public class InstancePolicyTests
{
    private const string More = """
        nat444: { subscriber-match: [100.64.0.0/10] }
        nat-policy:
          mapping-type: adm
          filtering-type: edf
          address-allocation-type: arbitrary
          port-parity-preservation: true
          tcp-mss-clamp: 1400
          nat-pass-through: [{ prefix: 198.51.100.0/24, protocol: tcp, port: 80 }]
          algs: [{ name: ftp, status: true, dst-transport-ports: [2121] }]
          timers:
            udp-timeout: 301s
            tcp-idle-timeout: 7441s
            tcp-trans-open-timeout: 241s
            tcp-trans-close-timeout: 242s
            tcp-in-syn-timeout: 7s
            fragment-timeout: 2500ms
            icmp-timeout: 61s
            hold-down-timeout: 121s
            per-port-timeout: [{ port-number: 53, protocol: udp, timeout: 10s }]
        thresholds:
          subscribers: 50
          port-sets: 90
          notify-interval: 20s
          addresses: 60
          ports: 70
          softwires: 55
          instance-notify-interval: 15s

        """;

    [Fact]
    [Requirement("RFC6888-REQ-10")]
    [Requirement("RFC8512-CFG-01")]
    [Requirement("RFC8512-CFG-02")]
    public async Task There_is_one_instance_with_its_type_binding_and_what_passes_untranslated()
    {
        await using TestApi api = await TestApi.StartAsync(more: More);
        JsonElement instance = Assert.Single(await RecordEndpointTests.ItemsAsync(api, "/api/v1/instances"));

        Assert.Equal(1, instance.GetProperty("id").GetInt32());
        Assert.Equal(("test", "napt44", "dslite"),
            (Text(instance, "name"), Text(instance, "type"), Text(instance, "per-interface-binding")));
        Assert.True(instance.GetProperty("enable").GetBoolean());
        JsonElement passed = Assert.Single(instance.GetProperty("nat-pass-through").EnumerateArray());
        Assert.Equal(("198.51.100.0/24", 80), (Text(passed, "prefix"), passed.GetProperty("port").GetInt32()));
        Assert.Equal(instance.ToString(), (await api.GetAsync("/api/v1/instances/1")).ToString());
    }

    [Fact]
    [Requirement("RFC8512-CFG-03")]
    [Requirement("RFC8512-CFG-04")]
    [Requirement("RFC8512-CFG-05")]
    [Requirement("RFC8512-CFG-11")]
    public async Task Pools_have_prefixes_ports_and_port_sets_and_subscribers_are_matched()
    {
        await using TestApi api = await TestApi.StartAsync(more: More);
        JsonElement policy = await PolicyAsync(api);
        JsonElement pool = Assert.Single(policy.GetProperty("external-ip-address-pool").EnumerateArray());

        Assert.Equal("one", Text(pool, "name"));
        Assert.Equal("203.0.113.0/28", pool.GetProperty("external-ip-pool")[0].GetString());
        Assert.Equal((1024, 65535), (
            pool.GetProperty("port-set-restrict").GetProperty("start-port-number").GetInt32(),
            pool.GetProperty("port-set-restrict").GetProperty("end-port-number").GetInt32()));
        Assert.Equal((512, 120), (
            pool.GetProperty("port-set").GetProperty("port-set-size").GetInt32(),
            pool.GetProperty("port-set").GetProperty("port-set-timeout").GetInt32()));
        Assert.Equal(56, policy.GetProperty("subscriber-mask-v6").GetInt32());
        Assert.Equal(
            ["2001:db8:100::/40", "100.64.0.0/10"],
            policy.GetProperty("subscriber-match").EnumerateArray().Select(static m => m.GetString()));
    }

    [Fact]
    [Requirement("RFC8512-CFG-06")]
    [Requirement("RFC8512-CFG-07")]
    [Requirement("RFC8512-CFG-08")]
    [Requirement("RFC8512-CFG-09")]
    [Requirement("RFC8512-CFG-13")]
    public async Task Behaviour_is_shown_as_it_was_set_and_as_it_is_by_default()
    {
        await using TestApi standard = await TestApi.StartAsync();
        JsonElement policy = await PolicyAsync(standard);
        Assert.Equal(("paired", "random", "eim", "eif"), Behaviour(policy));
        Assert.Equal("out-of-order", Text(policy, "fragment-behavior"));
        Assert.All(
            policy.GetProperty("algs").EnumerateArray(),
            static a => Assert.False(a.GetProperty("status").GetBoolean()));
        Assert.False(policy.GetProperty("all-algs-enable").GetBoolean());

        await using TestApi other = await TestApi.StartAsync(more: More);
        policy = await PolicyAsync(other);
        Assert.Equal(("arbitrary", "port-parity-preservation", "adm", "edf"), Behaviour(policy));
        JsonElement alg = Assert.Single(
            policy.GetProperty("algs").EnumerateArray(), static a => a.GetProperty("status").GetBoolean());
        Assert.Equal(("ftp", 2121), (Text(alg, "name"), alg.GetProperty("dst-transport-ports").GetInt32()));
    }

    [Fact]
    [Requirement("RFC8512-CFG-12")]
    public async Task Timers_are_in_seconds_and_have_the_standards_defaults()
    {
        await using TestApi standard = await TestApi.StartAsync();
        JsonElement timers = (await PolicyAsync(standard)).GetProperty("timers");
        Assert.Equal([300, 7440, 240, 240, 6, 2, 60, 120], Timers(timers));
        await using TestApi other = await TestApi.StartAsync(more: More);
        timers = (await PolicyAsync(other)).GetProperty("timers");

        Assert.Equal([301, 7441, 241, 242, 7, 2.5, 61, 121], Timers(timers));
        JsonElement port = Assert.Single(timers.GetProperty("per-port-timeout").EnumerateArray());
        Assert.Equal((53, 17, 10), (
            port.GetProperty("port-number").GetInt32(), port.GetProperty("protocol").GetInt32(),
            port.GetProperty("timeout").GetInt32()));
    }

    [Fact]
    [Requirement("RFC8512-CFG-10")]
    [Requirement("RFC8512-CFG-15")]
    [Requirement("RFC8512-CFG-16")]
    public async Task Quotas_and_limits_are_those_of_the_plans_and_of_the_capacity()
    {
        await using RunningApi api = await RunningApi.StartAsync(more: "");
        string yaml = System.IO.File.ReadAllText(api.Gateway.ConfigFile).Replace(
            "{ id: home }", "{ id: home, port-limit: 1500, port-quota: { tcp: 1000 }, connection-rate-limit: 200/s }");
        await api.SendAsync("PUT", "/api/v1/configuration", 200, yaml, "application/yaml");
        JsonElement instance = await api.SendAsync("GET", "/api/v1/instances/1", 200);

        JsonElement[] quotas = [.. instance.GetProperty("policy").GetProperty("port-quota")[0]
            .GetProperty("port-quota").EnumerateArray()];
        Assert.Equal(["all 1500", "tcp 1000"],
            quotas.Select(static q => $"{Text(q, "quota-type")} {q.GetProperty("port-limit").GetInt32()}"));
        JsonElement rates = instance.GetProperty("connection-limits");
        Assert.Equal(200, rates.GetProperty("limit-per-subscriber")[0].GetProperty("limit").GetInt32());
        Assert.Equal(JsonValueKind.Null, rates.GetProperty("limit-per-instance").ValueKind);
        Assert.Equal(65536, instance.GetProperty("mapping-limits").GetProperty("limit-subscribers").GetInt32());
        Assert.Equal(1_000_000, instance.GetProperty("mapping-limits").GetProperty("limit-port-mappings").GetInt32());
    }

    [Fact]
    [Requirement("RFC8512-CFG-14")]
    [Requirement("RFC8512-CFG-17")]
    public async Task Thresholds_are_in_percent_with_an_interval()
    {
        await using TestApi api = await TestApi.StartAsync(more: More);
        JsonElement instance = await api.GetAsync("/api/v1/instances/1");

        JsonElement pool = instance.GetProperty("policy").GetProperty("notify-pool-usage");
        Assert.Equal((90, 20), (
            pool.GetProperty("high-threshold").GetInt32(), pool.GetProperty("notify-interval").GetInt32()));
        JsonElement limits = instance.GetProperty("notification-limits");
        Assert.Equal((15, 32768, 60, 70, 55), (
            limits.GetProperty("notify-interval").GetInt32(),
            limits.GetProperty("notify-subscribers-limit").GetInt32(),
            limits.GetProperty("notify-addresses-usage").GetInt32(),
            limits.GetProperty("notify-ports-usage").GetInt32(),
            limits.GetProperty("notify-softwires-usage").GetInt32()));
    }

    [Fact]
    [Requirement("RFC7659-ST-18")]
    public async Task Limits_of_the_instance_are_those_of_the_configuration_where_it_sets_some()
    {
        await using TestApi api = await TestApi.StartAsync(more: """
            nat-policy:
              mapping-limits: { limit-subscribers: 5000, limit-port-mappings: 9000, limit-per-protocol: { tcp: 8000 } }
              connection-limits: { limit-per-instance: 4000/s, limit-per-protocol: { icmp: 50/s, other: 20/s } }
              fragments-limit: 300

            """);
        JsonElement instance = await api.GetAsync("/api/v1/instances/1");

        JsonElement limits = instance.GetProperty("mapping-limits");
        Assert.Equal((5000, 9000), (
            limits.GetProperty("limit-subscribers").GetInt32(), limits.GetProperty("limit-port-mappings").GetInt32()));
        Assert.Equal(["tcp 6 8000"], PerProtocol(limits));
        limits = instance.GetProperty("connection-limits");
        Assert.Equal(4000, limits.GetProperty("limit-per-instance").GetInt32());
        Assert.Equal(["icmp 1 50", "other  20"], PerProtocol(limits));
        Assert.Equal(300, instance.GetProperty("policy").GetProperty("fragments-limit").GetInt32());
    }

    [Fact]
    [Requirement("RFC8512-CFG-14")]
    [Requirement("RFC7659-ST-15")]
    [Requirement("RFC7870-ST-29")]
    public async Task Thresholds_of_a_pool_and_of_a_plans_subscribers_are_shown_with_them()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        string yaml = System.IO.File.ReadAllText(api.Gateway.ConfigFile)
            .Replace("{ id: home }", "{ id: home, port-threshold: 700, connection-threshold: 650 }")
            .Replace(
                "id: one,",
                "id: one, notify-pool-usage: { low-threshold: 30, high-threshold: 85, notify-interval: 40s },");
        await api.SendAsync("PUT", "/api/v1/configuration", 200, yaml, "application/yaml");
        JsonElement instance = await api.SendAsync("GET", "/api/v1/instances/1", 200);

        JsonElement usage = instance.GetProperty("policy").GetProperty("external-ip-address-pool")[0]
            .GetProperty("notify-pool-usage");
        Assert.Equal((30, 85, 40), (
            usage.GetProperty("low-threshold").GetInt32(), usage.GetProperty("high-threshold").GetInt32(),
            usage.GetProperty("notify-interval").GetInt32()));
        JsonElement plan = instance.GetProperty("notification-limits").GetProperty("subscriber-thresholds")[0];
        Assert.Equal(("home", 700, 650), (
            Text(plan, "plan"), plan.GetProperty("port-threshold").GetInt32(),
            plan.GetProperty("connection-threshold").GetInt32()));
    }

    [Fact]
    [Requirement("RFC8513-CFG-01")]
    [Requirement("RFC8513-CFG-02")]
    [Requirement("RFC8513-CFG-03")]
    public async Task The_softwire_interface_has_its_addresses_mtu_dscp_and_limits()
    {
        await using TestApi standard = await TestApi.StartAsync();
        JsonElement softwires = (await standard.GetAsync("/api/v1/instances/1")).GetProperty("ds-lite");
        Assert.Equal("2001:db8:ffff::1", softwires.GetProperty("ipv6-address")[0].GetString());
        Assert.Equal("192.0.0.1", Text(softwires, "ipv4-address"));
        Assert.Equal(1540, softwires.GetProperty("tunnel-mtu").GetInt32());
        Assert.True(softwires.GetProperty("v6-v4-dscp-preservation").GetBoolean());
        Assert.Equal((1, true, 1800), (
            softwires.GetProperty("max-softwires-per-subscriber").GetInt32(),
            softwires.GetProperty("state-migrate").GetBoolean(),
            softwires.GetProperty("b4-address-change-limit").GetInt32()));
        Assert.True(softwires.GetProperty("mss-clamping").GetProperty("enable").GetBoolean());

        await using TestApi other = await TestApi.StartAsync(more: More);
        softwires = (await other.GetAsync("/api/v1/instances/1")).GetProperty("ds-lite");
        Assert.Equal(1400, softwires.GetProperty("mss-clamping").GetProperty("mss-value").GetInt32());
    }

    private static string[] PerProtocol(JsonElement limits) =>
    [
        .. limits.GetProperty("limit-per-protocol").EnumerateArray().Select(static one =>
            $"{Text(one, "protocol")} {one.GetProperty("protocol-id")} {one.GetProperty("limit")}"),
    ];

    private static async Task<JsonElement> PolicyAsync(TestApi api) =>
        (await api.GetAsync("/api/v1/instances/1")).GetProperty("policy");

    private static (string?, string?, string?, string?) Behaviour(JsonElement policy) => (
        Text(policy, "address-allocation-type"), Text(policy, "port-allocation-type"), Text(policy, "mapping-type"),
        Text(policy, "filtering-type"));

    private static double[] Timers(JsonElement timers) =>
    [
        .. new[]
        {
            "udp-timeout", "tcp-idle-timeout", "tcp-trans-open-timeout", "tcp-trans-close-timeout",
            "tcp-in-syn-timeout", "fragment-min-timeout", "icmp-timeout", "hold-down-timeout",
        }.Select(name => timers.GetProperty(name).GetDouble()),
    ];

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();
}
