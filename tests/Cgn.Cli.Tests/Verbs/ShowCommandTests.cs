using System;
using System.IO;
using System.Linq;
using System.Text.Json;

using Cgn.Cli.Verbs;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.FakeForwarder;

using Xunit;

namespace Cgn.Cli.Tests.Verbs;

/// <summary>
/// Listings of a state directory whose records are known: two subscribers, each with a block, one with a session.
/// </summary>
public sealed class ShowCommandTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");
    private readonly FakeState _state;

    public ShowCommandTests()
    {
        var directory = new StateDirectory(_folder);
        var snapshot = new ConfigSnapshot
        {
            Settings = new GatewaySettings { ShardCount = 2 },
            Pools = [new PoolSettings("metro", [new Ipv4PrefixSetting(0xCB007100, 28)], 1024, 65535, 512, 1200)],
            Plans = [new PlanSettings("home", 0, 0, 4, 0, 0)],
        };
        directory.Create();
        SnapshotFile.Write(directory.SnapshotFile, snapshot);
        _state = new FakeState(directory, snapshot);
    }

    [Fact]
    public void Plain_columns_have_a_heading_and_a_line_a_record()
    {
        string[] lines = Show("port-blocks").Output.TrimEnd().Split('\n');

        Assert.Equal(3, lines.Length);
        Assert.StartsWith("external_address  port_start  port_end  pool   subscriber", lines[0]);
        Assert.StartsWith(
            "203.0.113.5             1024      1535  metro  2001:db8:100:100::/56  ds-lite  2023-11-14T22:13:20Z",
            lines[1]);
    }

    [Fact]
    public void Json_is_an_array_of_objects()
    {
        JsonElement[] subscribers = Json("subscribers");

        Assert.Equal(2, subscribers.Length);
        Assert.Equal("2001:db8:100:100::/56", subscribers[0].GetProperty("subscriber").GetString());
        Assert.Equal("2001:db8:100:1ff::9", subscribers[0].GetProperty("b4").GetString());
        Assert.Equal("home", subscribers[0].GetProperty("plan").GetString());
        Assert.Equal(1000, subscribers[0].GetProperty("bytes_up").GetInt64());
        Assert.Equal("100.64.0.5", subscribers[1].GetProperty("subscriber").GetString());
    }

    [Theory]
    [InlineData("subscribers", "2001:db8:100:100::1", 1)]
    [InlineData("subscribers", "2001:db8:100::/40", 1)]
    [InlineData("subscribers", "2001:db8:100:200::/56", 0)]
    [InlineData("subscribers", "100.64.0.0/24", 1)]
    [InlineData("subscribers", "100.64.0.6", 0)]
    [InlineData("sessions", "2001:db8:100:100::/56", 1)]
    [InlineData("sessions", "100.64.0.5", 0)]
    [InlineData("port-blocks", "100.64.0.5", 1)]
    public void A_subscriber_can_be_asked_for(string what, string who, int count)
    {
        Assert.Equal(count, Json(what, "--subscriber", who).Length);
    }

    [Theory]
    [InlineData("port-blocks", "203.0.113.5", 1)]
    [InlineData("port-blocks", "203.0.113.5:1535", 1)]
    [InlineData("port-blocks", "203.0.113.5:1536", 0)]
    [InlineData("mappings", "203.0.113.5:1030", 1)]
    [InlineData("mappings", "203.0.113.5:1031", 0)]
    [InlineData("sessions", "203.0.113.5:1030", 1)]
    [InlineData("subscribers", "203.0.113.5:1100", 1)]
    [InlineData("subscribers", "203.0.113.5:1600", 0)]
    public void An_external_endpoint_can_be_asked_for(string what, string where, int count)
    {
        Assert.Equal(count, Json(what, "--external", where).Length);
    }

    [Fact]
    public void Pools_are_counted_as_the_shards_count_them()
    {
        JsonElement pool = Assert.Single(Json("pools"));

        Assert.Equal(16 * 126, pool.GetProperty("port_blocks").GetInt32());
        Assert.Equal(2, pool.GetProperty("used").GetInt32());
    }

    [Fact]
    public void Drops_of_all_shards_are_summed_and_named_as_the_metrics_name_them()
    {
        JsonElement drop = Assert.Single(Json("drops"));

        Assert.Equal("no_mapping", drop.GetProperty("reason").GetString());
        Assert.Equal(6, drop.GetProperty("packets").GetInt32());
    }

    [Fact]
    public void There_is_a_worker_for_each_shard()
    {
        Assert.Equal([0, 1], Json("workers").Select(static worker => worker.GetProperty("shard").GetInt32()));
    }

    [Fact]
    public void More_than_the_limit_is_said()
    {
        CommandRun run = Show("subscribers", "--limit", "1");

        Assert.Equal(2, run.Output.TrimEnd().Split('\n').Length);
        Assert.Contains("there are more than 1; --limit 0 shows all", run.Error);
    }

    [Theory]
    [InlineData("session", "'session' can't be shown; subscribers, port-blocks")]
    [InlineData("sessions --external 1.2.3", "'1.2.3' is no IPv4 address")]
    [InlineData("sessions --subscriber x", "--subscriber: 'x' in 'x/32' is not an IPv4 address")]
    public void What_makes_no_sense_is_refused(string arguments, string message)
    {
        CommandRun run = Show(arguments.Split(' '));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error);
    }

    [Fact]
    public void A_directory_without_state_is_refused_with_3()
    {
        CommandRun run = CommandRun.Of(ShowCommand.Create(), "drops", "--state-directory", "/nonexistent");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("/nonexistent: no gateway's state can be read", run.Error);
    }

    [Fact]
    public void State_of_another_layout_is_refused()
    {
        string page = new StateDirectory(_folder).StatusFile;
        byte[] bytes = File.ReadAllBytes(page);
        bytes[8] = 99;
        File.WriteAllBytes(page, bytes);

        Assert.Contains("has layout 99", Show("drops").Error);
    }

    public void Dispose()
    {
        _state.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private CommandRun Show(params string[] arguments) =>
        CommandRun.Of(ShowCommand.Create(), [.. arguments, "--state-directory", _folder]);

    private JsonElement[] Json(params string[] arguments)
    {
        CommandRun run = Show([.. arguments, "--json"]);
        Assert.Equal(0, run.ExitCode);
        return [.. JsonDocument.Parse(run.Output).RootElement.EnumerateArray()];
    }
}
