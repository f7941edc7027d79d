using System;
using System.Diagnostics;
using System.Threading;

using Cgn.Cli.Bench.Traffic;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;

namespace Cgn.Cli.Bench.Guard;

/// <summary>
/// Measures a case of the guard: the gateway and the reference loop by turns, on one processor, so that whatever else
/// goes on on the machine befalls both alike.
/// </summary>
internal sealed class GuardRun
{
    private readonly GuardCase _case;
    private readonly BenchProgress _progress;

    /// <summary>Prepares it.</summary>
    public GuardRun(GuardCase guardCase, BenchProgress progress)
    {
        _case = guardCase;
        _progress = progress;
    }

    /// <summary>Measures.</summary>
    /// <param name="rounds">How many times each.</param>
    /// <exception cref="BenchException">A packet was not translated rightly.</exception>
    public GuardMeasure Run(int rounds)
    {
        BenchCase benchCase = _case.Case;
        _progress.Title(_case.Name);
        Population population = new(benchCase);
        ConfigSnapshot snapshot = BenchSnapshot.Make(benchCase);
        using BenchTraffic traffic = new(benchCase, population, snapshot.Settings.Seed);
        using BenchGateway gateway = new(snapshot);
        BenchPasses passes = new(benchCase, _progress, population, snapshot, gateway, traffic);
        _ = passes.SetUp();
        passes.PrepareLists();
        passes.CheckAll();
        using GuardReference reference = new(
            traffic.Outbound[0], traffic.Inbound[0], gateway.ArenaBytes + gateway.IndexBytes);
        double[] pathNs = new double[rounds];
        double[] referenceNs = new double[rounds];
        for (int i = 0; i < rounds; i++)
        {
            _progress.Say("round", (double)i / rounds);
            // Who goes first takes turns, too.
            if (i % 2 == 0)
                referenceNs[i] = reference.Measure(benchCase.WindowMs);
            pathNs[i] = Path(gateway, traffic, benchCase.WindowMs);
            if (i % 2 != 0)
                referenceNs[i] = reference.Measure(benchCase.WindowMs);
        }

        return GuardMeasure.Of(_case.Name, pathNs, referenceNs);
    }

    private static double Path(BenchGateway gateway, BenchTraffic traffic, int ms)
    {
        foreach ((TemplateList list, GeneratorPort port) in traffic.Senders(gateway))
            _ = port.Begin(list, repeats: true);
        Thread.Sleep(ms / BenchCase.Windows);
        long start = Stopwatch.GetTimestamp();
        long before = gateway.Counter(CounterId.Transmitted);
        Thread.Sleep(ms);
        long count = gateway.Counter(CounterId.Transmitted) - before;
        double ns = Stopwatch.GetElapsedTime(start).TotalNanoseconds / Math.Max(1, count);
        gateway.Rest();
        return ns;
    }
}
