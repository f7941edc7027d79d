using System.Linq;

using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>Several pools and deterministic mode in the configuration.</summary>
public class PoolConfigTests
{
    private const string One = "{ id: one, external-ip-pool: [203.0.113.0/28] }";

    [Fact]
    [Requirement("RFC6333-S8.1-1")]
    public void Pools_are_chosen_by_prefix_plan_and_static_subscriber()
    {
        ConfigSnapshot snapshot = ConfigText.Snapshot(ConfigText.With(
                One, One + "\n  - { id: two, external-ip-pool: [198.51.100.0/28], match: [2001:db8:100::/48] }")
            .Replace("{ id: home }", "{ id: home, pool: one }")
            .Replace(
                "default-plan: home }",
                "default-plan: home, static: [{ match: '2001:db8:101::/56', plan: home, pool: two }] }"));

        Assert.Equal([new Ipv6PrefixSetting(0x20010DB8_01000000, 0, 48)], snapshot.Pools[1].Match);
        Assert.Equal(0, snapshot.Plans[0].Pool);
        Assert.Equal(1, snapshot.StaticSubscribers[0].Pool);
    }

    [Fact]
    [Requirement("RFC6333-S8.1-2")]
    public void Pools_that_overlap_are_refused_with_both_prefixes()
    {
        string yaml = ConfigText.With(
            One,
            "{ id: one, external-ip-pool: [192.0.2.0/25] }\n  - { id: two, external-ip-pool: [192.0.2.64/26] }");

        Fault fault = Assert.Single(ConfigText.Faults(yaml).Errors);
        Assert.Contains("192.0.2.64/26 of pool two overlaps 192.0.2.0/25 of pool one", fault.Message);
    }

    [Fact]
    public void Drained_is_the_pool_or_a_part_of_it()
    {
        Assert.Equal(
            [new Ipv4PrefixSetting(0xCB007108, 29)],
            ConfigText.Snapshot(ConfigText.With("{ id: one,", "{ id: one, drain-ip-pool: [203.0.113.8/29],"))
                .Pools[0].Drain);
        Assert.Equal(
            [new Ipv4PrefixSetting(0xCB007100, 28)],
            ConfigText.Snapshot(ConfigText.With("{ id: one,", "{ id: one, drain: true,")).Pools[0].Drain);
    }

    [Theory]
    [InlineData("{ id: home }", "{ id: home, pool: on }", "plans.pool 'on' is no pool; did you mean 'one'?")]
    [InlineData("{ id: one,", "{ id: one, match: [2001:db8:100::/64],", "is longer than ds-lite.subscriber-mask-v6")]
    [InlineData(
        "{ id: one,", "{ id: one, match: [2001:db8:100::/48, 2001:db8:100::/48],", "stands at pool one already")]
    [InlineData("{ id: one,", "{ id: one, drain-ip-pool: [203.0.113.0/27],", "is not within external-ip-pool")]
    public void Mistake_about_pools_is_told(string from, string to, string message)
    {
        FaultList faults = ConfigText.Faults(ConfigText.With(from, to));
        Assert.Contains(faults.Errors, fault => fault.Message.Contains(message, System.StringComparison.Ordinal));
    }

    [Fact]
    public void Pool_too_small_for_its_subscribers_is_told_with_the_size_that_would_do()
    {
        // 65,536 subscribers on 16 addresses; 126 share an address of 64,512 ports in sets of 512.
        string message = Assert.Single(ConfigText.Faults(Deterministic(ConfigText.Small)).Errors).Message;
        Assert.Contains("16 addresses for 65536 subscribers: 15 ports each", message);
        Assert.Contains("521 addresses would do", message);
        Assert.Empty(ConfigText.Faults(
            Deterministic(ConfigText.With("203.0.113.0/28", "203.0.112.0/23, 203.0.114.0/28"))).Errors);
    }

    [Theory]
    [InlineData("{ id: home }", "{ id: home, pool: one }", "plans.pool can't choose in deterministic mode")]
    [InlineData("{ id: one,", "{ id: one, drain: true,", "pool one can't drain")]
    [InlineData(
        "plans:", "  - { id: two, external-ip-pool: [192.0.2.0/24] }\nplans:", "are both for everybody")]
    public void What_computation_can_not_have_is_told(string from, string to, string message)
    {
        FaultList faults = ConfigText.Faults(Deterministic(ConfigText.With(from, to)));
        Assert.Contains(faults.Errors, fault => fault.Message.Contains(message, System.StringComparison.Ordinal));
    }

    [Fact]
    public void A_plan_that_does_not_exist_is_told_also_where_ports_are_computed()
    {
        string yaml = Deterministic(ConfigText.With("203.0.113.0/28", "203.0.112.0/22"))
            .Replace("default-plan: home", "default-plan: hone");
        Assert.Contains("hone", Assert.Single(ConfigText.Faults(yaml).Errors).Message);
    }

    [Fact]
    public void Static_mapping_must_lie_in_its_subscribers_own_set()
    {
        string yaml = Deterministic(ConfigText.With("203.0.113.0/28", "203.0.112.0/22"));
        var plan = new PortPlan(ConfigText.Snapshot(yaml));
        Assert.True(plan.TryFind(SubscriberKind.DsLite, 0x20010DB8_01000100, 0, out PortSet set));
        string Mapped(int port) => yaml.Replace(
            "deterministic }",
            "deterministic, static-mappings: [{ subscriber: '2001:db8:100:100::/56', protocol: tcp, "
            + $"internal: '10.0.0.1:443', external: '203.0.112.0:{port}' }}] }}");

        Assert.Empty(ConfigText.Faults(Mapped(set.FirstPort + 5)).Errors);
        Assert.Empty(ConfigText.Faults(Mapped(443)).Errors);
        Assert.Contains(
            $"203.0.112.0 ports {set.FirstPort}-{set.LastPort}",
            Assert.Single(ConfigText.Faults(Mapped(set.LastPort + 1)).Errors).Message);
    }

    private static string Deterministic(string yaml) =>
        yaml + "nat-policy: { port-allocation-type: deterministic }\n";
}
