using System.Runtime.InteropServices;

namespace Cgn.Contract.Process;

/// <summary>
/// Counts of one device since the forwarder started (RFC 8343), renewed at every sign of life of it. Each field is read
/// whole.
/// </summary>
[StructLayout(LayoutKind.Sequential)]
public struct PortStatus
{
    /// <summary>Frames taken from the device.</summary>
    public long ReceivedFrames;

    /// <summary>Bytes of those, from the Ethernet header on, without the frame check sequence.</summary>
    public long ReceivedBytes;

    /// <summary>Frames given to the device.</summary>
    public long TransmittedFrames;

    /// <summary>Bytes of those, from the Ethernet header on, without the frame check sequence.</summary>
    public long TransmittedBytes;

    /// <summary>Frames lost because the receive ring or buffer was full.</summary>
    public long ReceiveRingFull;

    /// <summary>Frames lost for want of a free chunk.</summary>
    public long ReceiveNoChunk;

    /// <summary>Frames lost for another reason before a worker saw them.</summary>
    public long ReceiveInvalid;

    /// <summary>Frames not accepted for sending because the ring was full.</summary>
    public long TransmitRingFull;

    /// <summary>Frames that were accepted and that the kernel or the device then refused.</summary>
    public long TransmitFailed;
}
