using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>Application gateways in the configuration.</summary>
public sealed class AlgConfigTests
{
    private const ApplicationGateways All = (ApplicationGateways)31;

    [Fact]
    [Requirement("RFC4787-REQ-10")]
    [Requirement("RFC5382-REQ-6")]
    public void Left_out_every_gateway_is_off() =>
        Assert.Equal(ApplicationGateways.None, Of("", "{ id: home }"));

    [Theory]
    [InlineData("ftp", ApplicationGateways.Ftp)]
    [InlineData("sip", ApplicationGateways.Sip)]
    [InlineData("rtsp", ApplicationGateways.Rtsp)]
    [InlineData("pptp", ApplicationGateways.Pptp)]
    [InlineData("tftp", ApplicationGateways.Tftp)]
    [Requirement("RFC4787-REQ-10a")]
    [Requirement("RFC8512-CFG-13")]
    public void Each_gateway_is_switched_by_itself_and_by_plan(string name, ApplicationGateways gateway)
    {
        Assert.Equal(gateway, Of($"algs: [{{ name: {name} }}]", "{ id: home }"));
        Assert.Equal(ApplicationGateways.None, Of($"algs: [{{ name: {name}, status: false }}]", "{ id: home }"));
        Assert.Equal(gateway, Of("", $"{{ id: home, algs: [{name}] }}"));
        Assert.Equal(All & ~gateway, Of(
            "all-algs-enable: true",
            $"{{ id: home, algs: [{string.Join(", ", s_names.Where(other => other != name))}] }}"));
    }

    [Fact]
    [Requirement("RFC8512-CFG-13")]
    public void All_are_on_together_unless_a_plan_says_otherwise()
    {
        Assert.Equal(All, Of("all-algs-enable: true", "{ id: home }"));
        Assert.Equal(ApplicationGateways.None, Of("all-algs-enable: true", "{ id: home, algs: [] }"));
    }

    [Fact]
    [Requirement("RFC8512-CFG-13")]
    public void Ports_are_the_registered_ones_or_those_that_are_given()
    {
        GatewayPort[] ports = Snapshot("algs: [{ name: ftp, dst-transport-ports: [2121, 21] }]", "{ id: home }")
            .GatewayPorts;
        Assert.Equal(
            [(6, 2121), (6, 21)],
            ports.Where(static port => port.Gateway == ApplicationGateways.Ftp)
                .Select(static port => (port.Protocol, (int)port.Port)).Select(static p => ((int)p.Protocol, p.Item2)));
        Assert.Equal(
            [(17, 5060), (6, 5060)],
            ports.Where(static port => port.Gateway == ApplicationGateways.Sip)
                .Select(static port => ((int)port.Protocol, (int)port.Port)));
    }

    [Theory]
    [InlineData("algs: [{ name: ftps }]", "'ftps' is no choice of name; did you mean 'ftp'?")]
    [InlineData("algs: [{ name: ftp }, { name: ftp }]", "algs ftp stands on line 13 already")]
    [InlineData("algs: [{ name: ftp, dst-transport-ports: [0] }]", "'0' is out of range; 1 to 65535 would be right")]
    [InlineData("algs: [{ name: rtsp, dst-transport-ports: [21] }]", "port 21, and so has ftp")]
    [InlineData("algs: [{ name: ftp, dst-transport-ports: [1,2,3,4,5,6,7,8,9] }]", "has 9 ports; at most 8 would be")]
    public void What_can_not_be_is_refused_with_what_would_be_right(string policy, string message) =>
        Assert.Contains(
            ConfigText.Lines(Text(policy, "{ id: home }")),
            line => line.Contains(message, System.StringComparison.Ordinal));

    private static readonly string[] s_names = ["ftp", "sip", "rtsp", "pptp", "tftp"];

    private static ApplicationGateways Of(string policy, string plan) => Snapshot(policy, plan).Plans[0].Gateways;

    private static ConfigSnapshot Snapshot(string policy, string plan) => ConfigText.Snapshot(Text(policy, plan));

    private static string Text(string policy, string plan) =>
        ConfigText.With("{ id: home }", plan) + (policy.Length == 0 ? "" : $"nat-policy: {{ {policy} }}\n");
}
