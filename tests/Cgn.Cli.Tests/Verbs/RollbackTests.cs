using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Cli.Verbs;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Configuration;
using Cgn.Control.Configuration.History;
using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting.Forwarders;

using Xunit;

namespace Cgn.Cli.Tests.Verbs;

/// <summary><c>cgn history</c> and <c>cgn rollback</c> where no gateway runs.</summary>
public sealed class RollbackTests : IDisposable
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), $"cgn-test-{Guid.NewGuid():N}");
    private readonly string _file;
    private readonly ConfigHistory _history;

    public RollbackTests()
    {
        Directory.CreateDirectory(_folder);
        _file = Path.Combine(_folder, "gateway.yaml");
        _history = new ConfigHistory(Path.Combine(_folder, "history"), 100);
        for (int i = 1; i <= 3; i++)
        {
            _history.Add(
                Text($"203.0.113.{i}/32"), i == 1 ? "start" : "SIGHUP", "test", (uint)i, DateTimeOffset.UtcNow);
        }

        File.WriteAllText(_file, Text("203.0.113.3/32"));
    }

    [Fact]
    public void History_lists_what_was_in_force_and_shows_one_as_written()
    {
        CommandRun list = Of(HistoryCommand.Create(), "--config", _file);
        CommandRun json = Of(HistoryCommand.Create(), "--config", _file, "--json");
        CommandRun show = Of(HistoryCommand.Create(), "--config", _file, "--show", "2");

        Assert.Equal(4, list.Output.TrimEnd().Split('\n').Length);
        using JsonDocument entries = JsonDocument.Parse(json.Output);
        Assert.Equal(
            ["start", "SIGHUP", "SIGHUP"],
            entries.RootElement.EnumerateArray().Select(static entry => entry.GetProperty("origin").GetString()));
        Assert.Equal(Text("203.0.113.2/32"), show.Output);
        Assert.Equal(2, Of(HistoryCommand.Create(), "--config", _file, "--show", "9").ExitCode);
        Assert.All(
            entries.RootElement.EnumerateArray(), static e => Assert.False(e.GetProperty("in_force").GetBoolean()));
    }

    [Fact]
    public void History_marks_the_one_in_force()
    {
        StateDirectory state = new(Path.Combine(_folder, "state"));
        state.Create();
        File.WriteAllText(state.ConfigurationFile, Text("203.0.113.2/32"));

        CommandRun list = Of(HistoryCommand.Create(), "--config", _file);
        CommandRun json = Of(HistoryCommand.Create(), "--config", _file, "--json");

        Assert.Contains("  yes  ", list.Output.Split('\n')[2]);
        using JsonDocument entries = JsonDocument.Parse(json.Output);
        Assert.Equal(
            [false, true, false],
            entries.RootElement.EnumerateArray().Select(static entry => entry.GetProperty("in_force").GetBoolean()));
    }

    [Theory]
    [InlineData("", 2)]
    [InlineData("1", 1)]
    public void Rollback_writes_the_file_for_the_next_start(string number, int expected)
    {
        CommandRun run = Roll(number);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("no gateway runs, so the next start takes it", run.Output);
        Assert.Equal(Text($"203.0.113.{expected}/32"), File.ReadAllText(_file));
    }

    [Fact]
    public async Task A_forwarder_that_runs_without_its_control_plane_is_said_to_go_on()
    {
        var state = new StateDirectory(Path.Combine(_folder, "state"));
        state.Create();
        Assert.True(ConfigLoader.TryParse(
            _file, Text("203.0.113.3/32"), out ConfigSnapshot? snapshot, out GatewayOptions? _, out _));
        SnapshotFile.Write(state.SnapshotFile, snapshot);
        string program = typeof(FakeForwarder.FakeState).Assembly.Location;
        using Process forwarder = Process.Start("dotnet", [program, "ready", state.Path]);
        try
        {
            for (int i = 0; i < 3000 && StatusFile.RunningIn(state) == 0; i++)
                await Task.Delay(20);
            CommandRun run = Roll("2");

            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            Assert.Contains(
                $"the control plane does not run, so the forwarder {forwarder.Id} goes on with the configuration in "
                + "force until 'cgn run' is started", run.Output);
            Assert.DoesNotContain("no gateway runs", run.Output);
        }
        finally
        {
            forwarder.Kill();
            await forwarder.WaitForExitAsync();
        }
    }

    [Fact]
    public void What_stood_in_the_file_and_was_never_in_force_is_set_aside()
    {
        string broken = "gateway: { name: [";
        File.WriteAllText(_file, broken);
        CommandRun run = Roll("3");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        HistoryEntry kept = _history.Entries()[^1];
        Assert.Equal((4, "never in force; set aside by rollback to 3"), (kept.Number, kept.Origin));
        Assert.Equal(broken, _history.TextOf(kept));
        Assert.Equal(Text("203.0.113.3/32"), File.ReadAllText(_file));
    }

    [Fact]
    public void What_is_unusable_or_damaged_or_not_there_is_refused_and_the_file_stays()
    {
        _history.Add("gateway: { nam: x }", "start", "test", 4, DateTimeOffset.UtcNow);
        File.AppendAllText(Path.Combine(_history.Directory, "00000002.yaml"), "# changed");
        foreach ((string number, string message) in ((string, string)[])
            [("9", "there is no 9"), ("2", "is damaged"), ("4", "'nam' is no key of gateway")])
        {
            CommandRun run = Roll(number);
            Assert.Equal(2, run.ExitCode);
            Assert.Contains(message, run.Error);
        }

        Assert.Equal(Text("203.0.113.3/32"), File.ReadAllText(_file));
        Assert.Equal(2, Of(RollbackCommand.Create(), "--yes").ExitCode);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private CommandRun Roll(string number) => Of(
        RollbackCommand.Create(),
        [
            .. (string[])(number.Length == 0 ? [] : [number]), "--config", _file, "--history-directory",
            _history.Directory, "--yes",
        ]);

    private static CommandRun Of(System.CommandLine.Command command, params string[] arguments) =>
        CommandRun.Of(command, arguments);

    private string Text(string pool) => $$"""
        gateway: { name: test, state-directory: {{_folder}}/state, history-directory: {{_folder}}/history }
        interfaces: { inside: { device: in0 }, outside: { device: out0 } }
        nat444: { subscriber-match: [100.64.0.0/10] }
        external-ip-address-pools: [{ id: one, external-ip-pool: [{{pool}}] }]
        plans: [{ id: home }]
        subscribers: { default-plan: home }

        """;
}
