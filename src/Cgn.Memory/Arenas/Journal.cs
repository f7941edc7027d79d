using System;
using System.Runtime.CompilerServices;
using System.Threading;

namespace Cgn.Memory.Arenas;

/// <summary>
/// What was there before: words of an arena as they stood when the change under way began, so that a process that is
/// killed at any instruction leaves each change whole or undone. One thread only, which calls <see cref="Save"/> before
/// it writes and <see cref="Commit"/> when records, indexes and counts agree again.
/// </summary>
/// <remarks>
/// <para>Plain stores in this order are enough: what a processor has stored stays when the process is killed, and
/// x86 shows stores in the order of the program. Nothing here outlives the machine.</para>
/// <code>
/// byte    0..7     words saved; 0 when no change is under way
/// byte    8..15    1 when what is derived can't be believed and must be made anew
/// byte   16..23    sections registered
/// byte   64..1087  of each section: address in the process that wrote, bytes
/// byte 1088..      of each saved field: address in that process, with its size in the highest byte; content
/// </code>
/// <para>Addresses are a process's own and are translated by the table of sections when another one attaches.</para>
/// </remarks>
public sealed unsafe class Journal
{
    /// <summary>Words that a change may write; one that writes more is only undone by making everything anew.</summary>
    public const int Capacity = 1024;

    /// <summary>Bytes of its section.</summary>
    public const int SizeBytes = EntriesAt + (Capacity * 2 * sizeof(ulong));

    private const int SectionsMax = 64;
    private const int SizeShift = 56;
    private const int SectionsAt = 64;
    private const int EntriesAt = SectionsAt + (SectionsMax * 2 * sizeof(ulong));

    private readonly ulong* _underWay;
    private readonly ulong* _distrusted;
    private readonly ulong* _sectionCount;
    private readonly Pair* _sections;
    private readonly Pair* _entries;
    private readonly Pair[] _own = new Pair[SectionsMax];
    private int _ownCount;
    private ulong _limit;
    private Action? _watcher;

    /// <summary>Lays a journal over its section; <see cref="Recover"/> comes next.</summary>
    /// <param name="section">Memory of <see cref="SizeBytes"/> bytes, zeroed when new.</param>
    public Journal(ArenaSection section)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(section.Bytes, (nuint)SizeBytes);
        byte* first = (byte*)section.Address;
        _underWay = (ulong*)first;
        _distrusted = (ulong*)(first + 8);
        _sectionCount = (ulong*)(first + 16);
        _sections = (Pair*)(first + SectionsAt);
        _entries = (Pair*)(first + EntriesAt);
        _limit = Capacity;
    }

    /// <summary>
    /// What is derived from the records can't be believed, now or by whoever attaches next; setting it false says that
    /// it has been made anew.
    /// </summary>
    public bool IsDistrusted
    {
        get => Volatile.Read(ref *_distrusted) != 0;
        set => Volatile.Write(ref *_distrusted, value ? 1UL : 0);
    }

    /// <summary>
    /// Called before each <see cref="Save"/>, and before and after the store of each <see cref="Commit"/>: how tests
    /// end a process between any two stores. None by default.
    /// </summary>
    public Action? Watcher
    {
        get => _watcher;
        set
        {
            _watcher = value;
            _limit = value is null ? Capacity : 0UL;
        }
    }

    /// <summary>
    /// Names a section that words will be saved of; before <see cref="Recover"/>, always in one order.
    /// </summary>
    public void Register(ArenaSection section)
    {
        if (_ownCount == SectionsMax)
            throw new InvalidOperationException($"a journal has room for {SectionsMax} sections");
        _own[_ownCount++] = new Pair((ulong)section.Address, section.Bytes);
    }

    /// <summary>
    /// Undoes the change that an earlier process was killed in, if there was one, and begins to keep this process's.
    /// A process that is killed in here is no worse: undoing twice is undoing once.
    /// </summary>
    public void Recover()
    {
        for (ulong i = Math.Min(Volatile.Read(ref *_underWay), Capacity); i > 0; i--)
        {
            if (!TryPutBack(_entries[i - 1]))
                IsDistrusted = true;
        }

        Volatile.Write(ref *_underWay, 0);
        for (int i = 0; i < _ownCount; i++)
            _sections[i] = _own[i];
        *_sectionCount = (ulong)_ownCount;
        Watcher = _watcher;
    }

    /// <summary>Keeps a field before it is written.</summary>
    /// <param name="place">A field of a registered section, of at most eight bytes and aligned to its size.</param>
    /// <typeparam name="T">
    /// The field's type. It is read by itself and not with what lies beside it: what was stored a moment ago the
    /// processor hands to a load of that size, while a wider one waits until the stores before it have reached memory.
    /// </typeparam>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Save<T>(ref T place)
        where T : unmanaged
    {
        ulong content = sizeof(T) switch
        {
            1 => Unsafe.As<T, byte>(ref place),
            2 => Unsafe.As<T, ushort>(ref place),
            4 => Unsafe.As<T, uint>(ref place),
            _ => Unsafe.As<T, ulong>(ref place),
        };
        Keep((ulong)Unsafe.AsPointer(ref place) | ((ulong)sizeof(T) << SizeShift), content);
    }

    /// <summary>Keeps the aligned eight bytes that a field lies in.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SaveWord<T>(ref T place)
        where T : unmanaged => Save(ref *(ulong*)((nuint)Unsafe.AsPointer(ref place) & ~(nuint)7));

    /// <summary>
    /// Keeps eight bytes of which it is known, or does not matter, what they are without reading them.
    /// </summary>
    /// <param name="word">Aligned, in a registered section.</param>
    /// <param name="content">What they are to be when the change is undone.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void SaveAs(ulong* word, ulong content) =>
        Keep((ulong)word | ((ulong)sizeof(ulong) << SizeShift), content);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private void Keep(ulong place, ulong content)
    {
        if (*_underWay >= _limit)
            AtLimit();
        ulong at = *_underWay;
        _entries[at] = new Pair(place, content);
        // Only with this store does the entry count, and only after it may the word be written.
        Volatile.Write(ref *_underWay, at + 1);
    }

    /// <summary>A change is under way.</summary>
    public bool IsOpen => *_underWay != 0;

    /// <summary>The change is whole: nothing of it will be undone.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Commit()
    {
        if (*_underWay == 0)
            return;
        _watcher?.Invoke();
        Volatile.Write(ref *_underWay, 0);
        _watcher?.Invoke();
    }

    private void AtLimit()
    {
        _watcher?.Invoke();
        if (*_underWay < Capacity)
            return;
        // Too much to be undone word by word: whoever finds it so makes all that is derived anew.
        IsDistrusted = true;
        Commit();
    }

    private bool TryPutBack(Pair entry)
    {
        ulong bytes = entry.Place >> SizeShift;
        ulong place = entry.Place & ((1UL << SizeShift) - 1);
        ulong known = Math.Min(*_sectionCount, (ulong)_ownCount);
        for (ulong i = 0; i < known; i++)
        {
            ulong offset = place - _sections[i].Place;
            // Bounds: wholly inside the section as it was then and as it is now.
            if (place < _sections[i].Place || offset + bytes > Math.Min(_sections[i].Content, _own[i].Content))
                continue;
            ulong before = entry.Content;
            ReadOnlySpan<byte> content = new(&before, (int)Math.Min(bytes, sizeof(ulong)));
            content.CopyTo(new Span<byte>((byte*)(_own[i].Place + offset), content.Length));
            return true;
        }

        return false;
    }

    private record struct Pair(ulong Place, ulong Content);
}
