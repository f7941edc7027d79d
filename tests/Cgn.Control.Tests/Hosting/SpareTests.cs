using System.Globalization;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

using Cgn.Control.Hosting.Forwarders;

using Xunit;

namespace Cgn.Control.Tests.Hosting;

/// <summary>The forwarder that stands by, as the control plane sees it.</summary>
public class SpareTests
{
    [Fact]
    public async Task A_spare_that_ends_with_everything_else_is_nothing_to_warn_of()
    {
        using var gateway = new TestGateway();
        gateway.Settings = gateway.Settings with { KeepsStandby = true };
        Task run = gateway.RunAsync();
        await TestGateway.UntilAsync(
            () => (Spare(gateway) != 0 && gateway.Errors.Contains("test: ready")) || run.IsCompleted, "a spare");

        // As a terminal does for all of a process group.
        Signals.TryTerminate(Spare(gateway));
        await Task.Delay(20);
        gateway.End();
        await run;

        Assert.DoesNotContain("warning", gateway.Errors);
        Assert.EndsWith("test: ended", gateway.Errors.Trim());
    }

    [Fact]
    public async Task A_spare_that_ends_alone_is_told_of_and_replaced()
    {
        using var gateway = new TestGateway();
        gateway.Settings = gateway.Settings with { KeepsStandby = true };
        Task run = gateway.RunAsync();
        await TestGateway.UntilAsync(
            () => (Spare(gateway) != 0 && gateway.Errors.Contains("test: ready")) || run.IsCompleted, "a spare");
        int first = Spare(gateway);

        Signals.TryTerminate(first);
        await TestGateway.UntilAsync(() => Spare(gateway) != first || run.IsCompleted, "another spare");
        gateway.End();
        await run;

        Assert.Contains("the forwarder that stood by ended with exit code 0; another is started", gateway.Errors);
    }

    private static int Spare(TestGateway gateway) =>
        Regex.Matches(gateway.Errors, "forwarder: ([0-9]+) stands by")
            .Select(static match => int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture))
            .LastOrDefault();
}
