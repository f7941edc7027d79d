using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;
using System.Threading.Tasks;

using Cgn.Control.Radius;
using Cgn.Control.Radius.Access;
using Cgn.Control.Radius.Accounting;
using Cgn.Control.Radius.Client;
using Cgn.Control.Radius.Dynamic;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>The whole of it against a real server: FreeRADIUS, and its radclient for changes.</summary>
public sealed partial class FreeRadiusTests : IDisposable
{
    private const string Plans = """
        if (&User-Name == "2001:db8:100:100::/56") {
          update reply {
            Filter-Id := "fast"
            Session-Timeout := 3600
            Idle-Timeout := 600
            Acct-Interim-Interval := 900
            User-Name := "bob"
            Class := 0x6331
            Chargeable-User-Identity := "cui-7"
            WISPr-Bandwidth-Max-Up := 5000000
            WISPr-Bandwidth-Max-Down := 25000000
            IP-Port-Limit := 2048
            IP-Port-Map-Int-IPv4-Addr := 192.168.1.10
            IP-Port-Map-Int-Port := 443
            IP-Port-Map-Ext-Port := 8443
            Framed-IPv6-Address := 2001:db8:100:101::2
            DNS-Server-IPv6-Address := 2001:db8::53
            Delegated-IPv6-Prefix := 2001:db8:100:100::/56
          }
        }
        elsif (&User-Name == "100.64.0.66") {
          update control {
            Auth-Type := Reject
          }
        }
        """;

    private static readonly SubscriberIdentity s_b4 =
        SubscriberIdentity.DsLite(Ipv6Address.Parse("2001:db8:100:101::2"), 56);

    private static readonly SubscriberIdentity s_customer =
        SubscriberIdentity.Nat444(new Ipv4Address(100, 64, 0, 7));

    private static readonly SubscriberIdentity s_rejected =
        SubscriberIdentity.Nat444(new Ipv4Address(100, 64, 0, 66));

    private readonly FakeDesk _desk = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("radius").FullName;

    [SkippableFact]
    [Requirement("RFC2865-S3-AUTH")]
    [Requirement("RFC5080-MA")]
    [Requirement("RFC6929-1")]
    [Requirement("RFC8045-S3.1.1-1")]
    [Requirement("RFC8045-S3.1.3-1")]
    [Requirement("RFC6911-1")]
    public async Task Subscribers_are_accepted_with_their_attributes_or_rejected()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Plans);
        await using RadiusGateway gateway = Gateway(server.AuthenticationSettings);
        gateway.FirstPacket(s_b4);
        gateway.FirstPacket(s_rejected);
        gateway.FirstPacket(s_customer);
        await Patience.UntilAsync(
            () => _desk.Granted.Count == 2 && gateway.Statistics[RadiusCounter.Rejects] > 0,
            () => Say(gateway, server));
        SubscriberPolicy policy = _desk.Granted[s_b4.Key];
        Assert.Equal(("fast", "bob"), (policy.Plan, policy.UserName));
        Assert.Equal((5_000_000ul, 25_000_000ul), (policy.RateUp!.Value, policy.RateDown!.Value));
        Assert.Equal(TimeSpan.FromSeconds(3600), policy.SessionTimeout);
        Assert.Equal(TimeSpan.FromSeconds(600), policy.IdleTimeout);
        Assert.Equal(TimeSpan.FromSeconds(900), policy.InterimInterval);
        Assert.Equal([new IpPortLimitInfo(2048)], policy.PortLimits);
        Assert.Equal(
            [new IpPortForwardingMap(443, 8443, Ipv4Address.Parse("192.168.1.10"))], policy.Forwardings);
        Assert.Equal(2, policy.Ipv6Access.Count);
        Assert.Equal(s_b4.Prefix, policy.DelegatedPrefix);
        Assert.Null(_desk.Granted[s_customer.Key].Plan);
        Assert.Contains(s_rejected, _desk.Refused);
        Assert.Equal(0, gateway.Statistics[RadiusCounter.RepliesForged]);

        // As the server has understood our question.
        string request = server.Requests.First(one => one.Contains("Delegated-IPv6", StringComparison.Ordinal));
        foreach (string line in (string[])
        [
            "Framed-IPv6-Prefix = 2001:db8:100:101::/64", "Delegated-IPv6-Prefix = 2001:db8:100:100::/56",
            "Framed-IPv6-Address = 2001:db8:100:101::2", "NAS-Identifier = \"lab-aftr-1\"",
            "NAS-IP-Address = 127.0.0.1", "Service-Type = Framed-User", "NAS-Port-Type = Virtual",
            "Message-Authenticator = 0x",
        ])
            Assert.Contains(line, request, StringComparison.Ordinal);
    }

    [SkippableFact]
    [Requirement("RFC2865-S3-AUTH")]
    [Requirement("RFC5080-MA")]
    [Requirement("RAD-FAIL-1")]
    public async Task With_another_secret_or_without_the_required_signature_no_answer_is_accepted()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Plans, signs: false);
        await using RadiusGateway stranger = Gateway(
            server.AuthenticationSettings with { Secret = [1, 2, 3] });
        await using RadiusGateway strict = Gateway(server.AuthenticationSettings);
        stranger.FirstPacket(s_b4);
        strict.FirstPacket(s_b4);
        foreach (RadiusGateway gateway in (RadiusGateway[])[stranger, strict])
        {
            await Patience.UntilAsync(
                () => gateway.Statistics[RadiusCounter.RefusedUnanswered] > 0, () => Say(gateway, server));
            Assert.True(gateway.Statistics[RadiusCounter.Timeouts] > 0);
            Assert.Equal(0, gateway.Statistics[RadiusCounter.Accepts]);
        }

        await Patience.UntilAsync(
            () => strict.Statistics[RadiusCounter.RepliesUnsigned] > 0, () => Say(strict, server));
        Assert.Empty(_desk.Granted);

        await using RadiusGateway lenient = Gateway(
            server.AuthenticationSettings with { RequireMessageAuthenticator = false });
        lenient.FirstPacket(s_b4);
        await Patience.UntilAsync(() => _desk.Granted.Count == 1, () => Say(lenient, server));
    }

    [SkippableFact]
    [Requirement("RFC5997-1")]
    [Requirement("RAD-FAIL-1")]
    public async Task When_the_first_server_is_killed_the_second_is_asked_and_when_none_is_left_the_last_answer_serves()
    {
        RadiusTools.Need();
        using FreeRadius first = await FreeRadius.StartAsync(Plans);
        using FreeRadius second = await FreeRadius.StartAsync(Plans);
        await using RadiusGateway gateway = Gateway(first.AuthenticationSettings, second.AuthenticationSettings);
        gateway.FirstPacket(s_b4);
        await Patience.UntilAsync(() => _desk.Granted.Count == 1, () => Say(gateway, first));
        Assert.NotEmpty(first.Requests);
        first.Kill();
        gateway.FirstPacket(s_customer);
        await Patience.UntilAsync(() => _desk.Granted.Count == 2, () => Say(gateway, second));
        Assert.NotEmpty(second.Requests);
        Assert.True(gateway.Statistics[RadiusCounter.Failovers] > 0);

        second.Kill();
        gateway.Left(s_b4.Key);
        Assert.Null(gateway.Sessions.Find(s_b4.Key));
        _desk.Granted.Clear();
        gateway.FirstPacket(s_b4);
        await Patience.UntilAsync(() => _desk.Granted.Count == 1, () => Say(gateway, second));
        Assert.Equal("fast", _desk.Granted[s_b4.Key].Plan);
        Assert.Equal(1, gateway.Statistics[RadiusCounter.ServedFromCache]);
        await Patience.UntilAsync(() => gateway.AuthenticationServersAlive == 0, () => Say(gateway, second));

        // A probe finds the server that is there again, and the question is put once more after its back-off.
        await first.RestartAsync();
        await Patience.UntilAsync(
            () => gateway.Sessions.Find(s_b4.Key)!.IsAuthenticated, () => Say(gateway, first));
        Assert.True(gateway.Statistics[RadiusCounter.Probes] > 0);
    }

    [SkippableFact]
    [Requirement("RFC2866-S3-AUTH")]
    [Requirement("RFC2866-S5.1-1")]
    [Requirement("RFC2866-S4.1-ACK")]
    [Requirement("RFC2869-S5.1-1")]
    [Requirement("RFC8045-S3.1.2-1")]
    [Requirement("RFC8045-S3.1.2-2")]
    public async Task Sessions_are_recorded_by_the_server_though_it_was_away_in_between()
    {
        RadiusTools.Need();
        using FreeRadius server = await FreeRadius.StartAsync(Plans);
        await using RadiusGateway gateway = Accounting(server);
        gateway.FirstPacket(s_b4);
        await Patience.UntilAsync(
            () => _desk.Granted.Count == 1 && gateway.RecordsWaiting == 0, () => Say(gateway, server));
        server.Kill();
        gateway.PortsChanged(s_b4.Key, new IpPortRange(
            true, 2048, 2559, Ipv4Address.Parse("203.0.113.1"), s_b4.B4.ToString()));
        _desk.Usage[s_b4.Key] = new SubscriberUsage(5ul << 30, 3, 2, 1, DateTimeOffset.UtcNow);
        gateway.Left(s_b4.Key);
        await Patience.UntilAsync(
            () => gateway.Statistics[RadiusCounter.Timeouts] > 0, () => Say(gateway, server));
        Assert.Equal(2, gateway.RecordsWaiting);
        await server.RestartAsync();
        await Patience.UntilAsync(() => gateway.RecordsWaiting == 0, () => Say(gateway, server));
        await gateway.CloseAsync();

        string[] on = Records(server, "Accounting-On");
        string start = Records(server, "Start")[0];
        string interim = Records(server, "Interim-Update")[0];
        string stop = Records(server, "Stop")[0];
        Assert.NotEmpty(on);
        Assert.NotEmpty(Records(server, "Accounting-Off"));
        foreach (string record in (string[])[start, interim, stop])
        {
            Assert.Contains("User-Name = \"bob\"", record, StringComparison.Ordinal);
            Assert.Contains("Class = 0x6331", record, StringComparison.Ordinal);
            Assert.Contains("Chargeable-User-Identity = 0x6375692d37", record, StringComparison.Ordinal);
            Assert.Contains("Delegated-IPv6-Prefix = 2001:db8:100:100::/56", record, StringComparison.Ordinal);
        }

        foreach (string line in (string[])
        [
            "IP-Port-Range-Alloc = Allocation", "IP-Port-Range-Range-Start = 2048",
            "IP-Port-Range-Range-End = 2559", "IP-Port-Range-Ext-IPv4-Addr = 203.0.113.1",
            "IP-Port-Range-Local-Id = \"2001:db8:100:101::2\"",
        ])
            Assert.Contains(line, interim, StringComparison.Ordinal);
        Assert.Contains("Acct-Input-Octets = 1073741824", stop, StringComparison.Ordinal);
        Assert.Contains("Acct-Input-Gigawords = 1", stop, StringComparison.Ordinal);
        Assert.Contains("Acct-Output-Octets = 3", stop, StringComparison.Ordinal);
        Assert.Contains("Acct-Terminate-Cause = NAS-Request", stop, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    // A record that was acknowledged too late is there twice.
    private static string[] Records(FreeRadius server, string type) =>
        [.. server.Records.Where(one => one.Contains($"Acct-Status-Type = {type}\n", StringComparison.Ordinal))];

    private static string Say(RadiusGateway gateway, FreeRadius? server) => new StringBuilder()
        .AppendJoin('\n', Enum.GetValues<RadiusCounter>()
            .Where(counter => gateway.Statistics[counter] != 0)
            .Select(counter => $"{counter} {gateway.Statistics[counter]}"))
        .Append('\n').Append(server?.Said).ToString();

    private RadiusGateway Gateway(params RadiusServerSettings[] servers) => Gateway(servers, null);

    private RadiusGateway Accounting(FreeRadius server) =>
        Gateway([server.AuthenticationSettings], server.AccountingSettings);

    private RadiusGateway Gateway(RadiusServerSettings[] servers, RadiusServerSettings? accounting)
    {
        RadiusClientSettings client = new()
        {
            Servers = servers,
            Retransmit = new RetransmitSettings
            {
                Initial = TimeSpan.FromMilliseconds(150),
                Count = 4,
                Maximum = TimeSpan.FromSeconds(1),
            },
            ProbeInterval = TimeSpan.FromMilliseconds(100),
        };
        return new RadiusGateway(
            new RadiusSettings
            {
                Nas = new NasIdentity("lab-aftr-1", new Ipv4Address(127, 0, 0, 1)),
                KnowsPlan = static name => name is "home" or "fast",
                StartsFile = Path.Combine(_folder, "starts"),
                Authentication = servers.Length == 0 ? null : client,
                Access = new AccessSettings { BackOff = TimeSpan.FromMilliseconds(500) },
                AccountingServers = accounting is null ? null : client with { Servers = [accounting] },
                Accounting = new AccountingSettings
                {
                    ReportsPorts = true,
                    BackOff = TimeSpan.FromMilliseconds(100),
                    BackOffMax = TimeSpan.FromMilliseconds(500),
                    SpoolFile = Path.Combine(_folder, "spool"),
                    DrainTime = TimeSpan.FromSeconds(30),
                },
                DynamicListen = new IPEndPoint(IPAddress.Loopback, 0),
                Dynamic = new DynamicSettings
                {
                    Clients = [new DynamicClient(IPAddress.Loopback, FreeRadius.Secret)],
                },
                LearningListen = new IPEndPoint(IPAddress.Loopback, 0),
                LearningClients = [new DynamicClient(IPAddress.Loopback, FreeRadius.Secret)],
                MaskBits = 56,
            },
            _desk, TimeProvider.System);
    }
}
