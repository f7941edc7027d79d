using System;

using BenchmarkDotNet.Attributes;

using Cgn.Memory.Frames;
using Cgn.Softwire;
using Cgn.Wire;

namespace Cgn.Benchmarks;

/// <summary>Writing the header of a softwire: in the usual form, as the fast way does it, and in any form.</summary>
[MemoryDiagnoser]
public class EncapsulationBenchmarks
{
    private const int At = FrameStore.Headroom;
    private const int InnerBytes = 46;
    private const ulong AftrHigh = 0x2001_0DB8_FFFF_FFFF;
    private const ulong B4High = 0x2001_0DB8_0000_0100;

    private readonly SoftwireForm _form = new();
    private FrameStore? _store;
    private ulong _flow;

    [GlobalSetup]
    public void Setup() => _store = new FrameStore(1);

    [GlobalCleanup]
    public void Cleanup() => _store!.Dispose();

    [Benchmark(Baseline = true)]
    public void Usual() => Encapsulator.WriteUsual(
        _store!.Window(0, At), 0, InnerBytes, AftrHigh, 1, B4High, 1, Encapsulator.FlowLabel(_flow++, 1));

    [Benchmark]
    public void AnyForm() => Encapsulator.Write(
        _store!.Chunk(0).Slice(At, _form.HeaderBytes), _form, 0, InnerBytes, new Ipv6Address(AftrHigh, 1),
        new Ipv6Address(B4High, 1), Encapsulator.FlowLabel(_flow++, 1));
}
