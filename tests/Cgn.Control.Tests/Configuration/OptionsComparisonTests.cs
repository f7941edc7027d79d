using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Control.Configuration.Comparison;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>Two configurations, key by key.</summary>
public class OptionsComparisonTests
{
    [Theory]
    [InlineData("workers: 1", "workers: 2", "gateway.workers", "1", "2")]
    [InlineData("mtu: 1540", "mtu: 1600", "interfaces.inside.mtu", "1540", "1600")]
    [InlineData("id: home", "id: home, rate-down: 50Mbit/s", "plans[home].rate-down", "unlimited", "50Mbit/s")]
    [InlineData("203.0.113.0/28", "203.0.113.0/29", "external-ip-address-pools[one].external-ip-pool",
        "[203.0.113.0/28]", "[203.0.113.0/29]")]
    [InlineData("- { id: home }", "- { id: home }\n  - { id: office, port-limit: 9 }", "plans[office]", null,
        "{ id: office, port-limit: 9 }")]
    [InlineData("subscribers:", "metrics: { listen: '127.0.0.1:9464' }\nsubscribers:", "metrics", null,
        "{ listen: 127.0.0.1:9464 }")]
    [InlineData("subscribers:", "nat-policy: { filtering-type: adf }\nsubscribers:", "nat-policy.filtering-type", "eif",
        "adf")]
    [InlineData("default-plan: home", "default-plan: home, static: [{ match: '2001:db8:100:200::/56', plan: home }]",
        "subscribers.static[2001:db8:100:200::/56]", null, "{ match: 2001:db8:100:200::/56, plan: home }")]
    public void A_key_that_differs_is_named_with_both_values(
        string from, string to, string path, string? old, string? next)
    {
        KeyDifference found = Assert.Single(Differences(ConfigText.Small, ConfigText.With(from, to)));

        Assert.Equal((path, old, next), (found.Path, found.Old, found.New));
        KeyDifference back = Assert.Single(Differences(ConfigText.With(from, to), ConfigText.Small));
        Assert.Equal((path, next, old), (back.Path, back.Old, back.New));
    }

    [Fact]
    public void A_default_that_is_written_down_is_no_difference()
    {
        Assert.Empty(Differences(
            ConfigText.Small, ConfigText.With("subscribers:", "nat-policy: { mapping-type: eim }\nsubscribers:")));
    }

    [Fact]
    public void The_complete_example_differs_from_itself_in_nothing_and_every_key_of_it_can_be_told()
    {
        string complete = File.ReadAllText(Path.Combine(RepositoryFiles.Configs, "complete.yaml"));
        Assert.Empty(Differences(complete, complete));

        string[] paths = [.. Differences(ConfigText.Small, complete).Select(static found => found.Path)];
        Assert.Contains("radius", paths);
        Assert.Contains("nat-policy.static-mappings[2001:db8:100:100::/56]", paths);
        Assert.Contains("external-ip-address-pools[one]", paths);
        Assert.DoesNotContain(Differences(ConfigText.Small, complete), static found =>
            (found.Old ?? "").Contains("Cgn.", System.StringComparison.Ordinal)
            || (found.New ?? "").Contains("Cgn.", System.StringComparison.Ordinal));
    }

    private static IReadOnlyList<KeyDifference> Differences(string now, string next) =>
        OptionsComparison.Differences(ConfigText.Options(now), ConfigText.Options(next));
}
