using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>What the operator is told of, and when.</summary>
public class ThresholdConfigTests
{
    [Fact]
    [Requirement("RFC8512-CFG-17")]
    public void Every_key_is_read()
    {
        string yaml = ConfigText.With(
            "- { id: home }", "- { id: home, port-threshold: 100, connection-threshold: 200 }")
            + "thresholds: { softwires: 70, addresses: 71, ports: 72, address-ports: 73, "
            + "instance-notify-interval: 11s, subscriber-notify-interval: 12s }\n";
        ThresholdsSection read = ConfigText.Options(yaml).Thresholds;
        ConfigSnapshot snapshot = ConfigText.Snapshot(yaml);

        Assert.Equal((70, 71, 72, 73), (read.Softwires, read.Addresses, read.Ports, read.AddressPorts));
        Assert.Equal(11_000, read.InstanceNotifyInterval.Ms);
        Assert.Equal(120u, snapshot.Settings.Thresholds.SubscriberInterval);
        Assert.Equal((100u, 200u), (snapshot.Plans[0].PortThreshold, snapshot.Plans[0].SessionThreshold));
    }

    [Fact]
    [Requirement("RFC7870-ST-28")]
    [Requirement("RFC8512-CFG-17")]
    public void The_defaults_are_those_of_the_standards()
    {
        ThresholdsSection read = ConfigText.Options(ConfigText.Small).Thresholds;
        PoolUsageSection pool = ConfigText.Options(ConfigText.Small).Pools[0].NotifyUsage;

        Assert.Equal((60, 0, 0, 0), (read.Softwires, read.Addresses, read.Ports, read.AddressPorts));
        Assert.Equal((10_000, 60_000), (read.InstanceNotifyInterval.Ms, read.SubscriberNotifyInterval.Ms));
        Assert.Equal((0, 0, 20_000), (pool.LowThreshold, pool.HighThreshold, pool.NotifyInterval.Ms));
    }

    [Fact]
    [Requirement("RFC8512-CFG-15")]
    [Requirement("RFC8512-CFG-16")]
    [Requirement("RFC8512-CFG-09")]
    public void What_all_subscribers_together_may_have_reaches_the_forwarder()
    {
        GatewaySettings read = ConfigText.Snapshot(ConfigText.Small + """
            nat-policy:
              mapping-limits:
                limit-subscribers: 1
                limit-port-mappings: 2
                limit-per-protocol: { udp: 3, tcp: 4, icmp: 5, other: 6 }
              connection-limits:
                limit-per-instance: 7/s
                limit-per-protocol: { udp: 8/s, tcp: 9/s, icmp: 10/s, other: 11/s }
              fragments-limit: 12

            """).Settings;

        Assert.Equal(
            new InstanceLimits
            {
                Subscribers = 1,
                Mappings = 2,
                MappingsUdp = 3,
                MappingsTcp = 4,
                MappingsIcmp = 5,
                MappingsOther = 6,
                SetupRate = 7,
                SetupRateUdp = 8,
                SetupRateTcp = 9,
                SetupRateIcmp = 10,
                SetupRateOther = 11,
                Fragments = 12,
            },
            read.Limits);
        Assert.Equal(new InstanceLimits(), ConfigText.Snapshot(ConfigText.Small).Settings.Limits);
    }

    [Theory]
    [InlineData("low-threshold: 91, high-threshold: 90", "low-threshold 91 above high-threshold 90")]
    [InlineData("high-threshold: 101", "off or 1 to 100 percent would be right")]
    [InlineData("notify-interval: 2h", "3600s at most would be right")]
    [Requirement("RFC8512-CFG-14")]
    public void A_mistake_about_a_pool_is_told_with_what_would_be_right(string keys, string message)
    {
        string yaml = ConfigText.With("{ id: one,", $"{{ id: one, notify-pool-usage: {{ {keys} }},");

        Fault fault = Assert.Single(ConfigText.Faults(yaml).Errors);

        Assert.Contains(message, fault.Message);
    }
}
