using System;
using System.IO;
using System.Linq;
using System.Text.Json;

using Cgn.Cli.Verbs;

using Xunit;

namespace Cgn.Cli.Tests.Verbs;

/// <summary><c>cgn trace</c> over block logs that the test has written.</summary>
public sealed class TraceCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("cgn-trace-").FullName;

    public TraceCommandTests()
    {
        File.WriteAllLines(
            Log + ".1", [Line("allocated", "08:00:00", "2001:db8:100:100::/56"), "{\"event\":\"alloc"]);
        File.WriteAllLines(
            Log,
            [
                Line("released", "09:00:00", "2001:db8:100:100::/56"),
                Line("allocated", "09:00:05", "100.64.0.10"),
            ]);
    }

    private string Log => Path.Combine(_folder, "blocks.jsonl");

    [Fact]
    public void A_holder_is_a_line_with_block_and_times()
    {
        CommandRun run = Trace("--address 203.0.113.5 --port 1030 --at 2026-11-02T08:30:00Z");

        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal(
            "2001:db8:100:100::/56 held 203.0.113.5 ports 1024-1535 from 2026-11-02T08:00:00.000Z to "
            + "2026-11-02T09:00:00.000Z (block-log)\n",
            run.Output);
    }

    [Fact]
    public void Who_holds_it_still_held_it_to_now()
    {
        Assert.Contains(
            "100.64.0.10 held 203.0.113.5 ports 1024-1535 from 2026-11-02T09:00:05.000Z to now",
            Trace("--address 203.0.113.5 --port 1535").Output);
    }

    [Theory]
    [InlineData("2026-11-02T09:30:00+01:00")]
    [InlineData("2026-11-02T08:30:00")]
    [InlineData("1793608200")]
    [InlineData("1793608200.5")]
    public void Times_have_an_offset_or_are_utc_or_unix_seconds(string at)
    {
        Assert.StartsWith(
            "2001:db8:100:100::/56 ", Trace($"--address 203.0.113.5 --port 1030 --at {at}").Output);
    }

    [Fact]
    public void Json_is_an_array_of_all_that_the_skew_leaves_open()
    {
        JsonElement[] holders = Json("--address 203.0.113.5 --port 1030 --at 2026-11-02T09:00:02Z --skew 10");

        Assert.Equal(
            ["2001:db8:100:100::/56", "100.64.0.10"],
            holders.Select(static holder => holder.GetProperty("subscriber").GetString()));
        Assert.Equal(1024, holders[0].GetProperty("port_start").GetInt32());
        Assert.Equal("block-log", holders[0].GetProperty("source").GetString());
        Assert.Equal(JsonValueKind.Null, holders[1].GetProperty("to").ValueKind);
    }

    [Fact]
    public void A_subscriber_is_asked_for_by_an_address_in_its_prefix()
    {
        JsonElement holder = Assert.Single(
            Json("--subscriber 2001:db8:100:1aa::1 --at 2026-11-02T08:30:00Z"));
        Assert.Equal("203.0.113.5", holder.GetProperty("external_address").GetString());
    }

    [Theory]
    [InlineData("--address 203.0.113.5 --port 1030 --at 2026-11-02T09:00:02Z")]
    [InlineData("--address 203.0.113.5 --port 1536 --at 2026-11-02T08:30:00Z")]
    [InlineData("--address 203.0.113.6 --port 1030 --at 2026-11-02T08:30:00Z")]
    public void Nobody_is_said_and_is_exit_code_1(string question)
    {
        CommandRun run = Trace(question);

        Assert.Equal((1, "nobody, as far as the records go\n"), (run.ExitCode, run.Output));
        Assert.Empty(JsonDocument.Parse(Trace(question + " --json").Output).RootElement.EnumerateArray());
    }

    [Theory]
    [InlineData("--address 203.0.113.5", "--address with --port is needed, or --subscriber")]
    [InlineData("--port 1030", "--address with --port is needed, or --subscriber")]
    [InlineData("--json", "--address with --port is needed, or --subscriber")]
    [InlineData("--address 203.0.113.5 --port 1 --subscriber 100.64.0.1", "--address with --port is needed")]
    [InlineData("--address 203.0.113 --port 1030", "--address '203.0.113' is no IPv4 address; 203.0.113.5 would be")]
    [InlineData("--address 203.0.113.5 --port 65536", "--port 65536 is no port; 0 to 65535 would be")]
    [InlineData("--address 203.0.113.5 --port 1 --at noon", "--at 'noon' is no time; 2026-11-02T08:15:00Z would be")]
    [InlineData("--address 203.0.113.5 --port 1 --protocol x", "--protocol 'x' is none of tcp, udp and icmp")]
    [InlineData("--address 203.0.113.5 --port 1 --skew -1", "--skew -1 is no time; 0 or more seconds would be")]
    [InlineData("--subscriber x", "--subscriber: 'x'")]
    public void What_makes_no_sense_is_refused_with_2(string question, string message)
    {
        CommandRun run = Trace(question);

        Assert.Equal(2, run.ExitCode);
        Assert.StartsWith($"cgn: trace: {message}", run.Error);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void A_log_that_is_not_there_is_no_answer()
    {
        CommandRun run = CommandRun.Of(
            TraceCommand.Create(), "--address", "203.0.113.5", "--port", "1", "--block-log",
            Path.Combine(_folder, "none.jsonl"));

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("is not there", run.Error);
        Assert.Equal("", run.Output);
    }

    [Fact]
    public void A_configuration_with_mistakes_is_refused_with_2()
    {
        string config = Path.Combine(_folder, "bad.yaml");
        File.WriteAllText(config, "gateway: { workers: none }\n");
        CommandRun run = CommandRun.Of(
            TraceCommand.Create(), "--address", "203.0.113.5", "--port", "1", "--config", config);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("gateway.workers", run.Error);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static string Line(string what, string time, string who) =>
        $"{{\"time\":\"2026-11-02T{time}.000Z\",\"event\":\"{what}\",\"subscriber\":\"{who}\","
        + "\"external_address\":\"203.0.113.5\",\"port_start\":1024,\"port_end\":1535}";

    private CommandRun Trace(string question) =>
        CommandRun.Of(TraceCommand.Create(), [.. question.Split(' '), "--block-log", Log]);

    private JsonElement[] Json(string question)
    {
        CommandRun run = Trace(question + " --json");
        Assert.Equal(0, run.ExitCode);
        return [.. JsonDocument.Parse(run.Output).RootElement.EnumerateArray()];
    }
}
