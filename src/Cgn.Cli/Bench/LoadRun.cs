using System.Collections.Generic;
using System.Diagnostics;
using System.Threading;

using Cgn.Cli.Bench.Traffic;

namespace Cgn.Cli.Bench;

/// <summary>
/// Offers a share of the maximum, evenly paced, and measures how long frames take. The processor is busy for that share
/// of the time, the benchmark's own part included.
/// </summary>
internal sealed class LoadRun
{
    private const double Million = 1e6;
    private const double Percent = 100;

    // Of fewer no percentile can be told: where the machine gives no time, it is waited for.
    private const long FramesMin = 1000;

    private readonly BenchCase _case;
    private readonly BenchGateway _gateway;
    private readonly BenchTraffic _traffic;

    /// <summary>Prepares a run over a gateway at rest, whose sessions are there.</summary>
    public LoadRun(BenchCase benchCase, BenchGateway gateway, BenchTraffic traffic)
    {
        _case = benchCase;
        _gateway = gateway;
        _traffic = traffic;
    }

    /// <summary>Measures for as long as all windows together, after a fifth of one to settle.</summary>
    /// <param name="maximumMpps">Million frames a second that went through under full load.</param>
    public LoadResult Run(double maximumMpps)
    {
        double offered = maximumMpps * _case.LoadPercent / Percent;
        List<PortTimes> times = Time(new FrameStamps(_gateway.ChunkCount));
        Begin(offered * Million);
        Thread.Sleep(_case.WindowMs / BenchCase.Windows);
        Count(times, true);
        long before = _gateway.Carried(_case.Scenario);
        long start = Stopwatch.GetTimestamp();
        Thread.Sleep(_case.WindowMs * BenchCase.Windows);
        _gateway.WaitFor(() => _gateway.Carried(_case.Scenario) - before >= FramesMin);
        long carried = _gateway.Carried(_case.Scenario) - before;
        double seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
        Count(times, false);
        _gateway.Rest();
        LoadResult result = new(offered, carried / seconds / Million, new(), new());
        foreach (PortTimes one in times)
        {
            result.Inside.Add(one.Inside);
            result.SinceArrival.Add(one.SinceArrival);
        }

        foreach (GeneratorPort port in (IEnumerable<GeneratorPort>)[.. _gateway.Inside, .. _gateway.Outside])
            port.Time(null);
        return result;
    }

    private static void Count(List<PortTimes> times, bool counts)
    {
        foreach (PortTimes one in times)
            one.Counts = counts;
    }

    private List<PortTimes> Time(FrameStamps stamps)
    {
        List<PortTimes> times = [];
        foreach (GeneratorPort port in (IEnumerable<GeneratorPort>)[.. _gateway.Inside, .. _gateway.Outside])
        {
            PortTimes one = new(stamps);
            port.Time(one);
            times.Add(one);
        }

        return times;
    }

    // Each list gets its part by its length, so that every session sees the same rate.
    private void Begin(double framesPerSecond)
    {
        double templates = 0;
        foreach ((TemplateList list, _) in _traffic.Senders(_gateway))
            templates += list.Count;
        foreach ((TemplateList list, GeneratorPort port) in _traffic.Senders(_gateway))
        {
            if (list.Count != 0)
                _ = port.Begin(list, repeats: true, new FramePace(framesPerSecond * list.Count / templates));
        }
    }
}
