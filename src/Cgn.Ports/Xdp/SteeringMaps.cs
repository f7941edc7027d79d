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
    internal static void Replace(int map, IReadOnlyList<uint> addresses)
    {
        HashSet<uint> wanted = [.. addresses.Select(ToNetwork)];
        foreach (uint address in wanted)
        {
            uint key = address;
            Put(map, &key);
        }

        foreach (uint address in Keys(map))
        {
            uint key = address;
            if (!wanted.Contains(address))
                _ = LibBpf.bpf_map_delete_elem(map, &key);
        }
    }

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

    private static List<uint> Keys(int map)
    {
        List<uint> keys = [];
        uint key = 0;
        uint next = 0;
        int error = LibBpf.bpf_map_get_next_key(map, null, &next);
        while (error == 0 && keys.Count < SteeringRules.MaxOwnAddresses)
        {
            keys.Add(next);
            key = next;
            error = LibBpf.bpf_map_get_next_key(map, &key, &next);
        }

        return keys;
    }

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
