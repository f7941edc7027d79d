using System;
using System.Collections.Generic;
using System.IO;
using System.Threading;

using Cgn.Contract;
using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Memory.NextHops;
using Cgn.Nat;
using Cgn.Pipeline;
using Cgn.Ports;
using Cgn.Ports.InMemory;

namespace Cgn.Forwarder.Live;

/// <summary>
/// What makes a start slow is compiling. A process that stands by has all of its methods compiled, and goes through a
/// start with a gateway in memory, so that what only a run shows (type parameters, static fields) is there too.
/// </summary>
internal static class Rehearsal
{
    private const uint Few = 4096;
    private const int FramesPerWorker = 256;
    private const int TurnPatienceMs = 1000;

    /// <summary>Does it; a part that fails is left out, since it would fail the real start, which says why.</summary>
    /// <param name="directory">Where the configuration lies; nothing else of it is touched.</param>
    /// <param name="prepared">Gets what the start will need.</param>
    /// <param name="isOver">Asked again and again: whether there is no more time for it.</param>
    public static void Run(StateDirectory directory, Preparation prepared, Func<bool> isOver)
    {
        FirstUse.Anticipate();
        Compilation.Run(isOver);
        if (isOver())
            return;
        try
        {
            ConfigSnapshot snapshot = BoxFit.Of(SnapshotFile.Read(directory.SnapshotFile)).Snapshot;
            Rehearse(snapshot);
            if (!isOver())
                LivePorts.Rehearse(snapshot);
            if (!isOver())
                prepared.Prepare(snapshot.Settings.ShardCount * LiveGateway.FramesPerWorker);
        }
        catch (Exception error) when (error is SnapshotException or IOException or InvalidDataException
            or UnauthorizedAccessException or PortException)
        {
            // The start itself meets it again.
        }
    }

    // Twice over the same records: made, and found again.
    private static void Rehearse(ConfigSnapshot snapshot)
    {
        GatewaySettings settings = snapshot.Settings;
        settings.SubscriberCapacity = Few;
        settings.MappingCapacity = Few;
        settings.SessionCapacity = Few;
        snapshot = snapshot with { Settings = settings };
        string folder = Directory.CreateTempSubdirectory("cgn-rehearsal-").FullName;
        try
        {
            StateDirectory directory = new(folder);
            StatusPage shape = ShardFactory.ShapeOf(snapshot);
            for (int life = 0; life < 2; life++)
            {
                StateShape.Fit(directory, shape, ShardCapacity.Of(settings, settings.ShardCount));
                using Arena arena = Arena.InDirectory(folder);
                _ = new StatusWriter(arena.Take(SectionNames.Forwarder, StatusPage.SizeBytes), shape);
                ShardFactory factory = new(arena, snapshot);
                using AttachThreads attaching = new(factory, settings.ShardCount);
                attaching.Join();
                Work(factory, arena, settings.ShardCount);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // Workers that take some turns without a frame.
    private static void Work(ShardFactory factory, Arena arena, int shards)
    {
        using Arena own = Arena.Private();
        using FrameStore store = new(shards * FramesPerWorker);
        using HandoffMesh mesh = new(shards, own);
        FixedNextHops nextHops = new(static _ => true);
        WorkerTime now = new WorkerClock().Now();
        List<WorkerThread> threads = [];
        for (int i = 0; i < shards; i++)
        {
            FramePool pool = new(store, i * FramesPerWorker, FramesPerWorker);
            GatewayPipeline pipeline = factory.Make(i, store, pool, nextHops, now);
            WorkerPorts inside = Port(store, FramePort.Inside, i);
            WorkerPorts outside = Port(store, FramePort.Outside, i);
            threads.Add(new WorkerThread(
                new Worker(i, pipeline, inside, outside, mesh, factory.Desk(i)), [], cpu: -1, static _ => { }));
        }

        arena.Seal();
        own.Seal();
        threads.ForEach(static thread => thread.Start());
        threads.ForEach(static thread => SpinWait.SpinUntil(() => thread.HeartbeatNs != 0, TurnPatienceMs));
        threads.ForEach(static thread => thread.Stop());
    }

    private static WorkerPorts Port(FrameStore store, byte side, int worker) =>
        new([new MemoryPort(store, "rehearsal", side, (ushort)worker, FramesPerWorker)]);
}
