using System;
using System.Runtime.InteropServices;
using System.Text;

using Cgn.Memory.Frames;
using Cgn.Ports.Native;

namespace Cgn.Ports.Xdp;

/// <summary>
/// One receive and transmit queue of a device through an AF_XDP socket. Frames arrive in chunks that were put into the
/// fill ring before; sent chunks come back through the completion ring. System calls are made only where the kernel
/// asks to be woken.
/// </summary>
public sealed unsafe class XdpPort : Port
{
    private const int CompletionBatch = 64;

    // In copy mode the kernel sends at most this many frames for one system call (TX_BATCH_SIZE in net/xdp/xsk.c), and
    // since Linux 6.17 what it is told, up to a ring.
    private const uint SendsPerCall = 32;
    private const uint SendsPerCallWanted = 256;

    private readonly XdpDevice _device;
    private readonly ChunkSet _withKernel;
    private readonly LibXdp.Ring* _rings;
    private readonly XdpConsumer _receive;
    private readonly XdpProducer _transmit;
    private readonly XdpProducer _fill;
    private readonly XdpConsumer _completion;
    private readonly uint _ringSize;
    private readonly int _descriptor;
    private readonly uint _sendsPerCall;
    private nint _socket;
    private uint _filled;
    private uint _fillTarget;
    private ulong _foreign;
    private ulong _refused;

    internal XdpPort(XdpDevice device, XdpUmem umem, uint queue, ushort worker, Patience patience)
        : base(umem.Store, $"{device.Info.Name} queue {queue}", device.Side, worker)
    {
        _device = device;
        Queue = queue;
        _ringSize = (uint)umem.RingSize;
        _withKernel = new ChunkSet(Store.ChunkCount);
        // Libxdp keeps these addresses until the socket is deleted.
        _rings = (LibXdp.Ring*)NativeMemory.AllocZeroed(4, (nuint)sizeof(LibXdp.Ring));
        LibXdp.Ring* areaRings = umem.RingsFor(&_rings[2]);
        int error = patience.Ask(() => Open(umem, areaRings));
        if (error != 0)
        {
            NativeMemory.Free(_rings);
            throw new PortException($"{Name}: opening the AF_XDP socket: {SystemError.Text(error)}{Hint(error, umem)}");
        }

        _receive = new XdpConsumer(&_rings[0]);
        _transmit = new XdpProducer(&_rings[1]);
        _fill = new XdpProducer(&areaRings[0]);
        _completion = new XdpConsumer(&areaRings[1]);
        _descriptor = LibXdp.xsk_socket__fd(_socket);
        _sendsPerCall = SetSendsPerCall();
        uint options = 0;
        uint bytes = sizeof(uint);
        IsZeroCopy = LibC.getsockopt(_descriptor, LibXdp.SocketLevel, LibXdp.OptionOptions, &options, &bytes) == 0
            && (options & LibXdp.OptionZeroCopy) != 0;
        try
        {
            device.Program.SetSocket(queue, _descriptor);
        }
        catch
        {
            Close();
            throw;
        }
    }

    /// <summary>Receive and transmit queue of the device, from 0.</summary>
    public uint Queue { get; }

    /// <summary>The driver works on the frame store itself; false: the kernel copies.</summary>
    public bool IsZeroCopy { get; }

    /// <inheritdoc/>
    public override int WaitDescriptor => _descriptor;

    /// <inheritdoc/>
    public override int Receive(Span<Frame> frames, FramePool pool)
    {
        if (_socket == 0)
            return 0;
        int count = (int)_receive.Available((uint)frames.Length);
        int kept = 0;
        ulong bytes = 0;
        for (int i = 0; i < count; i++)
        {
            ref readonly LibXdp.Descriptor descriptor = ref _receive.ReadDescriptor();
            uint chunk = Store.ChunkOf(descriptor.Address);
            _filled--;
            if (!_withKernel.Remove(chunk))
            {
                _foreign++;
                Counters.ReceiveInvalid++;
                continue;
            }

            bytes += descriptor.Length;
            frames[kept++] = new Frame
            {
                Chunk = chunk,
                Offset = Store.OffsetOf(descriptor.Address),
                Length = descriptor.Length,
                Port = Side,
                Worker = Worker,
            };
        }

        if (count != 0)
            _receive.Release();
        Counters.ReceivedFrames += (ulong)kept;
        Counters.ReceivedBytes += bytes;
        Refill(pool);
        return kept;
    }

    /// <inheritdoc/>
    public override int Transmit(ReadOnlySpan<Frame> frames, FramePool pool)
    {
        if (_socket == 0)
            return 0;
        Complete(pool);
        int count = (int)Math.Min(_transmit.Free((uint)frames.Length), (uint)frames.Length);
        ulong bytes = 0;
        for (int i = 0; i < count; i++)
        {
            ref readonly Frame frame = ref frames[i];
            if (frame.Length == 0 || (ulong)frame.Offset + frame.Length > (ulong)Store.ChunkBytes)
            {
                // The kernel would pass over it without ever giving the chunk back.
                Counters.TransmitFailed++;
                _refused++;
                pool.Return(frame.Chunk);
                continue;
            }

            _transmit.Write(Store.AddressOf(frame), frame.Length);
            _withKernel.Add(frame.Chunk);
            bytes += frame.Length;
        }

        if (count != 0)
            _transmit.Submit();
        Counters.TransmittedFrames += (ulong)count;
        Counters.TransmittedBytes += bytes;
        Counters.TransmitRingFull += (ulong)(frames.Length - count);
        return count;
    }

    /// <inheritdoc/>
    public override void Flush(FramePool pool)
    {
        if (_socket == 0)
            return;
        // A bounded number of calls: what the kernel doesn't take now (queue of the device full) waits in the ring for
        // the next turn.
        uint waiting = _transmit.Waiting;
        for (uint sent = 0; sent < waiting && _transmit.NeedsWakeup; sent += _sendsPerCall)
        {
            Counters.Wakeups++;
            nint result = LibC.sendto(_descriptor, null, 0, LibC.MessageDontWait, null, 0);
            if (result < 0 && Marshal.GetLastPInvokeError() is not (LibC.ErrorAgain or LibC.ErrorBusy))
                break;
        }

        Complete(pool);
    }

    /// <inheritdoc/>
    public override void ReadStatistics()
    {
        LibXdp.Statistics statistics = default;
        uint bytes = (uint)sizeof(LibXdp.Statistics);
        if (_socket == 0
            || LibC.getsockopt(_descriptor, LibXdp.SocketLevel, LibXdp.OptionStatistics, &statistics, &bytes) != 0)
            return;
        Counters.ReceiveRingFull = statistics.ReceiveRingFull;
        Counters.ReceiveNoChunk = statistics.FillRingEmpty;
        Counters.ReceiveInvalid = statistics.ReceiveDropped + statistics.ReceiveInvalid + _foreign;
        Counters.TransmitFailed = statistics.TransmitInvalid + _refused;
    }

    /// <inheritdoc/>
    public override void Release(FramePool pool)
    {
        Close();
        _withKernel.ReturnAll(pool);
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        Close();
        base.Dispose(disposing);
    }

    private void Close()
    {
        if (_socket == 0)
            return;
        _device.Program.ClearSocket(Queue);
        LibXdp.xsk_socket__delete(_socket);
        _socket = 0;
        NativeMemory.Free(_rings);
        _device.Closed(this);
    }

    private uint SetSendsPerCall()
    {
        uint wanted = Math.Min(SendsPerCallWanted, _ringSize);
        int error = LibC.setsockopt(_descriptor, LibXdp.SocketLevel, LibXdp.OptionSendBudget, &wanted, sizeof(uint));
        return error == 0 ? wanted : SendsPerCall;
    }

    private int Open(XdpUmem umem, LibXdp.Ring* areaRings)
    {
        LibXdp.SocketConfig config = new()
        {
            ReceiveSize = _ringSize,
            TransmitSize = _ringSize,
            LibraryFlags = LibXdp.InhibitProgramLoad,
            BindFlags = (ushort)(LibXdp.BindNeedWakeup | (umem.Copies ? LibXdp.BindCopy : LibXdp.BindZeroCopy)),
        };
        nint opened = 0;
        int error;
        fixed (byte* name = Encoding.UTF8.GetBytes(_device.Info.Name + "\0"))
        {
            error = LibXdp.xsk_socket__create_shared(
                &opened, name, Queue, umem.Handle, &_rings[0], &_rings[1], &areaRings[0], &areaRings[1], &config);
        }

        _socket = opened;
        return error;
    }

    // Keeps as many chunks with the kernel as the ring holds, but never more than a quarter of the worker's, so that
    // two ports can't starve it.
    private void Refill(FramePool pool)
    {
        if (_fillTarget == 0)
            _fillTarget = Math.Clamp((uint)pool.StartCount / 4, 1, _ringSize);
        if (_filled < _fillTarget)
        {
            uint wanted = Math.Min(_fillTarget - _filled, _fill.Free(_fillTarget - _filled));
            uint put = 0;
            while (put < wanted && pool.TryTake(out uint chunk))
            {
                _fill.Write((ulong)chunk * (ulong)Store.ChunkBytes);
                _withKernel.Add(chunk);
                put++;
            }

            _filled += put;
            if (put != 0)
                _fill.Submit();
        }

        if (_fill.NeedsWakeup)
        {
            Counters.Wakeups++;
            _ = LibC.recvfrom(_descriptor, null, 0, LibC.MessageDontWait, null, null);
        }
    }

    private void Complete(FramePool pool)
    {
        uint count;
        do
        {
            count = _completion.Available(CompletionBatch);
            for (uint i = 0; i < count; i++)
            {
                uint chunk = Store.ChunkOf(_completion.ReadAddress());
                if (_withKernel.Remove(chunk))
                    pool.Return(chunk);
            }

            if (count != 0)
                _completion.Release();
        }
        while (count == CompletionBatch);
    }

    private static string Hint(int error, XdpUmem umem) => Math.Abs(error) switch
    {
        LibC.ErrorBusy => "; another socket has this queue",
        95 or 22 when !umem.Copies => "; the driver can't work on the frame store itself: let the kernel copy",
        1 or 13 => "; CAP_NET_RAW and CAP_NET_ADMIN are needed" + Capabilities.Missing("CAP_NET_RAW", "CAP_NET_ADMIN"),
        _ => string.Empty,
    };
}
