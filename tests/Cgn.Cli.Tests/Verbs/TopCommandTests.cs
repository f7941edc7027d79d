using System.IO;
using System.Linq;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Cli.Verbs;
using Cgn.Cli.Verbs.Top;
using Cgn.Control.Api;

using Spectre.Console;

using Xunit;

namespace Cgn.Cli.Tests.Verbs;

/// <summary><c>cgn top</c>, by the API and from the state.</summary>
public class TopCommandTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Json_has_every_part_of_the_screen(bool byApi)
    {
        await using ApiGateway gateway = await ApiGateway.StartAsync();
        CommandRun run = CommandRun.Of(TopCommand.Create(), byApi
            ? ["--api", gateway.Address, "--json"]
            : ["--state-directory", gateway.State.Path, "--json"]);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        JsonElement view = JsonDocument.Parse(run.Output).RootElement;
        Assert.Equal(
            ["seconds", "traffic", "state", "pools", "workers", "subscribers", "drops"],
            view.EnumerateObject().Select(static p => p.Name));
        Assert.True(view.GetProperty("seconds").GetDouble() > 0);
        Assert.Equal(
            ["outbound ds-lite", "outbound nat444", "inbound ds-lite", "inbound nat444"],
            view.GetProperty("traffic").EnumerateArray().Select(static t =>
                $"{t.GetProperty("direction").GetString()} {t.GetProperty("access").GetString()}"));
        Assert.Equal("metro", view.GetProperty("pools")[0].GetProperty("pool").GetString());
        Assert.Equal(2, view.GetProperty("pools")[0].GetProperty("used").GetInt32());
        Assert.Equal(64, view.GetProperty("workers")[0].GetProperty("events_capacity").GetInt32());
        Assert.Equal("no_mapping", view.GetProperty("drops")[0].GetProperty("reason").GetString());
        Assert.Empty(view.GetProperty("subscribers").EnumerateArray());
    }

    [Fact]
    public async Task Without_a_terminal_one_screen_is_printed_as_text()
    {
        await using ApiGateway gateway = await ApiGateway.StartAsync();
        CommandRun run = CommandRun.Of(TopCommand.Create(), "--config", gateway.Config);

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Contains("traffic:\ndirection  access   packets/s  bits/s\n", run.Output);
        Assert.Contains("0 bit/s", run.Output);
    }

    [Fact]
    public async Task A_terminal_shows_screen_after_screen_until_a_key_ends_it()
    {
        await using ApiGateway gateway = await ApiGateway.StartAsync();
        using var source = new TopSource(StateReader.Open(gateway.State));
        using var written = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(written),
            Ansi = AnsiSupport.Yes,
            Interactive = InteractionSupport.Yes,
        });
        (console.Profile.Width, console.Profile.Height) = (160, 60);
        int looks = 0;
        TopScreen.Live(
            console, "test", cancellation =>
            {
                looks++;
                return TopView.Of(source, 1, 10, cancellation);
            },
            () => looks > 2);

        string screen = written.ToString();
        Assert.Contains("q ends", screen);
        Assert.Contains("no_mapping", screen);
        Assert.Contains("metro", screen);
    }

    [Fact]
    public async Task An_api_that_lets_nobody_in_is_told_of_before_the_state_is_read()
    {
        await using ApiGateway gateway = await ApiGateway.StartAsync(
            ", token-file: TOKENS", static g => File.WriteAllText(g.Tokens, ""));
        CommandRun run = CommandRun.Of(TopCommand.Create(), "--config", gateway.Config, "--once");

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("needs a token", run.Error);
        Assert.Contains("its state is read instead", run.Error);
    }

    [Fact]
    public void Without_a_gateway_it_says_so()
    {
        CommandRun run = CommandRun.Of(TopCommand.Create(), "--state-directory", "/nonexistent", "--once");

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("/nonexistent: no gateway's state can be read", run.Error);
    }
}
