using System;
using System.Collections.Generic;
using System.Threading;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Ports;

namespace Cgn.Forwarder.Workers;

/// <summary>
/// The thread of a live worker: hands it the time, counts how busy it is, and sleeps when there has been nothing to
/// do for a while. It polls
/// without pause under load and costs next to nothing when idle.
/// </summary>
public sealed class WorkerThread
{
    // How long a sleep lasts at most; the sweep and the counters want to be looked after even without traffic.
    private const int SleepMs = 20;

    // How often the clock is set against the time of day.
    private const long ResyncNs = 10_000_000_000;

    private readonly Worker _worker;
    private readonly IReadOnlyList<Port> _ports;
    private readonly PortWaiter _waiter;
    private readonly Bell _bell;
    private readonly Action<Exception> _failed;
    private readonly Thread _thread;
    private readonly SpinBudget _spin = new();
    private readonly bool _isFirst;
    private volatile bool _stop;
    private long _heartbeatNs;

    /// <summary>Prepares a thread; <see cref="Start"/> lets it run.</summary>
    /// <param name="worker">What it drives.</param>
    /// <param name="ports">The worker's ports, to sleep on and to give back at the end.</param>
    /// <param name="cpu">Processor to run on, or -1 for any.</param>
    /// <param name="failed">Called on the thread when the worker has thrown: a broken invariant, after which the
    /// process must end.</param>
    /// <param name="isFirst">Whether it goes before ordinary threads on its processor, see
    /// <see cref="RealTimePriority"/>.</param>
    public WorkerThread(
        Worker worker, IReadOnlyList<Port> ports, int cpu, Action<Exception> failed, bool isFirst = false)
    {
        ArgumentNullException.ThrowIfNull(worker);
        _worker = worker;
        _ports = ports;
        _bell = worker.Handoff.Hang();
        _waiter = new PortWaiter(ports, _bell.Descriptor);
        _failed = failed;
        _isFirst = isFirst;
        Cpu = cpu;
        _thread = new Thread(Main) { Name = $"worker{worker.Number}", IsBackground = true };
    }

    /// <summary>Processor that it runs on, or -1 for any.</summary>
    public int Cpu { get; }

    /// <summary>When it last began a turn, in nanoseconds of the worker's clock.</summary>
    public long HeartbeatNs => Volatile.Read(ref _heartbeatNs);

    /// <summary>Bytes that it has allocated since its first turn, but for taking configurations: 0, or there is a
    /// fault.</summary>
    public long AllocatedBytes => Volatile.Read(ref _worker.State.Counters[CounterId.AllocatedBytes]);

    /// <summary>Lets it run.</summary>
    public void Start() => _thread.Start();

    /// <summary>Ends it: the turn under way is finished, then its ports give their frames back.</summary>
    public void Stop()
    {
        _stop = true;
        _thread.Join();
    }

    private void Main()
    {
        try
        {
            // Before others only on a processor of its own: not pinned, it would take turns on everybody's.
            if (Cpu >= 0 && ThreadAffinity.Pin(Cpu) && _isFirst)
                RealTimePriority.Take();
            Loop();
            foreach (Port port in _ports)
                port.Release(_worker.State.Pool);
        }
        catch (Exception error) when (Report(error))
        {
            throw;
        }
    }

    private bool Report(Exception error)
    {
        _failed(error);
        return false;
    }

    // But for what another configuration takes, between two turns.
    private long Allocated() => GC.GetAllocatedBytesForCurrentThread() - _worker.Desk.AllocatedBytes;

    // What another worker hands over comes by no port, and must not wait for the sleep to end.
    private bool Sleep()
    {
        _bell.Await();
        bool isWoken = _worker.Handoff.HasWaiting || _waiter.Wait(SleepMs);
        _bell.Answer(isWoken);
        return isWoken;
    }

    private void Loop()
    {
        CounterBlock counters = _worker.State.Counters;
        TurnMeter meter = new(counters);
        WorkerClock clock = new();
        WorkerTime now = clock.Now();
        long startNs = now.NowNs;
        long resyncNs = startNs + ResyncNs;
        long allocatedBefore = Allocated();
        int collectionsBefore = GC.CollectionCount(0);
        while (!_stop)
        {
            int frames = _worker.Turn(now);
            WorkerTime after = clock.Now();
            if (frames != 0)
            {
                _spin.Found();
                meter.Count(frames, after.NowNs - now.NowNs);
            }
            else if (!_worker.Desk.IsBusy && _spin.Missed())
            {
                counters[CounterId.AllocatedBytes] = Allocated() - allocatedBefore;
                counters[CounterId.Collections] = GC.CollectionCount(0) - collectionsBefore;
                bool isWoken = Sleep();
                WorkerTime woken = clock.Now();
                if (isWoken)
                    _spin.Woken(woken.NowNs - after.NowNs);
                after = woken;
            }

            now = after;
            counters[CounterId.AliveNs] = now.NowNs - startNs;
            Volatile.Write(ref _heartbeatNs, now.NowNs);
            if (now.NowNs < resyncNs)
                continue;
            resyncNs = now.NowNs + ResyncNs;
            clock.Resynchronise();
            counters[CounterId.AllocatedBytes] = Allocated() - allocatedBefore;
            counters[CounterId.Collections] = GC.CollectionCount(0) - collectionsBefore;
        }
    }
}
