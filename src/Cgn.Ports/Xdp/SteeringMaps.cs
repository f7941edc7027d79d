using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

using Cgn.Ports.Native;
using Cgn.Ports.Steering;

namespace Cgn.Ports.Xdp;

/// <summary>Writes the maps of the steering program. Addresses lie in them in network order, as in a frame.</summary>
internal static unsafe class SteeringMaps
{
    internal static void Fill(int map, IReadOnlyList<UInt128> addresses)
    {
        byte* key = stackalloc byte[16];
        foreach (UInt128 address in addresses)
        {
            BinaryPrimitives.WriteUInt128BigEndian(new Span<byte>(key, 16), address);
            Put(map, key);
        }
    }

    internal static void Fill(int map, IReadOnlyList<SteeringPrefix> prefixes)
    {
        // struct prefix4: length in the machine's order, address in network order.
        uint* key = stackalloc uint[2];
        foreach (SteeringPrefix prefix in prefixes)
        {
            key[0] = (uint)prefix.Length;
            key[1] = ToNetwork(prefix.Address);
            Put(map, key);
        }
    }

    /// <summary>Makes a map hold exactly these addresses; new ones are put before old ones are removed.</summary>
    internal static void Replace(int map, IReadOnlyList<uint> addresses) =>
        Replace<uint>(map, addresses.Select(ToNetwork), SteeringRules.MaxOwnAddresses);

    /// <summary>The same for prefixes: length in the machine's order, address in network order.</summary>
    internal static void Replace(int map, IReadOnlyList<SteeringPrefix> prefixes) => Replace<ulong>(
        map, prefixes.Select(static prefix => Join((uint)prefix.Length, ToNetwork(prefix.Address))),
        SteeringRules.MaxPrefixes);

    /// <summary>The same for IPv6 addresses.</summary>
    internal static void Replace(int map, IReadOnlyList<UInt128> addresses) => Replace<UInt128>(
        map, addresses.Select(static address =>
            BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(address) : address),
        SteeringRules.MaxAftrAddresses);

    /// <summary>An entry of an array with one value for each possible processor, summed.</summary>
    internal static ulong Sum(int map, uint index)
    {
        int processors = Math.Max(1, LibBpf.libbpf_num_possible_cpus());
        ulong[] values = new ulong[processors];
        fixed (ulong* first = values)
        {
            if (LibBpf.bpf_map_lookup_elem(map, &index, first) != 0)
                return 0;
        }

        ulong sum = 0;
        foreach (ulong value in values)
            sum += value;
        return sum;
    }

    private static void Replace<TKey>(int map, IEnumerable<TKey> keys, int most)
        where TKey : unmanaged
    {
        HashSet<TKey> wanted = [.. keys];
        foreach (TKey one in wanted)
        {
            TKey key = one;
            Put(map, &key);
        }

        foreach (TKey one in Keys<TKey>(map, most))
        {
            TKey key = one;
            if (!wanted.Contains(one))
                _ = LibBpf.bpf_map_delete_elem(map, &key);
        }
    }

    private static List<TKey> Keys<TKey>(int map, int most)
        where TKey : unmanaged
    {
        List<TKey> keys = [];
        TKey key = default;
        TKey next = default;
        int error = LibBpf.bpf_map_get_next_key(map, null, &next);
        while (error == 0 && keys.Count < most)
        {
            keys.Add(next);
            key = next;
            error = LibBpf.bpf_map_get_next_key(map, &key, &next);
        }

        return keys;
    }

    // The first field is the one at the lower address.
    private static ulong Join(uint first, uint second) => BitConverter.IsLittleEndian
        ? first | ((ulong)second << 32)
        : ((ulong)first << 32) | second;

    private static void Put(int map, void* key)
    {
        uint present = 1;
        int error = LibBpf.bpf_map_update_elem(map, key, &present, LibBpf.MapAny);
        if (error != 0)
            throw new PortException($"the steering program's map can't be written: {SystemError.Text(error)}");
    }

    private static uint ToNetwork(uint address) =>
        BitConverter.IsLittleEndian ? BinaryPrimitives.ReverseEndianness(address) : address;
}
