using System;
using System.Diagnostics;
using System.Threading.Tasks;

using Cgn.Testing;

using Xunit;
using Xunit.Abstractions;

namespace Cgn.Cli.Tests.Kills;

/// <summary>The real forwarder, which lives but stands still while a customer talks.</summary>
[Collection(nameof(KillLab))]
public sealed class HangRunTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [SkippableFact]
    [Requirement("RFC6888-REQ-8l")]
    public async Task A_forwarder_that_hangs_gives_way_to_the_one_that_stands_by_with_every_mapping()
    {
        await using KillLab lab = await KillLab.StartedAsync();
        using KillTraffic traffic = new(lab);
        lab.Talk(() => Talk(lab, traffic));
        await lab.StopAsync();

        Assert.Contains("has shown no sign of life for 5 s; it is killed", lab.Said);
        Assert.Contains("the one that stood by takes its place", lab.Said);
    }

    private void Talk(KillLab lab, KillTraffic traffic)
    {
        for (int i = 0; i < 20; i++)
            traffic.Open();
        lab.StandsByAsync().GetAwaiter().GetResult();
        int hangs = lab.Forwarder();
        Inside.Halt(hangs);
        long start = Stopwatch.GetTimestamp();
        while (!traffic.TryAsk(0, out _))
            Assert.True(Stopwatch.GetElapsedTime(start) < s_patience, "forwarding does not resume");
        output.WriteLine($"silence of {Stopwatch.GetElapsedTime(start).TotalSeconds:F1} s");
        for (int flow = 0; flow < traffic.Count; flow++)
            Assert.Equal(traffic.MappingOf(flow), traffic.Ask(flow, s_patience).Mapping);
        Assert.NotEqual(hangs, lab.Forwarder());
    }
}
