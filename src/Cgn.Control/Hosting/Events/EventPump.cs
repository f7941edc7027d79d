using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Runtime.InteropServices;
using System.Threading;
using System.Threading.Tasks;

using Cgn.Contract.Events;
using Cgn.Contract.Settings;
using Cgn.Control.Hosting.Configurations;
using Cgn.Control.State;

using Microsoft.Extensions.Hosting;

namespace Cgn.Control.Hosting.Events;

/// <summary>
/// Takes events out of every shard's ring and gives them to the sinks. While a sink can't record and policy is to
/// block,
/// nothing more is taken: rings fill up, and shards give out no new block. Else the records are counted as lost.
/// </summary>
internal sealed class EventPump : BackgroundService
{
    private const int BatchMax = 512;

    // SIGUSR1: the logs alone are opened anew, without a look at the configuration; what a rotation asks for.
    private const int UserSignal1 = 10;

    // A ring holds some seconds of a storm; an idle gateway should not keep a processor awake.
    private static readonly TimeSpan s_idleMin = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan s_idleMax = TimeSpan.FromMilliseconds(80);
    private static readonly TimeSpan s_retry = TimeSpan.FromMilliseconds(500);

    private readonly GatewayAttachment _attachment;
    private readonly OperatorLog _log;
    private readonly (IEventSink Sink, SinkStatistics Statistics)[] _sinks;
    private readonly IEventObserver[] _observers;
    private readonly bool _mayLose;
    private readonly ConfigurationDesk _desk;
    private readonly ForwarderEvent[] _batch = new ForwarderEvent[BatchMax];
    private readonly ConcurrentQueue<ForwarderEvent> _published = new();
    private readonly AddressChangeNotes _addressChanges = new();
    private readonly List<PosixSignalRegistration> _signals = [];
    private volatile bool _reopen;
    private long _turnedAt = Environment.TickCount64;

    public EventPump(
        GatewayAttachment attachment, OperatorLog log, ConfigurationDesk desk, IEnumerable<IEventSink> sinks,
        IEnumerable<IEventObserver> observers)
    {
        _attachment = attachment;
        _log = log;
        _sinks = [.. sinks.Select(static sink => (sink, new SinkStatistics()))];
        _observers = [.. observers];
        _desk = desk;
        _mayLose = desk.Snapshot.Settings.OnOverflow == OverflowPolicy.Drop;
    }

    /// <summary>What each sink has done, by its name.</summary>
    public IReadOnlyList<(string Sink, SinkStatistics Statistics)> Statistics =>
        [.. _sinks.Select(static s => (s.Sink.Name, s.Statistics))];

    /// <summary>When it last looked for events, or tried again to record some, in milliseconds of the system.</summary>
    public long TurnedAt => Volatile.Read(ref _turnedAt);

    /// <summary>Events taken, by kind.</summary>
    public long[] Taken { get; } = new long[byte.MaxValue + 1];

    /// <summary>Times that the use of something of the gateway as a whole crossed its threshold.</summary>
    public long[] Crossed { get; } = new long[byte.MaxValue + 1];

    /// <summary>
    /// Has observers and the operator told of something that the control plane itself has seen; from any thread. It
    /// goes into no log, and has no number.
    /// </summary>
    /// <param name="told">What.</param>
    public void Publish(in ForwarderEvent told) => _published.Enqueue(told);

    /// <inheritdoc/>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        // Here, since what follows runs some time later: until then these signals would end the process.
        foreach (PosixSignal signal in (PosixSignal[])[PosixSignal.SIGHUP, (PosixSignal)UserSignal1])
        {
            _signals.Add(PosixSignalRegistration.Create(signal, context =>
            {
                context.Cancel = true;
                _reopen = true;
            }));
        }

        return base.StartAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        base.Dispose();
        _signals.ForEach(static signal => signal.Dispose());
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Away from the thread that starts the host.
        await Task.Yield();
        TimeSpan idle = s_idleMin;
        while (!stoppingToken.IsCancellationRequested)
        {
            int taken = await TurnAsync(stoppingToken).ConfigureAwait(false);
            if (taken != 0)
            {
                idle = s_idleMin;
                continue;
            }

            await Task.Delay(idle, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            idle = idle < s_idleMax ? idle * 2 : s_idleMax;
        }

        // The forwarder has ended by now: what it still had to say is in the rings.
        while (await TurnAsync(stoppingToken).ConfigureAwait(false) != 0)
        {
        }
    }

    private async Task<int> TurnAsync(CancellationToken stopping)
    {
        Volatile.Write(ref _turnedAt, Environment.TickCount64);
        if (_reopen)
        {
            _reopen = false;
            foreach ((IEventSink sink, _) in _sinks)
                sink.Reopen();
        }

        int taken = TakePublished();
        int rings = _attachment.RingCount;
        for (int shard = 0; shard < rings; shard++)
        {
            int count = _attachment.PeekEvents(shard, _batch);
            if (count == 0)
                continue;
            bool isRecorded = true;
            foreach ((IEventSink sink, SinkStatistics statistics) in _sinks)
                isRecorded &= await RecordAsync(sink, statistics, count, stopping).ConfigureAwait(false);
            if (!isRecorded)
                continue;
            // Only now: a control plane that is killed before finds them again, and knows what its log has of them.
            _attachment.ReleaseEvents(shard, count);
            taken += count;
            Show(_batch.AsSpan(0, count));
        }

        return taken;
    }

    private int TakePublished()
    {
        int count = 0;
        while (count < BatchMax && _published.TryDequeue(out ForwarderEvent told))
            _batch[count++] = told;
        if (count != 0)
            Show(_batch.AsSpan(0, count));
        return count;
    }

    private void Show(ReadOnlySpan<ForwarderEvent> events)
    {
        foreach (ref readonly ForwarderEvent told in events)
            Take(told);
        foreach (IEventObserver observer in _observers)
            observer.Observe(events);
    }

    private void Take(in ForwarderEvent told)
    {
        Interlocked.Increment(ref Taken[(byte)told.Kind]);
        if (told.Shard == ForwarderEvent.WholeGateway && told.Kind == EventKind.ThresholdCrossed)
            Interlocked.Increment(ref Crossed[(byte)told.Resource]);
        if (told.Kind is EventKind.ThresholdCrossed or EventKind.ThresholdLow)
            _log.Warn(ThresholdText.Of(told, _desk.Snapshot));
        else if (_addressChanges.Of(told, _desk) is { } line)
            _log.Warn(line);
    }

    // False where it can't be recorded and must not be lost: it stays in the ring, for the next control plane.
    private async Task<bool> RecordAsync(
        IEventSink sink, SinkStatistics statistics, int count, CancellationToken stopping)
    {
        bool told = false;
        while (true)
        {
            Volatile.Write(ref _turnedAt, Environment.TickCount64);
            if (sink.TryWrite(_batch.AsSpan(0, count), out int recorded))
            {
                // Also where it had failed in an earlier turn, and records were lost.
                if (told || !statistics.CanWrite)
                {
                    _log.Info($"{sink.Name} can be written again"
                        + (_mayLose ? $"; lost since the start: {CountText.Of(statistics.Lost, "record")}" : ""));
                }

                statistics.CanWrite = true;
                statistics.CountWritten(recorded);
                return true;
            }

            bool couldBefore = statistics.CanWrite;
            statistics.CanWrite = false;
            if (_mayLose)
            {
                statistics.CountLost(recorded);
                if (couldBefore)
                    _log.Warn($"{sink.Name} can't be written; records are lost until it can be (logging.on-overflow)");
                return true;
            }

            if (stopping.IsCancellationRequested)
            {
                _log.Warn($"{sink.Name} can't be written; {recorded} records or more wait in the state directory");
                return false;
            }

            if (!told)
                _log.Warn(Waits(sink.Name));
            told = true;
            await Task.Delay(s_retry, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_reopen)
                sink.Reopen();
        }
    }

    private string Waits(string sink)
    {
        int room = _attachment.Read(static view => view.Status).EventRingCapacity;
        return $"{sink} can't be written; its records wait in the state directory, "
            + (room == 0 ? "" : $"{room} for each worker, ")
            + "and no new port blocks are given out from when those are full until it can be";
    }
}
