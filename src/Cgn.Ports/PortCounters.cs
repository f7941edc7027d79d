namespace Cgn.Ports;

/// <summary>
/// Counts of one port since it was opened. Written by the port's worker alone; read by anyone, each field by itself (64
/// bits are read whole).
/// </summary>
public sealed class PortCounters
{
    /// <summary>Frames given to the worker.</summary>
    public ulong ReceivedFrames;

    /// <summary>Bytes of those, from the Ethernet header on, without the frame check sequence.</summary>
    public ulong ReceivedBytes;

    /// <summary>Frames taken over for sending.</summary>
    public ulong TransmittedFrames;

    /// <summary>Bytes of those, from the Ethernet header on, without the frame check sequence.</summary>
    public ulong TransmittedBytes;

    /// <summary>
    /// Frames that were ours and that the kernel lost because the receive ring or buffer was full; see
    /// <see cref="Port.ReadStatistics"/>.
    /// </summary>
    public ulong ReceiveRingFull;

    /// <summary>
    /// Frames that were ours and that the kernel lost for want of a free chunk in the fill ring; see
    /// <see cref="Port.ReadStatistics"/>.
    /// </summary>
    public ulong ReceiveNoChunk;

    /// <summary>
    /// Frames that were lost before the worker saw them for another reason, such as one longer than a chunk.
    /// </summary>
    public ulong ReceiveInvalid;

    /// <summary>
    /// Frames that <see cref="Port.Transmit"/> did not accept because its ring was full; the caller drops them.
    /// </summary>
    public ulong TransmitRingFull;

    /// <summary>Frames that were accepted and that the kernel or the device then refused.</summary>
    public ulong TransmitFailed;

    /// <summary>System calls made to wake the kernel, for receiving or sending.</summary>
    public ulong Wakeups;
}
