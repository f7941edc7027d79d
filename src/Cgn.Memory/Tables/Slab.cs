using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using Cgn.Memory.Arenas;

namespace Cgn.Memory.Tables;

/// <summary>
/// Records of one type in a fixed number of places, named by number from 1; 0 names nothing. Free places are chained
/// through the records
/// themselves, and places never used yet are not touched, so an empty slab of any size starts at once. One writing
/// thread only.
/// </summary>
/// <remarks>
/// Which places are free stands in sixteen bytes beside the records, which may lie in the arena, too: then whoever
/// attaches need not look at the records. With a journal, taking and giving are part of the change under way.
/// </remarks>
/// <typeparam name="T">The record: a struct whose layout is a promise.</typeparam>
public sealed unsafe class Slab<T>
    where T : unmanaged, ISlabRecord
{
    /// <summary>Bytes of what says which places are free.</summary>
    public const int StateBytes = 16;

    private readonly T* _records;
    private readonly SlabState* _state;
    private readonly Journal? _journal;
    private readonly uint _places;
    private readonly SlabState[] _ownState = GC.AllocateArray<SlabState>(1, pinned: true);

    /// <summary>Makes a slab over memory; what live records it finds there stay.</summary>
    /// <param name="memory">Zeroed memory for <paramref name="capacity"/> + 1 records, or what an earlier process
    /// left.</param>
    /// <param name="capacity">Records that fit.</param>
    public Slab(ArenaSection memory, uint capacity)
        : this(memory, capacity, default, null)
    {
    }

    /// <summary>Makes a slab over memory, with what says which places are free beside it.</summary>
    /// <param name="memory">Zeroed memory for <paramref name="capacity"/> + 1 records, or what an earlier process
    /// left.</param>
    /// <param name="capacity">Records that fit.</param>
    /// <param name="state"><see cref="StateBytes"/> bytes; believed, until <see cref="Recount"/>, unless zero.</param>
    /// <param name="journal">Keeps what is changed; null for none.</param>
    public Slab(ArenaSection memory, uint capacity, ArenaSection state, Journal? journal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((ulong)memory.Bytes, ((ulong)capacity + 1) * (ulong)sizeof(T));
        _records = (T*)memory.Address;
        _places = capacity + 1;
        Capacity = capacity;
        _journal = journal;
        // Pinned, so that it stays where the pointer says.
        _state = state.Address == 0 ? (SlabState*)Unsafe.AsPointer(ref _ownState[0]) : (SlabState*)state.Address;
        if (memory.WasThere && state.Address == 0)
            Recount();
        else if (_state->Fresh == 0)
            _state->Fresh = 1;
    }

    /// <summary>Records that fit.</summary>
    public uint Capacity { get; }

    /// <summary>Records live now.</summary>
    public uint Count => _state->Count;

    /// <summary>One more than the highest number ever given out: where a sweep may stop.</summary>
    public uint Fresh => _state->Fresh;

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
        uint number = _state->Free;
        if (number == 0 && _state->Fresh >= _places)
            return 0;
        Save(number == 0 ? _state->Fresh : number);
        if (number != 0)
            _state->Free = _records[number].Link;
        else
            number = _state->Fresh++;
        _state->Count++;
        return number;
    }

    /// <summary>Gives a place back; the record stops being live by one store before anything else of it
    /// changes.</summary>
    public void Give(uint number)
    {
        ref T record = ref this[number];
        Save(number);
        record.Clear();
        record.Link = _state->Free;
        _state->Free = number;
        _state->Count--;
    }

    /// <summary>Finds out from the records alone which places are free.</summary>
    public void Recount()
    {
        *_state = default;
        uint last = 0;
        for (uint i = 1; i < _places; i++)
        {
            if (!_records[i].IsLive)
                continue;
            last = i;
            _state->Count++;
        }

        _state->Fresh = last + 1;
        for (uint i = last; i > 0; i--)
        {
            if (_records[i].IsLive)
                continue;
            _records[i].Clear();
            _records[i].Link = _state->Free;
            _state->Free = i;
        }
    }

    // Of the record itself only whether it is live, and the link: of a free place nothing else means anything, and a
    // place that is given back keeps its content until it is taken again, by another change.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Save(uint number)
    {
        if (_journal is null)
            return;
        byte* record = (byte*)(_records + number);
        _journal.Save(ref *(ulong*)(record + T.LiveAt));
        if (T.LinkAt != T.LiveAt)
            _journal.Save(ref *(ulong*)(record + T.LinkAt));
        _journal.Save(ref _state->Free);
        _journal.Save(ref _state->Count);
    }

    // Free and Fresh share a word of the journal's.
    [StructLayout(LayoutKind.Sequential, Size = StateBytes)]
    private struct SlabState
    {
        public uint Free;
        public uint Fresh;
        public uint Count;
    }

    private void ThrowNoSuchRecord(uint number) =>
        throw new InvalidOperationException($"no {typeof(T).Name} {number}: there are {_places - 1}");
}
