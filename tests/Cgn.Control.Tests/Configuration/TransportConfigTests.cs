using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>Rules for protocols, their timers, and PCP in the configuration.</summary>
public class TransportConfigTests
{
    [Fact]
    public void Left_out_the_rules_are_what_the_forwarder_has_by_default()
    {
        GatewaySettings settings = ConfigText.Snapshot(ConfigText.Small).Settings;
        Assert.Equal(new ProtocolRules(), settings.Protocols);
        Assert.Equal(new PcpSettings(), settings.Pcp);
        Assert.Equal(OtherProtocols.AddressOnly, settings.OtherProtocols);
    }

    [Fact]
    public void Each_protocol_has_the_rule_that_was_written()
    {
        GatewaySettings settings = ConfigText.Snapshot(
            ConfigText.Small + "nat-policy: { protocols: { udp-lite: drop, dccp: drop, sctp: address-only, gre: drop,"
            + " esp: address-only, ah: address-only, ip-in-ip: other } }\n").Settings;
        Assert.Equal(
            new ProtocolRules
            {
                CarriesUdpLite = false,
                CarriesDccp = false,
                Sctp = ProtocolRule.AddressOnly,
                Gre = ProtocolRule.Drop,
                Esp = ProtocolRule.AddressOnly,
                Ah = ProtocolRule.AddressOnly,
                IpInIp = ProtocolRule.AsOther,
            },
            settings.Protocols);
    }

    [Fact]
    public void Timers_and_pcp_come_through()
    {
        GatewaySettings settings = ConfigText.Snapshot(
            ConfigText.Small
            + "nat-policy: { timers: { address-only-timeout: 60s, dccp-idle-timeout: 3h, dccp-trans-timeout: 5m } }\n"
            + "pcp: { enabled: false, map: false, peer: false, lifetime-min: 200s, lifetime-max: 1h,"
            + " mappings-per-subscriber: 7, requests-per-second: 50/s }\n").Settings;
        Assert.Equal(
            (600u, 108000u, 3000u),
            (settings.AddressOnlyTimeout, settings.DccpIdleTimeout, settings.DccpTransTimeout));
        Assert.Equal(
            new PcpSettings
            {
                Enabled = false,
                Map = false,
                Peer = false,
                LifetimeMin = 200,
                LifetimeMax = 3600,
                MappingsMax = 7,
                RequestsPerSecond = 50,
            },
            settings.Pcp);
    }

    [Theory]
    [InlineData("pcp: { lifetime-min: 1h, lifetime-max: 10m }", "lifetime-max")]
    [InlineData("pcp: { lifetime-min: 0s }", "lifetime-min")]
    [InlineData("nat-policy: { protocols: { sctp: ports } }", "'ports'")]
    [InlineData("nat-policy: { protocols: { scpt: drop } }", "'sctp'")]
    public void Mistakes_are_told(string line, string named)
    {
        Fault fault = Assert.Single(ConfigText.Faults(ConfigText.Small + line + "\n").Errors);
        Assert.Contains(named, fault.Message);
        Assert.Equal(ConfigText.Small.Count(static letter => letter == '\n') + 1, fault.Place.Line);
    }

    [Fact]
    public void What_the_standards_do_not_allow_is_warned_of()
    {
        string[] lines = [.. ConfigText.Lines(
            ConfigText.Small + "nat-policy: { timers: { dccp-idle-timeout: 60s } }\npcp: { lifetime-min: 10s }\n")];
        Assert.Contains(lines, static line => line.Contains("RFC 5597", System.StringComparison.Ordinal));
        Assert.Contains(lines, static line => line.Contains("RFC 6887", System.StringComparison.Ordinal));
    }
}
