using System;

using Cgn.Memory.Frames;

namespace Cgn.Ports;

/// <summary>
/// Where frames come from and go to: one queue of one device, used by one worker's thread only. Every call moves a
/// batch. A frame received belongs to the caller; a frame accepted by <see cref="Transmit"/> belongs to the port, which
/// gives its chunk back to the pool when it has left. At any moment a chunk is in the pool, with the caller or with the
/// port.
/// </summary>
public abstract class Port : IDisposable
{
    /// <summary>Fixes what every descriptor from this port will carry.</summary>
    /// <param name="store">The area that all frames of the process lie in.</param>
    /// <param name="name">The port in messages: a device and queue, or a file.</param>
    /// <param name="side">Value of <see cref="Frame.Port"/>: <see cref="FramePort.Inside"/> or
    /// <see cref="FramePort.Outside"/>.</param>
    /// <param name="worker">Value of <see cref="Frame.Worker"/>: the worker that owns this port.</param>
    protected Port(FrameStore store, string name, byte side, ushort worker)
    {
        ArgumentNullException.ThrowIfNull(store);
        Store = store;
        Name = name;
        Side = side;
        Worker = worker;
    }

    /// <summary>The port in messages: a device and queue, or a file.</summary>
    public string Name { get; }

    /// <summary>The side of the box that this port is on, as its frames carry it.</summary>
    public byte Side { get; }

    /// <summary>The worker that owns this port, as its frames carry it.</summary>
    public ushort Worker { get; }

    /// <summary>What went through, and what was lost before or behind the port.</summary>
    public PortCounters Counters { get; } = new();

    /// <summary>
    /// File descriptor that becomes readable when frames wait to be received; -1 where there is none and only asking
    /// tells. For <see cref="PortWaiter"/>.
    /// </summary>
    public virtual int WaitDescriptor => -1;

    /// <summary>The area that all frames of the process lie in.</summary>
    protected FrameStore Store { get; }

    /// <summary>
    /// Takes frames that have arrived, never waiting. Their data lies at <see cref="FrameStore.Headroom"/> or behind
    /// it.
    /// </summary>
    /// <param name="frames">Filled from the start.</param>
    /// <param name="pool">The worker's free chunks, of which the port takes as many as it needs to go on
    /// receiving.</param>
    /// <returns>Frames filled in; 0 when none wait, or the pool is empty and the port needs chunks.</returns>
    public abstract int Receive(Span<Frame> frames, FramePool pool);

    /// <summary>Takes over frames to send, in order, never waiting. They may stay until <see cref="Flush"/>.</summary>
    /// <param name="frames">Frames with their Ethernet header in place; nothing of them may cross the end of its
    /// chunk.</param>
    /// <param name="pool">Where chunks go that have been sent.</param>
    /// <returns>How many from the start were accepted. The others still belong to the caller, who counts them as
    /// dropped.</returns>
    public abstract int Transmit(ReadOnlySpan<Frame> frames, FramePool pool);

    /// <summary>
    /// Once a turn: tells the kernel about what was handed over, and collects chunks that have been sent.
    /// </summary>
    /// <param name="pool">Where chunks go that have been sent.</param>
    public virtual void Flush(FramePool pool)
    {
    }

    /// <summary>
    /// Reads the counters that the kernel keeps into <see cref="Counters"/>; a system call, so not for every turn.
    /// </summary>
    public virtual void ReadStatistics()
    {
    }

    /// <summary>
    /// Ends the traffic: detaches from the device and gives every chunk that the port or the kernel held for it back to
    /// the pool. Frames that had not left yet are lost. Called by the worker's thread, before <see cref="Dispose()"/>;
    /// the port is of no further use.
    /// </summary>
    public abstract void Release(FramePool pool);

    /// <summary>Puts the device back as it was before the port was opened.</summary>
    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    /// <summary>What <see cref="Dispose()"/> does for this kind of port; may be called twice.</summary>
    /// <param name="disposing">Always true: ports have no finalizer of their own.</param>
    protected virtual void Dispose(bool disposing)
    {
    }
}
