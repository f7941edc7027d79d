using System;
using System.Collections.Generic;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Nat;

/// <summary>
/// The external addresses of a snapshot, cut into numbered port blocks, and which shard has which. Made once for each
/// generation, then only read, by all shards.
/// </summary>
/// <remarks>
/// Addresses are numbered from 0 through all pools in the order of the addresses. A port block is a run of one or more
/// units, numbered likewise, address by address; where a pool's first and further blocks are of one size, each is a
/// unit. A group is as many units as the larger of the two sizes takes, counted from port 0, and no block reaches from
/// one into another; only groups wholly inside the pool's ports exist. Group n belongs to shard n modulo the number of
/// shards, but a unit that a static mapping has a port in is given to nobody, and each static port belongs to the shard
/// of its subscriber.
/// </remarks>
public sealed class PoolTable
{
    private readonly PoolRange[] _ranges;
    private readonly uint[] _lasts;
    private readonly Dictionary<ulong, ulong> _staticOwners = [];
    private readonly ulong[] _reserved;
    private readonly PoolSettings[] _pools;

    /// <summary>Numbers the addresses and blocks of a snapshot.</summary>
    /// <param name="snapshot">A validated configuration; its pools are disjoint.</param>
    /// <param name="previous">The table that this one replaces, whose claims of address-only traffic go on.</param>
    public PoolTable(ConfigSnapshot snapshot, PoolTable? previous = null)
    {
        AddressOnly = previous?.AddressOnly ?? new AddressOnlyClaims(snapshot.Settings.Seed);
        _pools = snapshot.Pools;
        List<(Ipv4PrefixSetting Prefix, ushort Pool)> prefixes = [];
        for (int pool = 0; pool < _pools.Length; pool++)
        {
            foreach (Ipv4PrefixSetting prefix in _pools[pool].Prefixes)
                prefixes.Add((prefix, (ushort)pool));
        }

        prefixes.Sort((left, right) => left.Prefix.Address.CompareTo(right.Prefix.Address));
        _ranges = new PoolRange[prefixes.Count];
        _lasts = new uint[prefixes.Count];
        for (int i = 0; i < prefixes.Count; i++)
        {
            _ranges[i] = Range(prefixes[i].Prefix, prefixes[i].Pool);
            _lasts[i] = _ranges[i].Last;
            uint addresses = _ranges[i].Last - _ranges[i].First + 1;
            AddressCount += (int)addresses;
            BlockCount += addresses * _ranges[i].BlocksPerAddress;
            GroupCount += addresses * _ranges[i].GroupsPerAddress;
        }

        _reserved = new ulong[(BlockCount / 64) + 1];
        ulong seed = snapshot.Settings.Seed;
        foreach (StaticMapping mapping in snapshot.StaticMappings)
        {
            _staticOwners[Endpoint(mapping.ExternalAddress, mapping.ExternalPort, mapping.Protocol)] =
                NatShard.ShardHash(KeyOf(mapping), seed);
            if (TryBlockOf(mapping.ExternalAddress, mapping.ExternalPort, out uint block))
                _reserved[block / 64] |= 1UL << (int)(block % 64);
        }
    }

    /// <summary>External addresses in all pools.</summary>
    public int AddressCount { get; }

    /// <summary>Units of port blocks in all pools, those that static mappings reserve included.</summary>
    public uint BlockCount { get; }

    /// <summary>Groups of units in all pools.</summary>
    public uint GroupCount { get; }

    /// <summary>The runs of addresses, ascending.</summary>
    internal ReadOnlySpan<PoolRange> Ranges => _ranges;

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
            uint block = BlockAt(pool, address, offset);
            if (!IsReserved(block))
                return (int)(pool.GroupOf(block) % (uint)shardCount);
        }

        // A port outside all blocks belongs to a static mapping or to nobody; then any one shard may say so.
        return _staticOwners.TryGetValue(Endpoint(address, port, protocol), out ulong owner)
            ? NatShard.ShardOfHash(owner, shardCount)
            : (pool.FirstNumber + (int)(address - pool.First)) % shardCount;
    }

    /// <summary>The shard that an inbound packet belongs to, whatever its protocol.</summary>
    /// <param name="flow">The packet's endpoints; the local one is external.</param>
    /// <param name="shardCount">Shards.</param>
    /// <returns>The shard, or -1 when the address is in no pool.</returns>
    public int OwnerShard(in FlowKey flow, int shardCount)
    {
        if (shardCount > 1 && !NatProtocol.HasPorts(flow.Protocol)
            && AddressOnly.TryFind(flow.InternalAddress, flow.RemoteAddress, flow.Protocol, out int shard))
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
        block = BlockAt(pool, address, offset);
        return true;
    }

    /// <summary>A static mapping has a port of this unit, so it is given to nobody.</summary>
    public bool IsReserved(uint block) => ((_reserved[block / 64] >> (int)(block % 64)) & 1) != 0;

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

    /// <summary>The settings of a pool by its number in the snapshot.</summary>
    internal PoolSettings SettingsOf(int pool) => _pools[pool];

    /// <summary>How long an unused block of an address may stay with its subscriber, in ticks.</summary>
    public uint IdleTicksOf(uint address)
    {
        int pool = PoolOf(address);
        return pool < 0 ? 0 : _pools[pool].PortSetTimeout;
    }

    /// <summary>Both tables number addresses and blocks alike and reserve the same ones.</summary>
    public bool HasSameLayout(PoolTable other) =>
        _ranges.AsSpan().SequenceEqual(other._ranges) && _reserved.AsSpan().SequenceEqual(other._reserved);

    internal static SubscriberKey KeyOf(StaticMapping mapping) => new(
        mapping.SubscriberHigh, mapping.SubscriberLow,
        mapping.IsDsLite ? SubscriberKind.DsLite : SubscriberKind.Nat444);

    private static uint BlockAt(in PoolRange pool, uint address, int offset) =>
        pool.FirstBlock + ((address - pool.First) * pool.BlocksPerAddress) + (uint)(offset / pool.BlockSize);

    private static ulong Endpoint(uint address, ushort port, byte protocol) =>
        ((ulong)address << 32) | ((ulong)port << 8) | protocol;

    private PoolRange Range(Ipv4PrefixSetting prefix, ushort pool)
    {
        PoolSettings settings = _pools[pool];
        uint last = prefix.Length == 0 ? uint.MaxValue : prefix.Address | (uint)((1UL << (32 - prefix.Length)) - 1);
        return new PoolRange(
            prefix.Address, last, pool, AddressCount, BlockCount, (uint)settings.UnitsPerAddress,
            settings.FirstGroupPort, settings.UnitSize, GroupCount,
            System.Numerics.BitOperations.Log2((uint)(settings.GroupSize / settings.UnitSize)));
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
        int high = _ranges.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_ranges[middle].FirstNumber <= addressNumber)
                low = middle;
            else
                high = middle - 1;
        }

        return low;
    }

    private int FindRangeOfBlock(uint block)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(block, BlockCount);
        int low = 0;
        int high = _ranges.Length - 1;
        while (low < high)
        {
            int middle = (low + high + 1) / 2;
            if (_ranges[middle].FirstBlock <= block)
                low = middle;
            else
                high = middle - 1;
        }

        // Ranges without blocks share their first block with the next one: the last of those is the one that has it.
        return low;
    }
}
