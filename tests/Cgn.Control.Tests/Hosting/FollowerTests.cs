using System;
using System.Diagnostics;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Contract.Snapshots;
using Cgn.Control.Hosting.Forwarders;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>A control plane beside a forwarder that the service manager starts.</summary>
public sealed class FollowerTests
{
    [Fact]
    public async Task It_waits_for_a_forwarder_follows_the_next_one_and_leaves_it_running()
    {
        using TestGateway gateway = External("ready");
        Task run = gateway.RunAsync();
        await UntilSaidAsync(gateway, "waiting for a forwarder");
        using Process first = Start(gateway);
        await UntilSaidAsync(gateway, $"the forwarder {first.Id} forwards");
        await TestGateway.UntilAsync(() => gateway.LogLines().Length == 1, "its event");
        first.Kill();
        await UntilSaidAsync(gateway, "the forwarder is gone");
        using Process second = Start(gateway);
        await UntilSaidAsync(gateway, $"the forwarder {second.Id} forwards");
        gateway.End();
        await run;

        Assert.False(second.HasExited);
        Assert.Equal(second.Id, StatusFile.RunningIn(gateway.State));
        Assert.Equal(0, StateClaim.Holder(gateway.State));
        second.Kill();
        await second.WaitForExitAsync();
    }

    [Theory]
    [InlineData("ready", false)]
    [InlineData("stubborn", true)]
    public async Task One_that_follows_another_configuration_takes_ours_or_is_asked_to_end(string mode, bool ends)
    {
        using TestGateway gateway = External(mode);
        gateway.State.Create();
        SnapshotFile.Write(gateway.State.SnapshotFile, gateway.Settings.Snapshot with { Plans = [] });
        using Process forwarder = Start(gateway);
        await TestGateway.UntilAsync(
            () => StatusFile.TryRead(gateway.State, out StatusPage page) && page.State == ForwarderState.Ready,
            "it to be ready");
        Task run = gateway.RunAsync();
        await UntilSaidAsync(
            gateway, ends ? "can't take this one while it runs" : $"the forwarder {forwarder.Id} forwards");
        if (ends)
            await forwarder.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(30));
        gateway.End();
        await run;

        Assert.Equal(ends, forwarder.HasExited);
        Assert.Equal(2u, SnapshotFile.Read(gateway.State.SnapshotFile).Generation);
        if (ends)
            return;
        forwarder.Kill();
        await forwarder.WaitForExitAsync();
    }

    private static TestGateway External(string mode)
    {
        var gateway = new TestGateway(mode);
        gateway.Settings = gateway.Settings with { IsForwarderExternal = true };
        return gateway;
    }

    private static Process Start(TestGateway gateway) =>
        Process.Start("dotnet", gateway.Settings.Forwarder.Arguments);

    private static Task UntilSaidAsync(TestGateway gateway, string text) =>
        TestGateway.UntilAsync(() => gateway.Errors.Contains(text, StringComparison.Ordinal), text);
}
