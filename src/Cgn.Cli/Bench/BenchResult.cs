using System;
using System.Linq;

using Cgn.Contract.Settings;

namespace Cgn.Cli.Bench;

/// <summary>The figures of one case; the names are those of the JSON output, in words.</summary>
internal sealed record BenchResult
{
    /// <summary>Scenario, as on the command line.</summary>
    public required string Scenario { get; init; }

    /// <summary>Direction, as on the command line.</summary>
    public required string Direction { get; init; }

    /// <summary>Sessions.</summary>
    public required uint Sessions { get; init; }

    /// <summary>Subscribers.</summary>
    public required uint Subscribers { get; init; }

    /// <summary>Frame size, as on the command line.</summary>
    public required string Frame { get; init; }

    /// <summary>Workers.</summary>
    public required int Workers { get; init; }

    /// <summary>Every packet arrived at a wrong worker.</summary>
    public required bool Misdirected { get; init; }

    /// <summary>Million packets a second, all workers together, with the benchmark's own time taken out.</summary>
    public required double Mpps { get; init; }

    /// <summary>The same with the benchmark's own time in it: what really went through a second.</summary>
    public required double MppsGross { get; init; }

    /// <summary>Nanoseconds of a worker that a packet takes, the benchmark's own taken out.</summary>
    public required double NsPerPacket { get; init; }

    /// <summary>
    /// Nanoseconds a packet of the reference loop: making the frame, handing it over, taking it back, the clock.
    /// </summary>
    public required double GeneratorNsPerPacket { get; init; }

    /// <summary>New sessions a second, all workers together.</summary>
    public required double SetupPerSecond { get; init; }

    /// <summary>Bytes that the workers' threads allocated on the managed heap while it was measured.</summary>
    public required long AllocatedBytes { get; init; }

    /// <summary>
    /// Bytes that all threads of the process allocated meanwhile: the workers', and what the benchmark does beside
    /// them.
    /// </summary>
    public required long ProcessAllocatedBytes { get; init; }

    /// <summary>Garbage collections of the process meanwhile.</summary>
    public required long Collections { get; init; }

    /// <summary>Arena and indexes, divided by the sessions.</summary>
    public required double BytesPerSession { get; init; }

    /// <summary>The part of it that there is for each session, see <see cref="BenchMemory"/>.</summary>
    public required double BytesPerSessionAlone { get; init; }

    /// <summary>The part that there is for each subscriber.</summary>
    public required double BytesPerSubscriber { get; init; }

    /// <summary>The part that there is once.</summary>
    public required ulong BytesFixed { get; init; }

    /// <summary>Bytes of the arena: records, counters, rings.</summary>
    public required ulong ArenaBytes { get; init; }

    /// <summary>Bytes of the indexes.</summary>
    public required ulong IndexBytes { get; init; }

    /// <summary>Frames dropped while it was measured.</summary>
    public required long Drops { get; init; }

    /// <summary>Drops by reason since the gateway's start, as a sentence; empty when there were none.</summary>
    public required string DropReasons { get; init; }

    /// <summary>How long the gateway took to start with empty tables, in seconds.</summary>
    public required double StartSeconds { get; init; }

    /// <summary>
    /// How long another gateway took to start over the records of this one, in seconds; null when it was not asked for.
    /// </summary>
    public double? AttachSeconds { get; init; }

    /// <summary>Times that all counters were read while it was measured; null when it was not asked for.</summary>
    public long? Scrapes { get; init; }

    /// <summary>Share of the maximum that latency was measured at, in percent; null, as all that follows to
    /// <see cref="ArrivalMaxNs"/>, when it was not asked for.</summary>
    public double? LoadPercent { get; init; }

    /// <summary>Million frames a second that arrived then.</summary>
    public double? LoadOfferedMpps { get; init; }

    /// <summary>Million frames a second that went through.</summary>
    public double? LoadCarriedMpps { get; init; }

    /// <summary>Frames whose latency was measured.</summary>
    public long? LatencySamples { get; init; }

    /// <summary>Half of the frames took no longer from being received to being transmitted, in nanoseconds.</summary>
    public long? LatencyP50Ns { get; init; }

    /// <summary>99 in 100.</summary>
    public long? LatencyP99Ns { get; init; }

    /// <summary>999 in 1,000.</summary>
    public long? LatencyP999Ns { get; init; }

    /// <summary>9,999 in 10,000.</summary>
    public long? LatencyP9999Ns { get; init; }

    /// <summary>The longest.</summary>
    public long? LatencyMaxNs { get; init; }

    /// <summary>Half of the frames took no longer from arriving at the port, before being received.</summary>
    public long? ArrivalP50Ns { get; init; }

    /// <summary>99 in 100.</summary>
    public long? ArrivalP99Ns { get; init; }

    /// <summary>999 in 1,000.</summary>
    public long? ArrivalP999Ns { get; init; }

    /// <summary>9,999 in 10,000.</summary>
    public long? ArrivalP9999Ns { get; init; }

    /// <summary>The longest.</summary>
    public long? ArrivalMaxNs { get; init; }

    /// <summary>Half of the frames were in a turn that took less, in nanoseconds (a power of two).</summary>
    public required long TurnP50Ns { get; init; }

    /// <summary>99 in 100 frames were in a turn that took less.</summary>
    public required long TurnP99Ns { get; init; }

    /// <summary>9,999 in 10,000 frames were in a turn that took less.</summary>
    public required long TurnP9999Ns { get; init; }

    /// <summary>Million packets a second of each window, gross.</summary>
    public required double[] Windows { get; init; }

    /// <summary>Where it was measured.</summary>
    public required string Machine { get; init; }

    /// <summary>What a case and its meters say; the rates of the gateway alone are not known yet.</summary>
    public static BenchResult Of(
        BenchCase benchCase, BenchGateway gateway, ConfigSnapshot snapshot, WindowMeter meter, string machine)
    {
        BenchMemory memory = BenchMemory.Of(gateway, snapshot.Settings);
        return new BenchResult
        {
            Scenario = BenchNames.Of(benchCase.Scenario),
            Direction = BenchNames.Of(benchCase.Direction),
            Sessions = benchCase.Sessions,
            Subscribers = benchCase.Subscribers,
            Frame = benchCase.Frames.Name,
            Workers = benchCase.Workers,
            Misdirected = benchCase.Misdirected,
            Mpps = 0,
            MppsGross = Statistics.Median(meter.Mpps),
            NsPerPacket = 0,
            GeneratorNsPerPacket = 0,
            SetupPerSecond = 0,
            AllocatedBytes = meter.AllocatedBytes,
            ProcessAllocatedBytes = meter.ProcessAllocatedBytes,
            Collections = meter.Collections,
            BytesPerSession = (gateway.ArenaBytes + gateway.IndexBytes) / (double)benchCase.SessionCapacity,
            BytesPerSessionAlone = memory.PerSession,
            BytesPerSubscriber = memory.PerSubscriber,
            BytesFixed = memory.Fixed,
            ArenaBytes = gateway.ArenaBytes,
            IndexBytes = gateway.IndexBytes,
            StartSeconds = gateway.StartSeconds,
            Drops = meter.Drops,
            DropReasons = gateway.Drops(),
            TurnP50Ns = meter.TurnNs(0.5),
            TurnP99Ns = meter.TurnNs(0.99),
            TurnP9999Ns = meter.TurnNs(0.9999),
            Windows = [.. meter.Mpps.Select(mpps => Math.Round(mpps, 3))],
            Machine = machine,
        };
    }

    /// <summary>The same with what was measured under load.</summary>
    public BenchResult WithLoad(BenchCase benchCase, LoadResult load) => this with
    {
        LoadPercent = benchCase.LoadPercent,
        LoadOfferedMpps = load.OfferedMpps,
        LoadCarriedMpps = load.CarriedMpps,
        LatencySamples = load.Inside.Count,
        LatencyP50Ns = load.Inside.PercentileNs(0.5),
        LatencyP99Ns = load.Inside.PercentileNs(0.99),
        LatencyP999Ns = load.Inside.PercentileNs(0.999),
        LatencyP9999Ns = load.Inside.PercentileNs(0.9999),
        LatencyMaxNs = load.Inside.MaxNs,
        ArrivalP50Ns = load.SinceArrival.PercentileNs(0.5),
        ArrivalP99Ns = load.SinceArrival.PercentileNs(0.99),
        ArrivalP999Ns = load.SinceArrival.PercentileNs(0.999),
        ArrivalP9999Ns = load.SinceArrival.PercentileNs(0.9999),
        ArrivalMaxNs = load.SinceArrival.MaxNs,
    };
}
