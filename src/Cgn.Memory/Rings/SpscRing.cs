using System;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Threading;

using Cgn.Memory.Arenas;

namespace Cgn.Memory.Rings;

/// <summary>
/// A queue between exactly one producing and one consuming thread, which may be in different processes: positions and
/// entries lie in an
/// arena section, and this object holds only where. Full means refused, never waited for.
/// </summary>
/// <remarks>
/// The section is 128 bytes of positions (producer's at 0, what it has staged under a journal at 8, consumer's at 64,
/// on cache lines of their own) and then the entries. Positions count up for ever; the entry is position modulo
/// capacity. Each end keeps a copy of the other's position and looks again only when that
/// copy says full or empty, so the lines travel between cores seldom.
/// </remarks>
/// <typeparam name="T">The entry: a struct without references.</typeparam>
public sealed unsafe class SpscRing<T>
    where T : unmanaged
{
    private const int HeaderBytes = 128;

    private readonly long* _produced;
    private readonly long* _kept;
    private readonly long* _consumed;
    private readonly T* _entries;
    private readonly int _mask;
    private long _producedSeen;
    private long _consumedSeen;
    private long _staged;

    /// <summary>Lays a ring over a section; what an earlier process left in it is still there.</summary>
    /// <param name="section">Memory of <see cref="BytesFor"/> bytes, zeroed when new.</param>
    /// <param name="capacity">Entries: a power of two.</param>
    public SpscRing(ArenaSection section, int capacity)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(section.Bytes, BytesFor(capacity));
        Section = section;
        _produced = (long*)section.Address;
        _kept = (long*)(section.Address + 8);
        _consumed = (long*)(section.Address + 64);
        _entries = (T*)(section.Address + HeaderBytes);
        _mask = capacity - 1;
        Capacity = capacity;
        _producedSeen = Volatile.Read(ref *_produced);
        _consumedSeen = Volatile.Read(ref *_consumed);
        _staged = _producedSeen;
    }

    /// <summary>Entries that fit.</summary>
    public int Capacity { get; }

    /// <summary>Where it lies.</summary>
    public ArenaSection Section { get; }

    /// <summary>Entries waiting, as either end or an onlooker sees it now.</summary>
    public int Depth => (int)(Volatile.Read(ref *_produced) - Volatile.Read(ref *_consumed));

    /// <summary>Entries ever written, as either end or an onlooker sees it now.</summary>
    public long Produced => Volatile.Read(ref *_produced);

    /// <summary>Entries ever given back, as either end or an onlooker sees it now.</summary>
    public long Consumed => Volatile.Read(ref *_consumed);

    /// <summary>Bytes that a ring of this many entries takes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Not a power of two.</exception>
    public static nuint BytesFor(int capacity)
    {
        if (capacity < 1 || !BitOperations.IsPow2(capacity))
            throw new ArgumentOutOfRangeException(nameof(capacity), "must be a power of two");
        return HeaderBytes + ((nuint)capacity * (nuint)sizeof(T));
    }

    /// <summary>
    /// Producer only: appends an entry; false when full. What was staged before is published with it.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryWrite(in T entry)
    {
        bool isWritten = TryStage(entry);
        Publish();
        return isWritten;
    }

    /// <summary>
    /// Producer only: appends an entry that the consumer sees once <see cref="Publish"/> is called; false when full.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool TryStage(in T entry)
    {
        long at = _staged;
        if (at - _consumedSeen > _mask)
        {
            _consumedSeen = Volatile.Read(ref *_consumed);
            if (at - _consumedSeen > _mask)
                return false;
        }

        // Bounds: the mask keeps the entry inside the capacity.
        _entries[at & _mask] = entry;
        _staged = at + 1;
        return true;
    }

    /// <summary>
    /// Producer only: appends an entry as part of the change that a journal keeps: it is told if and only if that
    /// change stands. The consumer sees it after the change is committed and <see cref="Publish"/> was called, or
    /// after <see cref="Resume"/> if the process is killed between the two.
    /// </summary>
    /// <returns>False when full.</returns>
    public bool TryStage(in T entry, Journal journal)
    {
        ArgumentNullException.ThrowIfNull(journal);
        if (!TryStage(entry))
            return false;
        journal.Save(ref *_kept);
        Volatile.Write(ref *_kept, _staged);
        return true;
    }

    /// <summary>
    /// Producer only, when it attaches and the journal has recovered: shows what an earlier process had staged and
    /// committed, but was killed before it could publish it. Where the positions can't be right, nothing waits.
    /// </summary>
    public void Resume()
    {
        if ((ulong)Depth64 > (ulong)Capacity)
            Volatile.Write(ref *_produced, Volatile.Read(ref *_consumed));
        long behind = Volatile.Read(ref *_kept) - *_produced;
        if (behind > 0 && behind <= Capacity)
            Volatile.Write(ref *_produced, *_produced + behind);
        _producedSeen = *_produced;
        _staged = *_produced;
    }

    /// <summary>Consumer only, when it attaches: where the positions can't be right, nothing waits.</summary>
    public void ResumeReading()
    {
        if ((ulong)Depth64 > (ulong)Capacity)
            Volatile.Write(ref *_consumed, Volatile.Read(ref *_produced));
        _producedSeen = *_consumed;
    }

    private long Depth64 => Volatile.Read(ref *_produced) - Volatile.Read(ref *_consumed);

    /// <summary>
    /// Producer only: shows the consumer what was staged, so that the line of the position travels once for many
    /// entries.
    /// </summary>
    /// <returns>False when there was nothing to show.</returns>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public bool Publish()
    {
        if (_staged == *_produced)
            return false;
        // The release store publishes entries after they are written.
        Volatile.Write(ref *_produced, _staged);
        return true;
    }

    /// <summary>Producer only: entries that can be written without being refused.</summary>
    public int Free
    {
        get
        {
            _consumedSeen = Volatile.Read(ref *_consumed);
            return Capacity - (int)(_staged - _consumedSeen);
        }
    }

    /// <summary>Consumer only: takes up to as many entries as fit into a span, oldest first.</summary>
    /// <returns>How many were taken.</returns>
    public int Read(Span<T> entries)
    {
        int count = Peek(entries);
        Release(count);
        return count;
    }

    /// <summary>Consumer only: copies up to as many entries as fit into a span, oldest first, and leaves them in the
    /// ring.</summary>
    /// <returns>How many were copied.</returns>
    public int Peek(Span<T> entries)
    {
        long at = *_consumed;
        long waiting = _producedSeen - at;
        if (waiting < entries.Length)
        {
            _producedSeen = Volatile.Read(ref *_produced);
            waiting = _producedSeen - at;
        }

        int count = (int)Math.Min(waiting, entries.Length);
        for (int i = 0; i < count; i++)
            entries[i] = _entries[(at + i) & _mask];
        return count;
    }

    /// <summary>Consumer only: gives the oldest entries' places back, after <see cref="Peek"/> has copied
    /// them.</summary>
    /// <param name="count">How many, not more than the last peek copied.</param>
    public void Release(int count)
    {
        if (count != 0)
            Volatile.Write(ref *_consumed, *_consumed + count);
    }
}
