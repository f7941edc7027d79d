using System;
using System.IO;

using Cgn.Cli.Verbs;

using Xunit;

namespace Cgn.Cli.Tests.Verbs;

/// <summary><c>cgn token</c>: the token is printed once, and only its hash is kept.</summary>
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
    [InlineData("there", "read", 2, "has a token of there already")]
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
    public void Tokens_are_listed_by_name_and_role_and_never_by_their_hash()
    {
        Add("alice", "write");
        Add("bob", "read");

        CommandRun run = CommandRun.Of(TokenCommand.Create(), "list", "--token-file", _file);
        CommandRun json = CommandRun.Of(TokenCommand.Create(), "list", "--token-file", _file, "--json");

        Assert.Equal("name   role\nalice  write\nbob    read\n", run.Output);
        Assert.Contains("\"role\": \"write\"", json.Output);
        Assert.DoesNotContain("sha256", json.Output);
    }

    [Fact]
    public void A_token_that_is_removed_is_gone_and_all_else_stays()
    {
        Add("alice", "write");
        File.AppendAllText(_file, "# of the night shift\n");
        Add("bob", "read");
        string[] before = File.ReadAllLines(_file);

        CommandRun run = CommandRun.Of(TokenCommand.Create(), "remove", "alice", "--token-file", _file);

        Assert.Equal(0, run.ExitCode);
        Assert.Equal(before[1..], File.ReadAllLines(_file));
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(_file));
        Assert.Equal(0, Add("alice", "read").ExitCode);
    }

    [Fact]
    public void What_is_not_there_can_not_be_removed()
    {
        CommandRun missing = CommandRun.Of(TokenCommand.Create(), "remove", "alice", "--token-file", _file);
        Add("bob", "read");
        CommandRun run = CommandRun.Of(TokenCommand.Create(), "remove", "alice", "--token-file", _file);

        Assert.Equal(3, missing.ExitCode);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains("has no token of alice; 'cgn token list' says whose there are", run.Error);
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
