using System;
using System.IO;
using System.Threading.Tasks;

using Cgn.Cli.Lab;
using Cgn.Contract.Process;

using Xunit;

namespace Cgn.Cli.Tests.Verbs;

/// <summary>What verbs say to whoever may not read the state.</summary>
public sealed class RightsTests
{
    [SkippableTheory]
    [InlineData("show", "pools")]
    [InlineData("top", "--once")]
    public async Task Whoever_may_not_read_the_state_is_told_what_is_missing(string verb, string word)
    {
        Skip.If(OperatingSystem.IsWindows() || Environment.UserName != "root", "to become another user takes root");
        Skip.If(CommandRunner.Find("setpriv") is null, "needs setpriv");
        string folder = Directory.CreateTempSubdirectory("cgn-rights-").FullName;
        try
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            File.WriteAllText(new StateDirectory(folder).StatusFile, "");
            CommandResult run = await CommandRunner.RunAsync(
                "setpriv",
                [
                    "--reuid", "65534", "--regid", "65534", "--clear-groups", "dotnet",
                    Path.Combine(AppContext.BaseDirectory, "cgn.dll"), verb, word, "--state-directory", folder,
                ]);

            Assert.Equal(3, run.ExitCode);
            Assert.Contains($"{folder}: nobody may not read the state of this gateway", run.Error);
            Assert.Contains("sudo, or membership in that group", run.Error);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
