using System;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Control.Hosting.Forwarders;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>A forwarder that lives and does nothing.</summary>
public class HangTests
{
    private const int Kill = 9;
    private const int Continue = 18;
    private const int Halt = 19;

    [Fact]
    public async Task A_forwarder_that_stands_still_is_killed_and_started_again()
    {
        using var gateway = new TestGateway();
        gateway.Settings = gateway.Settings with { HangPatience = TimeSpan.FromSeconds(1) };
        Task run = gateway.RunAsync();
        int stopped = await ReadyAsync(gateway, run);

        _ = kill(stopped, Halt);
        await TestGateway.UntilAsync(
            () => Ready(gateway) is var next && next != 0 && next != stopped, "another forwarder");
        gateway.End();
        await run;

        Assert.Contains($"the forwarder {stopped} has shown no sign of life for 1 s; it is killed",
            gateway.Errors);
        Assert.Contains("the forwarder was ended by signal 9; it is started again", gateway.Errors);
    }

    [Fact]
    public async Task A_forwarder_that_the_service_manager_watches_is_left_to_it()
    {
        using var gateway = new TestGateway();
        gateway.Settings = gateway.Settings with
        {
            HangPatience = TimeSpan.FromMilliseconds(200),
            IsForwarderExternal = true,
        };
        Task run = gateway.RunAsync();
        await TestGateway.UntilAsync(() => gateway.Errors.Contains("waiting for a forwarder"), "it to wait");
        using Process forwarder = Process.Start("dotnet", gateway.Settings.Forwarder.Arguments);
        await TestGateway.UntilAsync(() => gateway.Errors.Contains($"the forwarder {forwarder.Id} forwards"), "it");

        _ = kill(forwarder.Id, Halt);
        await Task.Delay(TimeSpan.FromSeconds(2));
        Assert.False(forwarder.HasExited);
        _ = kill(forwarder.Id, Kill);
        gateway.End();
        await run;

        Assert.DoesNotContain("no sign of life", gateway.Errors);
    }

    [Fact]
    public async Task A_forwarder_that_is_late_only_goes_on()
    {
        using var gateway = new TestGateway();
        gateway.Settings = gateway.Settings with { HangPatience = TimeSpan.FromSeconds(30) };
        Task run = gateway.RunAsync();
        int late = await ReadyAsync(gateway, run);

        _ = kill(late, Halt);
        await Task.Delay(TimeSpan.FromSeconds(1));
        _ = kill(late, Continue);
        await Task.Delay(TimeSpan.FromSeconds(1));
        int after = Ready(gateway);
        gateway.End();
        await run;

        Assert.Equal(late, after);
    }

    [Fact]
    public async Task A_forwarder_that_takes_a_configuration_has_as_long_as_that_may_take()
    {
        using var gateway = new TestGateway();
        gateway.Settings = gateway.Settings with
        {
            HangPatience = TimeSpan.FromSeconds(0.5),
            TakePatience = TimeSpan.FromSeconds(2),
        };
        Task run = gateway.RunAsync();
        int busy = await ReadyAsync(gateway, run);

        _ = kill(busy, Halt);
        ConfigSnapshot snapshot = SnapshotFile.Read(gateway.State.SnapshotFile);
        SnapshotFile.Write(gateway.State.SnapshotFile, snapshot with { Generation = snapshot.Generation + 1 });
        await TestGateway.UntilAsync(() => gateway.Errors.Contains("it is killed"), "its end");
        gateway.End();
        await run;

        Assert.Contains("has shown no sign of life for 2 s", gateway.Errors);
    }

    private static async Task<int> ReadyAsync(TestGateway gateway, Task run)
    {
        await TestGateway.UntilAsync(
            () => gateway.Errors.Contains("test: ready") || run.IsCompleted, "the forwarder to be ready");
        return Ready(gateway);
    }

    private static int Ready(TestGateway gateway) =>
        StatusFile.TryRead(gateway.State, out StatusPage page) && page.State == ForwarderState.Ready
            ? page.ProcessId
            : 0;

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int process, int signal);
}
