using System;
using System.Linq;
using System.Net;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Pools;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Radius;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Control.Tests.Radius;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

using static Cgn.Control.Tests.Policy.SteeredGateway;

namespace Cgn.Control.Tests.Policy;

/// <summary>Static mappings that a real FreeRADIUS grants, changes and takes away, under traffic.</summary>
public sealed class SteeredMappingTests
{
    private const string B4 = "2001:db8:100:101::2";
    private const string OtherB4 = "2001:db8:100:201::2";
    private const string Customer = "100.64.0.7";
    private const string External = "203.0.113.5";

    private const string Authorize = """
        if (&User-Name == "2001:db8:100:100::/56") {
          update reply {
            IP-Port-Limit := 2
            IP-Port-Map-Ext-IPv4-Addr := 203.0.113.5
            IP-Port-Map-Int-IPv4-Addr := 192.168.1.10
            IP-Port-Map-Int-Port := 443
            IP-Port-Map-Ext-Port := 843
            IP-Port-Map-Local-Id := "2001:db8:100:101::2"
          }
        }
        elsif (&User-Name == "100.64.0.66") {
          update reply {
            IP-Port-Map-Ext-IPv4-Addr := 198.51.100.9
            IP-Port-Map-Int-IPv4-Addr := 100.64.0.66
            IP-Port-Map-Int-Port := 443
            IP-Port-Map-Ext-Port := 843
          }
        }
        """;

    private static readonly SubscriberId s_home = SubscriberIdentity.DsLite(Ipv6Address.Parse(B4), 56).Key;

    private static readonly SubscriberId s_other = SubscriberIdentity.DsLite(Ipv6Address.Parse(OtherB4), 56).Key;

    [SkippableFact]
    [Requirement("RFC8045-S3.1.3-1")]
    [Requirement("RFC8045-S3.1.1-1")]
    public async Task Accept_with_a_map_lets_in_what_comes_for_its_port_and_the_port_is_none_of_the_quotas()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Authorize);
        await using SteeredGateway gateway = await StartAsync(server);
        await gateway.UntilAsync(() => IsIn(gateway, IpProtocol.Tcp, 843), "inbound TCP", () => server.Said);
        // No type: all protocols that have ports.
        Assert.True(IsIn(gateway, IpProtocol.Udp, 843));
        Assert.False(IsIn(gateway, IpProtocol.Tcp, 844));

        // Two ports of traffic's own, of which one is in use since the beginning, beside those of the server's.
        Assert.True(gateway.Send(FromHome(B4)) && gateway.Send(FromHome(B4, 5001)));
        Assert.False(gateway.Send(FromHome(B4, 5002)));
        Assert.True(IsIn(gateway, IpProtocol.Udp, 843));
    }

    [SkippableFact]
    [Requirement("RFC8045-S3.1.3-1")]
    [Requirement("RFC5176-S3.6-N3")]
    public async Task Change_adds_replaces_and_takes_away_maps_and_one_that_says_nothing_of_them_leaves_them()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync("");
        await using SteeredGateway gateway = await StartAsync(server);
        Assert.False(IsIn(gateway, IpProtocol.Tcp, 843));
        await ChangeAsync(gateway, "ACK", s_home, Map(843));
        await gateway.UntilAsync(() => IsIn(gateway, IpProtocol.Tcp, 843), "added");
        await ChangeAsync(gateway, "ACK", s_home, "Filter-Id = \"fast\"");
        Assert.True(IsIn(gateway, IpProtocol.Tcp, 843));

        await ChangeAsync(gateway, "ACK", s_home, Map(844) + ", IP-Port-Map-Type = 17");
        await gateway.UntilAsync(() => IsIn(gateway, IpProtocol.Udp, 844), "replaced");
        Assert.False(IsIn(gateway, IpProtocol.Tcp, 843));
        Assert.False(IsIn(gateway, IpProtocol.Tcp, 844));

        await ChangeAsync(gateway, "ACK", s_home, "IP-Port-Map-Int-Port = 0, IP-Port-Map-Ext-Port = 0");
        await gateway.UntilAsync(() => !IsIn(gateway, IpProtocol.Udp, 844), "taken away");
        await gateway.UntilAsync(() => gateway.Configuration.Snapshot.StaticMappings.Length == 0, "none");
        Assert.True(gateway.Send(FromHome(B4)));
    }

    [SkippableFact]
    [Requirement("RFC8045-S3.1.3-1")]
    [Requirement("RFC5176-S2.3-ATOM")]
    public async Task Change_whose_map_can_not_be_had_is_refused_with_its_cause_and_leaves_everything_as_it_was()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Authorize);
        await using SteeredGateway gateway = await StartAsync(server, """

            nat-policy:
              static-mappings:
                - { subscriber: 100.64.0.9, protocol: udp, internal: "100.64.0.9:53", external: "203.0.113.5:853" }
            """);
        await gateway.UntilAsync(() => IsIn(gateway, IpProtocol.Tcp, 843), "inbound TCP", () => server.Said);
        await gateway.UntilAsync(() => gateway.Send(FromHome(OtherB4)), "another home");
        (string Map, string Cause)[] refused =
        [
            (Map(843), "Resources-Unavailable"),
            (Map(853), "Resources-Unavailable"),
            (Map(853) + ", IP-Port-Map-Type = 6, Session-Timeout = 5, Filter-Id = \"nosuch\"",
                "Invalid-Attribute-Value"),
            (Map(845).Replace(External, "198.51.100.9", StringComparison.Ordinal), "Invalid-Attribute-Value"),
            (Map(845).Replace("192.168.1.10", "8.8.8.8", StringComparison.Ordinal), "Invalid-Attribute-Value"),
            (Map(845) + ", IP-Port-Map-Type = 132", "Invalid-Attribute-Value"),
            (Map(845) + $", IP-Port-Map-Local-Id = \"{B4}\"", "Invalid-Attribute-Value"),
            ("IP-Port-Map-Int-IPv6-Addr = 2001:db8:100:200::9, IP-Port-Map-Int-Port = 1, IP-Port-Map-Ext-Port = 2",
                "Invalid-Attribute-Value"),
        ];
        foreach ((string map, string cause) in refused)
        {
            string answer = await ChangeAsync(gateway, "NAK", s_other, map + ", Idle-Timeout = 77");
            Assert.Contains($"Error-Cause = {cause}", answer, StringComparison.Ordinal);
        }

        RadiusSession session = gateway.Running.Sessions.Find(s_other)!;
        Assert.Null(session.Policy.IdleTimeout);
        Assert.Empty(session.Policy.Forwardings);
        Assert.True(IsIn(gateway, IpProtocol.Tcp, 843));
        Assert.Equal(3, gateway.Configuration.Snapshot.StaticMappings.Length);
        await ChangeAsync(gateway, "ACK", s_other, Map(845));
    }

    [SkippableFact]
    [Requirement("RFC8045-S3.1.3-1")]
    public async Task Accept_whose_map_can_not_be_had_is_a_reject_and_the_operator_is_told_why()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Authorize);
        await using SteeredGateway gateway = await StartAsync(server);
        gateway.Send(FromCustomer("100.64.0.66"));
        await gateway.UntilAsync(
            () => gateway.Errors.Contains(
                "could not be followed: 1, the last for 100.64.0.66: static-mappings.external "
                + "198.51.100.9:843 lies in no external-ip-pool", StringComparison.Ordinal),
            "told", () => gateway.Errors);
        Assert.Equal(1, gateway.Running.Statistics[RadiusCounter.AcceptsUnusable]);
        Assert.False(gateway.Send(FromCustomer("100.64.0.66")));
    }

    [SkippableFact]
    [Requirement("RFC8045-S3.1.3-1")]
    [Requirement("RFC5176-S2.1-1")]
    public async Task Map_ends_with_its_session_and_its_port_is_free_for_another()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Authorize);
        await using SteeredGateway gateway = await StartAsync(server);
        await gateway.UntilAsync(() => IsIn(gateway, IpProtocol.Tcp, 843), "inbound TCP", () => server.Said);
        await gateway.UntilAsync(() => gateway.Send(FromHome(OtherB4)), "another home");
        string who = $"Acct-Session-Id = \"{gateway.Running.Sessions.Find(s_home)!.Id}\"";
        Assert.Contains("Received Disconnect-ACK", await RadiusTools.SendAsync(
            gateway.Running.DynamicEndPoint!, "disconnect", [who]), StringComparison.Ordinal);
        await ChangeAsync(gateway, "ACK", s_other, Map(843));
        await gateway.UntilAsync(() => IsIn(gateway, IpProtocol.Tcp, 843, OtherB4), "the other's", () => server.Said);
        Assert.False(IsIn(gateway, IpProtocol.Tcp, 843));
    }

    [SkippableFact]
    [Requirement("RFC8045-S3.1.3-1")]
    public async Task Map_outlives_the_control_plane_with_its_session_and_is_not_taken_from_the_forwarder_meanwhile()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Authorize);
        await using SteeredGateway gateway = await StartAsync(server);
        await gateway.UntilAsync(() => IsIn(gateway, IpProtocol.Tcp, 843), "inbound TCP", () => server.Said);
        int taken = gateway.Taken;
        await gateway.KillControlAsync();
        await gateway.StartControlAsync();
        Assert.True(IsIn(gateway, IpProtocol.Tcp, 843));
        await Task.Delay(500);
        Assert.True(IsIn(gateway, IpProtocol.Tcp, 843));
        Assert.Equal(taken, gateway.Taken);

        // A planned end ends the sessions: what they held is not there until they are asked for anew.
        await gateway.Radius!.StopAsync(CancellationToken.None);
        await gateway.KillControlAsync();
        Assert.True(IsIn(gateway, IpProtocol.Tcp, 843));
        await gateway.StartControlAsync();
        Assert.False(IsIn(gateway, IpProtocol.Tcp, 843));
        await gateway.UntilAsync(() => IsIn(gateway, IpProtocol.Tcp, 843), "asked anew", () => server.Said);
    }

    [SkippableFact]
    [Requirement("RFC8045-S3.1.3-1")]
    public async Task Map_stays_through_a_reload_that_it_fits_and_is_out_of_force_while_it_does_not()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Authorize);
        await using SteeredGateway gateway = await StartAsync(server);
        await gateway.UntilAsync(() => IsIn(gateway, IpProtocol.Tcp, 843), "inbound TCP", () => server.Said);
        string yaml = gateway.Yaml.Replace("mtu: 1540", "mtu: 1500", StringComparison.Ordinal);
        Assert.Empty((await ReloadAsync(gateway, yaml)).Notes);
        Assert.True(IsIn(gateway, IpProtocol.Tcp, 843));
        ApplyResult result = await ReloadAsync(
            gateway, yaml.Replace("203.0.113.0/28", "203.0.113.0/30", StringComparison.Ordinal));
        Assert.Contains("2 static mappings", Assert.Single(result.Notes), StringComparison.Ordinal);
        Assert.False(IsIn(gateway, IpProtocol.Tcp, 843));
        await ReloadAsync(gateway, yaml);
        Assert.True(IsIn(gateway, IpProtocol.Tcp, 843));
    }

    [SkippableFact]
    [Requirement("RFC8045-S3.1.3-1")]
    public async Task Map_without_an_external_address_gets_the_one_that_the_subscriber_is_paired_with()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync("");
        await using SteeredGateway gateway = await StartAsync(server);
        await ChangeAsync(gateway, "ACK", s_home, Map(843).Replace(
            $", IP-Port-Map-Ext-IPv4-Addr = {External}", "", StringComparison.Ordinal));
        string own = new IPAddress(gateway.Sent.AsSpan(26, 4)).ToString();
        await gateway.UntilAsync(() => IsIn(gateway, IpProtocol.Tcp, 843, B4, own), "inbound TCP");
        Assert.Equal(own, gateway.Running.Sessions.Find(s_home)!.Policy.Forwardings[0].External.ToString());
    }

    [SkippableFact]
    public async Task Maps_of_many_logins_at_once_go_to_the_forwarder_together()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync("");
        await using SteeredGateway gateway = await StartAsync(server);
        for (byte i = 1; i <= 60; i++)
        {
            SubscriberIdentity who = SubscriberIdentity.Nat444(new Ipv4Address(100, 64, 1, i));
            IpPortForwardingMap map = new(80, (ushort)(100 + i), who.Ipv4, External: Ipv4Address.Parse(External));
            Assert.NotNull(gateway.Running.Sessions.Begin(
                who, [], new SubscriberPolicy { Forwardings = [map] }, isAuthenticated: true));
        }

        await gateway.UntilAsync(
            () => gateway.Configuration.Snapshot.StaticMappings.Length == 120, "all of them in force");
        Assert.InRange(gateway.Taken, 1, 3);
    }

    private static async Task<SteeredGateway> StartAsync(FreeRadius server, string more = "")
    {
        SteeredGateway gateway = new(SteeredRadiusTests.Yaml(server) + more);
        await gateway.StartControlAsync();
        await gateway.UntilAsync(() => gateway.Send(FromHome(B4)), "a packet carried", () => server.Said);
        return gateway;
    }

    private static async Task<ApplyResult> ReloadAsync(SteeredGateway gateway, string yaml)
    {
        Task<ApplyResult> applied = gateway.Configuration.ApplyTextAsync(yaml, "test", CancellationToken.None);
        await gateway.UntilAsync(() => applied.IsCompleted, "a reload");
        ApplyResult result = await applied;
        Assert.True(result.IsInForce, string.Join('\n', result.Obstacles));
        return result;
    }

    private static async Task<string> ChangeAsync(
        SteeredGateway gateway, string answer, SubscriberId who, string change)
    {
        string said = await RadiusTools.SendAsync(
            gateway.Running.DynamicEndPoint!, "coa",
            [$"Acct-Session-Id = \"{gateway.Running.Sessions.Find(who)!.Id}\"", change]);
        Assert.Contains($"Received CoA-{answer}", said, StringComparison.Ordinal);
        return said;
    }

    private static string Map(int port) =>
        $"IP-Port-Map-Int-IPv4-Addr = 192.168.1.10, IP-Port-Map-Int-Port = 443, IP-Port-Map-Ext-Port = {port}"
        + $", IP-Port-Map-Ext-IPv4-Addr = {External}";

    // Somebody outside sends to an external port, and it comes to port 443 of the host.
    private static bool IsIn(
        SteeredGateway gateway, IpProtocol protocol, ushort port, string b4 = B4, string external = External)
    {
        byte[] packet = protocol == IpProtocol.Tcp
            ? Packets.Tcp(Server, 40000, external, port, TcpFlags.Syn)
            : Packets.Udp(Server, 40000, external, port);
        byte[]? received = gateway.Receive(Packets.Ethernet(packet));
        return received is not null && received.AsSpan(38, 16).SequenceEqual(IPAddress.Parse(b4).GetAddressBytes())
            && received.AsSpan(70, 4).SequenceEqual(IPAddress.Parse("192.168.1.10").GetAddressBytes())
            && ((received[76] << 8) | received[77]) == 443;
    }
}
