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

    [DllImport(Library)]
    private static extern nint pcap_open_dead(int linkType, int snapLength);

    [DllImport(Library)]
    private static extern void pcap_close(nint handle);

    /// <summary>
    /// Calls what workers call once, on a handle without a device, which refuses it all: the runtime binds a function
    /// at its
    /// first call and allocates for it, which would then be on the worker.
    /// </summary>
    internal static void Bind()
    {
        const int Ethernet = 1;
        nint handle = pcap_open_dead(Ethernet, 64);
        if (handle == 0)
            return;
        PacketHeader* header = null;
        byte* data = null;
        Statistics statistics;
        _ = pcap_next_ex(handle, &header, &data);
        _ = pcap_inject(handle, &statistics, 1);
        _ = pcap_stats(handle, &statistics);
        pcap_close(handle);
    }

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
