using System;
using System.Diagnostics;
using System.Linq;

using Cgn.Cli.Bench.Traffic;
using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;

namespace Cgn.Cli.Bench;

/// <summary>
/// What goes through a gateway once before anything is measured: the sessions' first packets, then every packet each
/// way, and each is looked at.
/// </summary>
internal sealed class BenchPasses
{
    private readonly BenchCase _case;
    private readonly BenchProgress _progress;
    private readonly Population _population;
    private readonly ConfigSnapshot _snapshot;
    private readonly BenchGateway _gateway;
    private readonly BenchTraffic _traffic;

    /// <summary>Prepares for a gateway.</summary>
    public BenchPasses(
        BenchCase benchCase, BenchProgress progress, Population population, ConfigSnapshot snapshot,
        BenchGateway gateway, BenchTraffic traffic)
    {
        _case = benchCase;
        _progress = progress;
        _population = population;
        _snapshot = snapshot;
        _gateway = gateway;
        _traffic = traffic;
    }

    /// <summary>Sends the first packet of every session and notes what it became.</summary>
    /// <returns>Sessions a second.</returns>
    public double SetUp()
    {
        MappingLearner[] learners = new MappingLearner[_case.Workers];
        Shift[] shifts = new Shift[_case.Workers];
        for (int i = 0; i < learners.Length; i++)
        {
            learners[i] = new MappingLearner(_traffic.Book, (byte)i);
            _gateway.Outside[i].Inspect(learners[i]);
        }

        for (int i = 0; i < shifts.Length; i++)
            shifts[i] = _gateway.Inside[i].Begin(_traffic.Outbound[i], repeats: false);
        Finish(shifts, "setting up");
        Expect(learners, _case.Sessions, "set-up");
        long ticks = shifts.Max(shift => shift.EndedAt) - shifts.Min(shift => shift.StartedAt);
        return _case.Sessions * (double)Stopwatch.Frequency / ticks;
    }

    /// <summary>Makes the lists of what is measured.</summary>
    public void PrepareLists()
    {
        _progress.Say("making the lists");
        switch (_case.Scenario)
        {
            case BenchScenario.Hairpin:
                // The first packet to each other opens the sessions that are measured.
                _traffic.MakeHairpin(_snapshot.Settings.Seed);
                Check(_gateway.Inside, _traffic.Outbound, toOutside: false);
                break;
            case BenchScenario.Fragments:
                _traffic.MakeFragments(_snapshot.Settings.Seed);
                break;
            case BenchScenario.OuterFragments:
                _traffic.CutOutbound();
                break;
            case BenchScenario.PortScan:
                _traffic.MakeScan(_snapshot);
                break;
            default:
                _traffic.MakeInbound();
                break;
        }
    }

    /// <summary>Sends all that will be measured once, and checks what becomes of every packet.</summary>
    public void CheckAll()
    {
        if (_case.Scenario == BenchScenario.PortScan)
        {
            CheckScan();
            return;
        }

        if (_case.Direction != BenchDirection.In)
            Check(_gateway.Inside, _traffic.Outbound, toOutside: !_population.IsHairpin);
        if (_case.Direction != BenchDirection.Out)
            Check(_gateway.Outside, _traffic.Inbound, toOutside: false);
    }

    // Sends every list once and checks every packet that comes out of the other side. Where workers hand packets to
    // each other at full speed some may be lost between them, rightly counted: then all are sent once more.
    private void Check(GeneratorPort[] from, TemplateList[] lists, bool toOutside)
    {
        const int Times = 5;
        for (int time = 1; ; time++)
        {
            long lostBefore = _gateway.Drops(DropReason.HandoffFull);
            FrameInspector[] checkers = Pass(from, lists, toOutside);
            if (time < Times && _gateway.Drops(DropReason.HandoffFull) != lostBefore)
                continue;
            Expect(checkers, _case.Sessions * (long)_case.FragmentsPerPacket, "check");
            return;
        }
    }

    private FrameInspector[] Pass(GeneratorPort[] from, TemplateList[] lists, bool toOutside)
    {
        GeneratorPort[] to = toOutside ? _gateway.Outside : _gateway.Inside;
        FrameInspector[] checkers = new FrameInspector[_case.Workers];
        Shift[] shifts = new Shift[_case.Workers];
        for (int i = 0; i < checkers.Length; i++)
        {
            checkers[i] = _case.Scenario == BenchScenario.Fragments
                ? new FragmentChecker(_population, _traffic.Book, toOutside)
                : new PacketChecker(_population, _traffic.Book, toOutside);
            to[i].Inspect(checkers[i]);
        }

        for (int i = 0; i < shifts.Length; i++)
            shifts[i] = from[i].Begin(lists[i], repeats: false);
        Finish(shifts, toOutside ? "checking outbound" : "checking inbound");
        return checkers;
    }

    // Every packet must be dropped, for the one reason there is, and nothing must come of it.
    private void CheckScan()
    {
        long droppedBefore = _gateway.Drops(DropReason.NoMapping);
        long allBefore = _gateway.Counter(CounterId.Dropped);
        long madeBefore = _gateway.Counter(CounterId.Transmitted) + _gateway.Counter(CounterId.Originated);
        Shift[] shifts = new Shift[_case.Workers];
        for (int i = 0; i < shifts.Length; i++)
            shifts[i] = _gateway.Outside[i].Begin(_traffic.Inbound[i], repeats: false);
        Finish(shifts, "checking the scan");
        long dropped = _gateway.Drops(DropReason.NoMapping) - droppedBefore;
        long all = _gateway.Counter(CounterId.Dropped) - allBefore;
        long made = _gateway.Counter(CounterId.Transmitted) + _gateway.Counter(CounterId.Originated) - madeBefore;
        if (dropped != _case.Sessions || all != dropped || made != 0)
        {
            throw new BenchException(
                $"check: of {_case.Sessions} packets to ports that nobody has, {dropped} were dropped as NoMapping and "
                + $"{made} left; drops: {_gateway.Drops()}");
        }
    }

    private void Finish(Shift[] shifts, string what)
    {
        double frames = _case.Sessions * (double)_case.FragmentsPerPacket;
        _gateway.WaitFor(
            () => Array.TrueForAll(shifts, shift => shift.HasEnded),
            () => _progress.Say(what, shifts.Sum(shift => shift.Count) / frames));
        _gateway.Rest();
    }

    private void Expect(FrameInspector[] inspectors, long expected, string what)
    {
        string? complaint = inspectors.Select(inspector => inspector.Complaint)
            .FirstOrDefault(text => text is not null);
        if (complaint is not null)
            throw new BenchException($"{what}: {complaint}");
        long seen = inspectors.Sum(inspector => inspector.Seen);
        if (seen != expected)
            throw new BenchException($"{what}: {seen} of {expected} packets came out; drops: {_gateway.Drops()}");
    }
}
