using System;
using System.Collections.Generic;
using System.Numerics;
using System.Runtime.InteropServices;

using Cgn.Contract.Pools;
using Cgn.Contract.Settings;
using Cgn.Contract.Snapshots;
using Cgn.Memory;
using Cgn.Nat.Forecasts;

namespace Cgn.Nat;

// How a table is made, and compared with the one before it.
public sealed partial class PoolTable
{
    /// <summary>Numbers the addresses and blocks of a snapshot.</summary>
    /// <param name="snapshot">A validated configuration; its pools are disjoint.</param>
    /// <param name="previous">The table that this one replaces, whose claims of address-only traffic go on.</param>
    public PoolTable(ConfigSnapshot snapshot, PoolTable? previous = null)
    {
        _seed = snapshot.Settings.Seed;
        SnapshotHash = HashOf(snapshot);
        AddressOnly = previous?.AddressOnly ?? new AddressOnlyClaims(_seed);
        _pools = snapshot.Pools;
        _policy = new PoolPolicy(snapshot);
        Plan = snapshot.Settings.PortAllocation == PortAllocationType.Deterministic ? new PortPlan(snapshot) : null;
        _firstOfPool = new int[_pools.Length];
        List<PoolRange> ranges = [];
        foreach (int pool in _policy.OpenPools)
            (AddressCount, BlockCount) = Number(pool, ranges, AddressCount, BlockCount);
        _openEnd = AddressCount;
        for (int pool = 0; pool < _pools.Length; pool++)
        {
            if (!Contains(_policy.OpenPools, pool))
                (AddressCount, BlockCount) = Number(pool, ranges, AddressCount, BlockCount);
        }

        _ranges = [.. ranges];
        Array.Sort(_ranges, static (left, right) => left.First.CompareTo(right.First));
        _lasts = Array.ConvertAll(_ranges, static range => range.Last);
        _byNumber = new int[_ranges.Length];
        for (int i = 0; i < _byNumber.Length; i++)
            _byNumber[i] = i;
        Array.Sort(_byNumber, (left, right) => _ranges[left].FirstNumber.CompareTo(_ranges[right].FirstNumber));
        _reserved = new ulong[(BlockCount / 64) + 1];
        Reserve(snapshot.StaticMappings);
        Statics = new StaticSet(snapshot.StaticMappings);
        HasReserved = Array.Exists(_reserved, static word => word != 0);
        _drained = new ulong[(AddressCount / 64) + 1];
        foreach (PoolSettings pool in _pools)
            Drain(pool.Drain);
    }

    // Generations differ from start to start, and the address of a device is no part of what records agree with.
    private static ulong HashOf(ConfigSnapshot snapshot)
    {
        GatewaySettings settings = snapshot.Settings;
        settings.OutsideAddress = 0;
        ulong hash = 1;
        foreach (ulong word in MemoryMarshal.Cast<byte, ulong>(Padded(
            SnapshotFile.Encode(snapshot with { Settings = settings, Generation = 0 }))))
        {
            hash = Hash.Mix(hash ^ word) + 1;
        }

        return hash == 0 ? 1 : hash;
    }

    private static byte[] Padded(byte[] bytes)
    {
        Array.Resize(ref bytes, (bytes.Length + sizeof(ulong) - 1) & -sizeof(ulong));
        return bytes;
    }

    /// <summary>Both tables cut the same addresses alike and reserve the same blocks.</summary>
    public bool HasSameLayout(PoolTable other) =>
        _ranges.AsSpan().SequenceEqual(other._ranges) && _reserved.AsSpan().SequenceEqual(other._reserved)
        && _drained.AsSpan().SequenceEqual(other._drained) && Plan is null && other.Plan is null;

    /// <summary>Every address of another table is in this one.</summary>
    internal bool Covers(PoolTable other)
    {
        foreach (PoolRange old in other._ranges)
        {
            for (ulong at = old.First; at <= old.Last;)
            {
                int range = RangeOf((uint)at);
                if (range < 0)
                    return false;
                at = (ulong)_ranges[range].Last + 1;
            }
        }

        return true;
    }

    private static bool Contains(IReadOnlyList<int> pools, int pool)
    {
        foreach (int one in pools)
        {
            if (one == pool)
                return true;
        }

        return false;
    }

    private static int AddressesIn(PoolSettings pool)
    {
        ulong addresses = 0;
        foreach (Ipv4PrefixSetting prefix in pool.Prefixes)
            addresses += 1UL << (32 - prefix.Length);
        return (int)addresses;
    }

    private (int Addresses, uint Blocks) Number(int pool, List<PoolRange> ranges, int addresses, uint blocks)
    {
        PoolSettings settings = _pools[pool];
        int size = settings.UnitSize;
        int firstPort = settings.FirstGroupPort;
        int count = settings.UnitsPerAddress;
        if (Plan is not null)
        {
            // Behind the computed sets, which end anywhere.
            firstPort = Plan.Pools[pool]?.SetsEnd ?? settings.FirstPort;
            count = settings.DynamicFactor == 0 ? 0 : Math.Max(0, settings.LastPort + 1 - firstPort) / size;
        }

        uint firstGroup = (uint)(firstPort / settings.GroupSize);
        int shift = BitOperations.Log2((uint)(settings.GroupSize / size));
        _firstOfPool[pool] = addresses;
        foreach (Ipv4PrefixSetting prefix in settings.Prefixes)
        {
            uint more = (uint)((1UL << (32 - prefix.Length)) - 1);
            ranges.Add(new PoolRange(
                prefix.Address, prefix.Address + more, (ushort)pool, addresses, blocks, (uint)count, firstPort, size,
                firstGroup, shift));
            addresses += (int)(more + 1);
            blocks += (more + 1) * (uint)count;
        }

        return (addresses, blocks);
    }

    private void Reserve(StaticMapping[] mappings)
    {
        foreach (StaticMapping mapping in mappings)
        {
            _staticOwners[Endpoint(mapping.ExternalAddress, mapping.ExternalPort, mapping.Protocol)] =
                NatShard.ShardHash(KeyOf(mapping), _seed);
            if (TryBlockOf(mapping.ExternalAddress, mapping.ExternalPort, out uint block))
                _reserved[block / 64] |= 1UL << (int)(block % 64);
        }
    }

    private void Drain(Ipv4PrefixSetting[] prefixes)
    {
        foreach (Ipv4PrefixSetting prefix in prefixes)
        {
            ulong end = prefix.Address + (1UL << (32 - prefix.Length));
            for (ulong address = prefix.Address; address < end; address++)
            {
                if (TryFind((uint)address, out int number))
                    _drained[number / 64] |= 1UL << (number % 64);
            }
        }
    }
}
