using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Tests.Configuration;
using Cgn.Control.Tests.Hosting;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>The configuration by HTTP: read, validated, applied whole or not at all.</summary>
[Collection(nameof(ReloadTests))]
public class ConfigurationEndpointTests
{
    private const string Path = "/api/v1/configuration";

    [Fact]
    public async Task A_changed_configuration_is_taken_by_the_forwarder_and_saved_when_asked_to()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        string yaml = File.ReadAllText(api.Gateway.ConfigFile);
        string other = yaml.Replace("203.0.113.0/28", "203.0.113.0/29");
        JsonElement done = await api.SendAsync("PUT", Path, 200, other, "application/yaml");

        Assert.Equal((2, false), (done.GetProperty("generation").GetInt32(), done.GetProperty("saved").GetBoolean()));
        Assert.Equal(29, api.Snapshot.Pools[0].Prefixes[0].Length);
        Assert.Equal(yaml, File.ReadAllText(api.Gateway.ConfigFile));
        done = await api.SendAsync(
            "PUT", Path + "?save=true", 200, yaml.Replace("113.0/28", "113.0/30"), "application/yaml");
        Assert.True(done.GetProperty("saved").GetBoolean());
        Assert.Contains("203.0.113.0/30", File.ReadAllText(api.Gateway.ConfigFile));
        JsonElement pools = (await api.SendAsync("GET", Path, 200)).GetProperty("configuration")
            .GetProperty("external-ip-address-pools");
        Assert.Equal("203.0.113.0/30", pools[0].GetProperty("external-ip-pool")[0].GetString());
    }

    [Fact]
    public async Task What_was_read_can_be_sent_back_as_json_or_yaml_and_changes_no_key()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        string json = (await api.SendAsync("GET", Path, 200)).GetProperty("configuration").GetRawText();
        string yaml = await api.Http.GetStringAsync(Path + ".yaml");

        // Another text is another generation, whatever it says; the same once more is none.
        for (int i = 0; i < 2; i++)
            Assert.Equal(2, (await api.SendAsync("PUT", Path, 200, json)).GetProperty("generation").GetInt32());
        for (int i = 0; i < 2; i++)
        {
            JsonElement done = await api.SendAsync("PUT", Path, 200, yaml, "application/yaml");
            Assert.Equal(3, done.GetProperty("generation").GetInt32());
        }

        Assert.Equal(
            json, (await api.SendAsync("GET", Path, 200)).GetProperty("configuration").GetRawText());
    }

    [Theory]
    [InlineData("{\"gateway\": ", "application/json", "neither JSON nor YAML")]
    [InlineData("gateway: {", "application/yaml", "not YAML")]
    public async Task What_can_not_be_read_is_called_what_it_was_to_be(string text, string type, string not)
    {
        await using RunningApi api = await RunningApi.StartAsync();
        JsonElement problem = await api.SendAsync("PUT", Path, 422, text, type);

        Assert.StartsWith(
            $"this is {not}: ", problem.GetProperty("errors")[0].GetProperty("message").GetString());
    }

    [Fact]
    public async Task All_mistakes_are_told_with_line_and_column_and_the_one_in_force_stays()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        string bad = File.ReadAllText(api.Gateway.ConfigFile)
            .Replace("workers: 1", "workers: none").Replace("id: home", "id: home, max-port-sets: -3");
        JsonElement problem = await api.SendAsync("PUT", Path, 422, bad, "application/yaml");

        JsonElement[] errors = [.. problem.GetProperty("errors").EnumerateArray()];
        Assert.Equal(2, errors.Length);
        Assert.Equal(1, errors[0].GetProperty("line").GetInt32());
        Assert.True(errors[0].GetProperty("column").GetInt32() > 1);
        Assert.Contains("gateway.workers", errors[0].GetProperty("message").GetString());
        Assert.Contains("plans[0].max-port-sets", errors[1].GetProperty("message").GetString());
        JsonElement looked = await api.SendAsync("POST", Path + "/check", 200, bad, "application/yaml");
        Assert.False(looked.GetProperty("valid").GetBoolean());
        Assert.Equal(2, looked.GetProperty("errors").GetArrayLength());
        Assert.Equal(1u, api.Snapshot.Generation);
    }

    [Fact]
    public async Task What_takes_a_restart_is_a_conflict_that_names_all_of_it()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        string other = File.ReadAllText(api.Gateway.ConfigFile)
            .Replace("workers: 1", "workers: 2").Replace("device: in0", "device: in1");
        JsonElement problem = await api.SendAsync("PUT", Path, 409, other, "application/yaml");

        string[] reasons = [.. problem.GetProperty("errors").EnumerateArray()
            .Select(static e => e.GetProperty("message").GetString()!)];
        Assert.Contains(reasons, static r => r.StartsWith("gateway.workers can't change"));
        Assert.Contains(reasons, static r => r.StartsWith("interfaces.inside can't change"));
        await api.SendAsync("POST", Path + "/check", 200, other, "application/yaml");
    }

    [Fact]
    public void Every_key_of_the_complete_configuration_is_written_as_it_was_read()
    {
        string text = File.ReadAllText(System.IO.Path.Combine(RepositoryFiles.Configs, "complete.yaml"));
        (ConfigSnapshot first, GatewayOptions options) = Read(text);
        (ConfigSnapshot again, GatewayOptions same) = Read(ConfigTree.ToYaml(ConfigTree.Of(options)));
        (ConfigSnapshot whole, _) = Read(ConfigTree.Of(options, withDefaults: true).ToJsonString());

        Assert.Equal(ConfigTree.Of(options).ToJsonString(), ConfigTree.Of(same).ToJsonString());
        Assert.Equal(SnapshotFile.Encode(first), SnapshotFile.Encode(again));
        Assert.Equal(SnapshotFile.Encode(first), SnapshotFile.Encode(whole));
    }

    private static (ConfigSnapshot Snapshot, GatewayOptions Options) Read(string text) =>
        (ConfigText.Snapshot(text), ConfigText.Options(text));
}
