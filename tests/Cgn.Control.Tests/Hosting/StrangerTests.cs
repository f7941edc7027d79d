using System.Diagnostics;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Control.Hosting;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>State and forwarders that a control plane finds and can't go on with.</summary>
public class StrangerTests
{
    [Fact]
    public async Task State_is_thrown_away_only_when_that_is_asked_for()
    {
        using var gateway = new TestGateway();
        gateway.State.Create();
        string found = gateway.State.SectionFile("shard-9-sessions");
        File.WriteAllText(found, "sessions");
        gateway.Settings = gateway.Settings with { DiscardsState = true };
        Task run = gateway.RunAsync();
        await TestGateway.UntilAsync(
            () => gateway.Errors.Contains(": ready:", System.StringComparison.Ordinal) || run.IsCompleted, "ready");
        gateway.End();
        await run;

        Assert.False(File.Exists(found));
        Assert.Contains("the state found there was discarded", gateway.Errors);
    }

    [Fact]
    public async Task A_running_forwarder_of_another_layout_is_named_and_not_joined_by_a_second_one()
    {
        using var gateway = new TestGateway();
        gateway.State.Create();
        using Process other = Process.Start("sh", ["-c", "sleep 100; :", gateway.State.Path]);
        try
        {
            StatusPage page = new()
            {
                Magic = StatusPage.ExpectedMagic,
                LayoutVersion = StatusPage.CurrentLayoutVersion - 1,
                State = ForwarderState.Ready,
                ProcessId = other.Id,
            };
            File.WriteAllBytes(
                gateway.State.StatusFile, MemoryMarshal.AsBytes(new System.ReadOnlySpan<StatusPage>(ref page)));

            var refusal = await Assert.ThrowsAsync<SystemRefusedException>(gateway.RunAsync);

            Assert.Contains($"the forwarder {other.Id} of", refusal.Message);
            Assert.Contains("--discard-state", refusal.Message);
            Assert.False(other.HasExited);
        }
        finally
        {
            other.Kill(entireProcessTree: true);
        }
    }
}
