using System;
using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>Port blocks, limits, choice of ports and pass-through in the configuration.</summary>
public sealed class BlockConfigTests
{
    private const string NoFit = "the larger is to be 1, 2, 4 ... 64 times the smaller";

    private const string Pool = "- { id: one, external-ip-pool: [203.0.113.0/28] }";

    [Fact]
    [Requirement("RFC6888-REQ-4a")]
    [Requirement("RFC6888-REQ-5a")]
    [Requirement("RFC6888-REQ-8k")]
    public void Every_limit_reaches_the_forwarder()
    {
        ConfigSnapshot snapshot = ConfigText.Snapshot(ConfigText.With(
            "- { id: home }",
            "- { id: home, port-limit: 100, port-quota: { tcp: 60, udp: 50, icmp: 5, other: 2 }, mapping-limit: 300, "
            + "connection-rate-limit: 20/s, connection-rate-burst: 7, reserved-ports: [6881-6889, 5060, 5061] }")
            .Replace(Pool, "- { id: one, external-ip-pool: [203.0.113.0/28], hold-down-max: 1000 }"));
        PlanSettings plan = Assert.Single(snapshot.Plans);
        Assert.Equal((100u, 300u, 20u, 7u), (
            plan.PortLimit, plan.MappingLimit, plan.ConnectionRateLimit, plan.ConnectionRateBurst));
        Assert.Equal((60u, 50u, 5u, 2u), (
            plan.PortQuotaTcp, plan.PortQuotaUdp, plan.PortQuotaIcmp, plan.PortQuotaOther));
        Assert.Equal([new(5060, 5061), new(6881, 6889)], plan.ReservedPorts);
        Assert.Equal(1000u, snapshot.Pools[0].HoldDownMax);
    }

    [Fact]
    public void Blocks_have_two_sizes_and_an_age()
    {
        PoolSettings pool = ConfigText.Snapshot(ConfigText.With(
            Pool,
            "- { id: one, external-ip-pool: [203.0.113.0/28], initial-port-set-size: 512, port-set-size: 128, "
            + "port-set-active-timeout: 1h, reserved-ports: [5060] }")).Pools[0];
        Assert.Equal((512, 128, 36000u), (pool.FirstBlockSize, pool.PortSetSize, pool.PortSetActiveTimeout));
        Assert.Equal((128, 512, 504), (pool.UnitSize, pool.GroupSize, pool.UnitsPerAddress));
    }

    [Fact]
    public void Choice_of_ports_and_hold_down_reach_the_forwarder()
    {
        GatewaySettings settings = ConfigText.Snapshot(ConfigText.Small + """
            nat-policy:
              address-allocation-type: soft-paired
              port-parity-preservation: true
              port-contiguity: true
              port-randomization: false
              hold-down-exceptions: [tracked-tcp, filtered]
              timers: { hold-down-after-loss: 120s }
            logging: { block-interim-interval: 30m }
            thresholds: { sessions: 90, mappings: off, notify-interval: 5m }
            """).Settings;
        Assert.True(settings is { Paired: true, SoftPaired: true, PortParity: true, PortContiguity: true });
        Assert.True(settings.PortsInOrder);
        Assert.Equal(HoldDownExceptions.TrackedTcp | HoldDownExceptions.Filtered, settings.HoldDownExceptions);
        Assert.Equal((1200u, 1800u), (settings.HoldDownAfterLoss, settings.BlockInterimSeconds));
        Assert.Equal((90, 0, 80), (
            settings.Thresholds.Sessions, settings.Thresholds.Mappings, settings.Thresholds.PortBlocks));
        Assert.Equal(3000u, settings.Thresholds.Interval);
    }

    [Fact]
    [Requirement("RFC6888-REQ-6")]
    public void Pass_through_reaches_the_forwarder()
    {
        ConfigSnapshot snapshot = ConfigText.Snapshot(ConfigText.Small + """
            nat-policy:
              nat-pass-through:
                - { prefix: 198.51.100.0/24, protocol: tcp, port: 80 }
                - { prefix: 192.0.2.0/25 }
              nat-pass-through-bindings:
                - { prefix: 192.0.2.128/30, b4-ipv6-address: "2001:db8:100:300::2" }
            """);
        Assert.Equal(
            [new(new(0xC6336400, 24), (byte)IpProtocol.Tcp, 80), new(new(0xC0000200, 25), 0, 0)],
            snapshot.PassThrough);
        Assert.Equal(
            new PassThroughBinding(new(0xC0000280, 30), 0x20010DB8_01000300, 2),
            Assert.Single(snapshot.PassThroughBindings));
    }

    [Theory]
    [InlineData("initial-port-set-size: 500, port-set-size: 128", NoFit)]
    [InlineData("initial-port-set-size: 384, port-set-size: 128", NoFit)]
    [InlineData("initial-port-set-size: 128, port-set-size: 1", NoFit)]
    [InlineData("initial-port-set-size: 64512, port-set-size: 32256", "no whole block of 64512 ports")]
    [InlineData("reserved-ports: [70000]", "'70000' is no port")]
    [InlineData("reserved-ports: [9-5]", "'9-5' ends before it begins")]
    public void Blocks_that_cannot_be_are_refused(string keys, string message) => Refuses(
        ConfigText.With(Pool, $"- {{ id: one, external-ip-pool: [203.0.113.0/28], {keys} }}"), message);

    [Fact]
    public void Lists_of_reserved_ports_have_an_end()
    {
        string many = string.Join(", ", Enumerable.Range(0, 65).Select(static i => 2000 + (i * 2)));
        Refuses(
            ConfigText.With(Pool, $"- {{ id: one, external-ip-pool: [203.0.113.0/28], reserved-ports: [{many}] }}"),
            "reserved-ports of pool one has 65 items; at most 64");
        Refuses(
            ConfigText.With("- { id: home }", $"- {{ id: home, reserved-ports: [{many}] }}"),
            "reserved-ports of plan home has 65 items; at most 64");
    }

    [Theory]
    [InlineData("nat-pass-through: [{ prefix: 203.0.113.0/24 }]", "overlaps pool one")]
    [InlineData("nat-pass-through: [{ prefix: 198.51.100.0/24, port: 80 }]", "a port needs a protocol that has ports")]
    [InlineData(
        "nat-pass-through: [{ prefix: 198.51.100.0/24, protocol: icmp, port: 8 }]",
        "a port needs a protocol that has ports")]
    [InlineData(
        "nat-pass-through-bindings: [{ prefix: 192.0.2.1/32, b4-ipv6-address: \"2001:db8:9999::2\" }]",
        "is in no ds-lite.subscriber-match")]
    [InlineData(
        "nat-pass-through-bindings: [{ prefix: 203.0.113.9/32, b4-ipv6-address: \"2001:db8:100::2\" }]",
        "overlaps pool one")]
    [InlineData(
        "nat-pass-through-bindings: [{ prefix: 192.0.2.0/30, b4-ipv6-address: \"2001:db8:100::2\" }, "
        + "{ prefix: 192.0.2.1/32, b4-ipv6-address: \"2001:db8:100:100::2\" }]",
        "overlaps another; each address has one B4")]
    public void Pass_through_that_cannot_be_is_refused(string keys, string message) =>
        Refuses($"{ConfigText.Small}nat-policy:\n  {keys}\n", message);

    private static void Refuses(string yaml, string message)
    {
        FaultList faults = ConfigText.Faults(yaml);
        Assert.Contains(
            faults.All,
            fault => fault.Severity == Severity.Error && fault.Message.Contains(message, StringComparison.Ordinal));
        Assert.All(faults.All, static fault => Assert.True(fault.Place.Line > 0));
    }
}
