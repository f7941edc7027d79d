using System;
using System.Collections.Generic;
using System.Runtime.CompilerServices;
using System.Threading;

using Cgn.Memory.Arenas;

namespace Cgn.Ports.Kernel;

/// <summary>
/// Longest-prefix match that any number of threads read while one writes. A root indexed by the first 16 bits, below it
/// nodes indexed by 8 bits each. An entry is 64 bits, written whole: child node in the low 32, value in the next 24,
/// length of the prefix that the value came from in the top 8. An entry without a value leaves the one found further up
/// in force, so a route touches entries of one node only. A search reads at most 3 entries for IPv4, 15 for IPv6.
/// </summary>
/// <remarks>
/// A node that has become empty is unhooked first and used again only after <see cref="QuarantineMs"/>, when no reader
/// can still be in it. Bounds: indexes are 16 or 8 bits cut from the key, nodes have 256 entries, and node numbers come
/// only from <see cref="TryTakeNode"/>.
/// </remarks>
internal sealed unsafe class PrefixTrie : IDisposable
{
    internal const uint MaxValue = (1 << 24) - 1;
    private const int RootBits = 16;
    private const int NodeBits = 8;
    private const int NodeEntries = 1 << NodeBits;
    private const int QuarantineMs = 1000;

    private readonly NativeRegion _region;
    private readonly ulong* _root;
    private readonly ulong* _nodes;
    private readonly uint _nodeCapacity;
    private readonly ushort[] _used;
    private readonly Queue<(uint Node, long SinceMs)> _freed = new();
    private uint _nodesTaken;

    /// <param name="nodeCapacity">Nodes of 2 KiB that may exist; memory is touched only as they are used.</param>
    internal PrefixTrie(uint nodeCapacity)
    {
        _nodeCapacity = nodeCapacity;
        nuint entries = (1 << RootBits) + ((nuint)(nodeCapacity + 1) << NodeBits);
        _region = NativeRegion.Anonymous(entries * sizeof(ulong));
        _root = (ulong*)_region.Address;
        _nodes = _root + (1 << RootBits);
        _used = new ushort[nodeCapacity + 1];
    }

    /// <summary>Nodes in use.</summary>
    internal uint NodeCount => _nodesTaken - (uint)_freed.Count;

    /// <summary>
    /// The value of the longest prefix that holds an address given in the high bits; 0 when there is none.
    /// </summary>
    internal uint Find(UInt128 bits)
    {
        ulong entry = Volatile.Read(ref _root[(int)(bits >> (128 - RootBits))]);
        uint value = ValueOf(entry);
        for (int shift = 128 - RootBits - NodeBits; (uint)entry != 0 && shift >= 0; shift -= NodeBits)
        {
            entry = Volatile.Read(ref Node((uint)entry)[(int)(bits >> shift) & (NodeEntries - 1)]);
            uint found = ValueOf(entry);
            value = found != 0 ? found : value;
        }

        return value;
    }

    /// <summary>
    /// Writer only: gives a prefix a value from 1 to <see cref="MaxValue"/>; false when no node is left.
    /// </summary>
    internal bool TrySet(UInt128 bits, int length, uint value)
    {
        int level = Level(length);
        uint parent = 0;
        for (int at = 0; at < level; at++)
        {
            ref ulong hook = ref Entry(parent, at, bits);
            if ((uint)hook == 0)
            {
                if (!TryTakeNode(out uint node))
                    return false;
                Count(parent, hook, hook | node);
                Volatile.Write(ref hook, hook | node);
            }

            parent = (uint)hook;
        }

        Span<ulong> range = Range(parent, level, bits, length);
        foreach (ref ulong entry in range)
        {
            if (ValueOf(entry) == 0 || LengthOf(entry) <= length)
                Write(parent, ref entry, value, length);
        }

        return true;
    }

    /// <summary>Writer only: takes a prefix out; what a shorter prefix of the same node says takes its place.</summary>
    /// <param name="bits">The prefix.</param>
    /// <param name="length">Its length.</param>
    /// <param name="next">Value of the next shorter prefix that holds it; 0 when there is none.</param>
    /// <param name="nextLength">Length of that.</param>
    internal void Clear(UInt128 bits, int length, uint next, int nextLength)
    {
        int level = Level(length);
        Span<uint> path = stackalloc uint[16];
        uint node = 0;
        for (int at = 0; at < level; at++)
        {
            path[at] = node;
            node = (uint)Entry(node, at, bits);
            if (node == 0)
                return;
        }

        bool sameNode = next != 0 && Level(nextLength) == level;
        foreach (ref ulong entry in Range(node, level, bits, length))
        {
            if (ValueOf(entry) != 0 && LengthOf(entry) == length)
                Write(node, ref entry, sameNode ? next : 0, sameNode ? nextLength : 0);
        }

        // Unhook nodes that hold nothing any more, from the bottom up.
        for (int at = level - 1; at >= 0 && _used[node] == 0; at--)
        {
            ref ulong hook = ref Entry(path[at], at, bits);
            ulong without = hook & ~0xFFFF_FFFFUL;
            Count(path[at], hook, without);
            Volatile.Write(ref hook, without);
            _freed.Enqueue((node, Environment.TickCount64));
            node = path[at];
        }
    }

    public void Dispose() => _region.Dispose();

    private static int Level(int length) => length <= RootBits ? 0 : (length - RootBits + NodeBits - 1) / NodeBits;

    private static int BitsUpTo(int level) => RootBits + (level * NodeBits);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint ValueOf(ulong entry) => (uint)(entry >> 32) & MaxValue;

    private static int LengthOf(ulong entry) => (int)(entry >> 56);

    private ulong* Node(uint number) => _nodes + ((nuint)number << NodeBits);

    private ref ulong Entry(uint node, int level, UInt128 bits)
    {
        int index = (int)(bits >> (128 - BitsUpTo(level)));
        return ref level == 0 ? ref _root[index & 0xFFFF] : ref Node(node)[index & (NodeEntries - 1)];
    }

    // The entries of one node that a prefix covers: a power of two of them, aligned to their number.
    private Span<ulong> Range(uint node, int level, UInt128 bits, int length)
    {
        int count = 1 << (BitsUpTo(level) - length);
        int size = level == 0 ? 1 << RootBits : NodeEntries;
        int first = (int)(bits >> (128 - BitsUpTo(level))) & (size - 1) & ~(count - 1);
        return new Span<ulong>((level == 0 ? _root : Node(node)) + first, count);
    }

    private void Write(uint node, ref ulong entry, uint value, int length)
    {
        ulong changed = (entry & 0xFFFF_FFFFUL) | ((ulong)value << 32) | ((ulong)length << 56);
        Count(node, entry, changed);
        Volatile.Write(ref entry, changed);
    }

    private void Count(uint node, ulong before, ulong after)
    {
        // Number 0 stands for the root, which is never given back.
        if (node != 0)
            _used[node] = (ushort)(_used[node] + (after != 0 ? 1 : 0) - (before != 0 ? 1 : 0));
    }

    private bool TryTakeNode(out uint node)
    {
        if (_freed.TryPeek(out (uint Node, long SinceMs) oldest)
            && (Environment.TickCount64 - oldest.SinceMs > QuarantineMs || _nodesTaken == _nodeCapacity))
        {
            node = _freed.Dequeue().Node;
            return true;
        }

        node = _nodesTaken + 1;
        if (_nodesTaken == _nodeCapacity)
            return false;
        _nodesTaken++;
        return true;
    }
}
