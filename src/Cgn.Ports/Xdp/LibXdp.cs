using System.Runtime.InteropServices;

namespace Cgn.Ports.Xdp;

/// <summary>
/// The functions of libxdp 1.3 that open AF_XDP sockets, and its structs (xdp/xsk.h). What works on rings exists only
/// inline in that header and is written anew in <see cref="XdpProducer"/> and <see cref="XdpConsumer"/>. Libxdp keeps
/// the addresses of ring structs, so they lie in native memory and are never copied.
/// </summary>
internal static unsafe class LibXdp
{
    internal const uint InhibitProgramLoad = 1;
    internal const ushort BindCopy = 1 << 1;
    internal const ushort BindZeroCopy = 1 << 2;
    internal const ushort BindNeedWakeup = 1 << 3;
    internal const uint RingNeedsWakeup = 1;

    internal const int SocketLevel = 283;
    internal const int OptionStatistics = 7;
    internal const int OptionOptions = 8;

    /// <summary>Frames that one system call sends in copy mode (Linux 6.17): 32 up to a ring of them.</summary>
    internal const int OptionSendBudget = 9;

    internal const uint OptionZeroCopy = 1;

    /// <summary>
    /// Bytes that the kernel itself keeps free before a packet in a chunk (XDP_PACKET_HEADROOM), besides what the umem
    /// asks for.
    /// </summary>
    internal const int KernelHeadroom = 256;

    private const string Library = "libxdp.so.1";

    [DllImport(Library)]
    internal static extern nint libxdp_set_print(nint function);

    [DllImport(Library)]
    internal static extern int xsk_umem__create(
        nint* umem, void* area, ulong sizeBytes, Ring* fill, Ring* completion, UmemConfig* config);

    [DllImport(Library)]
    internal static extern int xsk_umem__delete(nint umem);

    [DllImport(Library)]
    internal static extern int xsk_socket__create_shared(
        nint* socket,
        byte* device,
        uint queue,
        nint umem,
        Ring* receive,
        Ring* transmit,
        Ring* fill,
        Ring* completion,
        SocketConfig* config);

    [DllImport(Library)]
    internal static extern void xsk_socket__delete(nint socket);

    [DllImport(Library)]
    internal static extern int xsk_socket__fd(nint socket);

    /// <summary>struct xsk_ring_prod and xsk_ring_cons, which are alike: 48 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Ring
    {
        public uint CachedProducer;
        public uint CachedConsumer;
        public uint Mask;
        public uint Size;
        public uint* Producer;
        public uint* Consumer;
        public void* Entries;
        public uint* Flags;
    }

    /// <summary>struct xsk_umem_config: 20 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct UmemConfig
    {
        public uint FillSize;
        public uint CompletionSize;
        public uint FrameBytes;
        public uint FrameHeadroom;
        public uint Flags;
    }

    /// <summary>struct xsk_socket_config: 20 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct SocketConfig
    {
        public uint ReceiveSize;
        public uint TransmitSize;
        public uint LibraryFlags;
        public uint XdpFlags;
        public ushort BindFlags;
    }

    /// <summary>struct xdp_desc, an entry of the receive and transmit rings: 16 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Descriptor
    {
        public ulong Address;
        public uint Length;
        public uint Options;
    }

    /// <summary>struct xdp_statistics: 48 bytes.</summary>
    [StructLayout(LayoutKind.Sequential)]
    internal struct Statistics
    {
        public ulong ReceiveDropped;
        public ulong ReceiveInvalid;
        public ulong TransmitInvalid;
        public ulong ReceiveRingFull;
        public ulong FillRingEmpty;
        public ulong TransmitRingEmpty;
    }
}
