using System;
using System.Runtime.InteropServices;

using Cgn.Memory.Frames;
using Cgn.Ports.Native;

namespace Cgn.Ports.Xdp;

/// <summary>
/// The frame store registered with the kernel as an AF_XDP umem: one for all devices and queues, so that a frame can
/// leave by another port than it came in by without being copied. Either all sockets on it copy or none does: the
/// kernel decides by the first.
/// </summary>
internal sealed unsafe class XdpUmem : IDisposable
{
    private nint _umem;
    private LibXdp.Ring* _rings;
    private bool _areRingsTaken;

    /// <summary>Registers the area.</summary>
    /// <param name="store">Chunks of 2,048 or 4,096 bytes.</param>
    /// <param name="ringSize">Entries of each fill and completion ring, a power of two.</param>
    /// <param name="copies">True: the kernel copies between its buffers and the area; false: the driver works on the
    /// area itself if it can.</param>
    /// <exception cref="PortException">A chunk size that AF_XDP doesn't take, missing privilege or memory.</exception>
    internal XdpUmem(FrameStore store, int ringSize, bool copies)
    {
        XdpLibraries.Check("AF_XDP");
        if (store.ChunkBytes > Environment.SystemPageSize)
        {
            throw new PortException(
                $"AF_XDP takes frame chunks of 2048 up to a page of {Environment.SystemPageSize} bytes, "
                + $"not {store.ChunkBytes}");
        }

        Store = store;
        Copies = copies;
        RingSize = ringSize;
        // The kernel maps one fill and one completion ring together with the area; the first socket takes them over.
        _rings = (LibXdp.Ring*)NativeMemory.AllocZeroed(2, (nuint)sizeof(LibXdp.Ring));
        LibXdp.UmemConfig config = new()
        {
            FillSize = (uint)ringSize,
            CompletionSize = (uint)ringSize,
            FrameBytes = (uint)store.ChunkBytes,
            FrameHeadroom = FrameStore.Headroom - LibXdp.KernelHeadroom,
        };
        nint umem;
        int error = LibXdp.xsk_umem__create(&umem, (void*)store.Address, store.Bytes, &_rings[0], &_rings[1], &config);
        if (error != 0)
        {
            NativeMemory.Free(_rings);
            _rings = null;
            throw new PortException(
                $"AF_XDP: registering {store.Bytes} bytes of frames: {SystemError.Text(error)}; "
                + "the privileges CAP_NET_RAW and CAP_IPC_LOCK (or a higher limit of locked memory) are needed, "
                + "and a kernel with XDP sockets" + Capabilities.Missing("CAP_NET_RAW", "CAP_IPC_LOCK"));
        }

        _umem = umem;
    }

    internal FrameStore Store { get; }

    internal bool Copies { get; }

    internal int RingSize { get; }

    internal nint Handle => _umem;

    /// <summary>
    /// Structs for the fill and completion rings of a socket. The first socket must be given the very structs that the
    /// area was registered with: if it can't be opened with others, libxdp (1.2 to 1.4) unmaps the rings at once and
    /// once more when the registration is taken back, and by then the addresses may be somebody else's.
    /// </summary>
    internal LibXdp.Ring* RingsFor(LibXdp.Ring* own)
    {
        bool isFirst = !_areRingsTaken;
        _areRingsTaken = true;
        return isFirst ? _rings : own;
    }

    /// <summary>Takes the registration back. All sockets must be closed.</summary>
    public void Dispose()
    {
        if (_umem == 0)
            return;
        _ = LibXdp.xsk_umem__delete(_umem);
        _umem = 0;
        NativeMemory.Free(_rings);
        _rings = null;
    }
}
