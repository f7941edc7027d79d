using System;
using System.Diagnostics;
using System.Threading;

using Cgn.Cli.Bench.Traffic;
using Cgn.Forwarder.Workers;
using Cgn.Memory;
using Cgn.Memory.Arenas;
using Cgn.Memory.Frames;
using Cgn.Ports;
using Cgn.Wire;

namespace Cgn.Cli.Bench.Guard;

/// <summary>
/// What the path is measured against, a fixed loop that must stay as it is: the same ports, lists, frames and batches,
/// and for each packet a sum over its headers and three cache lines at random places of as much memory as the tables
/// have, all asked for ahead. No translation and nothing of the gateway's: it gets no faster or slower but with the
/// machine, in its arithmetic as in its memory.
/// </summary>
internal sealed class GuardReference : IDisposable
{
    private const int TurnFrames = 64;
    private const int LinesEach = 3;
    private const int LineBytes = 64;
    private const int Words = LineBytes / sizeof(ulong);

    private readonly Arena _memory = Arena.Private();
    private readonly FrameStore _store = new(4096);
    private readonly FramePool _pool;
    private readonly GeneratorPort _inside;
    private readonly GeneratorPort _outside;
    private readonly NativeArray<ulong> _table;
    private readonly Frame[] _frames = GC.AllocateArray<Frame>(TurnFrames, pinned: true);
    private readonly uint[] _places = GC.AllocateArray<uint>(TurnFrames * LinesEach, pinned: true);
    private readonly uint _lines;
    private ulong _sum;

    /// <summary>Prepares the loop.</summary>
    /// <param name="outbound">What it gets from inside.</param>
    /// <param name="inbound">What it gets from outside.</param>
    /// <param name="tableBytes">How much memory the lines lie in.</param>
    public GuardReference(TemplateList outbound, TemplateList inbound, ulong tableBytes)
    {
        _pool = new FramePool(_store, 0, _store.ChunkCount);
        _inside = new GeneratorPort(_store, "inside", FramePort.Inside, 0);
        _outside = new GeneratorPort(_store, "outside", FramePort.Outside, 0);
        _lines = (uint)Math.Max(1, tableBytes / LineBytes);
        _table = new NativeArray<ulong>(_memory.Take("table", (nuint)_lines * LineBytes), _lines * Words);
        // Written once, so that each page is one of its own and not the system's common page of zeros.
        for (uint line = 0; line < _lines; line++)
            _table[line * Words] = Hash.Mix(line);
        _inside.Begin(outbound, repeats: true);
        _outside.Begin(inbound, repeats: true);
    }

    /// <summary>Runs it on a thread of its own, on the processor of the first worker.</summary>
    /// <param name="ms">How long, after a fifth of that to warm up.</param>
    /// <returns>Nanoseconds a packet.</returns>
    public double Measure(int ms)
    {
        double ns = 0;
        Thread thread = new(() =>
        {
            int cpu = BenchGateway.CpuOf(0, 1);
            if (cpu >= 0)
                ThreadAffinity.Pin(cpu);
            _ = Run(ms / BenchCase.Windows);
            ns = Run(ms);
        })
        { Name = "reference" };
        thread.Start();
        thread.Join();
        return ns;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _inside.Dispose();
        _outside.Dispose();
        _store.Dispose();
        _memory.Dispose();
    }

    private double Run(int ms)
    {
        long start = Stopwatch.GetTimestamp();
        long end = start + (Stopwatch.Frequency * ms / 1000);
        long count = 0;
        long now = start;
        for (; now < end; now = Stopwatch.GetTimestamp())
            count += Move(_inside, _outside) + Move(_outside, _inside);
        return (now - start) * 1e9 / Stopwatch.Frequency / Math.Max(1, count);
    }

    private int Move(Port from, Port to)
    {
        int count = from.Receive(_frames, _pool);
        for (int i = 0; i < count; i++)
        {
            ulong hash = Hash.Mix(Checksum.Sum(Headers(_frames[i])) + (_sum++ << 16));
            for (int k = 0; k < LinesEach; k++)
            {
                uint line = (uint)(((hash >> 32) * _lines) >> 32);
                _places[(i * LinesEach) + k] = line * Words;
                _table.Prefetch(line * Words);
                hash = Hash.Mix(hash);
            }
        }

        for (int i = 0; i < count * LinesEach; i++)
            _sum += _table[_places[i]] & 1;
        return count == 0 ? 0 : to.Transmit(_frames.AsSpan(0, count), _pool);
    }

    private ReadOnlySpan<byte> Headers(in Frame frame) =>
        _store.Packet(frame)[FrameLayout.LinkBytes..][..FrameLayout.HeadBytes];
}
