using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Contract.Snapshots;
using Cgn.Control.Configuration.History;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.Hosting.Forwarders;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>
/// A reload in which something goes wrong: one configuration is in force, in both processes and on disk.
/// </summary>
[Collection(nameof(ReloadTests))]
public sealed class ReloadHardCaseTests : IDisposable
{
    private const string Old = "203.0.113.0/28";
    private const string New = "203.0.113.0/29";

    private TestGateway _gateway = new();

    public void Dispose() => _gateway.Dispose();

    [Fact]
    public async Task A_file_that_is_being_written_is_taken_when_it_is_whole()
    {
        Task running = await StartAsync();
        string whole = File.ReadAllText(_gateway.ConfigFile).Replace(Old, New, StringComparison.Ordinal);
        using (StreamWriter file = new(_gateway.ConfigFile))
        {
            HangUp();
            foreach (string line in whole.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            {
                file.WriteLine(line);
                file.Flush();
                await Task.Delay(10);
            }
        }

        await UntilSaidAsync("is in force, generation 2");
        AssertInForce(New, 2);
        await EndAsync(running);
    }

    [Fact]
    public async Task A_file_that_is_gone_changes_nothing()
    {
        Task running = await StartAsync();
        File.Delete(_gateway.ConfigFile);
        HangUp();
        await UntilSaidAsync("the configuration in force stays");

        Assert.Contains("can't be read", _gateway.Errors);
        AssertInForce(Old, 1);
        await EndAsync(running);
    }

    [Fact]
    public async Task A_forwarder_that_dies_of_being_asked_comes_back_with_the_new_one()
    {
        Task running = await StartAsync("mortal");
        int before = StatusFile.RunningIn(_gateway.State);
        Edit();
        HangUp();
        await UntilSaidAsync("is in force, generation 2");

        Assert.NotEqual(before, StatusFile.RunningIn(_gateway.State));
        AssertInForce(New, 2);
        await EndAsync(running);
    }

    [Fact]
    public async Task A_forwarder_that_can_t_live_with_the_new_one_goes_on_with_the_old_one()
    {
        Task running = await StartAsync("allergic", TimeSpan.FromSeconds(1));
        Edit();
        HangUp();
        await UntilSaidAsync("the configuration in force stays");
        await TestGateway.UntilAsync(() => StatusFile.RunningIn(_gateway.State) != 0, "the forwarder to come back");

        AssertInForce(Old, 1);
        Assert.Contains("the forwarder did not take it", ReloadReport.TryRead(_gateway.State)!.Obstacles[0]);
        await EndAsync(running);
    }

    [Fact]
    public async Task A_control_plane_killed_before_the_forwarder_took_it_is_followed_by_one_that_hands_it_over()
    {
        // What such a control plane leaves: a forwarder with the first configuration, and the second one on disk.
        _gateway.State.Create();
        SnapshotFile.Write(_gateway.State.SnapshotFile, _gateway.Settings.Snapshot);
        using Process forwarder = Process.Start("dotnet", _gateway.Settings.Forwarder.Arguments);
        await TestGateway.UntilAsync(
            () => StatusFile.TryRead(_gateway.State, out StatusPage page) && page.State == ForwarderState.Ready,
            "the forwarder");
        SnapshotFile.Write(_gateway.State.SnapshotFile, _gateway.Settings.Snapshot with { Generation = 2 });
        Task running = await StartAsync();

        Assert.Equal(forwarder.Id, StatusFile.RunningIn(_gateway.State));
        AssertInForce(Old, 2);
        await EndAsync(running);
    }

    [Fact]
    public async Task What_was_in_force_is_kept_with_what_brought_it_and_what_was_not_is_not()
    {
        Task running = await StartAsync();
        string first = File.ReadAllText(_gateway.ConfigFile);
        Edit();
        HangUp();
        await UntilSaidAsync("is in force, generation 2");
        File.WriteAllText(_gateway.ConfigFile, "gateway: { nam: x }");
        HangUp();
        await UntilSaidAsync("the configuration in force stays");
        ReloadReport? back = await Task.Run(() => ReloadRequest.Send(
            _gateway.State, _gateway.ConfigFile, first, "rollback to 1", TimeSpan.FromSeconds(30)));

        Assert.Empty(back!.Obstacles);
        Assert.Equal(first, File.ReadAllText(_gateway.ConfigFile));
        ConfigHistory history = _gateway.Settings.History;
        Assert.Equal(
            [(1, "start", 1u), (2, "SIGHUP", 2u), (3, "rollback to 1", 3u)],
            history.Entries().Select(static entry => (entry.Number, entry.Origin, entry.Generation)));
        Assert.Equal(first, history.TextOf(history.Entries()[2]));
        AssertInForce(Old, 3);
        await EndAsync(running);
    }

    [Fact]
    public async Task A_text_that_is_refused_is_put_back_and_the_answer_says_why()
    {
        Task running = await StartAsync();
        string first = File.ReadAllText(_gateway.ConfigFile);
        ReloadReport? answer = await Task.Run(() => ReloadRequest.Send(
            _gateway.State, _gateway.ConfigFile, first.Replace("workers: 1", "workers: 2", StringComparison.Ordinal),
            "rollback to 9", TimeSpan.FromSeconds(30)));

        Assert.Contains("gateway.workers can't change while the gateway runs", answer!.Obstacles[0]);
        Assert.Equal(first, File.ReadAllText(_gateway.ConfigFile));
        Assert.Equal("rollback to 9", answer.Origin);
        AssertInForce(Old, 1);
        await EndAsync(running);
    }

    private async Task<Task> StartAsync(string mode = "ready", TimeSpan? patience = null)
    {
        if (mode != "ready")
        {
            _gateway.Dispose();
            _gateway = new TestGateway(mode);
        }

        if (patience is { } given)
            _gateway.Settings = _gateway.Settings with { TakePatience = given };
        Task running = _gateway.RunAsync();
        await UntilSaidAsync("ready:");
        return running;
    }

    // The snapshot, the status page and the text agree.
    private void AssertInForce(string pool, uint generation)
    {
        Assert.Equal(generation, SnapshotFile.Read(_gateway.State.SnapshotFile).Generation);
        Assert.True(StatusFile.TryRead(_gateway.State, out StatusPage page));
        Assert.Equal(generation, page.Generation);
        Assert.Contains(pool, File.ReadAllText(_gateway.State.ConfigurationFile));
    }

    private void Edit() => File.WriteAllText(
        _gateway.ConfigFile, File.ReadAllText(_gateway.ConfigFile).Replace(Old, New, StringComparison.Ordinal));

    private async Task EndAsync(Task running)
    {
        _gateway.End();
        await running;
    }

    private Task UntilSaidAsync(string text) =>
        TestGateway.UntilAsync(() => _gateway.Errors.Contains(text, StringComparison.Ordinal), text);

    private static void HangUp()
    {
        using var kill = Process.Start("kill", ["-HUP", Environment.ProcessId.ToString()]);
        kill.WaitForExit();
    }
}
