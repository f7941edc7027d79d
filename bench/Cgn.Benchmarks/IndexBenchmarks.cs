using System;

using BenchmarkDotNet.Attributes;

using Cgn.Memory;
using Cgn.Memory.Tables;

namespace Cgn.Benchmarks;

/// <summary>Looking up a batch of hashes, one after another and with their buckets asked for first.</summary>
[MemoryDiagnoser]
public class IndexBenchmarks
{
    private const int Batch = 32;
    private const int OrderMask = (1 << 20) - 1;
    private readonly ulong[] _order = new ulong[OrderMask + 1];
    private HashIndex? _index;
    private int _at;

    [Params(1_000, 1_000_000)]
    public int Entries { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _index = new HashIndex((uint)Entries);
        for (uint record = 1; record <= Entries; record++)
            _index.Insert(Hash.Mix(record), record);
        Random random = new(1);
        for (int i = 0; i < _order.Length; i++)
            _order[i] = Hash.Mix((ulong)random.Next(1, Entries + 1));
    }

    [GlobalCleanup]
    public void Cleanup() => _index!.Dispose();

    [Benchmark(Baseline = true, OperationsPerInvoke = Batch)]
    public uint OneByOne() => Find(Next());

    [Benchmark(OperationsPerInvoke = Batch)]
    public uint Prefetched()
    {
        ReadOnlySpan<ulong> hashes = Next();
        foreach (ulong hash in hashes)
            _index!.Prefetch(hash);
        return Find(hashes);
    }

    private uint Find(ReadOnlySpan<ulong> hashes)
    {
        uint sum = 0;
        foreach (ulong hash in hashes)
            sum += _index!.First(hash);
        return sum;
    }

    private ReadOnlySpan<ulong> Next()
    {
        _at = (_at + Batch) & OrderMask;
        return _order.AsSpan(_at, Batch);
    }
}
