using System;
using System.IO;
using System.Linq;
using System.Text.Json;

using Cgn.Cli.Verbs;

using Xunit;

namespace Cgn.Cli.Tests.Verbs;

public sealed class CheckCommandTests : IDisposable
{
    private const string Right = """
        gateway: { name: test, workers: 1 }
        interfaces:
          inside: { device: in0 }
          outside: { device: out0 }
        nat444: { subscriber-match: [100.64.0.0/10] }
        external-ip-address-pools: [{ id: one, external-ip-pool: [203.0.113.0/28] }]
        plans: [{ id: home, connection-limit: 1000 }]
        subscribers: { default-plan: home }
        logging: { block-log: /var/log/cgn/blocks.jsonl }
        """;

    private readonly string _file = Path.GetTempFileName();

    [Fact]
    public void A_usable_configuration_ends_with_0_and_a_summary()
    {
        File.WriteAllText(_file, Right);

        CommandRun run = CommandRun.Of(CheckCommand.Create(), "--config", _file);

        Assert.Equal(0, run.ExitCode);
        Assert.Empty(run.Error);
        Assert.Equal(
            $"{_file}: usable: test, 1 worker, 1 pool with 16 addresses, 1 plan, 0 static mappings",
            run.Output.Trim());
    }

    [Theory]
    [InlineData("logging: { block-log: /var/log/cgn/blocks.jsonl }", "", "there is no logging.block-log")]
    [InlineData(", connection-limit: 1000", "", "plan home has no connection-limit")]
    [InlineData("workers: 1", "workers: 1, seed: 7", "gateway.seed is written down")]
    [InlineData("logging:", "metrics: { listen: '0.0.0.0:9464' }\nlogging:", "metrics.listen 0.0.0.0:9464")]
    [InlineData("logging:", "nat-policy: { port-randomization: false }\nlogging:", "nat-policy.port-randomization")]
    public void What_is_seldom_meant_is_a_warning_and_the_code_stays_0(string from, string to, string warning)
    {
        File.WriteAllText(_file, Right.Replace(from, to));

        CommandRun run = CommandRun.Of(CheckCommand.Create(), "--config", _file);

        Assert.Equal(0, run.ExitCode);
        string line = Assert.Single(run.Error.TrimEnd().Split('\n'));
        Assert.Contains("warning: " + warning, line);
    }

    [Fact]
    public void Each_mistake_is_a_line_with_its_place_on_standard_error_and_the_code_is_2()
    {
        File.WriteAllText(_file, Right.Replace("workers: 1", "worker: 1").Replace("/28", "/33"));

        CommandRun run = CommandRun.Of(CheckCommand.Create(), "--config", _file);

        Assert.Equal(2, run.ExitCode);
        Assert.Empty(run.Output);
        string[] lines = run.Error.TrimEnd().Split('\n');
        Assert.Equal($"cgn: {_file}:1:24: 'worker' is no key of gateway; did you mean 'workers'?", lines[0]);
        Assert.StartsWith($"cgn: {_file}:6:59: external-ip-address-pools[0].external-ip-pool[0]: '33' in", lines[1]);
        Assert.Equal(2, lines.Length);
    }

    [Fact]
    public void Json_has_every_mistake_with_its_place()
    {
        File.WriteAllText(_file, Right.Replace("workers: 1", "worker: 1"));

        CommandRun run = CommandRun.Of(CheckCommand.Create(), "--config", _file, "--json");

        using JsonDocument report = JsonDocument.Parse(run.Output);
        Assert.Equal(2, run.ExitCode);
        Assert.False(report.RootElement.GetProperty("valid").GetBoolean());
        JsonElement error = Assert.Single(report.RootElement.GetProperty("errors").EnumerateArray().ToArray());
        Assert.Equal(1, error.GetProperty("line").GetInt32());
        Assert.Equal(24, error.GetProperty("column").GetInt32());
    }

    [Fact]
    public void The_schema_is_json_with_documentation()
    {
        CommandRun run = CommandRun.Of(CheckCommand.Create(), "--schema");

        using JsonDocument schema = JsonDocument.Parse(run.Output);
        JsonElement gateway = schema.RootElement.GetProperty("properties").GetProperty("gateway");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(
            "Name of the gateway in logs and metrics.",
            gateway.GetProperty("properties").GetProperty("name").GetProperty("description").GetString());
    }

    [Fact]
    public void Without_a_file_the_code_is_2()
    {
        CommandRun run = CommandRun.Of(CheckCommand.Create());

        Assert.Equal(2, run.ExitCode);
        Assert.Contains("--config FILE is missing", run.Error);
    }

    [Fact]
    public void Run_refuses_a_configuration_with_mistakes_as_check_does()
    {
        File.WriteAllText(_file, Right.Replace("workers: 1", "worker: 1"));

        CommandRun run = CommandRun.Of(RunCommand.Create(), "--config", _file);

        Assert.Equal(2, run.ExitCode);
        Assert.Contains($"cgn: {_file}:1:24: ", run.Error);
    }

    public void Dispose() => File.Delete(_file);
}
