using System;
using System.Diagnostics;
using System.Threading;

using Cgn.Cli.Bench.Traffic;
using Cgn.Contract;
using Cgn.Forwarder.Workers;
using Cgn.Memory.Frames;
using Cgn.Ports;

namespace Cgn.Cli.Bench;

/// <summary>
/// The loop of a worker without a pipeline: the same ports, lists, pool and clock, and each frame leaves by the other
/// side as it came. What it
/// takes is what the benchmark itself takes.
/// </summary>
internal sealed class ReferenceLoop : IDisposable
{
    private const int TurnFrames = 64;

    private readonly FrameStore _store = new(4096);
    private readonly FramePool _pool;
    private readonly GeneratorPort _inside;
    private readonly GeneratorPort _outside;
    private readonly Frame[] _frames = GC.AllocateArray<Frame>(TurnFrames, pinned: true);
    private readonly long[] _counts = new long[BenchCase.Windows];
    private readonly long[] _ticks = new long[BenchCase.Windows];
    private readonly Thread _thread;
    private readonly int _cpu;
    private readonly int _windowMs;

    /// <summary>Prepares the loop of one worker.</summary>
    /// <param name="outbound">What it gets from inside, or null.</param>
    /// <param name="inbound">What it gets from outside, or null.</param>
    /// <param name="cpu">Processor to run on, or -1 for any.</param>
    /// <param name="windowMs">How long a window lasts.</param>
    public ReferenceLoop(TemplateList? outbound, TemplateList? inbound, int cpu, int windowMs)
    {
        _pool = new FramePool(_store, 0, _store.ChunkCount);
        _inside = new GeneratorPort(_store, "inside", FramePort.Inside, 0);
        _outside = new GeneratorPort(_store, "outside", FramePort.Outside, 0);
        _cpu = cpu;
        _windowMs = windowMs;
        _thread = new Thread(Main) { Name = "reference", IsBackground = true };
        if (outbound is not null)
            _inside.Begin(outbound, repeats: true);
        if (inbound is not null)
            _outside.Begin(inbound, repeats: true);
    }

    /// <summary>Runs it on a thread of its own.</summary>
    public void Start() => _thread.Start();

    /// <summary>Waits until it has run.</summary>
    /// <returns>Nanoseconds a frame, the median of five windows.</returns>
    public double Finish()
    {
        _thread.Join();
        double[] ns = new double[BenchCase.Windows];
        for (int i = 0; i < ns.Length; i++)
            ns[i] = _ticks[i] * 1e9 / Stopwatch.Frequency / Math.Max(1, _counts[i]);
        return Statistics.Median(ns);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inside.Dispose();
        _outside.Dispose();
        _store.Dispose();
    }

    private void Main()
    {
        if (_cpu >= 0)
            ThreadAffinity.Pin(_cpu);
        WorkerClock clock = new();
        WorkerTime now = clock.Now();
        long endNs = now.NowNs + (_windowMs * 200_000L);
        // A fifth of a window to warm up.
        while (now.NowNs < endNs)
        {
            _ = Turn();
            now = clock.Now();
        }

        for (int i = 0; i < _counts.Length; i++)
        {
            long start = Stopwatch.GetTimestamp();
            endNs = now.NowNs + (_windowMs * 1_000_000L);
            long count = 0;
            while (now.NowNs < endNs)
            {
                count += Turn();
                now = clock.Now();
            }

            _counts[i] = count;
            _ticks[i] = Stopwatch.GetTimestamp() - start;
        }
    }

    private int Turn() => Move(_inside, _outside) + Move(_outside, _inside);

    private int Move(Port from, Port to)
    {
        int count = from.Receive(_frames, _pool);
        return count == 0 ? 0 : to.Transmit(_frames.AsSpan(0, count), _pool);
    }
}
