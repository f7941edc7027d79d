using System.Runtime.CompilerServices;
using System.Threading;

namespace Cgn.Ports.Xdp;

/// <summary>
/// Our end of a ring that the kernel fills: the receive ring (descriptors) or the completion ring (positions of sent
/// chunks). The kernel's position is loaded with acquire semantics before entries are read, and ours stored with
/// release semantics after they have been.
/// </summary>
/// <remarks>
/// Bounds: every index is masked with size - 1, and the kernel mapped that many entries. The struct stays where libxdp
/// was given it.
/// </remarks>
internal readonly unsafe struct XdpConsumer
{
    private readonly LibXdp.Ring* _ring;

    internal XdpConsumer(LibXdp.Ring* ring) => _ring = ring;

    /// <summary>Entries that can be read now, at most as many as wanted.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal uint Available(uint wanted)
    {
        uint available = _ring->CachedProducer - _ring->CachedConsumer;
        if (available < wanted)
        {
            _ring->CachedProducer = Volatile.Read(ref *_ring->Producer);
            available = _ring->CachedProducer - _ring->CachedConsumer;
        }

        return available < wanted ? available : wanted;
    }

    /// <summary>Reads the next entry of a receive ring; the caller has asked <see cref="Available"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ref readonly LibXdp.Descriptor ReadDescriptor() =>
        ref ((LibXdp.Descriptor*)_ring->Entries)[_ring->CachedConsumer++ & _ring->Mask];

    /// <summary>Reads the next entry of a completion ring; the caller has asked <see cref="Available"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal ulong ReadAddress() => ((ulong*)_ring->Entries)[_ring->CachedConsumer++ & _ring->Mask];

    /// <summary>Gives the entries read so far back to the kernel.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Release() => Volatile.Write(ref *_ring->Consumer, _ring->CachedConsumer);
}
