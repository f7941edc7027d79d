using System;
using System.Diagnostics;
using System.Linq;

using Cgn.Cli.Bench.Traffic;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;

namespace Cgn.Cli.Bench;

/// <summary>
/// Measures one case: sets the sessions up, checks every packet both ways once, measures, and measures itself.
/// </summary>
internal sealed class BenchRun
{
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

    private bool GoesOut => _case.Direction != BenchDirection.In;

    private bool GoesIn => _case.Direction != BenchDirection.Out;

    /// <summary>Measures.</summary>
    /// <exception cref="BenchException">Something was not right, so there is no figure.</exception>
    public BenchResult Run()
    {
        string machine = MachineInfo.Describe();
        using BenchTraffic traffic = new(_case, _population, _snapshot.Settings.Seed);
        return _case.Scenario == BenchScenario.Setup ? RunSetup(traffic, machine) : RunTraffic(traffic, machine);
    }

    private BenchResult RunTraffic(BenchTraffic traffic, string machine)
    {
        BenchResult result;
        using (BenchGateway gateway = new(_snapshot))
        {
            double setups = SetUp(gateway, traffic);
            PrepareLists(gateway, traffic);
            if (GoesOut)
                Check(gateway, traffic, gateway.Inside, traffic.Outbound, toOutside: !_population.IsHairpin);
            if (GoesIn)
                Check(gateway, traffic, gateway.Outside, traffic.Inbound, toOutside: false);
            WindowMeter meter = Measure(gateway, traffic);
            result = Result(gateway, meter, machine) with { SetupPerSecond = setups };
        }

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
            WindowMeter meter = new(gateway);
            rates[i] = SetUp(gateway, traffic);
            meter.Close();
            result = Result(gateway, meter, machine);
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

    /// <summary>Sends the first packet of every session and notes what it became.</summary>
    /// <returns>Sessions a second.</returns>
    private double SetUp(BenchGateway gateway, BenchTraffic traffic)
    {
        MappingLearner[] learners = new MappingLearner[_case.Workers];
        Shift[] shifts = new Shift[_case.Workers];
        for (int i = 0; i < learners.Length; i++)
        {
            learners[i] = new MappingLearner(traffic.Book, (byte)i);
            gateway.Outside[i].Inspect(learners[i]);
        }

        for (int i = 0; i < shifts.Length; i++)
            shifts[i] = gateway.Inside[i].Begin(traffic.Outbound[i], repeats: false);
        Finish(gateway, shifts, "setting up");
        Expect(gateway, learners, "set-up");
        long ticks = shifts.Max(shift => shift.EndedAt) - shifts.Min(shift => shift.StartedAt);
        return _case.Sessions * (double)Stopwatch.Frequency / ticks;
    }

    private void PrepareLists(BenchGateway gateway, BenchTraffic traffic)
    {
        _progress.Say("making the lists");
        if (!_population.IsHairpin)
        {
            traffic.MakeInbound();
            return;
        }

        // The first packet to each other opens the sessions that are measured.
        traffic.MakeHairpin(_snapshot.Settings.Seed);
        Check(gateway, traffic, gateway.Inside, traffic.Outbound, toOutside: false);
    }

    /// <summary>Sends every list once and checks every packet that comes out of the other side.</summary>
    private void Check(
        BenchGateway gateway, BenchTraffic traffic, GeneratorPort[] from, TemplateList[] lists, bool toOutside)
    {
        GeneratorPort[] to = toOutside ? gateway.Outside : gateway.Inside;
        PacketChecker[] checkers = new PacketChecker[_case.Workers];
        Shift[] shifts = new Shift[_case.Workers];
        for (int i = 0; i < checkers.Length; i++)
        {
            checkers[i] = new PacketChecker(_population, traffic.Book, toOutside);
            to[i].Inspect(checkers[i]);
        }

        for (int i = 0; i < shifts.Length; i++)
            shifts[i] = from[i].Begin(lists[i], repeats: false);
        Finish(gateway, shifts, toOutside ? "checking outbound" : "checking inbound");
        Expect(gateway, checkers, "check");
    }

    private void Finish(BenchGateway gateway, Shift[] shifts, string what)
    {
        gateway.WaitFor(
            () => Array.TrueForAll(shifts, shift => shift.HasEnded),
            () => _progress.Say(what, shifts.Sum(shift => shift.Count) / (double)_case.Sessions));
        gateway.Rest();
    }

    private void Expect(BenchGateway gateway, FrameInspector[] inspectors, string what)
    {
        string? complaint = inspectors.Select(inspector => inspector.Complaint)
            .FirstOrDefault(text => text is not null);
        if (complaint is not null)
            throw new BenchException($"{what}: {complaint}");
        long seen = inspectors.Sum(inspector => inspector.Seen);
        if (seen != _case.Sessions)
            throw new BenchException($"{what}: {seen} of {_case.Sessions} packets came out; drops: {gateway.Drops()}");
    }

    private WindowMeter Measure(BenchGateway gateway, BenchTraffic traffic)
    {
        _progress.Say("measuring");
        GC.Collect();
        WindowMeter meter = new(gateway);
        for (int i = 0; i < _case.Workers; i++)
        {
            int to = _case.Misdirected ? (i + 1) % _case.Workers : i;
            if (GoesOut)
                _ = gateway.Inside[to].Begin(traffic.Outbound[i], repeats: true);
            if (GoesIn)
                _ = gateway.Outside[to].Begin(traffic.Inbound[i], repeats: true);
        }

        System.Threading.Thread.Sleep(_case.WindowMs / 5);
        meter.Measure(_case.WindowMs);
        gateway.Rest();
        meter.Close();
        return meter;
    }

    private double MeasureItself(BenchTraffic traffic)
    {
        _progress.Say("measuring the benchmark itself");
        using ReferenceLoop loop = new(GoesOut ? traffic.Outbound[0] : null, GoesIn ? traffic.Inbound[0] : null);
        return loop.Measure(_case.WindowMs);
    }

    private BenchResult Result(BenchGateway gateway, WindowMeter meter, string machine) => new()
    {
        Scenario = BenchNames.Of(_case.Scenario),
        Direction = BenchNames.Of(_case.Direction),
        Sessions = _case.Sessions,
        Subscribers = _case.Subscribers,
        Frame = _case.Frames.Name,
        Workers = _case.Workers,
        Misdirected = _case.Misdirected,
        Mpps = 0,
        MppsGross = Statistics.Median(meter.Mpps),
        NsPerPacket = 0,
        GeneratorNsPerPacket = 0,
        SetupPerSecond = 0,
        AllocatedBytes = meter.AllocatedBytes,
        Collections = meter.Collections,
        BytesPerSession = (gateway.ArenaBytes + gateway.IndexBytes) / (double)_case.SessionCapacity,
        ArenaBytes = gateway.ArenaBytes,
        IndexBytes = gateway.IndexBytes,
        Drops = meter.Drops,
        TurnP50Ns = meter.TurnNs(0.5),
        TurnP99Ns = meter.TurnNs(0.99),
        TurnP9999Ns = meter.TurnNs(0.9999),
        Windows = [.. meter.Mpps.Select(mpps => Math.Round(mpps, 3))],
        Machine = machine,
    };
}
