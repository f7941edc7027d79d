using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Radius;
using Cgn.Control.Radius.Client;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>The section radius: what is wrong in it is said, and what is right becomes settings.</summary>
public sealed class RadiusSectionTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("radius").FullName;

    [Theory]
    [InlineData(
        "authentication: { server: '192.0.2.1:1812', secret-file: s, "
        + "fallback: [{ server: '192.0.2.1:1812', secret-file: s }] }",
        "radius.authentication.fallback.server 192.0.2.1:1812 is given twice")]
    [InlineData(
        "authentication: { server: '192.0.2.1:1812', secret-file: s, back-off: 60s, back-off-max: 30s }",
        "radius.authentication.back-off-max 30s is below back-off 60s")]
    [InlineData(
        "accounting: { server: '192.0.2.1:1813', secret-file: s, interim-interval: 59s }",
        "'59s' is too small; 60s at least would be right")]
    [InlineData(
        "dynamic-authorization: { listen: '0.0.0.0:3799', secret-file: s, clients: [{ address: 192.0.2.1 }] }",
        "radius.dynamic-authorization.listen 0.0.0.0:3799 is not one address of this machine")]
    [InlineData(
        "dynamic-authorization: { listen: '192.0.2.9:3799', secret-file: s }",
        "radius.dynamic-authorization has no clients, and there are no servers either")]
    [InlineData(
        "dynamic-authorization: { listen: '192.0.2.9:3799', secret-file: s, clients: [{ address: 1.2 }] }",
        "'1.2' is not an IPv4 or IPv6 address")]
    [InlineData(
        "learning: { listen: '192.0.2.9:1813', secret-file: s, "
        + "clients: [{ address: 192.0.2.1 }, { address: 192.0.2.1 }] }",
        "radius.learning.clients.address 192.0.2.1 is given twice")]
    [InlineData("learning: { listen: '192.0.2.9:1813', secret-file: s }", "radius.learning lacks its key clients")]
    [InlineData("retransmission: { initial: 5s, maximum: 2s }", "radius.retransmission.maximum 2s is below initial 5s")]
    public void What_is_wrong_is_said(string section, string fault) => Assert.Contains(
        ConfigText.Lines(ConfigText.Small + $"radius: {{ {section} }}\n"), line => line.Contains(fault));

    [Theory]
    [InlineData("on-no-answer: default-plan", "", false, "there is no subscribers.default-plan; 'refuse', or")]
    [InlineData("on-no-answer: refuse", "", true, "accepts without a Filter-Id are refused")]
    [InlineData(
        "on-no-answer: refuse", "default-plan: home, static: [{ match: '2001:db8::/32', plan: home }]", true,
        "radius.authentication is never asked: subscribers.static names everybody")]
    public void What_contradicts_the_subscribers_is_said(
        string authentication, string subscribers, bool isWarning, string fault)
    {
        string yaml = ConfigText.With("subscribers: { default-plan: home }", $"subscribers: {{ {subscribers} }}")
            + $"radius: {{ authentication: {{ server: '192.0.2.1:1812', secret-file: s, {authentication} }} }}\n";
        Assert.Contains(
            ConfigText.Lines(yaml), line => line.Contains("warning", StringComparison.Ordinal) == isWarning
                && line.Contains(fault, StringComparison.Ordinal));
        Assert.DoesNotContain(ConfigText.Lines(yaml), static line => line.Contains("every subscriber is refused"));
    }

    [Fact]
    public void Changes_without_sessions_to_change_are_warned_of() => Assert.Contains(
        ConfigText.Lines(ConfigText.Small + "radius: { dynamic-authorization: { listen: '192.0.2.9:3799', "
            + "secret-file: s, clients: [{ address: 192.0.2.1 }] } }\n"),
        static line => line.Contains("has no sessions to change", StringComparison.Ordinal));

    [Fact]
    public void What_differs_takes_a_restart_and_is_named()
    {
        const string Before = "radius: { authentication: { server: '192.0.2.1:1812', secret-file: s, "
            + "fallback: [{ server: '192.0.2.2:1812', secret-file: s }] } }\n";
        string after = Before.Replace("192.0.2.2", "192.0.2.3").Replace("secret-file: s,", "secret-file: t,");
        Assert.Equal(
            [
                "radius.authentication.secret-file can't change while the gateway runs (s to t); a restart takes it",
                "radius.authentication.fallback[192.0.2.2:1812] can't change while the gateway runs "
                    + "(some to none); a restart takes it",
                "radius.authentication.fallback[192.0.2.3:1812] can't change while the gateway runs "
                    + "(none to some); a restart takes it",
            ],
            OptionsChange.Obstacles(Options(Before), Options(after)));
        Assert.Empty(OptionsChange.Obstacles(Options(Before), Options(Before)));
        Assert.Equal(
            ["radius can't change while the gateway runs (some to none); a restart takes it"],
            OptionsChange.Obstacles(Options(Before), Options("")));

        static GatewayOptions Options(string section) => ConfigText.Options(ConfigText.Small + section);
    }

    [Fact]
    public void Unknown_subscribers_wait_where_somebody_is_asked_about_them()
    {
        const string Server = "radius: { authentication: { server: '192.0.2.1:1812', secret-file: s } }\n";
        const string Learning = "radius: { learning: { listen: '192.0.2.9:1813', secret-file: s, "
            + "clients: [{ address: 192.0.2.1 }] } }\n";
        string refusing = ConfigText.With("subscribers: { default-plan: home }", "");
        Assert.False(ConfigText.Snapshot(ConfigText.Small).Settings.AsksUnknown);
        Assert.True(ConfigText.Snapshot(ConfigText.Small + Server).Settings.AsksUnknown);
        Assert.False(ConfigText.Snapshot(ConfigText.Small + Learning).Settings.AsksUnknown);
        Assert.True(ConfigText.Snapshot(refusing + Learning).Settings.AsksUnknown);
    }

    [Fact]
    public void What_the_section_says_is_what_is_done()
    {
        string secret = Secret("one", "kept between us  \nand not this");
        string other = Secret("two", "other");
        RadiusSettings settings = Read($$"""
            radius:
              nas-ip-address: 192.0.2.9
              outstanding: 77
              retransmission: { initial: 1s, failover-after: 3 }
              authentication:
                server: "192.0.2.1:1812"
                secret-file: {{secret}}
                fallback: [{ server: "[2001:db8::2]:1645", secret-file: {{other}}, require-message-authenticator: false,
                             status-server: false }]
                password-file: {{other}}
                reject-time: 5s
              accounting: { server: "192.0.2.3:1813", secret-file: {{secret}}, interim-interval: 300s }
              dynamic-authorization: { listen: "192.0.2.9:3799", secret-file: {{other}}, window: 60s }
              learning:
                listen: "192.0.2.9:1813"
                secret-file: {{secret}}
                clients: [{ address: 192.0.2.7 }, { address: "2001:db8::7", secret-file: {{other}} }]
            """);
        Assert.Equal("test", settings.Nas.Name);
        Assert.Equal("192.0.2.9", $"{settings.Nas.Ipv4}");
        RadiusServerSettings[] servers = [.. settings.Authentication!.Servers];
        Assert.Equal(
            ["192.0.2.1:1812", "[2001:db8::2]:1645"], servers.Select(server => server.EndPoint.ToString()));
        Assert.Equal(["kept between us", "other"], servers.Select(server => Encoding.UTF8.GetString(server.Secret)));
        Assert.Equal([true, false], servers.Select(server => server.RequireMessageAuthenticator));
        Assert.Equal([true, false], servers.Select(server => server.AnswersStatus));
        Assert.Equal((77, 3), (settings.Authentication.OutstandingMax, settings.Authentication.FailoverAfter));
        Assert.Equal(TimeSpan.FromSeconds(1), settings.Authentication.Retransmit.Initial);
        Assert.Equal("other", settings.Access.Password);
        Assert.Equal(TimeSpan.FromSeconds(5), settings.Access.RejectTime);
        Assert.True(settings.Access.ServesUnanswered);
        Assert.Equal(TimeSpan.FromSeconds(300), settings.Sessions.Interval(TimeSpan.FromSeconds(900)));
        Assert.Equal(new IPEndPoint(IPAddress.Parse("192.0.2.9"), 3799), settings.DynamicListen);
        Assert.Equal(
            ["192.0.2.1", "2001:db8::2", "192.0.2.3"],
            settings.Dynamic.Clients.Select(client => client.Address.ToString()));
        Assert.All(settings.Dynamic.Clients, client => Assert.Equal("other", Encoding.UTF8.GetString(client.Secret)));
        Assert.Equal(TimeSpan.FromSeconds(60), settings.Dynamic.Window);
        Assert.Equal(
            ["kept between us", "other"],
            settings.LearningClients.Select(client => Encoding.UTF8.GetString(client.Secret)));
        Assert.Equal((true, false), (settings.KnowsPlan("home"), settings.KnowsPlan("fast")));
        Assert.Equal(Path.Combine(_folder, "radius-accounting.spool"), settings.Accounting.SpoolFile);
    }

    [Fact]
    public void An_interval_that_is_left_out_is_the_servers_to_say()
    {
        RadiusSettings settings = Read($$"""
            radius: { accounting: { server: "192.0.2.3:1813", secret-file: {{Secret("one", "x")}} } }
            """);
        Assert.Equal(TimeSpan.FromSeconds(900), settings.Sessions.Interval(TimeSpan.FromSeconds(900)));
        Assert.Null(settings.Authentication);
    }

    [Fact]
    public void A_secret_that_can_not_be_read_or_is_empty_is_refused_in_words()
    {
        string missing = Path.Combine(_folder, "missing");
        Assert.Contains("missing can't be read", Refusal(missing));
        Assert.Contains("is empty; a secret would be right", Refusal(Secret("empty", "\n")));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Refusal(string file) => Assert.Throws<SystemRefusedException>(() => Read($$"""
        radius: { authentication: { server: "192.0.2.3:1812", secret-file: {{file}} } }
        """)).Message;

    private string Secret(string name, string text)
    {
        string path = Path.Combine(_folder, name);
        File.WriteAllText(path, text);
        return path;
    }

    private RadiusSettings Read(string section) =>
        RadiusSettingsReader.Read(ConfigText.Options(ConfigText.Small + section + "\n"), _folder)!;
}
