using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Threading;

using Cgn.Contract.Process;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Nat;
using Cgn.Pipeline;
using Cgn.Ports;

namespace Cgn.Forwarder.Live;

/// <summary>The running gateway: everything is taken and opened in <see cref="Start"/>, and nothing more until it
/// ends.</summary>
public sealed class LiveGateway : IDisposable
{
    /// <summary>How often the main thread shows a sign of life, in milliseconds.</summary>
    public const int HeartbeatMs = 200;

    private const long NsPerUs = 1000;

    // Frames of a worker: what its rings hold in both directions, and as many again in tables, batches and handoff.
    internal const int FramesPerWorker = 16384;

    private readonly Arena _arena;
    private readonly Arena _private;
    private readonly FrameStore _store;
    private readonly LivePorts _ports;
    private readonly StatusWriter _status;
    private readonly List<WorkerThread> _threads = [];
    private readonly WorkerClock _clock = new();
    private HandoffMesh? _mesh;
    private Reservation? _reservation;
    private Reload? _reload;
    private Exception? _failure;
    private long _allocated;

    private LiveGateway(Arena arena, Arena privateArena, FrameStore store, LivePorts ports, StatusWriter status)
    {
        _arena = arena;
        _private = privateArena;
        _store = store;
        _ports = ports;
        _status = status;
    }

    /// <summary>Takes memory, attaches to what an earlier process left, opens ports, and lets the workers
    /// run.</summary>
    /// <param name="directory">The state directory.</param>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="failed">Called, on any thread, when a worker has failed and the process must end.</param>
    /// <param name="prepared">
    /// What this process has made ready while another one forwarded, from which the kernel may still be taking the
    /// devices back; null where none did.
    /// </param>
    /// <exception cref="PortException">A device can't be opened.</exception>
    /// <exception cref="IOException">State or memory can't be had.</exception>
    public static LiveGateway Start(
        StateDirectory directory, ConfigSnapshot snapshot, Action failed, Preparation? prepared = null)
    {
        ArgumentNullException.ThrowIfNull(snapshot);
        BoxFit fit = BoxFit.Of(snapshot);
        fit.Tell();
        snapshot = fit.Snapshot;
        int shards = snapshot.Settings.ShardCount;
        StatusPage shape = ShardFactory.ShapeOf(snapshot);
        StateShape.Check(directory, shape);
        StateRoom.Check(directory, snapshot);
        string? changed = StateShape.Fit(directory, shape, ShardCapacity.Of(snapshot.Settings, shards));
        if (changed is not null)
            Console.Error.WriteLine($"cgn-forwarder: {changed}");
        Arena arena = Arena.InDirectory(directory.Path);
        StatusWriter status = new(arena.Take(SectionNames.Forwarder, StatusPage.SizeBytes), shape);
        FrameStore store = prepared?.Frames(shards * FramesPerWorker) ?? new FrameStore(shards * FramesPerWorker);
        bool isSuspect = File.Exists(directory.SuspectFile);
        ShardFactory factory = new(arena, snapshot, isSuspect);
        // Beside the devices, whose opening the kernel takes its time over.
        using AttachThreads attaching = new(factory, shards);
        LivePorts ports = OpenPorts(snapshot, store, status, stoodBy: prepared is not null);
        LiveGateway gateway = new(arena, Arena.Private(), store, ports, status);
        FirstUse.Anticipate();
        attaching.Join();
        TellAttached(directory, isSuspect, factory.DamagedRecords);
        gateway.StartWorkers(fit, factory, failed);
        return gateway;
    }

    /// <summary>Generation of the configuration that the workers follow.</summary>
    public uint Generation => _status.Page.Generation;

    /// <summary>Shows a sign of life as long as all workers show theirs.</summary>
    /// <returns>How long ago the worker that is furthest behind began a turn.</returns>
    public TimeSpan Beat()
    {
        long oldest = long.MaxValue;
        long allocated = 0;
        foreach (WorkerThread thread in _threads)
        {
            oldest = Math.Min(oldest, thread.HeartbeatNs);
            allocated += thread.AllocatedBytes;
        }

        Tell(allocated);
        Volatile.Write(ref _status.Page.HeartbeatNs, oldest);
        _status.Page.NextHopGeneration = _ports.NextHops.Generation;
        _ports.ReadStatistics(ref _status.Page);
        _ports.KeepOffloads();
        _reload!.FollowDevices();
        _status.Page.TunnelMtu = _reload.InForce.Settings.TunnelMtu;
        return TimeSpan.FromMicroseconds((_clock.Now().NowNs - oldest) / NsPerUs);
    }

    /// <summary>
    /// Takes the snapshot that lies in the state directory now, if it is another one, between two turns of each worker.
    /// When that can't be, the one in force stays and the status page names the refused one.
    /// </summary>
    /// <param name="directory">The state directory.</param>
    public void Reload(StateDirectory directory)
    {
        ConfigSnapshot next;
        try
        {
            next = SnapshotFile.Read(directory.SnapshotFile);
        }
        catch (SnapshotException error)
        {
            Console.Error.WriteLine($"cgn-forwarder: {error.Message}; the configuration in force stays");
            return;
        }

        if (_reload is null || next.Generation == _reload.InForce.Generation)
            return;
        if (_reload.TryTake(next))
            Volatile.Write(ref _status.Page.Generation, next.Generation);
        else
            Volatile.Write(ref _status.Page.RefusedGeneration, next.Generation);
    }

    /// <summary>Ends the workers, lets the ports give back what they hold, and puts the devices back as they
    /// were.</summary>
    /// <returns>The process's exit code.</returns>
    public int Stop()
    {
        _status.Page.State = ForwarderState.Stopping;
        foreach (WorkerThread thread in _threads)
            thread.Stop();
        _mesh?.Dispose();
        _ports.Dispose();
        _status.Page.State = _failure is null ? ForwarderState.Stopped : ForwarderState.Failed;
        if (_failure is null)
            return 0;
        Console.Error.WriteLine($"cgn-forwarder: a worker failed: {_failure}");
        return 4;
    }

    /// <summary>Gives back all memory; the state directory's files stay.</summary>
    public void Dispose()
    {
        _reservation?.Dispose();
        _ports.Dispose();
        _arena.Dispose();
        _private.Dispose();
        _store.Dispose();
    }

    // Only now is what was suspected made anew.
    private static void TellAttached(StateDirectory directory, bool isSuspect, int damaged)
    {
        if (isSuspect)
        {
            File.Delete(directory.SuspectFile);
            Console.Error.WriteLine(
                "cgn-forwarder: another one died of a fault: all indexes were made anew from the records");
        }

        if (damaged != 0)
        {
            Console.Error.WriteLine(damaged == 1
                ? $"cgn-forwarder: {directory.Path}: 1 record was damaged and left out"
                : $"cgn-forwarder: {directory.Path}: {damaged} records were damaged and left out");
        }
    }

    // A worker that allocates has gone a way that nobody measured. When that was tells which way.
    private void Tell(long allocated)
    {
        if (allocated > _allocated)
        {
            string at = DateTime.UtcNow.ToString("HH:mm:ss", CultureInfo.InvariantCulture);
            Console.Error.WriteLine(
                $"cgn-forwarder: {at}: workers have allocated {allocated - _allocated} bytes: a fault");
        }

        _allocated = allocated;
    }

    private static LivePorts OpenPorts(ConfigSnapshot snapshot, FrameStore store, StatusWriter status, bool stoodBy)
    {
        long start = Environment.TickCount64;
        bool mayShare = !stoodBy || !status.CopiedFrames;
        while (true)
        {
            // The kernel may still be taking the devices back from the process before.
            bool waits = stoodBy && Environment.TickCount64 - start < LivePorts.DevicePatienceMs;
            try
            {
                return LivePorts.Open(
                    snapshot, store, snapshot.Settings.ShardCount, status.FirstGeneration, mayShare,
                    needsXdp: waits && status.UsedXdp);
            }
            catch (PortException) when (waits)
            {
                Thread.Sleep(1);
            }
        }
    }

    private void StartWorkers(BoxFit fit, ShardFactory factory, Action failed)
    {
        ConfigSnapshot snapshot = fit.Snapshot;
        int shards = snapshot.Settings.ShardCount;
        HandoffMesh mesh = _mesh = new HandoffMesh(shards, _private);
        List<Worker> workers = [];
        // Workers go first only where everybody else has a processor left to run on.
        bool leavesRoom = ThreadAffinity.HasOthers(snapshot.WorkerCpus);
        for (int i = 0; i < shards; i++)
        {
            FramePool pool = new(_store, i * FramesPerWorker, FramesPerWorker);
            GatewayPipeline pipeline = factory.Make(i, _store, pool, _ports.NextHops, _clock.Now());
            WorkerPorts inside = _ports.Inside(i);
            WorkerPorts outside = _ports.Outside(i);
            int cpu = i < snapshot.WorkerCpus.Length ? snapshot.WorkerCpus[i] : -1;
            workers.Add(new Worker(i, pipeline, inside, outside, mesh, factory.Desk(i)));
            _threads.Add(new WorkerThread(
                workers[i], [.. inside.Queues, .. outside.Queues], cpu,
                error =>
                {
                    _failure ??= error;
                    failed();
                },
                isFirst: cpu >= 0 && leavesRoom));
        }

        LostHandoffs.Count([.. workers.Select(static worker => worker.State.Counters)]);
        _reload = new Reload(workers, _ports, fit);
        _arena.Seal();
        _private.Seal();
        _status.Page.InsideDriver = DriverName.Of(_ports.InsideDriver);
        _status.Page.OutsideDriver = DriverName.Of(_ports.OutsideDriver);
        _status.Page.CopiesFrames = _ports.Copies ? (byte)1 : (byte)0;
        _status.Page.Generation = snapshot.Generation;
        foreach (WorkerThread thread in _threads)
            thread.Start();
        _status.Page.State = ForwarderState.Ready;
        _reservation = new Reservation(_arena);
    }
}
