using System.Runtime.CompilerServices;
using System.Threading;

namespace Cgn.Ports.Xdp;

/// <summary>
/// Our end of a ring that we fill: the fill ring (positions of free chunks) or the transmit ring (descriptors). The
/// kernel reads entries that lie before the producer position, so the position is stored with release semantics after
/// the entries, and the kernel's position is loaded with acquire semantics before an entry is overwritten.
/// </summary>
/// <remarks>
/// Bounds: every index is masked with size - 1, and the kernel mapped that many entries. The struct stays where libxdp
/// was given it.
/// </remarks>
internal readonly unsafe struct XdpProducer
{
    private readonly LibXdp.Ring* _ring;

    internal XdpProducer(LibXdp.Ring* ring) => _ring = ring;

    /// <summary>Entries that can be written now, at least up to what is wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint Free(uint wanted)
    {
        // libxdp keeps the cached consumer one ring size ahead, so that this difference is the free count.
        uint free = _ring->CachedConsumer - _ring->CachedProducer;
        if (free >= wanted)
            return free;
        _ring->CachedConsumer = Volatile.Read(ref *_ring->Consumer) + _ring->Size;
        return _ring->CachedConsumer - _ring->CachedProducer;
    }

    /// <summary>Entries handed over that the kernel has not taken yet.</summary>
    internal uint Waiting => *_ring->Producer - Volatile.Read(ref *_ring->Consumer);

    /// <summary>Writes the next entry of a fill ring; the caller has asked <see cref="Free"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Write(ulong address) => ((ulong*)_ring->Entries)[_ring->CachedProducer++ & _ring->Mask] = address;

    /// <summary>Writes the next entry of a transmit ring; the caller has asked <see cref="Free"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Write(ulong address, uint length)
    {
        LibXdp.Descriptor* entry = (LibXdp.Descriptor*)_ring->Entries + (_ring->CachedProducer++ & _ring->Mask);
        entry->Address = address;
        entry->Length = length;
        entry->Options = 0;
    }

    /// <summary>Hands everything written so far to the kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Submit() => Volatile.Write(ref *_ring->Producer, _ring->CachedProducer);

    /// <summary>The kernel sleeps and wants a system call to go on.</summary>
    internal bool NeedsWakeup => (Volatile.Read(ref *_ring->Flags) & LibXdp.RingNeedsWakeup) != 0;
}
