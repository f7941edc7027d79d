using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>What no single value shows.</summary>
public class ConfigCheckTests
{
    [Theory]
    [InlineData("203.0.113.0/28, 203.0.113.8/29")]
    [InlineData("203.0.113.8/29, 203.0.113.0/28")]
    public void Prefixes_of_one_pool_do_not_overlap(string prefixes)
    {
        Has(Severity.Error, ConfigText.With("203.0.113.0/28", prefixes), "overlaps");
    }

    [Fact]
    [Requirement("RFC6333-S8.1-2")]
    public void Pools_do_not_overlap()
    {
        Has(
            Severity.Error,
            WithPool("{ id: two, external-ip-pool: [203.0.112.0/23] }"),
            "external-ip-pool 203.0.112.0/23 of pool two overlaps 203.0.113.0/28 of pool one");
    }

    [Theory]
    [InlineData("{ id: one, external-ip-pool: [198.51.100.0/28] }", "pool id 'one' is given twice")]
    [InlineData("{ id: two, external-ip-pool: [224.0.0.0/28] }", "never forwarded")]
    [InlineData(
        "{ id: two, external-ip-pool: [198.51.100.0/28], port-range: 1100-1500 }", "no whole block of 512 ports")]
    public void A_pool_is_sane(string pool, string message)
    {
        Has(Severity.Error, WithPool(pool), message);
    }

    [Theory]
    [InlineData("{ id: two, external-ip-pool: [10.1.0.0/28] }", "is not public")]
    [InlineData(
        "{ id: two, external-ip-pool: [198.51.100.0/28], port-range: 1000-65535 }", "1024-65535 is what is used")]
    [InlineData("{ id: two, external-ip-pool: [198.51.100.0/28], port-range: 512-65535 }", "system ports")]
    public void A_doubtful_pool_is_warned_of(string pool, string message)
    {
        Has(Severity.Warning, WithPool(pool), message);
    }

    [Theory]
    [Requirement("RFC4787-REQ-5")]
    [Requirement("RFC5382-REQ-5")]
    [Requirement("RFC5508-REQ-2")]
    [InlineData("udp-timeout: 119s", "udp-timeout 119s is below what RFC 4787 REQ-5 allows; 120s or more")]
    [InlineData("tcp-idle-timeout: 7439s", "RFC 5382 REQ-5")]
    [InlineData("tcp-trans-close-timeout: 239s", "RFC 5382 REQ-5")]
    [InlineData("tcp-rst-timeout: 239s", "RFC 7857 2.2")]
    [InlineData("tcp-in-syn-timeout: 5s", "RFC 5382 REQ-4")]
    [InlineData("tcp-trans-open-timeout: 6s", "no longer than tcp-in-syn-timeout 6s")]
    [InlineData("icmp-timeout: 59s", "RFC 5508 REQ-2")]
    public void Timers_below_the_standards_are_warned_of_and_taken(string timer, string message)
    {
        string yaml = $"{ConfigText.Small}nat-policy: {{ timers: {{ {timer} }} }}\n";

        Has(Severity.Warning, yaml, message);
        Assert.False(ConfigText.Faults(yaml).HasErrors);
    }

    [Theory]
    [Requirement("RFC5382-REQ-5a")]
    [Requirement("RFC7857-S2.1-1")]
    [Requirement("RFC7857-S2.1-2")]
    [InlineData("udp-timeout: 120s")]
    [InlineData("tcp-idle-timeout: 7440s")]
    [InlineData("tcp-trans-open-timeout: 30s, tcp-trans-close-timeout: 240s")]
    [InlineData("tcp-rst-timeout: 240s, tcp-in-syn-timeout: 6s")]
    [InlineData("per-port-timeout: [{ port-number: 53, timeout: 10s }, { port-number: 0, timeout: 20s }]")]
    [InlineData("icmp-timeout: 60s")]
    public void Timers_at_the_standards_floor_are_fine(string timer)
    {
        Assert.Empty(ConfigText.Lines($"{ConfigText.Small}nat-policy: {{ timers: {{ {timer} }} }}\n"));
    }

    [Theory]
    [Requirement("RFC4787-REQ-5a")]
    [InlineData("{ port-number: 4500, timeout: 10s }", "'4500' is out of range; 0 to 1023 (RFC 4787 REQ-5a)")]
    [InlineData("{ port-number: 53, protocol: tcp, timeout: 10s }", "'tcp' is no choice of protocol")]
    [InlineData("{ port-number: 53, timeout: 10s }, { port-number: 53, timeout: 9s }", "53 has a timeout on line")]
    [InlineData("{ port-number: 53 }", "lacks its key timeout")]
    public void Timeouts_by_port_are_for_well_known_udp_ports_once_each(string entries, string message)
    {
        Has(
            Severity.Error, $"{ConfigText.Small}nat-policy: {{ timers: {{ per-port-timeout: [{entries}] }} }}\n",
            message);
    }

    [Fact]
    public void Timeouts_by_port_are_eight_different_ones_at_most()
    {
        string entries = string.Join(
            ", ", Enumerable.Range(1, 9).Select(i => $"{{ port-number: {i}, timeout: {i}s }}"));

        Has(
            Severity.Error, $"{ConfigText.Small}nat-policy: {{ timers: {{ per-port-timeout: [{entries}] }} }}\n",
            "9s is the 9th different one; 8 different ones at most");
    }

    [Theory]
    [InlineData("external: '198.51.100.1:443'", "lies in no external-ip-pool")]
    [InlineData("subscriber: '2001:db8:100::/48'", "is not one subscriber; a prefix of /56")]
    [InlineData("subscriber: '2001:db9::/56'", "meets no ds-lite.subscriber-match")]
    [InlineData("subscriber: '100.64.0.1'", "meets no nat444.subscriber-match")]
    [InlineData("internal: '8.8.8.8:443'", "is no source that a B4 may use")]
    [InlineData("protocol: sctp", "'sctp' is no choice of protocol")]
    public void A_static_mapping_is_one_that_can_work(string change, string message)
    {
        Has(Severity.Error, WithMappings(Mapping(change)), message);
    }

    [Fact]
    public void Two_static_mappings_do_not_share_an_external_endpoint()
    {
        Has(
            Severity.Error,
            WithMappings(Mapping(""), Mapping("internal: '192.168.1.11:443'")),
            "external 203.0.113.14:443 is given away on line 15 already");
    }

    [Fact]
    public void An_internal_endpoint_has_one_static_mapping()
    {
        Has(
            Severity.Error,
            WithMappings(Mapping(""), Mapping("external: '203.0.113.13:443'")),
            "has an external endpoint on line 15 already");
    }

    [Fact]
    public void A_static_mapping_names_the_subscriber_by_his_masked_prefix()
    {
        string yaml = WithMappings(Mapping("subscriber: '2001:db8:100:1ff::9'"));

        StaticMapping mapping = Assert.Single(ConfigText.Snapshot(yaml).StaticMappings);

        Assert.Equal(new StaticMapping(
            0x2001_0db8_0100_0100, 0, true, 6, 0xC0A8010A, 443, 0xCB00710E, 443), mapping);
    }

    [Theory]
    [InlineData("default-plan: hom", "'hom' is no plan; did you mean 'home'?")]
    [InlineData("static: [{ match: '2001:db8:100::/56', plan: x }]", "'x' is no plan")]
    [InlineData("static: [{ match: '2001:db8:100::/64', plan: home }]", "longer than ds-lite.subscriber-mask-v6 56")]
    [InlineData(
        "static: [{ match: '2001:db8:100::/56', plan: home }, { match: '2001:db8:100::/56', plan: office }]",
        "stands on line 13 already, with plan 'home'")]
    public void Subscribers_have_plans_that_exist_and_one_each(string subscribers, string message)
    {
        string yaml = ConfigText.With("default-plan: home", subscribers)
            .Replace("{ id: home }", "{ id: home }\n  - { id: office }");

        Has(Severity.Error, yaml, message);
    }

    [Fact]
    public void Nested_matches_with_different_plans_are_fine()
    {
        string yaml = ConfigText.With(
            "default-plan: home",
            "static: [{ match: '2001:db8:100::/48', plan: home }, { match: '2001:db8:100::/56', plan: office }]")
            .Replace("{ id: home }", "{ id: home }\n  - { id: office }");

        Assert.Empty(ConfigText.Lines(yaml));
        Assert.Equal([0, 1], ConfigText.Snapshot(yaml).StaticSubscribers.Select(static entry => (int)entry.Plan));
    }

    [Theory]
    [InlineData("aftr-ipv6-address: [2001:db8:ffff::1]", "aftr-ipv6-address: ['fe80::1']", "can't end a softwire")]
    [InlineData(
        "aftr-ipv6-address: [2001:db8:ffff::1]", "aftr-ipv6-address: ['2001:db8:100::1']", "lies in subscriber-match")]
    [InlineData("[2001:db8:100::/40]", "[2001:db8:100::/40]\n  tunnel-mtu: 1541", "above interfaces.inside.mtu 1540")]
    [InlineData("device: out0", "device: in0", "both sides name the device in0")]
    [InlineData("name: test", "name: test, state-directory: here", "is not absolute")]
    public void What_contradicts_itself_is_refused(string from, string to, string message)
    {
        Has(Severity.Error, ConfigText.With(from, to), message);
    }

    [Theory]
    [InlineData("mtu: 1540", "mtu: 1500", "can't hold outside packets of 1500")]
    [InlineData("default-plan: home", "", "every subscriber is refused")]
    [InlineData("name: test", "name: test, capacity: { sessions: 1000 }", "only 1000 sessions")]
    public void What_is_doubtful_is_warned_of(string from, string to, string message)
    {
        Has(Severity.Warning, ConfigText.With(from, to), message);
    }

    [Fact]
    [Requirement("RFC6333-S8.1-2")]
    public void A_pool_does_not_overlap_the_customers()
    {
        Has(
            Severity.Error,
            ConfigText.Small + "nat444: { subscriber-match: [203.0.113.0/24] }\n",
            "overlaps the subscribers' 203.0.113.0/24");
    }

    private static string WithPool(string pool) => ConfigText.With("plans:", $"  - {pool}\nplans:");

    private static string WithMappings(params string[] mappings) =>
        $"{ConfigText.Small}nat-policy:\n  "
        + $"static-mappings:\n{string.Concat(mappings.Select(static m => $"    - {{ {m} }}\n"))}";

    private static string Mapping(string change)
    {
        string[] keys =
        [
            "subscriber: '2001:db8:100:100::/56'", "protocol: tcp", "internal: '192.168.1.10:443'", "external: "
            + "'203.0.113.14:443'",
        ];
        string changed = change.Split(':')[0];
        return string.Join(", ", keys.Select(key => key.Split(':')[0] == changed ? change : key));
    }

    private static void Has(Severity severity, string yaml, string message)
    {
        FaultList faults = ConfigText.Faults(yaml);
        Assert.True(
            faults.All.Any(f => f.Severity == severity && f.Message.Contains(message, System.StringComparison.Ordinal)),
            $"no {severity} about '{message}' among:\n{string.Join('\n', faults.All)}");
    }
}
