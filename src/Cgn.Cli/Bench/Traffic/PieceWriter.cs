using System;
using System.Buffers.Binary;
using System.Runtime.Intrinsics;

using Cgn.Memory.Frames;
using Cgn.Wire;

namespace Cgn.Cli.Bench.Traffic;

/// <summary>
/// Makes two frames of a template: its softwire packet in two IPv6 fragments (RFC 8200 4.5), the first one first. The
/// identification is the number of the session, which no two packets of a B4 have at once.
/// </summary>
internal sealed class PieceWriter
{
    /// <summary>Frames of a packet.</summary>
    public const int Pieces = 2;

    private const int HeaderBytes = 8;
    private const int FrontBytes = 64;
    private const int HeaderAt = FrameLayout.Ipv4At - HeaderBytes;
    private const int FrontAt = HeaderAt - FrontBytes;
    private const int PayloadLengthAt = HeaderAt - 36;
    private const int B4At = HeaderAt - 32;
    private const int LengthAt = 2;

    private readonly FrameStore _store;
    private readonly byte _side;
    private readonly ushort _worker;
    private readonly byte[] _front = FrontHeaders.Softwire(IpProtocol.Fragment);

    /// <summary>Prepares for a port.</summary>
    public PieceWriter(FrameStore store, byte side, ushort worker)
    {
        _store = store;
        _side = side;
        _worker = worker;
    }

    /// <summary>Writes as many pairs as fit.</summary>
    /// <param name="list">The templates.</param>
    /// <param name="at">The first of them.</param>
    /// <param name="wanted">How many at most.</param>
    /// <param name="frames">Filled from the start, two for each.</param>
    /// <param name="pool">Free chunks.</param>
    /// <param name="bytes">Has the bytes of all frames added.</param>
    /// <returns>Templates used up.</returns>
    public int Write(
        TemplateList list, uint at, int wanted, Span<Frame> frames, FramePool pool, ref ulong bytes)
    {
        int taken = 0;
        for (; taken < wanted && pool.TryTake(out uint first); taken++)
        {
            if (!pool.TryTake(out uint second))
            {
                pool.Return(first);
                break;
            }

            ref readonly FlowTemplate template = ref list[at + (uint)taken];
            Span<byte> head = _store.Chunk(first).Slice(FrameLayout.Ipv4At, FrameLayout.HeadBytes);
            template.Head.CopyTo(head);
            int length = NetworkOrder.Read16(head, LengthAt);
            int cut = Math.Max(FrameLayout.HeadBytes, ((length / 2) + 7) & ~7);
            uint number = NetworkOrder.Read32(head, FrameLayout.NumberAt);
            // The rest is payload: zeros, but for what another packet had there.
            _store.Chunk(second).Slice(FrameLayout.Ipv4At, FrameLayout.HeadBytes).Clear();
            bytes += Finish(ref frames[Pieces * taken], first, template.B4High, number, 1, cut);
            bytes += Finish(
                ref frames[(Pieces * taken) + 1], second, template.B4High, number, (ushort)cut, length - cut);
        }

        return taken;
    }

    // The field of a fragment header is offset in bytes, a multiple of eight, and more-fragments in its lowest bit.
    private uint Finish(ref Frame frame, uint chunk, ulong b4, uint number, ushort field, int payload)
    {
        Span<byte> bytes = _store.Chunk(chunk);
        _front.CopyTo(bytes[FrontAt..]);
        BinaryPrimitives.WriteUInt16BigEndian(bytes[PayloadLengthAt..], (ushort)(HeaderBytes + payload));
        BinaryPrimitives.WriteUInt64LittleEndian(bytes[B4At..], b4);
        Span<byte> header = bytes.Slice(HeaderAt, HeaderBytes);
        BinaryPrimitives.WriteUInt16BigEndian(header, (ushort)IpProtocol.Ipv4 << 8);
        BinaryPrimitives.WriteUInt16BigEndian(header[2..], field);
        BinaryPrimitives.WriteUInt32BigEndian(header[4..], number);
        const int Front = FrameLayout.LinkBytes + FrameLayout.Ipv6Bytes + HeaderBytes;
        frame.Chunk = chunk;
        frame.Offset = FrameLayout.Ipv4At - Front;
        frame.Length = (uint)(Front + payload);
        frame.Port = _side;
        frame.Flags = FrameFlags.None;
        frame.Worker = _worker;
        return frame.Length;
    }
}
