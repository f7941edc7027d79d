using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Cli.Verbs;

using Xunit;

namespace Cgn.Cli.Tests.Verbs;

/// <summary><c>cgn show</c> by the API: the same as from the state itself.</summary>
public class ShowByApiTests
{
    [Fact]
    public async Task Every_listing_is_the_same_by_the_api_and_from_the_state()
    {
        await using ApiGateway gateway = await ApiGateway.StartAsync();
        string[] all = ["subscribers", "port-blocks", "mappings", "sessions", "pools", "workers", "drops"];
        foreach (string what in all)
        {
            CommandRun byApi = CommandRun.Of(ShowCommand.Create(), what, "--config", gateway.Config, "--json");
            CommandRun byState = CommandRun.Of(
                ShowCommand.Create(), what, "--state-directory", gateway.State.Path, "--json");
            Assert.Equal((0, ""), (byApi.ExitCode, byApi.Error));
            Assert.Equal(Stable(byState.Output), Stable(byApi.Output));
            Assert.NotEqual("[]", byApi.Output.Trim());
        }
    }

    [Fact]
    public async Task Filters_and_limits_are_the_apis_too()
    {
        await using ApiGateway gateway = await ApiGateway.StartAsync();
        string[] at = ["--api", gateway.Address, "--json"];

        Assert.Equal(1, Count("subscribers", [.. at, "--subscriber", "100.64.0.0/24"]));
        Assert.Equal(1, Count("subscribers", [.. at, "--external", "203.0.113.5:1100"]));
        Assert.Equal(0, Count("mappings", [.. at, "--external", "203.0.113.5:1031"]));
        Assert.Equal(1, Count("port-blocks", [.. at, "--limit", "1"]));
        CommandRun run = CommandRun.Of(ShowCommand.Create(), "port-blocks", "--api", gateway.Address, "--limit", "1");
        Assert.Contains("there are more than 1; --limit 0 shows all", run.Error);
    }

    [Fact]
    public async Task A_token_lets_one_in_and_without_one_the_state_is_read()
    {
        string token = "";
        await using ApiGateway gateway = await ApiGateway.StartAsync(", token-file: TOKENS", g =>
        {
            CommandRun run = CommandRun.Of(
                TokenCommand.Create(), "add", "--config", g.Config, "--name", "alice", "--role", "read");
            Assert.Equal(0, run.ExitCode);
            token = run.Output.Trim();
        });
        string file = gateway.Tokens + ".alice";
        File.WriteAllText(file, token + "\n");

        CommandRun refused = CommandRun.Of(ShowCommand.Create(), "pools", "--api", gateway.Address);
        Assert.Equal(3, refused.ExitCode);
        Assert.Contains("needs a token", refused.Error);
        CommandRun let = CommandRun.Of(
            ShowCommand.Create(), "pools", "--api", gateway.Address, "--token-file", file);
        Assert.Equal((0, ""), (let.ExitCode, let.Error));
        CommandRun read = CommandRun.Of(ShowCommand.Create(), "pools", "--config", gateway.Config);
        Assert.Equal(0, read.ExitCode);
        Assert.Contains("its state is read instead", read.Error);
        Assert.Contains("metro", read.Output);
    }

    [Fact]
    public async Task What_a_gateway_has_left_is_shown_when_its_api_has_gone()
    {
        await using ApiGateway gateway = await ApiGateway.StartAsync();
        await gateway.EndAsync();
        CommandRun run = CommandRun.Of(ShowCommand.Create(), "pools", "--config", gateway.Config);

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("does not answer", run.Error);
        Assert.Contains("the forwarder does not run; this is what it has left", run.Error);
        Assert.Contains("metro", run.Output);
    }

    [Theory]
    [InlineData("--limit", "-1")]
    [InlineData("--limit", "many")]
    public void A_limit_that_is_none_is_refused(string option, string value)
    {
        string[] errors = [.. ShowCommand.Create().Parse(["pools", option, value]).Errors
            .Select(static e => e.Message)];

        Assert.Contains(errors, e => e.Contains($"--limit: '{value}' is no number of rows"));
    }

    [Theory]
    [InlineData("ftp://127.0.0.1", "'ftp://127.0.0.1' is no address")]
    [InlineData("nowhere", "'nowhere' is no address")]
    public void An_address_that_is_none_is_refused(string address, string message)
    {
        CommandRun run = CommandRun.Of(ShowCommand.Create(), "pools", "--api", address);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error);
    }

    private static int Count(string what, params string[] arguments)
    {
        CommandRun run = CommandRun.Of(ShowCommand.Create(), [what, .. arguments]);
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        return JsonDocument.Parse(run.Output).RootElement.GetArrayLength();
    }

    // All but ages, which go on.
    private static string[] Stable(string output) => [.. output.Split('\n').Where(
        static line => !line.Contains("idle_seconds") && !line.Contains("alive_seconds"))];
}
