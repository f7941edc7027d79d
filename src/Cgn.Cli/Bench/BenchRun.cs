using System;
using System.IO;
using System.Linq;
using System.Threading;

using Cgn.Cli.Bench.Traffic;
using Cgn.Contract.Settings;

namespace Cgn.Cli.Bench;

/// <summary>
/// Measures one case: sets the sessions up, checks every packet both ways once, measures, and measures itself.
/// </summary>
internal sealed class BenchRun
{
    // It is the same for hours: a long measurement need not be twice as long for it.
    private const int ReferenceWindowMsMax = 1000;

    // Where mapped files cost no disk; the directory that `cgn run` keeps its state in is of this kind too.
    private const string SharedMemory = "/dev/shm";

    private readonly BenchCase _case;
    private readonly BenchProgress _progress;
    private readonly Population _population;
    private readonly ConfigSnapshot _snapshot;

    /// <summary>Prepares a run.</summary>
    public BenchRun(BenchCase benchCase, BenchProgress progress)
    {
        _case = benchCase;
        _progress = progress;
        _population = new Population(benchCase);
        _snapshot = BenchSnapshot.Make(benchCase);
    }

    /// <summary>Measures.</summary>
    /// <exception cref="BenchException">Something was not right, so there is no figure.</exception>
    public BenchResult Run()
    {
        string machine = MachineInfo.Describe();
        string? directory = _case.Attaches ? MakeDirectory() : null;
        try
        {
            using BenchTraffic traffic = new(_case, _population, _snapshot.Settings.Seed);
            return _case.Scenario == BenchScenario.Setup
                ? RunSetup(traffic, machine)
                : RunTraffic(traffic, machine, directory);
        }
        finally
        {
            if (directory is not null)
                Directory.Delete(directory, recursive: true);
        }
    }

    private static string MakeDirectory()
    {
        string parent = Directory.Exists(SharedMemory) ? SharedMemory : Path.GetTempPath();
        return Directory.CreateDirectory(Path.Combine(parent, $"cgn-bench-{Guid.NewGuid():n}")).FullName;
    }

    private BenchResult RunTraffic(BenchTraffic traffic, string machine, string? directory)
    {
        BenchResult result;
        using (BenchGateway gateway = new(_snapshot, directory))
        {
            BenchPasses passes = Passes(gateway, traffic);
            double setups = passes.SetUp();
            passes.PrepareLists();
            passes.CheckAll();
            WindowMeter meter = Measure(gateway, traffic, out long? scrapes);
            result = BenchResult.Of(_case, gateway, _snapshot, meter, machine) with
            {
                SetupPerSecond = setups,
                Scrapes = scrapes,
            };
            if (_case.LoadPercent != 0 && _case.Scenario != BenchScenario.PortScan)
            {
                _progress.Say("measuring latency");
                result = result.WithLoad(_case, new LoadRun(_case, gateway, traffic).Run(result.MppsGross));
            }
        }

        if (directory is not null)
            result = result with { AttachSeconds = Attach(traffic, directory) };
        double generatorNs = MeasureItself(traffic);
        double netNs = (_case.Workers * 1000 / result.MppsGross) - generatorNs;
        return result with
        {
            GeneratorNsPerPacket = generatorNs,
            NsPerPacket = netNs,
            Mpps = _case.Workers * 1000 / netNs,
        };
    }

    // Sessions are made once a gateway, so each window is a gateway.
    private BenchResult RunSetup(BenchTraffic traffic, string machine)
    {
        double[] rates = new double[BenchCase.Windows];
        BenchResult? result = null;
        for (int i = 0; i < rates.Length; i++)
        {
            using BenchGateway gateway = new(_snapshot);
            WindowMeter meter = new(gateway, _case.Scenario);
            rates[i] = Passes(gateway, traffic).SetUp();
            meter.Close();
            result = BenchResult.Of(_case, gateway, _snapshot, meter, machine);
        }

        double perSecond = Statistics.Median(rates);
        double generatorNs = MeasureItself(traffic);
        double netNs = (_case.Workers * 1e9 / perSecond) - generatorNs;
        return result! with
        {
            SetupPerSecond = perSecond,
            MppsGross = perSecond / 1e6,
            Mpps = _case.Workers * 1000 / netNs,
            NsPerPacket = netNs,
            GeneratorNsPerPacket = generatorNs,
            Windows = [.. rates.Select(rate => Math.Round(rate / 1e6, 3))],
        };
    }

    // As after a restart: the records are there, and all that is derived from them has to be made. That they are the
    // right ones is shown by every packet's going through once more.
    private double Attach(BenchTraffic traffic, string directory)
    {
        _progress.Say("attaching");
        using BenchGateway second = new(_snapshot, directory);
        Passes(second, traffic).CheckAll();
        return second.StartSeconds;
    }

    private BenchPasses Passes(BenchGateway gateway, BenchTraffic traffic) =>
        new(_case, _progress, _population, _snapshot, gateway, traffic);

    private WindowMeter Measure(BenchGateway gateway, BenchTraffic traffic, out long? scrapes)
    {
        _progress.Say("measuring");
        GC.Collect();
        using StateScraper? scraper = _case.Scrapes ? new StateScraper(gateway) : null;
        WindowMeter meter = new(gateway, _case.Scenario);
        foreach ((TemplateList list, GeneratorPort port) in traffic.Senders(gateway))
            _ = port.Begin(list, repeats: true);
        Thread.Sleep(_case.WindowMs / BenchCase.Windows);
        meter.Measure(_case.WindowMs);
        gateway.Rest();
        meter.Close();
        scrapes = scraper?.Scrapes;
        return meter;
    }

    // As many loops at once as there are workers: what they take from each other is the benchmark's own, too.
    private double MeasureItself(BenchTraffic traffic)
    {
        _progress.Say("measuring the benchmark itself");
        ReferenceLoop[] loops = new ReferenceLoop[_case.Workers];
        for (int i = 0; i < loops.Length; i++)
        {
            loops[i] = new ReferenceLoop(
                _case.Direction != BenchDirection.In ? traffic.Outbound[i] : null,
                _case.Direction != BenchDirection.Out ? traffic.Inbound[i] : null,
                BenchGateway.CpuOf(i, loops.Length),
                Math.Min(_case.WindowMs, ReferenceWindowMsMax));
        }

        Array.ForEach(loops, loop => loop.Start());
        double ns = loops.Average(loop => loop.Finish());
        Array.ForEach(loops, loop => loop.Dispose());
        return ns;
    }
}
