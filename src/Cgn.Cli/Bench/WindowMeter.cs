using System;
using System.Diagnostics;
using System.Threading;

using Cgn.Contract.Counting;

namespace Cgn.Cli.Bench;

/// <summary>Reads a running gateway's counters at the ends of windows.</summary>
internal sealed class WindowMeter
{
    private readonly BenchGateway _gateway;
    private readonly long[] _latencyBefore = new long[CounterBlock.LatencyBuckets];
    private readonly long[] _latency = new long[CounterBlock.LatencyBuckets];
    private readonly BenchScenario _scenario;
    private readonly long _allocatedBefore;
    private readonly long _processBefore;
    private readonly long _collectionsBefore;
    private readonly long _droppedBefore;

    /// <summary>Notes where the counters stand; the gateway is at rest.</summary>
    /// <param name="gateway">Whose.</param>
    /// <param name="scenario">Decides what a window counts, see <see cref="BenchGateway.Carried"/>.</param>
    public WindowMeter(BenchGateway gateway, BenchScenario scenario)
    {
        _gateway = gateway;
        _scenario = scenario;
        Mpps = new double[BenchCase.Windows];
        _allocatedBefore = gateway.Counter(CounterId.AllocatedBytes);
        _droppedBefore = gateway.Counter(CounterId.Dropped);
        gateway.ReadLatency(_latencyBefore);
        _collectionsBefore = GC.CollectionCount(0);
        _processBefore = GC.GetTotalAllocatedBytes(precise: true);
    }

    /// <summary>Million packets a second of each window.</summary>
    public double[] Mpps { get; }

    /// <summary>Bytes that the workers allocated; valid after <see cref="Close"/>.</summary>
    public long AllocatedBytes { get; private set; }

    /// <summary>
    /// Bytes that all threads of the process allocated, the benchmark's included; valid after <see cref="Close"/>.
    /// </summary>
    public long ProcessAllocatedBytes { get; private set; }

    /// <summary>Collections of the process meanwhile; valid after <see cref="Close"/>.</summary>
    public long Collections { get; private set; }

    /// <summary>Frames dropped meanwhile; valid after <see cref="Close"/>.</summary>
    public long Drops { get; private set; }

    /// <summary>
    /// Measures all windows, one after the other; traffic is flowing. A window in which the machine gave the workers no
    /// time at all goes on until something was carried: a rate of nothing says nothing.
    /// </summary>
    /// <exception cref="BenchException">Nothing moves any more.</exception>
    public void Measure(int windowMs)
    {
        for (int i = 0; i < Mpps.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            long before = _gateway.Carried(_scenario);
            Thread.Sleep(windowMs);
            _gateway.WaitFor(() => _gateway.Carried(_scenario) != before);
            long count = _gateway.Carried(_scenario) - before;
            Mpps[i] = count / (Stopwatch.GetElapsedTime(start).TotalSeconds * 1e6);
        }
    }

    /// <summary>Notes where the counters stand after; the gateway is at rest again.</summary>
    public void Close()
    {
        ProcessAllocatedBytes = GC.GetTotalAllocatedBytes(precise: true) - _processBefore;
        Collections = GC.CollectionCount(0) - _collectionsBefore;
        AllocatedBytes = _gateway.Counter(CounterId.AllocatedBytes) - _allocatedBefore;
        Drops = _gateway.Counter(CounterId.Dropped) - _droppedBefore;
        _gateway.ReadLatency(_latency);
        for (int i = 0; i < _latency.Length; i++)
            _latency[i] -= _latencyBefore[i];
    }

    /// <summary>A time within which a part of all frames were through their turn, in nanoseconds.</summary>
    /// <param name="part">0 to 1.</param>
    public long TurnNs(double part)
    {
        long total = 0;
        foreach (long count in _latency)
            total += count;
        long seen = 0;
        for (int i = 0; i < _latency.Length; i++)
        {
            seen += _latency[i];
            if (seen >= total * part)
                return 1L << i;
        }

        return long.MaxValue;
    }
}
