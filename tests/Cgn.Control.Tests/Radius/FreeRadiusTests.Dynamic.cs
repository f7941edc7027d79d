using System;
using System.Linq;
using System.Net;
using System.Threading.Tasks;

using Cgn.Control.Radius;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Radius;

// Changes and disconnections by radclient, and subscribers that are learnt.
public sealed partial class FreeRadiusTests
{
    [SkippableFact]
    [Requirement("RFC5176-S2.3-AUTH")]
    [Requirement("RFC5176-S2.3-ATTR")]
    [Requirement("RFC5176-S2.1-1")]
    [Requirement("RFC5176-S3-ID")]
    [Requirement("RFC5176-S6.3-1")]
    [Requirement("RFC8045-S4.1.1-1")]
    public async Task Changes_and_disconnections_by_radclient_are_carried_out_refused_or_not_answered()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Plans);
        await using RadiusGateway gateway = Accounting(server);
        gateway.FirstPacket(s_b4);
        await Patience.UntilAsync(() => _desk.Granted.Count == 1, () => Say(gateway, server));
        IPEndPoint at = gateway.DynamicEndPoint!;
        string who = $"Acct-Session-Id = \"{gateway.Sessions.Find(s_b4.Key)!.Id}\"";
        string plan = "Filter-Id = \"home\"";

        Assert.Contains("Received CoA-ACK", await RadiusTools.SendAsync(
            at, "coa", [who, plan, "IP-Port-Limit = 4096"]), StringComparison.Ordinal);
        Assert.Equal("home", _desk.Granted[s_b4.Key].Plan);
        Assert.Equal([new IpPortLimitInfo(4096)], _desk.Granted[s_b4.Key].PortLimits);

        string answer = await RadiusTools.SendAsync(at, "coa", [who, "Filter-Id = \"nosuch\""]);
        Assert.Contains("Received CoA-NAK", answer, StringComparison.Ordinal);
        Assert.Contains("Error-Cause = Invalid-Attribute-Value", answer, StringComparison.Ordinal);
        answer = await RadiusTools.SendAsync(at, "disconnect", ["Acct-Session-Id = \"nobody's\""]);
        Assert.Contains("Error-Cause = Session-Context-Not-Found", answer, StringComparison.Ordinal);

        // A wrong secret and an old request: silence, and nothing done.
        Assert.Contains("No reply", await RadiusTools.SendAsync(
            at, "disconnect", [who], secret: "guessed", tries: 1), StringComparison.Ordinal);
        Assert.Equal(1, gateway.Statistics[RadiusCounter.DynamicForged]);
        string stamp = $"Event-Timestamp = {DateTimeOffset.UtcNow.AddHours(-1).ToUnixTimeSeconds()}";
        Assert.Contains("No reply", await RadiusTools.SendAsync(
            at, "disconnect", [who, stamp], tries: 1), StringComparison.Ordinal);
        Assert.Equal(1, gateway.Statistics[RadiusCounter.DynamicStale]);
        Assert.Empty(_desk.Disconnected);

        answer = await RadiusTools.SendAsync(
            at, "disconnect", [who, $"Event-Timestamp = {DateTimeOffset.UtcNow.ToUnixTimeSeconds()}"]);
        Assert.Contains("Received Disconnect-ACK", answer, StringComparison.Ordinal);
        Assert.Equal(s_b4, Assert.Single(_desk.Disconnected));
        await Patience.UntilAsync(() => Records(server, "Stop").Length > 0, () => Say(gateway, server));
        Assert.Contains(
            "Acct-Terminate-Cause = Admin-Reset", Records(server, "Stop")[0], StringComparison.Ordinal);
    }

    [SkippableFact]
    [Requirement("RFC8045-S3.1.3-1")]
    [Requirement("RFC5176-S3.6-N3")]
    public async Task Maps_of_an_answer_are_settled_for_the_session_and_a_change_by_radclient_takes_their_place()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Plans);
        await using RadiusGateway gateway = Accounting(server);
        _desk.Own = Ipv4Address.Parse("203.0.113.7");
        gateway.FirstPacket(s_b4);
        await Patience.UntilAsync(() => gateway.Sessions.Find(s_b4.Key) is not null, () => Say(gateway, server));
        IPEndPoint at = gateway.DynamicEndPoint!;
        string who = $"Acct-Session-Id = \"{gateway.Sessions.Find(s_b4.Key)!.Id}\"";
        IpPortForwardingMap first = new(
            443, 8443, Ipv4Address.Parse("192.168.1.10"), External: Ipv4Address.Parse("203.0.113.7"));
        Assert.Equal([first], _desk.Granted[s_b4.Key].Forwardings);
        // What the gateway has chosen stays, whatever it would choose now.
        _desk.Own = Ipv4Address.Parse("203.0.113.8");
        Assert.Contains("Received CoA-ACK", await RadiusTools.SendAsync(
            at, "coa", [who, "Filter-Id = \"home\""]), StringComparison.Ordinal);
        Assert.Equal([first], _desk.Granted[s_b4.Key].Forwardings);

        Assert.Contains("Received CoA-ACK", await RadiusTools.SendAsync(
            at, "coa",
            [
                who, "IP-Port-Map-Type = 6", "IP-Port-Map-Int-IPv4-Addr = 192.168.1.11", "IP-Port-Map-Int-Port = 22",
                "IP-Port-Map-Ext-Port = 2222",
            ]), StringComparison.Ordinal);
        IpPortForwardingMap second = new(
            22, 2222, Ipv4Address.Parse("192.168.1.11"), External: Ipv4Address.Parse("203.0.113.8"), Protocol: 6);
        Assert.Equal([second], _desk.Granted[s_b4.Key].Forwardings);
        Assert.Contains("Received CoA-ACK", await RadiusTools.SendAsync(
            at, "coa", [who, "IP-Port-Map-Int-Port = 0", "IP-Port-Map-Ext-Port = 0"]), StringComparison.Ordinal);
        Assert.Empty(_desk.Granted[s_b4.Key].Forwardings);
        gateway.Left(s_b4.Key);
        Assert.Equal(s_b4.Key, Assert.Single(_desk.Forgotten));
    }

    [SkippableFact]
    [Requirement("RFC5176-S2.3-DUP")]
    public async Task What_radclient_has_sent_is_not_carried_out_again_when_somebody_sends_the_same_bytes()
    {
        RadiusTools.Need();
        await using RadiusGateway gateway = Gateway();
        gateway.Sessions.Begin(s_b4, [], new SubscriberPolicy(), isAuthenticated: true);
        // The packet is taken down on its way, as a listener on the path would.
        using ReplayRelay relay = new(gateway.DynamicEndPoint!);
        string answer = await RadiusTools.SendAsync(
            relay.EndPoint, "disconnect", [$"Delegated-IPv6-Prefix = {s_b4.Prefix}"]);
        Assert.Contains("Received Disconnect-ACK", answer, StringComparison.Ordinal);
        gateway.Sessions.Begin(s_b4, [], new SubscriberPolicy(), isAuthenticated: true);

        byte[] again = await relay.RepeatAsync();
        Assert.Equal(41, again[0]);
        await relay.RepeatFromElsewhereAsync();
        await Patience.UntilAsync(
            () => gateway.Statistics[RadiusCounter.DynamicReplayed] == 1, () => Say(gateway, null));
        Assert.Equal(1, gateway.Statistics[RadiusCounter.DisconnectsAcknowledged]);
        Assert.Single(_desk.Disconnected);
        Assert.NotNull(gateway.Sessions.Find(s_b4.Key));
    }

    [SkippableFact]
    [Requirement("RAD-IMPL-1")]
    public async Task Subscribers_are_learnt_from_another_gateways_accounting()
    {
        RadiusTools.Need();
        await using RadiusGateway gateway = Gateway();
        IPEndPoint at = gateway.LearningEndPoint!;
        string[] who =
        [
            "User-Name = \"bob@isp\"", "NAS-Identifier = \"bras-1\"",
            $"Delegated-IPv6-Prefix = {s_b4.Prefix}", "Acct-Session-Id = \"A1\"",
        ];
        string answer = await RadiusTools.SendAsync(
            at, "acct", [.. who, "Acct-Status-Type = Start", "Filter-Id = \"fast\""]);
        Assert.Contains("Received Accounting-Response", answer, StringComparison.Ordinal);
        Assert.Equal("fast", _desk.Granted[s_b4.Key].Plan);
        Assert.Equal("bob@isp", gateway.Learner!.Find(s_b4.Key)!.UserName);
        answer = await RadiusTools.SendAsync(at, "acct", [.. who, "Acct-Status-Type = Stop"]);
        Assert.Contains("Received Accounting-Response", answer, StringComparison.Ordinal);
        Assert.Equal(s_b4.Key, Assert.Single(_desk.Disconnected).Key);
        Assert.Null(gateway.Learner.Find(s_b4.Key));
    }
}
