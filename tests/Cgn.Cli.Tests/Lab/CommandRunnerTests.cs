using System;
using System.Diagnostics;
using System.Threading.Tasks;

using Cgn.Cli.Lab;

using Xunit;

namespace Cgn.Cli.Tests.Lab;

public sealed class CommandRunnerTests
{
    [Fact]
    public async Task Output_error_and_exit_code_are_kept()
    {
        CommandResult result = await CommandRunner.RunAsync("sh", ["-c", "cat; echo bad >&2; exit 7"], input: "fed");

        Assert.Equal((7, "fed", "bad\n"), (result.ExitCode, result.Output, result.Error));
        LabException error = Assert.Throws<LabException>(result.Require);
        Assert.Equal("`sh -c 'cat; echo bad >&2; exit 7'` ended with code 7: bad", error.Message);
    }

    [Fact]
    public async Task Program_that_takes_too_long_is_killed_with_its_children()
    {
        long start = Stopwatch.GetTimestamp();

        TimeSpan limit = TimeSpan.FromMilliseconds(200);
        CommandResult result = await CommandRunner.RunAsync("sh", ["-c", "sleep 600 & wait"], limit);

        // The output pipe closes only when the child is gone too, so coming back at all shows that it is.
        Assert.Equal(CommandRunner.TimedOut, result.ExitCode);
        Assert.True(Stopwatch.GetElapsedTime(start) < TimeSpan.FromMinutes(5));
    }

    [Fact]
    public async Task Missing_program_is_named()
    {
        Task<CommandResult> run = CommandRunner.RunAsync("no-such-program", []);
        LabException error = await Assert.ThrowsAsync<LabException>(() => run);

        Assert.Contains("no-such-program", error.Message, StringComparison.Ordinal);
    }
}
