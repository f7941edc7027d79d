using Cgn.Contract.Settings;
using Cgn.Memory;
using Cgn.Memory.Arenas;
using Cgn.Nat;
using Cgn.Wire;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// Finds external endpoints that nobody has: ports between those that sessions have, on their addresses.
/// </summary>
internal sealed class ScanMaker
{
    private const int Ports = 1 << 16;
    private const int WordBits = 64;
    private const uint FirstPort = 1024;

    private readonly PoolTable _pools;
    private readonly int _workers;
    private readonly NativeArray<ulong> _taken;

    /// <summary>Notes which endpoints sessions have.</summary>
    /// <param name="memory">Where a bit for each endpoint lies.</param>
    /// <param name="snapshot">The configuration.</param>
    /// <param name="book">The sessions' external endpoints.</param>
    public ScanMaker(Arena memory, ConfigSnapshot snapshot, MappingBook book)
    {
        _pools = new PoolTable(snapshot);
        _workers = snapshot.Settings.ShardCount;
        uint words = (uint)_pools.AddressCount * (Ports / WordBits);
        _taken = new NativeArray<ulong>(memory.Take("taken", (nuint)words * sizeof(ulong)), words);
        for (uint number = 0; number < book.Length; number++)
        {
            if (book.TryFind(number, out uint address, out ushort port, out _))
                Word(address, port) |= Bit(port);
        }
    }

    /// <summary>An endpoint that nobody has.</summary>
    /// <param name="number">Another number, another endpoint, or nearly always.</param>
    /// <param name="address">On which address, host order.</param>
    /// <param name="worker">The worker that would own it.</param>
    /// <exception cref="BenchException">All ports of the address are taken.</exception>
    public Endpoint Find(uint number, uint address, out int worker)
    {
        uint start = (uint)(Hash.Mix(number + 0x5CA2_0000_0000UL) % (Ports - FirstPort));
        for (uint i = 0; i < Ports - FirstPort; i++)
        {
            ushort port = (ushort)(FirstPort + ((start + i) % (Ports - FirstPort)));
            if ((Word(address, port) & Bit(port)) != 0)
                continue;
            worker = _pools.OwnerShard(address, port, (byte)IpProtocol.Udp, _workers);
            return new Endpoint(address, port);
        }

        throw new BenchException($"port-scan: no port of {new Ipv4Address(address)} is free");
    }

    private static ulong Bit(ushort port) => 1UL << (port % WordBits);

    private ref ulong Word(uint address, ushort port)
    {
        _ = _pools.TryFind(address, out int number);
        return ref _taken[((uint)number * (Ports / WordBits)) + ((uint)port / WordBits)];
    }
}
