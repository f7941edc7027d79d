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
/// <remarks>
/// Which places are free stands in eight bytes beside the records, which may lie in the arena, too: then whoever
/// attaches need not look at the records, if it knows how many are live. With a journal, taking and
/// giving are part of the change under way.
/// </remarks>
/// <typeparam name="T">The record: a struct whose layout is a promise.</typeparam>
public sealed unsafe class Slab<T>
    where T : unmanaged, ISlabRecord
{
    /// <summary>Bytes of what says which places are free.</summary>
    public const int StateBytes = 8;

    private readonly T* _records;
    // Next free place in the chain, 0 for none, and in the upper half the first that was never used: one word, always
    // written as a whole.
    private readonly ulong* _state;
    private readonly Journal? _journal;
    private readonly uint _places;
    private readonly ulong[] _ownState = GC.AllocateArray<ulong>(1, pinned: true);

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
    /// <param name="state"><see cref="StateBytes"/> bytes; zero when new. Of what is there already either <see
    /// cref="Resume"/> or <see cref="Recount"/> says how much is live.</param>
    /// <param name="journal">Keeps what is changed; null for none.</param>
    public Slab(ArenaSection memory, uint capacity, ArenaSection state, Journal? journal)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan((ulong)memory.Bytes, ((ulong)capacity + 1) * (ulong)sizeof(T));
        _records = (T*)memory.Address;
        _places = capacity + 1;
        Capacity = capacity;
        _journal = journal;
        // Pinned, so that it stays where the pointer says.
        _state = state.Address == 0 ? (ulong*)Unsafe.AsPointer(ref _ownState[0]) : (ulong*)state.Address;
        if (memory.WasThere && state.Address == 0)
            Recount();
        else if (*_state == 0)
            *_state = State(0, 1);
    }

    /// <summary>Records that fit.</summary>
    public uint Capacity { get; }

    /// <summary>Records live now.</summary>
    public uint Count { get; private set; }

    /// <summary>One more than the highest number ever given out: where a sweep may stop.</summary>
    public uint Fresh => (uint)(*_state >> 32);

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
        uint number = (uint)*_state;
        uint fresh = Fresh;
        if (number == 0 && fresh >= _places)
            return 0;
        SaveTaken(number == 0 ? fresh : number, number != 0);
        if (number != 0)
            *_state = State(_records[number].Link, fresh);
        else
            *_state = State(0, (number = fresh) + 1);
        Count++;
        return number;
    }

    /// <summary>Gives a place back; the record stops being live by one store before anything else of it
    /// changes.</summary>
    public void Give(uint number)
    {
        ref T record = ref this[number];
        Save(number);
        record.Clear();
        record.Link = (uint)*_state;
        *_state = State(number, Fresh);
        Count--;
    }

    /// <summary>Goes on with what an earlier process left.</summary>
    /// <param name="count">Records that are live.</param>
    public void Resume(uint count) => Count = count;

    /// <summary>Finds out from the records alone which places are free.</summary>
    public void Recount()
    {
        Count = 0;
        uint last = 0;
        uint free = 0;
        // Stands for none wherever a number does, and is read as such.
        _records[0] = default;
        for (uint i = 1; i < _places; i++)
        {
            if (!_records[i].IsLive)
                continue;
            last = i;
            Count++;
        }

        for (uint i = last; i > 0; i--)
        {
            if (_records[i].IsLive)
                continue;
            _records[i].Clear();
            _records[i].Link = free;
            free = i;
        }

        *_state = State(free, last + 1);
    }

    // A free place is dead, and so is a word of zeros: what it holds need not be read, which would wait for memory.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void SaveTaken(uint number, bool isChained)
    {
        if (_journal is null)
            return;
        byte* record = (byte*)(_records + number);
        if (T.LinkAt != T.LiveAt)
            _journal.SaveAs((ulong*)(record + T.LiveAt), 0);
        if (isChained)
            _journal.Save(ref *(ulong*)(record + T.LinkAt));
        else if (T.LinkAt == T.LiveAt)
            _journal.SaveAs((ulong*)(record + T.LiveAt), 0);
        _journal.Save(ref *_state);
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
        _journal.Save(ref *_state);
    }

    private static ulong State(uint free, uint fresh) => free | ((ulong)fresh << 32);

    private void ThrowNoSuchRecord(uint number) =>
        throw new InvalidOperationException($"no {typeof(T).Name} {number}: there are {_places - 1}");
}
