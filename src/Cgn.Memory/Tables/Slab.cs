using System;
using System.Runtime.CompilerServices;

using Cgn.Memory.Arenas;

namespace Cgn.Memory.Tables;

/// <summary>
/// Records of one type in a fixed number of places, named by number from 1; 0 names nothing. Free places are chained
/// through the records
/// themselves, and places never used yet are not touched, so an empty slab of any size starts at once. One writing
/// thread only.
/// </summary>
/// <typeparam name="T">The record: a struct whose layout is a promise.</typeparam>
public sealed unsafe class Slab<T>
    where T : unmanaged, ISlabRecord
{
    private readonly T* _records;
    private readonly uint _places;
    private uint _free;
    private uint _fresh = 1;

    /// <summary>Makes a slab over memory; what live records it finds there stay.</summary>
    /// <param name="memory">Zeroed memory for <paramref name="capacity"/> + 1 records, or what an earlier process
    /// left.</param>
    /// <param name="capacity">Records that fit.</param>
    public Slab(ArenaSection memory, uint capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((ulong)memory.Bytes, ((ulong)capacity + 1) * (ulong)sizeof(T));
        _records = (T*)memory.Address;
        _places = capacity + 1;
        Capacity = capacity;
        if (memory.WasThere)
            Attach();
    }

    /// <summary>Records that fit.</summary>
    public uint Capacity { get; }

    /// <summary>Records live now.</summary>
    public uint Count { get; private set; }

    /// <summary>One more than the highest number ever given out: where a sweep may stop.</summary>
    public uint Fresh => _fresh;

    /// <summary>The record of a number.</summary>
    /// <exception cref="InvalidOperationException">There is no such place: a broken invariant.</exception>
    public ref T this[uint number]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            // Bounds: number < capacity + 1, and the memory holds that many.
            if (number >= _places)
                ThrowNoSuchRecord(number);
            return ref _records[number];
        }
    }

    /// <summary>Asks the processor for a record's first cache line. Any number is harmless.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Prefetch(uint number) => Memory.Prefetch.Read(_records + number);

    /// <summary>
    /// Asks the processor for a record's second cache line. Any number is harmless. (Not by a reference to a field of
    /// it: to make one, the record itself is read.)
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void PrefetchSecond(uint number) => Memory.Prefetch.Read((byte*)(_records + number) + 64);

    /// <summary>Takes a free place. Its content is undefined but for not being live; the caller's last store makes it
    /// live.</summary>
    /// <returns>The number, or 0 when the slab is full.</returns>
    public uint Take()
    {
        uint number = _free;
        if (number != 0)
        {
            _free = _records[number].Link;
        }
        else
        {
            if (_fresh >= _places)
                return 0;
            number = _fresh++;
        }

        Count++;
        return number;
    }

    /// <summary>Gives a place back; the record stops being live by one store before anything else of it
    /// changes.</summary>
    public void Give(uint number)
    {
        ref T record = ref this[number];
        record.Clear();
        record.Link = _free;
        _free = number;
        Count--;
    }

    private void Attach()
    {
        uint last = 0;
        for (uint i = 1; i < _places; i++)
        {
            if (!_records[i].IsLive)
                continue;
            last = i;
            Count++;
        }

        _fresh = last + 1;
        for (uint i = last; i > 0; i--)
        {
            if (_records[i].IsLive)
                continue;
            _records[i].Clear();
            _records[i].Link = _free;
            _free = i;
        }
    }

    private void ThrowNoSuchRecord(uint number) =>
        throw new InvalidOperationException($"no {typeof(T).Name} {number}: there are {_places - 1}");
}
