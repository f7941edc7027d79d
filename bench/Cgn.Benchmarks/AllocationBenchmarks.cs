using System;

using BenchmarkDotNet.Attributes;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Arenas;
using Cgn.Nat;
using Cgn.Wire;

namespace Cgn.Benchmarks;

/// <summary>
/// Making sessions: each with a mapping, and so a port, of its own, and sixteen over one mapping. What the
/// first takes longer is the port and its mapping. From empty tables every time, sixteen sessions to a subscriber.
/// </summary>
[MemoryDiagnoser]
public class AllocationBenchmarks
{
    private const int Sessions = 1 << 17;
    private const int PerSubscriber = 16;
    private const uint Host = 0xC0A80102;
    private const uint Remote = 0x2C000000;
    private const ulong Prefix = 0x2001_0DB8_0000_0000;

    private readonly ConfigSnapshot _snapshot = new()
    {
        Settings = new GatewaySettings
        {
            SubscriberCapacity = Sessions / PerSubscriber,
            MappingCapacity = Sessions,
            SessionCapacity = Sessions,
            DefaultPlan = 0,
        },
        Pools = [new PoolSettings("bench", [new Ipv4PrefixSetting(0xC6120000, 24)], 1024, 65535, 512, 6000)],
        Plans = [new PlanSettings("bench", 0, 0, 64, 0, 0)],
    };

    private Arena? _arena;
    private NatShard? _shard;

    [IterationSetup]
    public void Setup()
    {
        _arena = Arena.Private();
        _shard = new NatShard(
            0, 1, _arena, _snapshot, new PoolTable(_snapshot),
            new CounterBlock(_arena.Take("counters", CounterBlock.SizeBytes)), null, default);
    }

    [IterationCleanup]
    public void Cleanup()
    {
        _shard!.Dispose();
        _arena!.Dispose();
    }

    [Benchmark(OperationsPerInvoke = Sessions)]
    public void SessionWithPort() => Make(static flow => (1024 + flow, 443));

    [Benchmark(Baseline = true, OperationsPerInvoke = Sessions)]
    public void SessionOfAMapping() => Make(static flow => (1024, 1024 + flow));

    private void Make(Func<int, (int Internal, int Remote)> ports)
    {
        for (int i = 0; i < Sessions; i++)
        {
            ulong b4 = Prefix | ((ulong)(i / PerSubscriber) << 8);
            SubscriberKey key = new(b4, 0, SubscriberKind.DsLite);
            (int local, int remote) = ports(i % PerSubscriber);
            FlowKey flow = new()
            {
                InternalAddress = Host,
                InternalPort = (ushort)local,
                RemoteAddress = Remote,
                RemotePort = (ushort)remote,
                Protocol = (byte)IpProtocol.Udp,
            };
            ulong hash = _shard!.OutboundHash(key, flow);
            if (_shard.CreateOutbound(hash, key, b4, 1, 0, flow, default, default, out DropReason refusal) == 0)
                throw new InvalidOperationException($"refused: {refusal}");
        }
    }
}
