using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>The section icmp.</summary>
public class IcmpSectionTests
{
    [Fact]
    [Requirement("RFC5508-REQ-10f")]
    [Requirement("RFC5508-REQ-9")]
    [Requirement("RFC1812-S4.3.2.8")]
    [Requirement("RFC4443-S2.4f")]
    public void Every_key_reaches_the_forwarder()
    {
        GatewaySettings settings = ConfigText.Snapshot(With(
            "errors-per-second: 50/s, errors-per-second-v6: 60/s, errors-inside: false, errors-outside: false, "
            + "source-outside: 198.51.100.1, source-inside: 100.64.0.1, dscp: 48, exhaustion-answer: admin-prohibited, "
            + "pool-ping: drop, verify-embedded-checksum: false, outbound-mtu-min: 576")).Settings;

        GatewaySettings expected = new()
        {
            Seed = 7,
            DefaultPlan = 0,
            IcmpErrorsPerSecond = 50,
            Icmpv6ErrorsPerSecond = 60,
            IcmpErrorsInside = false,
            IcmpErrorsOutside = false,
            OutsideAddress = 0xC6336401,
            InsideAddress = 0x64400001,
            IcmpDscp = 48,
            ExhaustionAnswer = ExhaustionAnswer.AdminProhibited,
            PoolPing = false,
            VerifyQuotedHeader = false,
            OutboundMtuMin = 576,
        };
        Assert.Equal(expected, settings);
    }

    [Theory]
    [InlineData("errors-per-second: unlimited", "1/s")]
    [InlineData("errors-per-second-v6: 0/s", "1/s")]
    [InlineData("dscp: 64", "'64' is out of range; copy or 0 to 63")]
    [InlineData("exhaustion-answer: quiet", "'quiet' is no choice of exhaustion-answer")]
    [InlineData("pool-ping: maybe", "'maybe' is no choice of pool-ping")]
    [InlineData("outbound-mtu-min: 67", "'67' is out of range; off or 68 to 1500 bytes")]
    [InlineData("source-outside: 224.0.0.1", "is no address that a packet may come from")]
    [InlineData("source-inside: 127.0.0.1", "is no address that a packet may come from")]
    [InlineData("source-outside: 192.0.0.1", "never leaves outside (RFC 7335)")]
    public void A_mistake_is_told_with_what_would_be_right(string keys, string message)
    {
        FaultList faults = ConfigText.Faults(With(keys));

        Fault fault = Assert.Single(faults.Errors);
        Assert.Contains(message, fault.Message);
        Assert.True(fault.Place.Line > 1);
    }

    private static string With(string keys) => ConfigText.Small + "icmp: { " + keys + " }\n";
}
