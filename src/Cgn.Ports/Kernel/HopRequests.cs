using System;
using System.Runtime.InteropServices;
using System.Threading;

using Cgn.Ports.Native;

namespace Cgn.Ports.Kernel;

/// <summary>
/// Neighbours that packets want and nobody has asked for yet, on their way from the workers to the thread that talks to
/// the kernel. Few places: a request that finds none is made again by the next packet. No lock and no allocation.
/// </summary>
internal sealed unsafe class HopRequests : IDisposable
{
    private const int Places = 256;
    private const int Free = 0;
    private const int Writing = 1;
    private const int Waiting = 2;

    private readonly Place[] _places = GC.AllocateArray<Place>(Places, pinned: false);
    private int _event;
    private int _rung;
    private int _overflowed;

    internal HopRequests()
    {
        _event = LibC.eventfd(0, LibC.CloseOnExec | LibC.NonBlocking);
        if (_event < 0)
            throw new PortException($"no event descriptor: {SystemError.Last()}");
    }

    /// <summary>Becomes readable when a request waits.</summary>
    internal int Descriptor => _event;

    /// <summary>Any thread: asks for a neighbour. The same one asked for again meanwhile is one request.</summary>
    internal void Ask(in HopKey key)
    {
        ref Place place = ref _places[key.Hash() % Places];
        if (Interlocked.CompareExchange(ref place.State, Writing, Free) == Free)
        {
            place.Key = key;
            Volatile.Write(ref place.State, Waiting);
        }
        else
        {
            Volatile.Write(ref _overflowed, 1);
        }

        Ring();
    }

    /// <summary>Any thread: wakes the thread that talks to the kernel.</summary>
    internal void Ring()
    {
        if (Interlocked.Exchange(ref _rung, 1) != 0)
            return;
        ulong one = 1;
        _ = LibC.write(_event, &one, sizeof(ulong));
    }

    /// <summary>One thread: takes note of having been woken.</summary>
    /// <returns>True when a request found no place, so that packets must be made to ask again.</returns>
    internal bool Answer()
    {
        ulong count;
        _ = LibC.read(_event, &count, sizeof(ulong));
        Volatile.Write(ref _rung, 0);
        Thread.MemoryBarrier();
        return Interlocked.Exchange(ref _overflowed, 0) != 0;
    }

    /// <summary>One thread: takes the next request; the search goes on where it stopped.</summary>
    internal bool TryTake(ref int from, out HopKey key)
    {
        for (; from < Places; from++)
        {
            ref Place place = ref _places[from];
            if (Volatile.Read(ref place.State) != Waiting)
                continue;
            key = place.Key;
            Volatile.Write(ref place.State, Free);
            from++;
            return true;
        }

        key = default;
        return false;
    }

    public void Dispose()
    {
        if (_event >= 0)
            _ = LibC.close(_event);
        _event = -1;
    }

    // One request in a line of its own, so that workers don't disturb each other.
    [StructLayout(LayoutKind.Sequential, Size = 64)]
    private struct Place
    {
        public HopKey Key;
        public int State;
    }
}
