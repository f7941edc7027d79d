using System.Runtime.InteropServices;

namespace Cgn.Ports.Live;

/// <summary>
/// What SharpPcap does not offer of the libpcap that it has loaded: direction, injecting without exceptions, the
/// descriptor to wait on, statistics. The handle is SharpPcap's own.
/// </summary>
internal static unsafe class LibPcap
{
    internal const int DirectionIn = 1;
    private const string Library = "libpcap.so.0.8";

    [DllImport(Library)]
    internal static extern int pcap_setdirection(nint handle, int direction);

    [DllImport(Library, SetLastError = true)]
    internal static extern int pcap_inject(nint handle, void* data, nuint lengthBytes);

    [DllImport(Library)]
    internal static extern int pcap_next_ex(nint handle, PacketHeader** header, byte** data);

    [DllImport(Library)]
    internal static extern int pcap_get_selectable_fd(nint handle);

    [DllImport(Library)]
    internal static extern int pcap_stats(nint handle, Statistics* statistics);

    /// <summary>struct pcap_pkthdr on 64 bits: 24 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct PacketHeader
    {
        public long Seconds;
        public long Fraction;
        public uint CapturedBytes;
        public uint OriginalBytes;
    }

    /// <summary>struct pcap_stat: 12 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Statistics
    {
        public uint Received;
        public uint Dropped;
        public uint DroppedByDevice;
    }
}
