using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.IO;
using System.Numerics;
using System.Threading;

using Cgn.Cli.Captures;
using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Forwarder;
using Cgn.Memory.Frames;

namespace Cgn.Cli.Replay;

/// <summary>A whole replay: captures, configuration, gateway, report.</summary>
internal sealed class ReplayRunner
{
    private const int BatchMax = 64;
    private const long BatchNs = 100_000_000;
    private const long FrameAreaBytes = 256L << 20;

    private readonly ReplayOptions _options;
    private readonly TextWriter _errors;
    private readonly List<(string File, List<CapturedPacket> Packets)> _captures = [];
    private readonly ConfigSnapshot _snapshot;
    private readonly SessionModel _model;
    private readonly CaptureClock _clock = new();
    private readonly Stopwatch _watch = new();
    private long _packetTotal;

    /// <summary>Loads everything.</summary>
    /// <exception cref="CommandException">Arguments or configuration can't be used.</exception>
    /// <exception cref="Ports.Capture.CaptureException">A capture can't be read.</exception>
    internal ReplayRunner(ReplayOptions options, TextWriter errors)
    {
        _options = options;
        _errors = errors;
        foreach (string file in options.Captures)
            _captures.Add((file, CaptureLoader.Load(file)));
        _snapshot = options.ConfigPath is null ? Own() : Given(options.ConfigPath);
        _model = new SessionModel(_snapshot.Settings);
        foreach ((_, List<CapturedPacket> packets) in _captures)
            _packetTotal += packets.Count;
        _packetTotal *= (long)options.Subscribers * options.Repeat;
        Report = new ReplayReport(errors) { Subscribers = options.Subscribers };
    }

    /// <summary>What was counted.</summary>
    internal ReplayReport Report { get; }

    /// <summary>Tests change frames behind the gateway here, to see that it is noticed. Nothing else may.</summary>
    internal FrameTamper? Tamper { get; init; }

    /// <summary>Replays everything.</summary>
    /// <returns>What part is done, 0 to 1, as it goes.</returns>
    internal IEnumerable<double> Run()
    {
        OutputPaths.Check(_options.WriteInside, _options.WriteOutside, [.. _options.Captures]);
        using FrameWriters writers = new(_options.WriteInside, _options.WriteOutside, nanoseconds: true);
        int chunkBytes = ChunkBytes();
        using SimulatedGateway gateway = new(
            _snapshot, chunkBytes, (int)Math.Clamp(FrameAreaBytes / chunkBytes, 1024, 16384));
        _watch.Start();
        for (int repetition = 0; repetition < _options.Repeat; repetition++)
        {
            foreach ((string file, List<CapturedPacket> packets) in _captures)
            {
                foreach (double done in Play(gateway, writers, file, packets))
                    yield return done;
            }
        }

        _watch.Stop();
        writers.Complete();
        Close(gateway);
    }

    private IEnumerable<double> Play(
        SimulatedGateway gateway, FrameWriters writers, string file, List<CapturedPacket> packets)
    {
        ReplayPlan plan = new FlowPlanner(new AddressBook(_snapshot)).Plan(packets);
        Access access = MakeAccess(plan);
        MappingBook mappings = new(plan, _snapshot, _model, _options.Subscribers);
        Predictor predictor = new(_snapshot, mappings, _options.Access, _options.ConfigPath is not null);
        OfferMaker maker = new(plan, access, mappings, predictor);
        PacketJudge judge = new(
            plan, access, mappings, maker, _snapshot, new MssRule(_snapshot.Settings, _options.Access));
        Referee referee = new(gateway, access, judge, writers, Report, file) { Tamper = Tamper };
        List<Offer> batch = [];
        _clock.Restart();
        long startNs = _clock.NowNs;
        long lastNs = 0;
        TimeSpan started = _watch.Elapsed;
        WorkerTime now = default;
        foreach (PlannedPacket packet in plan.Packets)
        {
            WorkerTime before = now;
            now = _clock.At(packet.Captured.TimestampNs);
            if (batch.Count > 0 && (now.NowNs - batch[0].NowNs > BatchNs || gateway.ShardCount > 1))
                Flush(referee, batch, before, lastNs);
            Pace(started, now.NowNs - startNs);
            lastNs = packet.Captured.TimestampNs;
            Offer(packet, maker, referee, batch, now);
            yield return _packetTotal == 0 ? 1 : (double)Report.Packets / _packetTotal;
        }

        Flush(referee, batch, now, lastNs);
        Rest(referee, lastNs);
        referee.Finish();
    }

    // Nothing of one capture is to be found in the next: all timers run out, some of them before the others.
    private void Rest(Referee referee, long lastNs)
    {
        const int Steps = 16;
        referee.Pass(_clock.Pass(10_000_000_000), lastNs);
        for (int step = 0; step < Steps; step++)
            referee.Pass(_clock.Pass(_model.EverythingOverNs / Steps), lastNs);
    }

    private void Offer(PlannedPacket packet, OfferMaker maker, Referee referee, List<Offer> batch, WorkerTime now)
    {
        Report.Packets += _options.Subscribers;
        if (packet.Skip != SkipReason.None)
        {
            Report.Skip(packet.Skip, _options.Subscribers);
            return;
        }

        Report.Completed += packet.Captured.IsCompleted ? _options.Subscribers : 0;
        for (int subscriber = 0; subscriber < _options.Subscribers; subscriber++)
        {
            Offer? offer = maker.Make(packet, subscriber, now.NowNs, out SkipReason skip);
            if (offer is not null && maker.IsPlain(offer))
            {
                batch.Add(offer);
                if (batch.Count >= BatchMax)
                    Flush(referee, batch, now, packet.Captured.TimestampNs);
                continue;
            }

            Flush(referee, batch, now, packet.Captured.TimestampNs);
            if (offer is null)
                Report.Skip(skip, 1);
            else
                referee.Play([offer], now, packet.Captured.TimestampNs);
        }
    }

    private static void Flush(Referee referee, List<Offer> batch, WorkerTime now, long timestampNs)
    {
        if (batch.Count == 0)
            return;
        referee.Play(batch, now, timestampNs);
        batch.Clear();
    }

    private void Pace(TimeSpan started, long captureNs)
    {
        if (_options.Speed <= 0)
            return;
        TimeSpan ahead = TimeSpan.FromTicks((long)(captureNs / 100 / _options.Speed)) - (_watch.Elapsed - started);
        if (ahead > TimeSpan.FromMilliseconds(1))
            Thread.Sleep(ahead);
    }

    private void Close(SimulatedGateway gateway)
    {
        Report.Seconds = _watch.Elapsed.TotalSeconds;
        foreach (DropReason reason in Enum.GetValues<DropReason>())
        {
            long count = reason == DropReason.None ? 0 : gateway.Drops(reason);
            if (count != 0)
                Report.Drops[SnakeCase.Of(reason.ToString())] = count;
        }

        for (CounterId id = CounterId.SessionsCreatedUdp; id <= CounterId.SessionsCreatedOther; id++)
            Report.Sessions += gateway.Counter(id);
        for (CounterId id = CounterId.MappingsCreatedUdp; id <= CounterId.MappingsCreatedOther; id++)
            Report.Mappings += gateway.Counter(id);
        Report.Handoffs = gateway.Counter(CounterId.HandoffsSent);
        Report.Unaccounted = gateway.Unaccounted;
        Report.LeakedChunks = gateway.LeakedChunks;
        Report.Balance();
    }

    private Access MakeAccess(ReplayPlan plan) => _options.Access == AccessKind.DsLite
        ? new DsLiteAccess(_snapshot, plan.Addresses)
        : new Nat444Access(_snapshot.Nat444Sources[0], Math.Max(1, plan.Addresses.HostCount));

    private ConfigSnapshot Own()
    {
        (int hosts, int endpoints, int flows) = Extent(new ConfigSnapshot());
        int identities = _options.Access == AccessKind.DsLite
            ? _options.Subscribers
            : checked(_options.Subscribers * hosts);
        ConfigSnapshot snapshot =
            ReplayConfiguration.Make(identities, endpoints, flows, _options.Subscribers, _options.Workers ?? 1);
        CheckRoom(snapshot, hosts);
        return snapshot;
    }

    private ConfigSnapshot Given(string path)
    {
        ConfigSnapshot snapshot = ConfigFile.Load(path, _errors);
        (int hosts, _, _) = Extent(snapshot);
        if (_options.Access == AccessKind.DsLite
            && (snapshot.AftrAddresses.Length == 0 || snapshot.SoftwireSources.Length == 0))
            throw new CommandException(
                $"{path}: has no ds-lite section; --access nat444, or the section, would be right");
        if (_options.Access == AccessKind.Nat444 && snapshot.Nat444Sources.Length == 0)
            throw new CommandException(
                $"{path}: has no nat444 section; --access ds-lite, or the section, would be right");
        CheckRoom(snapshot, hosts);
        GatewaySettings settings = snapshot.Settings;
        settings.ShardCount = _options.Workers ?? 1;
        return SnapshotEdit.With(snapshot, settings);
    }

    private void CheckRoom(ConfigSnapshot snapshot, int hosts)
    {
        double most = _options.Access == AccessKind.DsLite
            ? DsLiteAccess.SubscribersMax(snapshot)
            : Nat444Access.SubscribersMax(snapshot.Nat444Sources[0], hosts);
        if (_options.Subscribers > most)
        {
            throw new CommandException(
                $"replay: --subscribers {_options.Subscribers}: subscriber-match has room for {(long)most} with "
                + $"{hosts} hosts each; fewer, or a wider prefix, would be right");
        }
    }

    // Counted with a plan that is thrown away: what matters is how much there is, not who has which address.
    private (int Hosts, int Endpoints, int Flows) Extent(ConfigSnapshot snapshot)
    {
        (int hosts, int endpoints, int flows) = (1, 1, 1);
        foreach ((_, List<CapturedPacket> packets) in _captures)
        {
            ReplayPlan plan = new FlowPlanner(new AddressBook(snapshot)).Plan(packets);
            hosts = Math.Max(hosts, plan.Addresses.HostCount);
            endpoints = Math.Max(endpoints, plan.EndpointCount);
            flows = Math.Max(flows, plan.Flows.Count);
        }

        return (hosts, endpoints, flows);
    }

    private int ChunkBytes()
    {
        const int Room = FrameStore.Headroom + 128;
        int largest = 0;
        foreach ((_, List<CapturedPacket> packets) in _captures)
        {
            foreach (CapturedPacket packet in packets)
                largest = Math.Max(largest, packet.Bytes.Length);
        }

        return (int)Math.Max(FrameStore.LiveChunkBytes, BitOperations.RoundUpToPowerOf2((uint)(largest + Room)));
    }
}
