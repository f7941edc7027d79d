using System;
using System.Numerics;
using System.Threading;

namespace Cgn.Ports.Kernel;

/// <summary>
/// Numbers of next hops by their key: read by any number of threads while one writes. A reader that comes during a
/// change may miss an entry, never get a wrong one; it then asks the writer, who knows.
/// </summary>
internal sealed class HopIndex
{
    private const ushort Empty = 0;
    private const ushort Removed = ushort.MaxValue;

    private readonly HopKey[] _keys;
    private readonly ushort[] _buckets;
    private readonly uint _mask;
    private int _removed;

    /// <param name="capacity">Highest number, at most 65,534.</param>
    internal HopIndex(int capacity)
    {
        _keys = new HopKey[capacity + 1];
        _buckets = new ushort[BitOperations.RoundUpToPowerOf2((uint)capacity * 2)];
        _mask = (uint)_buckets.Length - 1;
    }

    /// <summary>The key of a number in use.</summary>
    internal ref readonly HopKey Key(ushort number) => ref _keys[number];

    /// <summary>The number of a key; 0 when it has none.</summary>
    internal ushort Find(in HopKey key)
    {
        uint at = key.Hash() & _mask;
        // At least half of the buckets are never used, so an empty one ends the search; the count only bounds it
        // whatever happens.
        for (uint probe = 0; probe <= _mask; probe++, at = (at + 1) & _mask)
        {
            ushort number = Volatile.Read(ref _buckets[at]);
            if (number == Empty)
                return 0;
            if (number != Removed && _keys[number] == key)
                return number;
        }

        return 0;
    }

    /// <summary>Writer only: adds a key that is not there.</summary>
    internal void Add(ushort number, in HopKey key)
    {
        _keys[number] = key;
        uint at = key.Hash() & _mask;
        while (_buckets[at] is not (Empty or Removed))
            at = (at + 1) & _mask;
        if (_buckets[at] == Removed)
            _removed--;
        // The key must be visible before the number that leads to it.
        Volatile.Write(ref _buckets[at], number);
    }

    /// <summary>Writer only: takes a key out.</summary>
    internal void Remove(ushort number)
    {
        uint at = _keys[number].Hash() & _mask;
        while (_buckets[at] != number)
            at = (at + 1) & _mask;
        Volatile.Write(ref _buckets[at], Removed);
        if (++_removed > _buckets.Length / 4)
            Rebuild();
    }

    private void Rebuild()
    {
        ushort[] old = [.. _buckets];
        Array.Clear(_buckets);
        _removed = 0;
        foreach (ushort number in old)
        {
            if (number is not (Empty or Removed))
                Add(number, _keys[number]);
        }
    }
}
