using System;
using System.IO;
using System.Linq;
using System.Net;
using System.Text;

using Cgn.Control.Hosting;
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
