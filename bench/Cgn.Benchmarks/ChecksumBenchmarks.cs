using System;

using BenchmarkDotNet.Attributes;

using Cgn.Wire;

namespace Cgn.Benchmarks;

/// <summary>The whole sum against the difference: why a translated packet's payload is never read.</summary>
[MemoryDiagnoser]
public class ChecksumBenchmarks
{
    private readonly byte[] _packet = new byte[1500];
    private ChecksumDelta _delta;
    private ushort _checksum = 0x1234;

    [Params(20, 1480)]
    public int LengthBytes { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        new Random(1).NextBytes(_packet);
        _delta = ChecksumDelta.Between(new Ipv4Address(0x0A000001), new Ipv4Address(0xCB007101));
    }

    [Benchmark(Baseline = true)]
    public ushort Whole() => Checksum.Compute(_packet.AsSpan(0, LengthBytes));

    [Benchmark]
    public ushort Difference() => _checksum = _delta.Apply(_checksum);
}
