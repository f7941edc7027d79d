using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>From YAML to the model: what is refused, where, and with which words.</summary>
public class MappingTests
{
    [Fact]
    public void The_small_configuration_is_right()
    {
        Assert.Empty(ConfigText.Lines(ConfigText.Small));
    }

    [Fact]
    public void An_unknown_key_names_its_place_and_the_key_that_was_meant()
    {
        string yaml = ConfigText.With("external-ip-pool:", "external-ip-pol:");

        Assert.Contains(
            "test.yaml:9:16: 'external-ip-pol' is no key of external-ip-address-pools[0]; "
            + "did you mean 'external-ip-pool'?",
            ConfigText.Lines(yaml));
    }

    [Fact]
    public void A_key_like_none_gets_the_list_of_keys()
    {
        string line = Assert.Single(
            ConfigText.Lines(ConfigText.With("default-plan: home", "default-plan: home, vlan: 5")));

        Assert.Equal("test.yaml:12:36: 'vlan' is no key of subscribers; the keys here are default-plan, static", line);
    }

    [Fact]
    public void All_mistakes_are_reported_at_once_in_the_order_of_the_file()
    {
        string yaml = ConfigText.With("seed: 7", "seed: -7, sed: 8")
            .Replace("mtu: 1540", "mtu: 15")
            .Replace("2001:db8:100::/40", "2001:db8:100::1/40")
            .Replace("203.0.113.0/28", "203.0.113.0/33")
            .Replace("{ id: home }", "{ id: home, rate-down: 20Mbit }");

        Assert.Equal([1, 1, 3, 7, 9, 11], ConfigText.Faults(yaml).All.Select(static fault => fault.Place.Line));
    }

    [Theory]
    [InlineData("gateway: { name: test", "gateway: { name: test, name: two", "gateway.name is given twice")]
    [InlineData("[2001:db8:ffff::1]", "2001:db8:ffff::1", "ds-lite.aftr-ipv6-address is '2001:db8:ffff::1'; a list")]
    [InlineData("[2001:db8:ffff::1]", "[]", "empty list")]
    [InlineData("[2001:db8:100::/40]", "[2001:db8:100::1/40]", "bits set after its length; 2001:db8:100::/40 would be")]
    [InlineData("device: out0", "device: [out0]", "interfaces.outside.device is a list; one value")]
    [InlineData("device: out0", "device:", "interfaces.outside.device has no value")]
    [InlineData("{ device: out0 }", "{ mtu: 1500 }", "interfaces.outside lacks its key device")]
    [InlineData(
        "{ device: out0 }", "out0", "interfaces.outside is 'out0'; keys and values would be right: device, driver")]
    [InlineData(
        "device: out0", "device: out0, driver: af-xpd", "'af-xpd' is no choice of driver; did you mean 'af_xdp'?")]
    [InlineData(
        "device: out0", "device: out0, mtu: 99999", "'99999' is out of range; 576 to 65535 bytes would be right")]
    [InlineData("device: out0", "device: out0, mtu: big", "'big' is not a whole number")]
    [InlineData("workers: 1", "workers: 65", "'65' is no number of workers")]
    [InlineData("workers: 1", "workers: [2, 2]", "processor 2 is named twice")]
    [InlineData("{ id: home }", "{ id: home, rate-up: 20 }", "'20' has no unit; 20Mbit/s would be a rate")]
    [InlineData(
        "{ id: home }", "{ id: home, rate-up: 99999999999999999999Gbit/s }",
        "no rate between 1bit/s and 1000000Gbit/s")]
    [InlineData("{ id: home }", "{ id: \"ho\\0me\" }", "id holds a character that can't be printed")]
    [InlineData("{ id: home }", "{ id: home, rate-up: 20Mb/s }", "'Mb/s' in '20Mb/s' is not a unit of rates")]
    [InlineData("{ id: home }", "{ id: home, connection-rate-limit: 200 }", "'200' does not end in /s; 200/s would be")]
    [InlineData("{ id: home }", "{ id: home, burst: 50 }", "'50' has no unit; 50s would be seconds")]
    [InlineData("{ id: home }", "{ id: home, burst: 11s }", "'11s' is too large; 10s at most")]
    [InlineData("{ id: home }", "{ id: home, max-port-sets: 0 }", "'0' is out of range; 1 to 64 blocks")]
    [InlineData("id: one,", "id: one, port-range: 9-8,", "'9-8' ends before it begins; 8-9 would be a range")]
    [InlineData("id: one,", "id: one, port-range: 1024,", "'1024' is not a range of ports")]
    [InlineData("subscribers:", "subscribers :\n  - 4\nmetrics:", "subscribers is a list; keys and values")]
    [InlineData("subscribers: {", "metrics: { listen: 9464 }\nsubscribers: {", "'9464' is not an address and a port")]
    [InlineData("subscribers: {", "metrics: { listen: '::1:94' }\nsubscribers: {", "[2001:db8::1]:94 would be")]
    [InlineData(
        "subscribers: {", "nat-policy: { hairpinning: yes }\nsubscribers: {", "'yes' is neither true nor false")]
    [InlineData("plans:", "plans: [\n", "this is not YAML: While parsing a node, did not find expected node content")]
    [InlineData(
        "workers: 1, seed: 7 }", "workers: [1",
        "this is not YAML from here on: the [ of line 1, column 33 is not closed; a comma or ] would be right")]
    [InlineData("plans:", "---\nplans:", "a second document begins here")]
    public void A_mistake_is_told_with_what_would_be_right(string from, string to, string message)
    {
        FaultList faults = ConfigText.Faults(ConfigText.With(from, to));

        Assert.True(faults.HasErrors);
        Assert.Contains(faults.Errors, fault => fault.Message.Contains(message, System.StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        Assert.False(ConfigLoader.TryLoad("/nonexistent/cgn.yaml", out _, out _, out FaultList faults));

        Assert.StartsWith("/nonexistent/cgn.yaml: can't be read", Assert.Single(faults.All).ToString());
    }

    [Fact]
    public void An_empty_file_says_what_is_needed()
    {
        Assert.Contains("the file is empty", Assert.Single(ConfigText.Lines("")));
    }

    [Fact]
    public void Anchors_may_be_used()
    {
        string yaml = ConfigText.With("{ id: home }", "id: home\n    rate-down: &r 5Mbit/s\n    rate-up: *r");

        Assert.Equal(5_000_000UL, Assert.Single(ConfigText.Options(yaml).Plans).RateUp.BitsPerSecond);
    }

    [Fact]
    public void Deep_nesting_is_refused()
    {
        string yaml = "gateway: " + new string('[', 1000) + new string(']', 1000);

        Assert.Contains(ConfigText.Lines(yaml), static line => line.Contains("levels"));
    }

    [Fact]
    public void Units_become_numbers()
    {
        string yaml = ConfigText.With(
            "{ id: home }",
            "{ id: home, rate-down: 2.5Gbit/s, rate-up: 64kbit/s, burst: 100ms, connection-limit: 2000, "
            + "connection-rate-limit: 200/s }")
            + "nat-policy: "
            + "{ tcp-mss-clamp: off, timers: { udp-timeout: 5m, tcp-idle-timeout: 3h, fragment-timeout: 2100ms } }\n";

        ConfigSnapshot snapshot = ConfigText.Snapshot(yaml);

        var plan = new PlanSettings("home", 2_500_000_000, 64_000, 4, 2000, 200) { BurstMs = 100 };
        Assert.Equal(plan, Assert.Single(snapshot.Plans));
        Assert.Equal(3000u, snapshot.Settings.UdpTimeout);
        Assert.Equal(108_000u, snapshot.Settings.TcpIdleTimeout);
        Assert.Equal(21u, snapshot.Settings.FragmentTimeout);
        Assert.Equal(0, snapshot.Settings.MssClamp);
    }

    [Theory]
    [InlineData("workers: 3", 3, 0)]
    [InlineData("workers: [4, 2]", 2, 2)]
    public void Workers_are_counted_or_listed(string workers, int shards, int cpus)
    {
        ConfigSnapshot snapshot = ConfigText.Snapshot(ConfigText.With("workers: 1", workers));

        Assert.Equal(shards, snapshot.Settings.ShardCount);
        Assert.Equal(cpus, snapshot.WorkerCpus.Length);
    }

    [Fact]
    public void Without_a_seed_every_start_has_its_own()
    {
        string yaml = ConfigText.With(", seed: 7", "");

        Assert.NotEqual(ConfigText.Snapshot(yaml).Settings.Seed, ConfigText.Snapshot(yaml).Settings.Seed);
    }

    [Fact]
    public void Defaults_of_the_file_are_those_of_the_snapshot()
    {
        GatewaySettings settings = ConfigText.Snapshot(ConfigText.Small).Settings;

        Assert.Equal(new GatewaySettings { Seed = 7, DefaultPlan = 0 }, settings);
    }
}
