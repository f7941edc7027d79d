using System;
using System.Threading;

using Cgn.Memory.Arenas;

namespace Cgn.Memory.NextHops;

/// <summary>
/// The neighbours that frames leave to, by number from 1. Workers read entries on the fast path and remember a number
/// with the
/// <see cref="Generation"/> it was looked up in; when the generation has moved on they look it up again. One thread
/// writes.
/// </summary>
/// <remarks>
/// An entry is written through <see cref="Set"/>: its state goes to <see cref="NextHopState.Pending"/> first and to
/// its final value last, so
/// a reader sees either no header or a whole one.
/// </remarks>
public abstract class NextHopTable
{
    private readonly NativeArray<NextHop> _entries;
    private uint _generation;

    /// <summary>Makes a table in private memory.</summary>
    /// <param name="capacity">Entries, 1 to 32,767: records keep a mark beside the number.</param>
    /// <param name="firstGeneration">Its first <see cref="Generation"/>; 0 counts as 1.</param>
    protected NextHopTable(int capacity, uint firstGeneration = 1)
    {
        _generation = Math.Max(1, firstGeneration);
        ArgumentOutOfRangeException.ThrowIfLessThan(capacity, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(capacity, short.MaxValue);
        NativeRegion region = NativeRegion.Anonymous(((nuint)capacity + 1) * 32);
        _entries = new NativeArray<NextHop>(new ArenaSection(region.Address, region.Bytes, false), (uint)capacity + 1);
    }

    /// <summary>Changes whenever a route changes, so that numbers looked up before no longer hold. Never 0.</summary>
    public uint Generation => Volatile.Read(ref _generation);

    /// <summary>An entry by number; number 0 is an entry that is never resolved.</summary>
    public ref readonly NextHop this[ushort number] => ref _entries[number];

    /// <summary>Finds the next hop towards a destination: the slow path, once for each flow and generation. Any
    /// thread.</summary>
    /// <param name="high">Upper half of an IPv6 destination; 0 for IPv4.</param>
    /// <param name="low">Lower half; for IPv4 ::ffff:a.b.c.d, that is 0x0000FFFF_aabbccdd.</param>
    /// <returns>The entry's number, which may be pending or unreachable; 0 when there is no route at all.</returns>
    public abstract ushort Resolve(ulong high, ulong low);

    /// <summary>An IPv4 destination as the lower half of an address.</summary>
    public static ulong Ipv4Low(uint address) => 0x0000_FFFF_0000_0000UL | address;

    /// <summary>Writer only: sets an entry.</summary>
    protected void Set(ushort number, in NextHop hop)
    {
        ref NextHop entry = ref _entries[number];
        Volatile.Write(ref System.Runtime.CompilerServices.Unsafe.As<NextHopState, byte>(ref entry.State),
            (byte)NextHopState.Pending);
        NextHop pending = hop;
        pending.State = NextHopState.Pending;
        entry = pending;
        Volatile.Write(ref System.Runtime.CompilerServices.Unsafe.As<NextHopState, byte>(ref entry.State),
            (byte)hop.State);
    }

    /// <summary>Writer only: makes all numbers looked up so far invalid.</summary>
    protected void NextGeneration()
    {
        uint next = _generation + 1;
        Volatile.Write(ref _generation, next == 0 ? 1 : next);
    }
}
