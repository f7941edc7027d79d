using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.RegularExpressions;
using System.Threading.Tasks;

using Cgn.Contract.Process;
using Cgn.Memory.Frames;
using Cgn.Testing;

using Xunit;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>The page that Prometheus reads, as a whole.</summary>
public sealed partial class ExpositionTests
{
    // Whatever a label names, there are few of it: never a subscriber, an address or a port.
    private static readonly HashSet<string> s_labels =
    [
        "access", "cause", "direction", "dotnet", "generation", "kind", "le", "opcode", "outcome", "pool", "process",
        "protocol", "reason", "records", "resource", "result", "shard", "side", "sink", "state", "version",
    ];

    [Fact]
    public async Task Names_types_and_help_follow_the_rules_of_the_contract()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        string page = await gateway.PageAsync();
        Dictionary<string, string> types = Types(page);
        Assert.True(types.Count > 70, $"only {types.Count} families");
        foreach ((string name, string type) in types)
        {
            Assert.StartsWith("cgn_", name);
            Assert.Equal(type == "counter", name.EndsWith("_total", StringComparison.Ordinal));
            Assert.Matches($@"(?m)^# HELP {name} [A-Z].*\.$", page);
            Assert.DoesNotMatch("_(ms|ns|us|percent|kib|mb|kbytes|bits)(_|$)", name);
        }
    }

    [Fact]
    public async Task Labels_are_of_few_values()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        string empty = await gateway.PageAsync();
        for (int i = 1; i <= 50; i++)
        {
            gateway.Send(
                FramePort.Inside, Packets.Ethernet(Packets.Udp($"100.64.0.{i}", 4000, ScrapedGateway.Server, 53)));
        }

        gateway.Advance(0.2);
        string full = await gateway.PageAsync();

        foreach (Match label in LabelName().Matches(full))
            Assert.Contains(label.Groups[1].Value, s_labels);
        // As many series with fifty subscribers as with none.
        Assert.Equal(empty.Split('\n').Length, full.Split('\n').Length);
        Assert.DoesNotContain("100.64", full);
    }

    // A family that nothing is seen to move might as well be a constant.
    [Fact]
    [Requirement("MGMT-SUBS")]
    public async Task Every_family_is_named_by_a_test()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        string[] families = [.. Types(await gateway.PageAsync()).Keys];
        string tests = Path.Combine(Checkout(), "tests");
        string text = string.Concat(
            Directory.EnumerateFiles(tests, "*.cs", SearchOption.AllDirectories)
                .Where(static file => !file.Contains("/obj/", StringComparison.Ordinal))
                .Select(File.ReadAllText));
        string[] unnamed =
            [.. families.Where(family => !Regex.IsMatch(text, $@"\b{family}(_count|_sum|_bucket)?\b"))];
        Assert.True(unnamed.Length == 0, string.Join(' ', unnamed));
    }

    [Fact]
    [Requirement("RFC7659-DISC")]
    public async Task When_counting_began_is_told_and_stays_while_counting_goes_on()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        gateway.Status.CountersSinceUnixMs = 1_699_999_000_500;
        gateway.Status.StartedUnixMs = 1_700_000_000_250;
        var page = await gateway.ScrapeAsync();
        Assert.Equal(1_699_999_000.5, page.Sum("cgn_discontinuity_time_seconds"));
        Assert.Equal(1_700_000_000.25, page.Sum("cgn_forwarder_start_time_seconds"));
        gateway.Send(FramePort.Inside, Packets.Ethernet(Packets.Udp("100.64.0.1", 1, ScrapedGateway.Server, 53)));

        gateway.Restart();

        Assert.Equal(1, (await gateway.ScrapeAsync()).Sum("cgn_sessions_created_total"));
    }

    [Fact]
    [Requirement("MGMT-RFC8343")]
    public async Task Devices_count_what_passes_and_what_is_lost_by_side()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            ref PortStatus inside = ref gateway.Status.InsidePort;
            inside.ReceivedFrames += 5;
            inside.ReceivedBytes += 500;
            inside.ReceiveRingFull += 2;
            inside.ReceiveNoChunk += 1;
            gateway.Status.OutsidePort.TransmittedFrames += 4;
            gateway.Status.OutsidePort.TransmitRingFull += 3;
            gateway.Status.OutsidePort.TransmitFailed += 6;
        });
        Assert.Equal(5, moved("cgn_interface_frames_total{side=\"inside\",direction=\"in\"}"));
        Assert.Equal(500, moved("cgn_interface_bytes_total{side=\"inside\",direction=\"in\"}"));
        Assert.Equal(3, moved("cgn_interface_discards_total{side=\"inside\",direction=\"in\"}"));
        Assert.Equal(4, moved("cgn_interface_frames_total{side=\"outside\",direction=\"out\"}"));
        Assert.Equal(3, moved("cgn_interface_discards_total{side=\"outside\",direction=\"out\"}"));
        Assert.Equal(6, moved("cgn_interface_errors_total{side=\"outside\",direction=\"out\"}"));
    }

    internal static string Checkout()
    {
        DirectoryInfo? at = new(AppContext.BaseDirectory);
        while (at is not null && !File.Exists(Path.Combine(at.FullName, "Cgn.sln")))
            at = at.Parent;
        return at?.FullName ?? throw new InvalidOperationException("the tests run outside of a checkout");
    }

    internal static Dictionary<string, string> Types(string page) => TypeLine().Matches(page)
        .ToDictionary(static line => line.Groups[1].Value, static line => line.Groups[2].Value);

    [GeneratedRegex(@"^# TYPE (\w+) (\w+)$", RegexOptions.Multiline)]
    private static partial Regex TypeLine();

    [GeneratedRegex(@"[{,](\w+)=""")]
    private static partial Regex LabelName();
}
