using System;
using System.Collections.Generic;

using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Nat.Forecasts;

namespace Cgn.Nat;

/// <summary>
/// The external addresses of a snapshot, cut into numbered port blocks, and which shard has which. Made once for each
/// generation, then only read, by all shards.
/// </summary>
/// <remarks>
/// Addresses are numbered from 0: those of the open pools first, then pool by pool, in the order of the configuration.
/// A port block is a run of one or more units, numbered likewise, address by address; where a pool's first and further
/// blocks are of one size, each is a unit. A group is as many units as the larger of the two sizes takes, counted from
/// port 0, and no block reaches from one into another; only groups wholly inside the pool's ports exist. Numbers change
/// with the pools; which shard has a group does not, since it follows from the address and the ports alone. A unit that
/// a static mapping has a port in is given to nobody, and each static port belongs to the shard of its subscriber. In
/// deterministic mode units are cut from what the computed sets leave of an address, and a computed set belongs to the
/// shard of its subscriber.
/// </remarks>
public sealed partial class PoolTable
{
    private readonly PoolRange[] _ranges;
    private readonly uint[] _lasts;
    private readonly int[] _byNumber;
    private readonly Dictionary<ulong, ulong> _staticOwners = [];
    private readonly ulong[] _reserved;
    private readonly ulong[] _drained;
    private readonly PoolSettings[] _pools;
    private readonly int[] _firstOfPool;
    private readonly int _openEnd;
    private readonly PoolPolicy _policy;
    private readonly ulong _seed;

    /// <summary>External addresses in all pools.</summary>
    public int AddressCount { get; }

    /// <summary>Units of port blocks in all pools, those that static mappings reserve included.</summary>
    public uint BlockCount { get; }

    /// <summary>Some unit is reserved.</summary>
    internal bool HasReserved { get; }

    /// <summary>The static mappings of the configuration that it was made from.</summary>
    internal StaticSet Statics { get; }

    /// <summary>A hash of the configuration that it was made from, but for its generation. Never 0.</summary>
    internal ulong SnapshotHash { get; }

    /// <summary>The runs of addresses, ascending.</summary>
    internal ReadOnlySpan<PoolRange> Ranges => _ranges;

    /// <summary>How ports follow from subscribers in deterministic mode; null in any other.</summary>
    public PortPlan? Plan { get; }

    internal AddressOnlyClaims AddressOnly { get; }

    /// <summary>Finds an external address among the pools.</summary>
    /// <param name="address">Host order.</param>
    /// <param name="addressNumber">Its number, 0 to <see cref="AddressCount"/> - 1, or -1.</param>
    public bool TryFind(uint address, out int addressNumber)
    {
        int range = RangeOf(address);
        addressNumber = range < 0 ? -1 : _ranges[range].FirstNumber + (int)(address - _ranges[range].First);
        return range >= 0;
    }

    /// <summary>The address is in a pool.</summary>
    public bool Contains(uint address) => RangeOf(address) >= 0;

    /// <summary>The shard that an inbound packet belongs to, for a protocol with ports.</summary>
    /// <param name="address">External address.</param>
    /// <param name="port">External port or query identifier.</param>
    /// <param name="protocol">Transport protocol.</param>
    /// <param name="shardCount">Shards.</param>
    /// <returns>The shard, or -1 when the address is in no pool.</returns>
    public int OwnerShard(uint address, ushort port, byte protocol, int shardCount)
    {
        int range = RangeOf(address);
        if (range < 0)
            return -1;
        ref readonly PoolRange pool = ref _ranges[range];
        int offset = port - pool.FirstPort;
        if ((uint)offset < pool.BlocksPerAddress * (uint)pool.BlockSize)
        {
            uint unit = (uint)(offset / pool.BlockSize);
            if (!IsReserved(FirstBlockOf(pool, address) + unit))
                return pool.OwnerOf(address, unit, shardCount);
        }
        else if (Plan is not null && TryComputedOwner(pool, address, port, out SubscriberId subscriber))
        {
            SubscriberKey key = new(subscriber.High, subscriber.Low, subscriber.Kind);
            return NatShard.ShardOf(key, shardCount, _seed);
        }

        // A port outside all blocks belongs to a static mapping or to nobody; then any one shard may say so.
        return _staticOwners.TryGetValue(Endpoint(address, port, protocol), out ulong owner)
            ? NatShard.ShardOfHash(owner, shardCount)
            : (int)(address % (uint)shardCount);
    }

    /// <summary>The shard that an inbound packet belongs to, whatever its protocol.</summary>
    /// <param name="flow">The packet's endpoints; the local one is external.</param>
    /// <param name="shardCount">Shards.</param>
    /// <returns>The shard, or -1 when the address is in no pool.</returns>
    public int OwnerShard(in FlowKey flow, int shardCount)
    {
        // A call of PPTP goes before whoever has GRE with the remote by its address alone.
        if (shardCount > 1 && !NatProtocol.HasPorts(flow.Protocol)
            && ((flow.InternalPort != 0 && AddressOnly.TryFind(
                    flow.InternalAddress, flow.RemoteAddress, flow.Protocol, flow.InternalPort, out int shard))
                || AddressOnly.TryFind(flow.InternalAddress, flow.RemoteAddress, flow.Protocol, 0, out shard)))
        {
            return shard;
        }

        return OwnerShard(flow.InternalAddress, flow.InternalPort, flow.Protocol, shardCount);
    }

    /// <summary>The address of a number.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such address.</exception>
    public uint AddressOf(int addressNumber)
    {
        ref readonly PoolRange range = ref _ranges[RangeOfNumber(addressNumber)];
        return range.First + (uint)(addressNumber - range.FirstNumber);
    }

    /// <summary>The pool of an address, as a number in the snapshot, or -1.</summary>
    public int PoolOf(uint address)
    {
        int range = RangeOf(address);
        return range < 0 ? -1 : _ranges[range].Pool;
    }

    /// <summary>The unit that a port lies in.</summary>
    /// <param name="address">External address.</param>
    /// <param name="port">Port.</param>
    /// <param name="block">Number of the unit among all, 0 to <see cref="BlockCount"/> - 1.</param>
    /// <returns>False when the address is in no pool or the port in no unit.</returns>
    public bool TryBlockOf(uint address, ushort port, out uint block)
    {
        block = 0;
        int range = RangeOf(address);
        if (range < 0)
            return false;
        ref readonly PoolRange pool = ref _ranges[range];
        int offset = port - pool.FirstPort;
        if ((uint)offset >= pool.BlocksPerAddress * (uint)pool.BlockSize)
            return false;
        block = FirstBlockOf(pool, address) + (uint)(offset / pool.BlockSize);
        return true;
    }

    /// <summary>A static mapping has a port of this unit, so it is given to nobody.</summary>
    public bool IsReserved(uint block) => ((_reserved[block / 64] >> (int)(block % 64)) & 1) != 0;

    /// <summary>The address gives out no new block.</summary>
    /// <param name="addressNumber">Its number.</param>
    public bool IsDrained(int addressNumber) => ((_drained[addressNumber / 64] >> (addressNumber % 64)) & 1) != 0;

    /// <summary>Address and ports of a unit.</summary>
    /// <param name="block">Number, 0 to <see cref="BlockCount"/> - 1.</param>
    /// <param name="firstPort">Its first port.</param>
    /// <param name="lastPort">Its last port.</param>
    /// <returns>Its external address.</returns>
    public uint Block(uint block, out ushort firstPort, out ushort lastPort)
    {
        ref readonly PoolRange range = ref _ranges[FindRangeOfBlock(block)];
        uint inRange = block - range.FirstBlock;
        int first = range.FirstPort + ((int)(inRange % range.BlocksPerAddress) * range.BlockSize);
        firstPort = (ushort)first;
        lastPort = (ushort)(first + range.BlockSize - 1);
        return range.First + (inRange / range.BlocksPerAddress);
    }

    /// <summary>Number of a pool's first address; the others follow.</summary>
    internal int FirstAddressOf(int pool) => _firstOfPool[pool];

    /// <summary>Addresses of a pool.</summary>
    internal int AddressesOf(int pool) => AddressesIn(_pools[pool]);

    /// <summary>The settings of a pool by its number in the snapshot.</summary>
    internal PoolSettings SettingsOf(int pool) => _pools[pool];

    /// <summary>How long an unused block of an address may stay with its subscriber, in ticks.</summary>
    public uint IdleTicksOf(uint address)
    {
        int pool = PoolOf(address);
        return pool < 0 ? 0 : _pools[pool].PortSetTimeout;
    }

    /// <summary>
    /// The addresses that a subscriber may be paired with: numbers from <paramref name="first"/> to
    /// <paramref name="end"/> - 1 (RFC 6333 8.1).
    /// </summary>
    /// <param name="key">The subscriber.</param>
    /// <param name="plan">Number of his plan.</param>
    /// <param name="first">First number.</param>
    /// <param name="end">One more than the last.</param>
    public void AddressesFor(in SubscriberKey key, int plan, out int first, out int end)
    {
        int pool = _policy.PoolOf(key.Kind, key.High, key.Low, plan);
        first = pool == PoolPolicy.Open ? 0 : _firstOfPool[pool];
        end = pool == PoolPolicy.Open ? _openEnd : first + AddressesIn(_pools[pool]);
    }

    /// <summary>The addresses of a pool, whoever else it serves.</summary>
    /// <param name="pool">Its number in the snapshot.</param>
    /// <param name="first">First number.</param>
    /// <param name="end">One more than the last.</param>
    internal void AddressesOf(int pool, out int first, out int end)
    {
        first = _firstOfPool[pool];
        end = first + AddressesIn(_pools[pool]);
    }

    internal static SubscriberKey KeyOf(StaticMapping mapping) => new(
        mapping.SubscriberHigh, mapping.SubscriberLow,
        mapping.IsDsLite ? SubscriberKind.DsLite : SubscriberKind.Nat444);

    private static uint FirstBlockOf(in PoolRange pool, uint address) =>
        pool.FirstBlock + ((address - pool.First) * pool.BlocksPerAddress);

    private static ulong Endpoint(uint address, ushort port, byte protocol) =>
        ((ulong)address << 32) | ((ulong)port << 8) | protocol;

    private bool TryComputedOwner(in PoolRange pool, uint address, ushort port, out SubscriberId subscriber)
    {
        subscriber = default;
        ulong number = (ulong)(pool.FirstNumber + (int)(address - pool.First) - _firstOfPool[pool.Pool]);
        return Plan!.Pools[pool.Pool] is { } computed && computed.TryOwner(number, port, out subscriber);
    }

    // The first range that does not end before the address, if the address is in it.
    internal int RangeOf(uint address)
    {
        int low = 0;
        for (int count = _lasts.Length; count > 0;)
        {
            int half = count / 2;
            bool after = _lasts[low + half] < address;
            low = after ? low + half + 1 : low;
            count = after ? count - half - 1 : half;
        }

        return low < _ranges.Length && _ranges[low].First <= address ? low : -1;
    }

    internal int RangeOfNumber(int addressNumber)
    {
        if ((uint)addressNumber >= (uint)AddressCount)
            throw new ArgumentOutOfRangeException(nameof(addressNumber), $"{addressNumber}: there are {AddressCount}");
        int low = 0;
        int high = _byNumber.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_ranges[_byNumber[middle]].FirstNumber <= addressNumber)
                low = middle;
            else
                high = middle - 1;
        }

        return _byNumber[low];
    }

    private int FindRangeOfBlock(uint block)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, BlockCount);
        int low = 0;
        int high = _byNumber.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_ranges[_byNumber[middle]].FirstBlock <= block)
                low = middle;
            else
                high = middle - 1;
        }

        // Ranges without blocks share their first block with the next one: the last of those is the one that has it.
        return _byNumber[low];
    }
}
