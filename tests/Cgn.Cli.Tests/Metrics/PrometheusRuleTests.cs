using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

using Cgn.Cli.Lab;

using Xunit;

using YamlDotNet.RepresentationModel;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>
/// The rules for Prometheus and the dashboard for Grafana: both ask only for what is there, and each alert fires at
/// what it is for.
/// </summary>
public sealed class PrometheusRuleTests
{
    private static readonly string s_prometheus = Path.Combine(ExpositionTests.Checkout(), "configs", "prometheus");
    private static readonly string s_dashboard =
        Path.Combine(ExpositionTests.Checkout(), "configs", "grafana", "gateway.json");

    private static readonly string[] s_annotations = ["summary", "description", "runbook"];
    private static readonly string[] s_severities = ["critical", "warning", "info"];

    [SkippableTheory]
    [InlineData("check", "config", "scrape.yaml")]
    [InlineData("check", "rules", "recording.yaml")]
    [InlineData("check", "rules", "alerts.yaml")]
    [InlineData("test", "rules", "alerts.test.yaml")]
    public async Task Promtool_finds_them_right(string verb, string what, string file)
    {
        Skip.If(CommandRunner.Find("promtool") is null, "there is no promtool; tools/deps test installs it");
        CommandResult result = await CommandRunner.RunAsync(
            "promtool", [verb, what, Path.Combine(s_prometheus, file)], TimeSpan.FromSeconds(120));
        Assert.True(result.Succeeded, result.Output + result.Error);
    }

    [Theory]
    [InlineData("recording.yaml")]
    [InlineData("alerts.yaml")]
    [InlineData("alerts.test.yaml")]
    [InlineData("../grafana/gateway.json")]
    public async Task Every_name_that_is_asked_for_is_one_that_the_gateway_tells(string file)
    {
        string text = await File.ReadAllTextAsync(Path.Combine(s_prometheus, file));
        string page = await MetricNames.PageAsync();
        string[] recorded = [.. Rules("recording.yaml").Select(static rule => Text(rule, "record"))];

        Assert.Empty(MetricNames.In(text).Except(MetricNames.Of(page)));
        Assert.Empty(MetricNames.Labelled(text).Except(MetricNames.Labelled(page)));
        Assert.Empty(Regex.Matches(text, @"\bcgn:\w+:\w+").Select(static m => m.Value).Except(recorded));
    }

    [Fact]
    public void Every_alert_says_how_bad_it_is_what_it_means_and_what_to_do_and_has_a_test()
    {
        string tests = File.ReadAllText(Path.Combine(s_prometheus, "alerts.test.yaml"));
        YamlMappingNode[] alerts = [.. Rules("alerts.yaml")];
        Assert.True(alerts.Length >= 20);
        foreach (YamlMappingNode alert in alerts)
        {
            string name = Text(alert, "alert");
            Assert.StartsWith("Cgn", name);
            Assert.Contains(Text((YamlMappingNode)alert["labels"], "severity"), s_severities);
            foreach (string annotation in s_annotations)
            {
                Assert.True(
                    Text((YamlMappingNode)alert["annotations"], annotation).Length > 10, $"{name} {annotation}");
            }

            Assert.Contains($"alertname=\"{name}\"", tests, StringComparison.Ordinal);
        }

        Assert.Equal(alerts.Length, alerts.Select(static alert => Text(alert, "alert")).Distinct().Count());
    }

    [Fact]
    public void The_dashboard_has_its_rows_and_no_two_panels_of_one_number_or_place()
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllText(s_dashboard));
        JsonElement[] panels = [.. document.RootElement.GetProperty("panels").EnumerateArray()];
        string[] rows = [.. panels.Where(static p => Kind(p) == "row").Select(static p => Title(p))];
        Assert.Equal(
            [
                "Overview", "Traffic", "NAT tables", "Pools", "Drops", "Fragments and ICMP", "Workers and latency",
                "Control plane and logs", "RADIUS",
            ],
            rows);
        Assert.Equal(panels.Length, panels.Select(static p => p.GetProperty("id").GetInt32()).Distinct().Count());
        HashSet<(int X, int Y)> taken = [];
        foreach (JsonElement panel in panels)
        {
            (int x, int y, int width, int height) = Place(panel);
            Assert.InRange(x + width, 1, 24);
            for (int i = 0; i < width * height; i++)
                Assert.True(taken.Add((x + (i % width), y + (i / width))), $"'{Title(panel)}' lies on another panel");
        }

        string[] variables = [.. document.RootElement.GetProperty("templating").GetProperty("list").EnumerateArray()
            .Select(static variable => variable.GetProperty("name").GetString()!)];
        Assert.Equal(["datasource", "instance"], variables);
        Assert.All(Expressions(document), static expression => Assert.Contains("instance=~\"$instance\"", expression));
    }

    [SkippableFact]
    public async Task A_real_Prometheus_scrapes_the_gateway_and_understands_rules_and_dashboard()
    {
        Skip.If(CommandRunner.Find("prometheus") is null, "there is no prometheus; tools/deps test installs it");
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        await using RealPrometheus prometheus = await RealPrometheus.StartAsync(gateway.Port, s_prometheus);

        Assert.Equal(0, await prometheus.UntilAsync("sum(cgn_sessions)"));
        gateway.FromB4(Cgn.Testing.Packets.Udp("10.0.0.1", 4000, ScrapedGateway.Server, 53));
        Assert.Equal(1, await prometheus.UntilAsync("sum(cgn_sessions) > 0"));
        Assert.Equal(1, await prometheus.UntilAsync("cgn_build_info"));
        Assert.Equal("ok", await prometheus.RuleHealthAsync());
        using JsonDocument document = JsonDocument.Parse(await File.ReadAllTextAsync(s_dashboard));
        foreach (string expression in Expressions(document))
        {
            await prometheus.AskAsync(expression.Replace("$instance", ".*", StringComparison.Ordinal)
                .Replace("$__rate_interval", "1m", StringComparison.Ordinal));
        }
    }

    private static IEnumerable<YamlMappingNode> Rules(string file)
    {
        YamlStream yaml = [];
        yaml.Load(new StringReader(File.ReadAllText(Path.Combine(s_prometheus, file))));
        return ((YamlSequenceNode)yaml.Documents[0].RootNode["groups"])
            .SelectMany(static group => (YamlSequenceNode)group["rules"]).Cast<YamlMappingNode>();
    }

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    private static string Kind(JsonElement panel) => panel.GetProperty("type").GetString()!;

    private static string Title(JsonElement panel) => panel.GetProperty("title").GetString()!;

    private static (int X, int Y, int Width, int Height) Place(JsonElement panel)
    {
        JsonElement place = panel.GetProperty("gridPos");
        return (place.GetProperty("x").GetInt32(), place.GetProperty("y").GetInt32(),
            place.GetProperty("w").GetInt32(), place.GetProperty("h").GetInt32());
    }

    private static string[] Expressions(JsonDocument document) =>
        [.. document.RootElement.GetProperty("panels").EnumerateArray()
            .Where(static panel => panel.TryGetProperty("targets", out _))
            .SelectMany(static panel => panel.GetProperty("targets").EnumerateArray())
            .Select(static target => target.GetProperty("expr").GetString()!)];
}
