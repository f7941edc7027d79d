using System;
using System.Buffers.Binary;
using System.Runtime.Intrinsics;
using System.Threading;

using Cgn.Memory.Frames;
using Cgn.Ports;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// A port whose far end is the benchmark: frames that are received are made on the spot from templates, headers only,
/// and frames that are
/// transmitted go straight back to the pool. What it costs by itself is measured by <see cref="ReferenceLoop"/>.
/// </summary>
internal sealed class GeneratorPort : Port
{
    // The headers in front of the IPv4 packet, right-aligned, as two vectors.
    private const int FrontBytes = 64;
    private const int FrontAt = FrameLayout.Ipv4At - FrontBytes;
    private const int PayloadLengthAt = FrameLayout.Ipv4At - 36;
    private const int B4At = FrameLayout.Ipv4At - 32;

    private readonly Vector256<byte> _softwireFront0;
    private readonly Vector256<byte> _softwireFront1;
    private readonly Vector256<byte> _plainFront1;
    private readonly PieceWriter _pieces;
    private Shift? _shift;
    private FrameInspector? _inspector;
    private PortTimes? _times;

    /// <summary>Makes a port without anything to send.</summary>
    /// <param name="store">All frames.</param>
    /// <param name="name">In messages.</param>
    /// <param name="side">Value of <see cref="FramePort"/>.</param>
    /// <param name="worker">The worker that polls it.</param>
    public GeneratorPort(FrameStore store, string name, byte side, ushort worker)
        : base(store, name, side, worker)
    {
        byte[] front = FrontHeaders.Softwire();
        _softwireFront0 = Vector256.Create<byte>(front.AsSpan(0, 32));
        _softwireFront1 = Vector256.Create<byte>(front.AsSpan(32, 32));
        _plainFront1 = Vector256.Create<byte>(FrontHeaders.Plain().AsSpan(32, 32));
        _pieces = new PieceWriter(store, side, worker);
    }

    /// <summary>Sends a list once, or round and round.</summary>
    /// <param name="list">What is sent.</param>
    /// <param name="repeats">Round and round.</param>
    /// <param name="pace">When frames arrive; null for as fast as they are taken.</param>
    /// <returns>What tells how far it has got.</returns>
    public Shift Begin(TemplateList list, bool repeats, FramePace? pace = null)
    {
        Shift shift = new(list, repeats, pace);
        Volatile.Write(ref _shift, shift);
        return shift;
    }

    /// <summary>Stops sending; what is under way in the worker's turn still goes through.</summary>
    public void End() => Volatile.Write(ref _shift, null);

    /// <summary>Has every frame that is transmitted looked at, or none when null.</summary>
    public void Inspect(FrameInspector? inspector) => Volatile.Write(ref _inspector, inspector);

    /// <summary>Has the time measured that frames take which arrive at a pace; null ends it.</summary>
    public void Time(PortTimes? times) => Volatile.Write(ref _times, times);

    /// <inheritdoc/>
    public override int Receive(Span<Frame> frames, FramePool pool)
    {
        Shift? shift = Volatile.Read(ref _shift);
        if (shift is null)
            return 0;
        int wanted = shift.Want(frames.Length);
        ulong bytes = 0;
        int count = 0;
        uint at = shift.At;
        if (shift.List.FramesPerTemplate == 1)
        {
            for (; count < wanted && pool.TryTake(out uint chunk); count++)
                bytes += (uint)Write(chunk, shift.List[at + (uint)count], ref frames[count]);
            Note(shift, frames[..count]);
            shift.Sent(count, count);
        }
        else
        {
            int taken = _pieces.Write(shift.List, at, wanted, frames, pool, ref bytes);
            count = taken * PieceWriter.Pieces;
            Note(shift, frames[..count]);
            shift.Sent(taken, count);
        }

        Counters.ReceivedFrames += (ulong)count;
        Counters.ReceivedBytes += bytes;
        return count;
    }

    /// <inheritdoc/>
    public override int Transmit(ReadOnlySpan<Frame> frames, FramePool pool)
    {
        FrameInspector? inspector = Volatile.Read(ref _inspector);
        Volatile.Read(ref _times)?.Transmitted(frames);
        ulong bytes = 0;
        foreach (ref readonly Frame frame in frames)
        {
            inspector?.Inspect(Store.Packet(frame));
            bytes += frame.Length;
            if (frame.Offset + FrameLayout.LinkBytes > FrameLayout.Ipv4At)
                Clear(frame);
            pool.Return(frame.Chunk);
        }

        Counters.TransmittedFrames += (ulong)frames.Length;
        Counters.TransmittedBytes += bytes;
        return frames.Length;
    }

    /// <inheritdoc/>
    public override void Release(FramePool pool) => End();

    private void Note(Shift shift, ReadOnlySpan<Frame> frames)
    {
        if (shift.Pace is { } pace)
            Volatile.Read(ref _times)?.Received(frames, shift.Count, pace);
    }

    // A reassembled packet lies further back than generated ones: where they have their payload, of zeros.
    private void Clear(in Frame frame)
    {
        int end = (int)frame.Offset + FrameLayout.LinkBytes + FrameLayout.HeadBytes;
        Store.Chunk(frame.Chunk)[FrameLayout.Ipv4At..end].Clear();
    }

    private int Write(uint number, in FlowTemplate template, ref Frame frame)
    {
        Span<byte> chunk = Store.Chunk(number);
        Span<byte> head = chunk.Slice(FrontAt, FrontBytes + FrameLayout.HeadBytes);
        template.Head.CopyTo(head[FrontBytes..]);
        int length = BinaryPrimitives.ReverseEndianness(template.Head.AsUInt16().GetElement(1));
        int front = FrameLayout.LinkBytes;
        if (template.B4High != 0)
        {
            _softwireFront0.CopyTo(head);
            _softwireFront1.CopyTo(head[32..]);
            BinaryPrimitives.WriteUInt16BigEndian(head[(PayloadLengthAt - FrontAt)..], (ushort)length);
            BinaryPrimitives.WriteUInt64LittleEndian(head[(B4At - FrontAt)..], template.B4High);
            front += FrameLayout.Ipv6Bytes;
        }
        else
        {
            _plainFront1.CopyTo(head[32..]);
        }

        frame.Chunk = number;
        frame.Offset = (uint)(FrameLayout.Ipv4At - front);
        frame.Length = (uint)(length + front);
        frame.Port = Side;
        frame.Flags = FrameFlags.None;
        frame.Worker = Worker;
        return length + front;
    }
}
