using System;
using System.Collections.Generic;
using System.IO;
using System.Numerics;

using Cgn.Cli.Captures;
using Cgn.Cli.Replay;
using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Forwarder;
using Cgn.Memory.Frames;

namespace Cgn.Cli.Translate;

/// <summary>
/// The open loop: frames of two captures enter in the order of their times, inside first where those are equal; what
/// leaves is written with the time of the frame that caused it. The captures' time is the gateway's.
/// </summary>
internal sealed class Translator(TranslateOptions options, TextWriter errors)
{
    private const int Room = FrameStore.Headroom + 256;
    private const long FrameAreaBytes = 128L << 20;
    private const long LongGapNs = 1_000_000_000;
    private const int StepsInGap = 16;

    private readonly CaptureClock _clock = new();
    private readonly byte[] _buffer = new byte[131072];

    /// <summary>What was counted.</summary>
    internal TranslateSummary Summary { get; } = new();

    /// <summary>Translates everything.</summary>
    /// <returns>What part is done, 0 to 1, as it goes.</returns>
    internal IEnumerable<double> Run()
    {
        ConfigSnapshot snapshot = WithWorkers(ConfigFile.Load(options.ConfigPath, errors), options.Workers);
        OutputPaths.Check(options.WriteInside, options.WriteOutside, options.Inside, options.Outside);
        (int longest, long count) = FrameSource.Survey(options.Inside);
        (int otherLongest, long otherCount) = FrameSource.Survey(options.Outside);
        uint needed = (uint)(Math.Max(longest, otherLongest) + Room);
        int chunkBytes = (int)Math.Max(FrameStore.LiveChunkBytes, BitOperations.RoundUpToPowerOf2(needed));
        using FrameSource inside = new(options.Inside);
        using FrameSource outside = new(options.Outside);
        using SimulatedGateway gateway = new(
            snapshot, chunkBytes, (int)Math.Clamp(FrameAreaBytes / chunkBytes, 1024, 8192));
        using FrameWriters writers = new(
            options.WriteInside, options.WriteOutside, inside.IsNanosecond || outside.IsNanosecond);
        while (inside.HasFrame || outside.HasFrame)
        {
            bool isInside = !outside.HasFrame || (inside.HasFrame && inside.TimestampNs <= outside.TimestampNs);
            Translate(isInside ? inside : outside, isInside ? FramePort.Inside : FramePort.Outside, gateway, writers);
            yield return (double)(Summary.InsideIn + Summary.OutsideIn) / (count + otherCount);
        }

        Rest(gateway, writers, snapshot.Settings);
        writers.Complete();
        Summary.Close(gateway);
    }

    private static ConfigSnapshot WithWorkers(ConfigSnapshot snapshot, int workers)
    {
        GatewaySettings settings = snapshot.Settings;
        settings.ShardCount = workers;
        return SnapshotEdit.With(snapshot, settings);
    }

    private void Translate(FrameSource source, byte side, SimulatedGateway gateway, FrameWriters writers)
    {
        long beforeNs = _clock.NowNs;
        WorkerTime now = _clock.At(source.TimestampNs);
        PassGap(beforeNs, now, gateway, writers, source.TimestampNs);
        Summary.Entered(side);
        if (!gateway.Inject(side, source.Frame, (int)((Summary.InsideIn + Summary.OutsideIn) % options.Workers)))
        {
            string? file = side == FramePort.Inside ? options.Inside : options.Outside;
            throw new CommandException($"{file}: record {source.Number}: the gateway has no room to receive it")
            {
                ExitCode = ExitCodes.Refused,
            };
        }

        gateway.Run(now);
        Collect(gateway, writers, source.TimestampNs);
        source.Advance();
    }

    // Timers run out and tables are swept in between, as they would be with nothing to forward.
    private void PassGap(
        long beforeNs, WorkerTime now, SimulatedGateway gateway, FrameWriters writers, long timestampNs)
    {
        long gapNs = now.NowNs - beforeNs;
        if (gapNs < LongGapNs)
            return;
        for (int step = 1; step < StepsInGap; step++)
        {
            long backNs = gapNs / StepsInGap * (StepsInGap - step);
            gateway.Run(new WorkerTime(now.NowNs - backNs, now.UnixMs - (backNs / 1_000_000)));
            Collect(gateway, writers, timestampNs - backNs);
        }
    }

    // Fragments that still wait at the end are given up, so that every frame is accounted for.
    private void Rest(SimulatedGateway gateway, FrameWriters writers, GatewaySettings settings)
    {
        const long ReassemblyNs = 61_000_000_000;
        WorkerTime now = _clock.Pass(Math.Max(ReassemblyNs, (settings.FragmentTimeout + 1) * Tick.Nanoseconds));
        gateway.Run(now);
        Collect(gateway, writers, now.UnixMs * 1_000_000);
    }

    private void Collect(SimulatedGateway gateway, FrameWriters writers, long timestampNs)
    {
        EventDrain.Empty(gateway);
        Collect(FramePort.Inside, gateway, writers, timestampNs);
        Collect(FramePort.Outside, gateway, writers, timestampNs);
    }

    private void Collect(byte side, SimulatedGateway gateway, FrameWriters writers, long timestampNs)
    {
        while (gateway.TryCollect(side, _buffer, out int length))
        {
            writers.Write(side, Math.Max(0, timestampNs), _buffer.AsSpan(0, length));
            Summary.Left(side);
        }
    }
}
