using System;
using System.Collections.Generic;
using System.Runtime.InteropServices;
using System.Threading;

using Cgn.Ports.Native;

namespace Cgn.Ports;

/// <summary>
/// Sleeps until one of a worker's ports has something to receive, or a time has passed. For workers that have found
/// nothing to do for a while. Allocates nothing after construction.
/// </summary>
public sealed unsafe class PortWaiter
{
    private const int PollMs = 1;
    private readonly PollDescriptor[] _descriptors;
    private readonly bool _mustAsk;

    /// <summary>
    /// Waits on these ports, and on further descriptors such as an eventfd that another thread rings.
    /// </summary>
    /// <param name="ports">The worker's ports. If one has no descriptor, every wait lasts at most 1 ms: only asking
    /// tells.</param>
    /// <param name="otherDescriptors">Further file descriptors; negative ones are left out.</param>
    public PortWaiter(IReadOnlyList<Port> ports, params ReadOnlySpan<int> otherDescriptors)
    {
        ArgumentNullException.ThrowIfNull(ports);
        List<PollDescriptor> descriptors = [];
        foreach (Port port in ports)
        {
            if (port.WaitDescriptor < 0)
                _mustAsk = true;
            else
                descriptors.Add(new PollDescriptor { Descriptor = port.WaitDescriptor, Events = PollDescriptor.In });
        }

        foreach (int descriptor in otherDescriptors)
        {
            if (descriptor >= 0)
                descriptors.Add(new PollDescriptor { Descriptor = descriptor, Events = PollDescriptor.In });
        }

        _descriptors = GC.AllocateArray<PollDescriptor>(Math.Max(1, descriptors.Count), pinned: true);
        Count = descriptors.Count;
        descriptors.CopyTo(_descriptors);
    }

    /// <summary>Descriptors waited on.</summary>
    public int Count { get; }

    /// <summary>Sleeps.</summary>
    /// <param name="timeoutMs">Longest sleep in milliseconds; 0 only looks.</param>
    /// <returns>True when a port may have frames; false when the time has passed or a signal came.</returns>
    public bool Wait(int timeoutMs)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(timeoutMs);
        int waitMs = _mustAsk ? Math.Min(timeoutMs, PollMs) : timeoutMs;
        if (Count == 0)
        {
            Thread.Sleep(waitMs);
            return _mustAsk;
        }

        // The array is pinned and holds at least Count entries.
        PollDescriptor* first = (PollDescriptor*)Marshal.UnsafeAddrOfPinnedArrayElement(_descriptors, 0);
        return LibC.poll(first, (nuint)Count, waitMs) > 0 || _mustAsk;
    }
}
