using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;

using Cgn.Cli.Bench;

using Xunit;

namespace Cgn.Cli.Tests.Bench;

/// <summary>Every scenario from end to end with tiny tables; a packet that is wrong or lost throws.</summary>
public sealed class BenchScenarioTests
{
    public static TheoryData<string, int, string> Scenarios
    {
        get
        {
            TheoryData<string, int, string> data = [];
            foreach (string scenario in BenchNames.Scenarios)
            {
                foreach (string frame in (string[])["64", "65", "1280", "1518", "imix"])
                    data.Add(scenario, 1, frame);
                data.Add(scenario, 2, "imix");
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Scenarios))]
    public void Every_scenario_goes_through_with_every_frame_size(string scenario, int workers, string frame)
    {
        BenchResult result = Run(Case(scenario) with { Workers = workers, Frames = FrameMix.Parse(frame)! });
        Assert.Equal(scenario, result.Scenario);
        Assert.True(result.MppsGross > 0);
        // Two workers on processors that they share with others may lose frames between them.
        if (workers == 1)
            Assert.Equal(scenario == "port-scan", result.Drops > 0);
        Assert.Equal(scenario == "port-scan" ? "in" : scenario is "ds-lite" or "nat444" or "mixed" or "fragments"
            ? "both" : "out", result.Direction);
    }

    [Theory]
    [InlineData("ds-lite")]
    [InlineData("mixed")]
    [InlineData("hairpin")]
    [InlineData("fragments")]
    [InlineData("outer-fragments")]
    [InlineData("port-scan")]
    public void Packets_that_arrive_at_the_wrong_worker_are_handed_over(string scenario)
    {
        BenchResult result = Run(Case(scenario) with { Workers = 2, Misdirected = true });
        Assert.True(result.Misdirected);
        Assert.True(result.MppsGross > 0);
    }

    [Theory]
    [InlineData("ds-lite")]
    [InlineData("hairpin")]
    [InlineData("fragments")]
    [InlineData("outer-fragments")]
    public void Latency_is_measured_at_the_load_that_was_asked_for(string scenario)
    {
        BenchResult result = Run(Case(scenario) with { LoadPercent = 20 });
        Assert.Equal(0.2 * result.MppsGross, result.LoadOfferedMpps!.Value, 6);
        Assert.True(result.LatencySamples > 0);
        Assert.True(result.LatencyP50Ns > 0);
        Assert.Equal(Ordered(result), Ordered(result).Order());
        Assert.True(result.ArrivalMaxNs >= result.LatencyP50Ns);
    }

    [Fact]
    public void A_second_gateway_takes_over_records_and_translates_as_the_first()
    {
        BenchResult result = Run(Case("mixed") with { Attaches = true, Workers = 2 });
        Assert.True(result.AttachSeconds > 0);
        Assert.True(result.StartSeconds > 0);
    }

    [Fact]
    public void Counters_are_read_all_the_while_and_the_workers_allocate_nothing_for_it()
    {
        BenchCase benchCase = Case("mixed") with { Scrapes = true, WindowMs = 60 };
        _ = Run(benchCase);
        BenchResult result = Run(benchCase);
        Assert.True(result.Scrapes > 0);
        Assert.Equal(0, result.AllocatedBytes);
    }

    [Fact]
    public void Memory_is_that_of_sessions_of_subscribers_and_the_rest()
    {
        BenchResult result = Run(Case("ds-lite"));
        double sum = (result.BytesPerSessionAlone * result.Sessions)
            + (result.BytesPerSubscriber * result.Subscribers) + result.BytesFixed;
        Assert.Equal(result.ArenaBytes + result.IndexBytes, sum, 0);
        Assert.Equal(sum / result.Sessions, result.BytesPerSession, 3);
        // Records of session and mapping alone.
        Assert.True(result.BytesPerSessionAlone > 96);
        Assert.True(result.BytesPerSubscriber > 128);
    }

    [Fact]
    public void Json_has_what_was_asked_for_and_no_more()
    {
        BenchResult plain = Run(Case("ds-lite"));
        BenchResult full = Run(Case("ds-lite") with { LoadPercent = 50, Scrapes = true, Attaches = true });
        string[] asked =
        [
            "load_percent", "load_offered_mpps", "load_carried_mpps", "latency_samples", "latency_p50_ns",
            "latency_p99_ns", "latency_p999_ns", "latency_p9999_ns", "latency_max_ns", "arrival_p50_ns",
            "arrival_p99_ns", "arrival_p999_ns", "arrival_p9999_ns", "arrival_max_ns", "scrapes", "attach_seconds",
        ];
        string[] always =
        [
            "mpps", "ns_per_packet", "setup_per_second", "allocated_bytes", "process_allocated_bytes", "collections",
            "bytes_per_session", "bytes_per_session_alone", "bytes_per_subscriber", "bytes_fixed", "start_seconds",
            "drops", "machine",
        ];
        List<string> ofPlain = Names(plain);
        Assert.All(always, name => Assert.Contains(name, ofPlain));
        Assert.All(asked, name => Assert.DoesNotContain(name, ofPlain));
        Assert.All(asked, name => Assert.Contains(name, Names(full)));
    }

    internal static BenchCase Case(string scenario)
    {
        Assert.True(BenchNames.TryScenario(scenario, out BenchScenario value));
        BenchDirection direction = value switch
        {
            BenchScenario.Hairpin or BenchScenario.Setup or BenchScenario.OuterFragments => BenchDirection.Out,
            BenchScenario.PortScan => BenchDirection.In,
            _ => BenchDirection.Both,
        };
        return new BenchCase(value, direction, 512, 32, FrameMix.Parse("64")!, Workers: 1, WindowMs: 10);
    }

    private static BenchResult Run(BenchCase benchCase) => new BenchRun(benchCase, new BenchProgress()).Run();

    private static long?[] Ordered(BenchResult result) =>
    [
        result.LatencyP50Ns, result.LatencyP99Ns, result.LatencyP999Ns, result.LatencyP9999Ns, result.LatencyMaxNs,
    ];

    private static List<string> Names(BenchResult result)
    {
        using JsonDocument document = JsonDocument.Parse(BenchReport.Json([result]));
        return [.. document.RootElement[0].EnumerateObject().Select(property => property.Name)];
    }
}
