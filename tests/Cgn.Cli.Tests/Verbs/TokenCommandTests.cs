using System;
using System.IO;

using Cgn.Cli.Verbs;

using Xunit;

namespace Cgn.Cli.Tests.Verbs;

/// <summary><c>cgn token add</c>: the token is printed once, and only its hash is kept.</summary>
public sealed class TokenCommandTests : IDisposable
{
    private readonly string _file = Path.Combine(Path.GetTempPath(), $"cgn-tokens-{Guid.NewGuid():N}", "tokens");

    public void Dispose()
    {
        if (Directory.Exists(Path.GetDirectoryName(_file)))
            Directory.Delete(Path.GetDirectoryName(_file)!, recursive: true);
    }

    [Fact]
    public void The_file_gets_a_hash_and_nobody_else_may_read_it()
    {
        CommandRun run = Add("alice", "write");
        CommandRun second = Add("bob", "read");

        Assert.Equal(0, run.ExitCode);
        string token = run.Output.Trim();
        Assert.Matches("^cgn_[0-9a-f]{64}$", token);
        string[] lines = File.ReadAllLines(_file);
        Assert.Matches("^alice write sha256:[0-9a-f]{64}$", lines[0]);
        Assert.StartsWith("bob read sha256:", lines[1]);
        Assert.DoesNotContain(token, File.ReadAllText(_file));
        Assert.NotEqual(token, second.Output.Trim());
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file));
    }

    [Theory]
    [InlineData("alice", "admin", 2, "'admin' is no role; read or write would be")]
    [InlineData("two words", "read", 2, "'two words' is no name")]
    [InlineData("", "read", 2, "'' is no name")]
    [InlineData("there", "read", 3, "has a token of there already")]
    public void What_makes_no_sense_is_refused(string name, string role, int code, string message)
    {
        Add("there", "read");
        string before = File.ReadAllText(_file);
        CommandRun run = Add(name, role);

        Assert.Equal((code, ""), (run.ExitCode, run.Output));
        Assert.Contains(message, run.Error);
        Assert.Equal(before, File.ReadAllText(_file));
    }

    [Fact]
    public void Without_a_file_it_says_what_is_missing()
    {
        CommandRun run = CommandRun.Of(TokenCommand.Create(), "add", "--name", "alice", "--role", "read");

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--token-file FILE or --config FILE is missing", run.Error);
    }

    private CommandRun Add(string name, string role) =>
        CommandRun.Of(TokenCommand.Create(), "add", "--token-file", _file, "--name", name, "--role", role);
}
