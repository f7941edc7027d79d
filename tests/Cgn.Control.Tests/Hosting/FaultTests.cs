using System;
using System.IO;
using System.Linq;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Control.Hosting;
using Cgn.Control.Hosting.Forwarders;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>Forwarders that die of what they find.</summary>
public class FaultTests
{
    [Fact]
    [Requirement("RFC6888-REQ-8l")]
    public async Task After_a_fault_the_next_forwarder_is_told_to_trust_nothing_that_it_need_not()
    {
        using var gateway = new TestGateway("damaged");
        Task run = gateway.RunAsync();
        await TestGateway.UntilAsync(
            () => gateway.Errors.Contains("was ended by signal 6") || run.IsCompleted, "the fault");
        await TestGateway.UntilAsync(() => IsReady(gateway) && !File.Exists(gateway.State.SuspectFile), "another one");
        gateway.End();
        await run;

        Assert.Equal(2, gateway.Errors.Split("signal 6").Length);
    }

    [Fact]
    public async Task An_end_that_is_no_fault_leaves_the_state_trusted()
    {
        using var gateway = new TestGateway();
        Task run = gateway.RunAsync();
        await TestGateway.UntilAsync(() => IsReady(gateway) || run.IsCompleted, "the forwarder");
        File.WriteAllText(Path.Combine(gateway.State.Path, "die"), "");
        await TestGateway.UntilAsync(() => gateway.Errors.Contains("exit code 7; it is started again"), "its end");
        Assert.False(File.Exists(gateway.State.SuspectFile));
        gateway.End();
        await run;
    }

    [Fact]
    [Requirement("RFC6888-REQ-8l")]
    public async Task Three_faults_within_a_minute_give_the_next_one_time_and_the_operator_a_hint()
    {
        using var gateway = new TestGateway("doomed");
        gateway.Settings = gateway.Settings with { KeepsStandby = true };
        Task run = gateway.RunAsync();
        await TestGateway.UntilAsync(
            () => gateway.Errors.Contains("started in 4 s") || run.IsCompleted, "it to wait ever longer");
        gateway.End();
        await run;

        string[] ends = [.. gateway.Errors.Split('\n').Where(static line => line.Contains("exit code 4"))];
        Assert.Equal(5, ends.Length);
        Assert.All(ends[..2], static line => Assert.DoesNotContain("started in", line));
        Assert.Contains("the next is started in 1 s; its state is in " + gateway.State.Path, ends[2]);
        Assert.Contains("'cgn run --discard-state' starts without it", ends[2]);
        Assert.Contains("started in 2 s", ends[3]);
    }

    [Fact]
    public async Task What_never_gets_ready_for_its_faults_ends_the_start_with_a_hint()
    {
        using var gateway = new TestGateway("broken");

        var refusal = await Assert.ThrowsAsync<SystemRefusedException>(gateway.RunAsync);

        Assert.Contains("ended with exit code 4 before it was ready", refusal.Message);
        Assert.Contains($"its state is in {gateway.State.Path}", refusal.Message);
        Assert.Contains("exit code 4 before it was ready; it is started once more", gateway.Errors);
        Assert.True(File.Exists(gateway.State.SuspectFile));
    }

    private static bool IsReady(TestGateway gateway) =>
        StatusFile.TryRead(gateway.State, out StatusPage page) && page.State == ForwarderState.Ready
        && Directory.Exists($"/proc/{page.ProcessId}");
}
