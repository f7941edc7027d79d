using System;

using BenchmarkDotNet.Attributes;

using Cgn.Contract.Records;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Rewriting;
using Cgn.Wire;

namespace Cgn.Benchmarks;

/// <summary>
/// Writing what translation changes in a packet whose session is known: address, port, time to live, two checksums.
/// </summary>
[MemoryDiagnoser]
public class RewritingBenchmarks
{
    private const int At = FrameStore.Headroom;
    private const int Payload = 18;

    private FrameStore? _store;
    private PacketContext _context;
    private SessionRecord _session;

    // Not the protocol itself: what is generated around a benchmark knows no types but the system's.
    [Params(false, true)]
    public bool IsTcp { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        IpProtocol protocol = IsTcp ? IpProtocol.Tcp : IpProtocol.Udp;
        _store = new FrameStore(1);
        Ipv4Address inside = new(0x0A000001);
        Ipv4Address external = new(0xCB007101);
        Ipv4Header header = new()
        {
            PayloadLength = 20 + Payload,
            Ttl = 64,
            Protocol = protocol,
            Source = inside,
            Destination = new Ipv4Address(0xC6336401),
        };
        header.Write(_store.Chunk(0)[At..]);
        _context = new PacketContext
        {
            Ipv4At = At,
            TransportAt = At + Ipv4Header.Size,
            Ipv4Length = Ipv4Header.Size + header.PayloadLength,
            Ttl = header.Ttl,
        };
        _context.Flow.Protocol = (byte)protocol;
        _session = new SessionRecord
        {
            ExternalAddress = external.Value,
            ExternalPort = 2000,
            InternalAddress = inside.Value,
            InternalPort = 1000,
            AddressDelta = ChecksumDelta.Between(inside, external).Value,
            TransportDelta = ChecksumDelta.Between(1000, 2000).Value,
        };
    }

    [GlobalCleanup]
    public void Cleanup() => _store!.Dispose();

    [Benchmark(Baseline = true)]
    public void Outbound() => HeaderRewriter.Outbound(_store!, 0, _context, _session, 0);

    [Benchmark]
    public void Inbound() => HeaderRewriter.Inbound(_store!, 0, _context, _session);
}
