using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Control.Tests.Hosting;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>Earlier configurations by HTTP, and what another one would change.</summary>
[Collection(nameof(ReloadTests))]
public class HistoryEndpointTests
{
    private const string Path = "/api/v1/configuration";

    [Fact]
    public async Task What_was_in_force_is_listed_read_and_brought_back()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        string first = File.ReadAllText(api.Gateway.ConfigFile);
        string second = first.Replace("203.0.113.0/28", "203.0.113.0/29");
        await api.SendAsync("PUT", Path + "?save=true", 200, second, "application/yaml");

        JsonElement[] entries = await api.ItemsAsync(Path + "/history");
        Assert.Equal(["1 start 1 False", "2 API 2 True"], entries.Select(Row));
        Assert.Equal(first, await api.Http.GetStringAsync(Path + "/history/1"));
        JsonElement done = await api.SendAsync("POST", Path + "/rollback/1", 200);
        Assert.Equal((3, false), (done.GetProperty("generation").GetInt32(), done.GetProperty("saved").GetBoolean()));
        Assert.Equal(28, api.Snapshot.Pools[0].Prefixes[0].Length);
        Assert.Equal(second, File.ReadAllText(api.Gateway.ConfigFile));
        entries = await api.ItemsAsync(Path + "/history");
        Assert.Equal(["1 start 1 False", "2 API 2 False", "3 rollback to 1 by API 3 True"], entries.Select(Row));
        await api.SendAsync("POST", Path + "/rollback/2?save=true", 200);
        await api.SendAsync("POST", Path + "/rollback/3?save=true", 200);
        Assert.Equal(first, File.ReadAllText(api.Gateway.ConfigFile));
        Assert.Contains(
            "rollback/1\"", File.ReadAllText(System.IO.Path.Combine(api.Gateway.State.Path, "audit.jsonl")));
    }

    [Theory]
    [InlineData("GET", "history/7", 404, "there is no 7 in the history")]
    [InlineData("GET", "history/last", 400, "'last' is no number of the history")]
    [InlineData("POST", "rollback/7", 404, "/api/v1/configuration/history lists what there is")]
    public async Task A_number_that_there_is_not_is_said_not_to_be_there(
        string method, string path, int status, string message)
    {
        await using RunningApi api = await RunningApi.StartAsync();
        JsonElement problem = await api.SendAsync(method, $"{Path}/{path}", status);

        Assert.Contains(message, problem.GetProperty("detail").GetString());
    }

    [Fact]
    public async Task A_damaged_text_is_not_given_out_and_one_that_the_gateway_can_not_take_is_a_conflict()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        string other = File.ReadAllText(api.Gateway.ConfigFile).Replace("workers: 1", "workers: 2");
        api.Gateway.Settings.History.Add(other, "start", "test", 1, System.DateTimeOffset.UnixEpoch);
        JsonElement problem = await api.SendAsync("POST", Path + "/rollback/2", 409);
        Assert.Contains("gateway.workers can't change", problem.GetProperty("detail").GetString());
        File.AppendAllText(System.IO.Path.Combine(api.Gateway.Settings.History.Directory, "00000002.yaml"), "#\n");

        problem = await api.SendAsync("GET", Path + "/history/2", 404);
        Assert.Contains("2 of the history is damaged", problem.GetProperty("detail").GetString());
        await api.SendAsync("POST", Path + "/rollback/2", 404);
    }

    [Fact]
    public async Task A_difference_names_keys_pools_and_what_takes_a_restart_and_changes_nothing()
    {
        await using RunningApi api = await RunningApi.StartAsync();
        string text = File.ReadAllText(api.Gateway.ConfigFile);
        string other = text.Replace("203.0.113.0/28", "203.0.113.0/29")
            .Replace("{ id: home }", "{ id: home, rate-down: 20Mbit/s }");
        JsonElement found = await api.SendAsync("POST", Path + "/diff", 200, other, "application/yaml");

        Assert.True(found.GetProperty("applicable").GetBoolean());
        Assert.Equal(1, found.GetProperty("generation").GetInt32());
        Assert.Equal(
            [
                "external-ip-address-pools[one].external-ip-pool: [203.0.113.0/28] to [203.0.113.0/29]",
                "plans[home].rate-down: unlimited to 20Mbit/s",
            ],
            found.GetProperty("keys").EnumerateArray().Select(static k =>
                $"{k.GetProperty("path")}: {k.GetProperty("old")} to {k.GetProperty("new")}"));
        JsonElement pool = Assert.Single(found.GetProperty("pools").EnumerateArray());
        Assert.Equal(("one", "shrunk", "8"), (pool.GetProperty("pool-id").GetString(),
            pool.GetProperty("change").GetString(), pool.GetProperty("addresses-gone").GetString()));
        found = await api.SendAsync(
            "POST", Path + "/diff", 200, text.Replace("workers: 1", "workers: 2"), "application/yaml");
        Assert.False(found.GetProperty("applicable").GetBoolean());
        Assert.Contains("gateway.workers can't change", found.GetProperty("obstacles")[0].GetString());
        await api.SendAsync("POST", Path + "/diff", 422, text.Replace("workers: 1", "workers: 0"), "application/yaml");
        Assert.Equal(1u, api.Snapshot.Generation);
    }

    private static string Row(JsonElement entry) => string.Join(
        ' ', entry.GetProperty("number"), entry.GetProperty("origin"), entry.GetProperty("generation"),
        entry.GetProperty("in-force"));
}
