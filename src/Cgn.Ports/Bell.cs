using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Threading;

using Cgn.Ports.Native;

namespace Cgn.Ports;

/// <summary>
/// Wakes a worker that sleeps in a <see cref="PortWaiter"/> when another thread has left something for it elsewhere
/// than in a port. Ringing for a worker that is awake costs a memory barrier and no system call.
/// </summary>
/// <remarks>
/// The order makes sure that nobody sleeps with something left for him: the sleeper says that it waits, and looks once
/// more; the other leaves something, and asks whether somebody waits. One of the two sees the other.
/// </remarks>
public sealed unsafe class Bell : IDisposable
{
    private int _descriptor;
    private int _isAwaited;

    /// <summary>Hangs a bell.</summary>
    /// <exception cref="IOException">The system has no descriptor left.</exception>
    public Bell()
    {
        _descriptor = LibC.eventfd(0, LibC.CloseOnExec | LibC.NonBlocking);
        if (_descriptor < 0)
        {
            throw new IOException(
                $"the system refused an eventfd (error {Marshal.GetLastPInvokeError()}); is RLIMIT_NOFILE too low?");
        }
    }

    /// <summary>What to wait on beside the ports: a file descriptor.</summary>
    public int Descriptor => _descriptor;

    /// <summary>Its owner, before it looks for the last time and sleeps.</summary>
    public void Await()
    {
        Volatile.Write(ref _isAwaited, 1);
        Interlocked.MemoryBarrier();
    }

    /// <summary>Its owner, awake again.</summary>
    /// <param name="isWoken">Something woke it: this bell perhaps, which then stops.</param>
    public void Answer(bool isWoken)
    {
        Volatile.Write(ref _isAwaited, 0);
        if (!isWoken)
            return;
        ulong rings;
        // Bounds: an eventfd gives eight bytes. That it has not rung is no error.
        _ = LibC.read(_descriptor, &rings, sizeof(ulong));
    }

    /// <summary>Anyone, having left something for its owner.</summary>
    public void Ring()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _isAwaited) == 0 || Interlocked.Exchange(ref _isAwaited, 0) == 0)
            return;
        ulong once = 1;
        // It can't be full: whoever rings has taken the mark that the owner sets before each sleep.
        _ = LibC.write(_descriptor, &once, sizeof(ulong));
    }

    /// <summary>Takes it down; nobody may ring any more.</summary>
    public void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0)
            _ = LibC.close(descriptor);
    }
}
