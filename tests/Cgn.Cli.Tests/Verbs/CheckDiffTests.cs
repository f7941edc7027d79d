using System;
using System.IO;
using System.Linq;
using System.Text.Json;

using Cgn.Cli.Verbs;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.Model;
using Cgn.FakeForwarder;

using Xunit;

namespace Cgn.Cli.Tests.Verbs;

/// <summary><c>cgn check --diff</c>: what a change would do.</summary>
public sealed class CheckDiffTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");
    private readonly string _old;
    private readonly string _new;

    public CheckDiffTests()
    {
        Directory.CreateDirectory(_folder);
        _old = Path.Combine(_folder, "old.yaml");
        _new = Path.Combine(_folder, "new.yaml");
        File.WriteAllText(_old, Text());
    }

    [Fact]
    public void Between_two_files_keys_pools_and_obstacles_are_told()
    {
        File.WriteAllText(_new, Text()
            .Replace("workers: 1", "workers: 2").Replace("203.0.113.0/28", "203.0.113.0/29")
            .Replace("id: home", "id: home, rate-down: 5Mbit/s"));
        CommandRun run = CommandRun.Of(CheckCommand.Create(), "--config", _new, "--diff", _old);

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Contains("gateway.workers: 1 -> 2", run.Output);
        Assert.Contains("plans[home].rate-down: unlimited -> 5Mbit/s", run.Output);
        Assert.Contains("one is shrunk from 16 to 8 addresses, 8 of them go", run.Output);
        Assert.Contains("gateway.workers can't change while the gateway runs (1 to 2)", run.Output);
        Assert.Contains(
            "takes it only with 'cgn run --discard-state', which loses all state: 1 worker becomes 2", run.Output);
        Assert.EndsWith("it can't be applied while the gateway runs", run.Output.TrimEnd());
    }

    [Theory]
    [InlineData("198.51.100.0/28", "one is replaced: 16 addresses go, 16 others come")]
    [InlineData("203.0.113.0/29, 198.51.100.0/28", "one is changed from 16 to 24 addresses, 8 of them go")]
    public void Pools_that_other_addresses_come_into_have_not_shrunk(string pool, string told)
    {
        File.WriteAllText(_new, Text().Replace("203.0.113.0/28", pool));
        CommandRun run = CommandRun.Of(CheckCommand.Create(), "--config", _new, "--diff", _old);

        Assert.Contains(told, run.Output);
    }

    [Theory]
    [InlineData("2000", "keeps the state: what is told below ends then")]
    [InlineData("500", "keeps the state; it refuses to start while records lie beyond the smaller capacity for map")]
    public void Another_capacity_needs_a_restart_that_keeps_the_state(string mappings, string told)
    {
        File.WriteAllText(_old, Text().Replace("workers: 1", "workers: 1, capacity: { mappings: 1000 }"));
        File.WriteAllText(_new, Text().Replace("workers: 1", $"workers: 1, capacity: {{ mappings: {mappings} }}"));
        CommandRun run = CommandRun.Of(CheckCommand.Create(), "--config", _new, "--diff", _old);

        Assert.Equal((1, ""), (run.ExitCode, run.Error));
        Assert.Contains($"a restart takes it and {told}", run.Output);
    }

    [Fact]
    public void Nothing_to_tell_ends_with_0_and_a_file_that_is_unusable_with_2()
    {
        File.WriteAllText(_new, Text().Replace("workers: 1", "workers:   1"));
        CommandRun same = CommandRun.Of(CheckCommand.Create(), "--config", _new, "--diff", _old);
        Assert.Equal(0, same.ExitCode);
        Assert.Contains("no key differs", same.Output);

        File.WriteAllText(_old, "gateway: {");
        Assert.Equal(2, CommandRun.Of(CheckCommand.Create(), "--config", _new, "--diff", _old).ExitCode);
        CommandRun alone = CommandRun.Of(CheckCommand.Create(), "--config", _new, "--diff");
        Assert.Equal(2, alone.ExitCode);
        Assert.Contains("--diff OLD compares with a file", alone.Error);
    }

    [Fact]
    public void The_running_gateways_records_say_who_is_hit()
    {
        using FakeState state = Run();
        File.WriteAllText(_new, Text().Replace("203.0.113.0/28", "203.0.113.0/30").Replace("id: home", "id: house")
            .Replace("default-plan: home", "default-plan: house"));
        CommandRun run = CommandRun.Of(CheckCommand.Create(), "--config", _new, "--diff");
        CommandRun json = CommandRun.Of(CheckCommand.Create(), "--config", _new, "--diff", "--json");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("2 subscribers: plan home -> house", run.Output);
        Assert.Contains("first of them: 2001:db8:100:100::/56, 100.64.0.5", run.Output);
        Assert.Contains("2 port blocks are taken back", run.Output);
        Assert.Contains("1 session ends with a mapping", run.Output);
        using JsonDocument report = JsonDocument.Parse(json.Output);
        JsonElement diff = report.RootElement.GetProperty("diff");
        Assert.True(diff.GetProperty("applicable").GetBoolean());
        JsonElement told = diff.GetProperty("state");
        Assert.Equal(2, told.GetProperty("plans_changed").GetInt32());
        Assert.Equal(1, told.GetProperty("sessions_cut").GetInt32());
        Assert.Equal("plans[home]", diff.GetProperty("keys").EnumerateArray().First(
            static key => key.GetProperty("path").GetString()!.StartsWith("plans", StringComparison.Ordinal))
            .GetProperty("path").GetString());
    }

    [Fact]
    public void Subscribers_that_radius_is_to_be_asked_about_are_not_said_to_be_refused()
    {
        using FakeState state = Run();
        string secret = Path.Combine(_folder, "secret");
        File.WriteAllText(secret, "between the two of us\n");
        File.WriteAllText(_new, Text()
            + $"\nradius: {{ authentication: {{ server: '192.0.2.1:1812', secret-file: {secret} }} }}\n");
        CommandRun run = CommandRun.Of(CheckCommand.Create(), "--config", _new, "--diff");
        CommandRun json = CommandRun.Of(CheckCommand.Create(), "--config", _new, "--diff", "--json");

        Assert.Contains(
            "2 subscribers: plan home -> as RADIUS says when it is asked about them; until then they wait", run.Output);
        Assert.DoesNotContain("refused", run.Output);
        using JsonDocument report = JsonDocument.Parse(json.Output);
        JsonElement told = report.RootElement.GetProperty("diff").GetProperty("state");
        Assert.Equal(
            (2, 0), (told.GetProperty("asked").GetInt32(), told.GetProperty("refused").GetInt32()));
        Assert.True(told.GetProperty("plans")[0].GetProperty("asked").GetBoolean());
    }

    [Fact]
    public void Without_the_text_in_force_keys_are_not_known_but_records_are()
    {
        using FakeState state = Run();
        File.Delete(new StateDirectory(State()).ConfigurationFile);
        File.WriteAllText(_new, Text().Replace("203.0.113.0/28", "203.0.113.0/30"));
        CommandRun run = CommandRun.Of(CheckCommand.Create(), "--config", _new, "--diff");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("keys can't be compared", run.Output);
        Assert.Contains("2 port blocks are taken back", run.Output);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string State() => Path.Combine(_folder, "state");

    private string Text() => $$"""
        gateway: { name: test, workers: 1, state-directory: {{State()}} }
        interfaces:
          inside: { device: in0 }
          outside: { device: out0 }
        ds-lite: { aftr-ipv6-address: [2001:db8:ffff::1], subscriber-match: [2001:db8:100::/40] }
        nat444: { subscriber-match: [100.64.0.0/10] }
        external-ip-address-pools: [{ id: one, external-ip-pool: [203.0.113.0/28], port-set-size: 512 }]
        plans: [{ id: home, connection-limit: 9000 }]
        subscribers: { default-plan: home }
        logging: { block-log: {{_folder}}/blocks.jsonl }
        """;

    // What a gateway with two subscribers has in its state directory.
    private FakeState Run()
    {
        var directory = new StateDirectory(State());
        directory.Create();
        ConfigLoader.TryParse(_old, Text(), out ConfigSnapshot? snapshot, out GatewayOptions? _, out _);
        SnapshotFile.Write(directory.SnapshotFile, snapshot!);
        File.WriteAllText(directory.ConfigurationFile, Text());
        return new FakeState(directory, snapshot!);
    }
}
