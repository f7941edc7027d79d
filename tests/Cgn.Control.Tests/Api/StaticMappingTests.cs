using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Configuration.Values;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Tests.Hosting;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>Static mappings that are made and taken away while the gateway runs.</summary>
[Collection(nameof(ReloadTests))]
public class StaticMappingTests
{
    private const string Path = "/api/v1/static-mappings";

    [Fact]
    [Requirement("MGMT-NAT-STATIC")]
    public async Task One_is_made_at_run_time_and_outlives_a_restart_until_it_is_taken_away()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        JsonElement made = await api.SendAsync("POST", Path, 201, Mapping("192.168.1.10:443", "203.0.113.14:443"));
        Assert.Equal("api", made.GetProperty("origin").GetString());
        Assert.True(made.GetProperty("in-force").GetBoolean());
        StaticMapping expected = new(
            0x2001_0DB8_0100_0100, 0, true, 6, 0xC0A8010A, 443, 0xCB00710E, 443);
        Assert.Equal([expected], api.Snapshot.StaticMappings);

        await api.EndAsync();
        await api.StartAsync(api.Gateway.Settings);
        Assert.Equal([expected], api.Snapshot.StaticMappings);
        JsonElement listed = Assert.Single(await api.ItemsAsync(Path));
        Assert.Equal("203.0.113.14:443", listed.GetProperty("external").GetString());

        await api.SendAsync("DELETE", $"{Path}/tcp/203.0.113.14:443", 204);
        Assert.Empty(api.Snapshot.StaticMappings);
        Assert.Empty(await api.ItemsAsync(Path));
        await api.SendAsync("DELETE", $"{Path}/tcp/203.0.113.14:443", 404);
    }

    [Fact]
    [Requirement("MGMT-NAT-STATIC")]
    public async Task What_contradicts_another_is_a_conflict_and_the_configurations_own_stay()
    {
        await using RunningApi api = await RunningApi.StartAsync(more: """
            nat-policy:
              static-mappings:
                - subscriber: "2001:db8:100:200::/56"
                  protocol: tcp
                  internal: "10.0.0.1:80"
                  external: "203.0.113.2:80"

            """);
        await api.SendAsync("POST", Path, 201, Mapping("192.168.1.10:443", "203.0.113.14:443"));

        JsonElement problem = await api.SendAsync("POST", Path, 409, Mapping("192.168.1.11:1", "203.0.113.2:80"));
        Assert.Contains(
            "given away to 10.0.0.1:80 of 2001:db8:100:200::/56", problem.GetProperty("detail").GetString());
        await api.SendAsync("POST", Path, 409, Mapping("192.168.1.11:1", "203.0.113.14:443"));
        problem = await api.SendAsync("POST", Path, 409, Mapping("192.168.1.10:443", "203.0.113.14:444"));
        Assert.Contains("one is right", problem.GetProperty("detail").GetString());
        await api.SendAsync("DELETE", $"{Path}/tcp/203.0.113.2:80", 409);

        Assert.Equal(
            ["configuration", "api"], (await api.ItemsAsync(Path)).Select(m => m.GetProperty("origin").GetString()));
        Assert.Equal(2, api.Snapshot.StaticMappings.Length);
    }

    [Fact]
    [Requirement("RFC8045-S3.1.3-1")]
    public async Task Those_of_sessions_are_listed_with_their_origin_and_are_not_for_others_to_take()
    {
        await using TestApi api = await TestApi.WithTokensAsync();
        Assert.Null(api.Mappings.Sessions.TryPut(
            api.Options,
            [
                new HeldMappings(
                    new SubscriberId(SubscriberKind.DsLite, 0x2001_0DB8_0100_0100, 0),
                    [
                        StaticMappingSection.Of(
                            new SubscriberMatch(true, 0x2001_0DB8_0100_0100, 0, 56), StaticProtocol.Tcp,
                            new Ipv4Endpoint(Ipv4Address.Parse("192.168.1.10"), 443),
                            new Ipv4Endpoint(Ipv4Address.Parse("203.0.113.14"), 443)),
                    ]),
            ]));
        JsonElement items = (await api.SendAsync("GET", Path, 200)).GetProperty("items");
        JsonElement listed = Assert.Single(items.EnumerateArray());
        Assert.Equal("radius", listed.GetProperty("origin").GetString());
        Assert.True(listed.GetProperty("in-force").GetBoolean());
        JsonElement problem = await api.SendAsync("DELETE", $"{Path}/tcp/203.0.113.14:443", 409);
        Assert.Contains("a RADIUS session's", problem.GetProperty("detail").GetString());
        await api.SendAsync("POST", Path, 409, Mapping("192.168.1.11:1", "203.0.113.14:443"));
    }

    [Theory]
    [InlineData("{}", "lacks its key subscriber")]
    [InlineData("", "there is no content")]
    [InlineData("{\"subscriber\": ", "this is not JSON")]
    [InlineData("[1]", "a list; keys and values would be right")]
    [InlineData("EXTRA", "'extra' is no key")]
    [InlineData("OTHER", "lies in no external-ip-pool")]
    [InlineData("PREFIX", "is not one subscriber; a prefix of /56")]
    [InlineData("PUBLIC", "is no source that a B4 may use")]
    public async Task What_is_no_static_mapping_is_refused_with_its_place(string body, string message)
    {
        await using TestApi api = await TestApi.WithTokensAsync();
        string good = Mapping("192.168.1.10:443", "203.0.113.14:443");
        JsonElement problem = await api.SendAsync("POST", Path, 422, body switch
        {
            "EXTRA" => good.Replace("{", "{\"extra\": 1, "),
            "OTHER" => good.Replace("203.0.113.14", "203.0.113.16"),
            "PREFIX" => good.Replace("100:100::/56", "100::/48"),
            "PUBLIC" => good.Replace("192.168.1.10", "198.51.100.1"),
            _ => body,
        });

        Assert.Contains(message, problem.GetProperty("detail").GetString());
        JsonElement fault = problem.GetProperty("errors")[0];
        Assert.Contains(message, fault.GetProperty("message").GetString());
        Assert.Equal(body.Length == 0, fault.GetProperty("line").GetInt32() == 0);
    }

    [Fact]
    public async Task One_that_the_configuration_has_no_room_for_any_more_stays_out_of_force_until_it_has()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        await api.SendAsync("POST", Path, 201, Mapping("192.168.1.10:443", "203.0.113.14:443"));
        string yaml = File.ReadAllText(api.Gateway.ConfigFile);
        await api.SendAsync(
            "PUT", "/api/v1/configuration", 200, yaml.Replace("113.0/28", "113.0/29"), "application/yaml");

        Assert.Empty(api.Snapshot.StaticMappings);
        JsonElement listed = Assert.Single(await api.ItemsAsync(Path));
        Assert.False(listed.GetProperty("in-force").GetBoolean());
        Assert.Contains("lies in no external-ip-pool", listed.GetProperty("fault").GetString());
        await api.SendAsync("PUT", "/api/v1/configuration", 200, yaml, "application/yaml");
        Assert.Single(api.Snapshot.StaticMappings);
    }

    [Fact]
    public async Task One_that_the_forwarder_does_not_take_is_not_kept()
    {
        await using RunningApi api = await RunningApi.StartAsync("stubborn");
        JsonElement problem = await api.SendAsync(
            "POST", Path, 503, Mapping("192.168.1.10:443", "203.0.113.14:443"));

        Assert.Contains("did not take it", problem.GetProperty("detail").GetString());
        Assert.Empty(await api.ItemsAsync(Path));
        Assert.Empty(api.Snapshot.StaticMappings);
    }

    [Theory]
    [InlineData("{\"static-mappings\": [{}]}", "static-mappings.json:1:22: static-mappings[0] lacks its key")]
    [InlineData("{\"static-mappings\": [", "this is not JSON")]
    [InlineData("", "the file is empty; {\"static-mappings\": []} would be right")]
    public void A_file_of_them_that_is_none_ends_the_start_and_says_where(string text, string message)
    {
        using var gateway = new TestGateway(more: "api: { listen: '127.0.0.1:8464' }\n");
        gateway.State.Create();
        File.WriteAllText(System.IO.Path.Combine(gateway.State.Path, "static-mappings.json"), text);
        var refusal = Assert.Throws<SystemRefusedException>(
            () => RuntimeMappings.Of(gateway.Settings));

        Assert.Contains(message, refusal.Message);
    }

    private static string Mapping(string inside, string outside) =>
        $"{{\"subscriber\": \"2001:db8:100:100::/56\", \"protocol\": \"tcp\", \"internal\": \"{inside}\", "
        + $"\"external\": \"{outside}\"}}";
}
