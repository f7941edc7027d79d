using System;

using Cgn.Memory.Frames;
using Cgn.Wire;

namespace Cgn.Softwire;

/// <summary>How a packet in pieces lies in its chunks: the payload at one fixed place of each, what stood before the
/// fragment header just before that of the first.</summary>
internal sealed class ReassemblyBuffer
{
    /// <summary>Bytes before the fragment header, link layer included, that leave enough headroom for another 40 bytes
    /// of header.</summary>
    public const int FrontMax = PayloadAt - 72;

    /// <summary>Where the fragmentable part lies: behind the usual headroom, link layer, header and little
    /// more.</summary>
    private const int PayloadAt = FrameStore.Headroom + 64;

    private readonly FramePool _pool;
    private readonly FrameStore _store;
    private readonly ChunkChains _chains;

    public ReassemblyBuffer(FramePool pool, ChunkChains chains, int payloadBytes)
    {
        _pool = pool;
        _store = pool.Store;
        _chains = chains;
        UnitBytes = Unit(_store);
        PayloadMax = Math.Min(Math.Max(UnitBytes, payloadBytes), ushort.MaxValue - FrontMax);
    }

    /// <summary>Payload that one chunk holds; a multiple of eight.</summary>
    public int UnitBytes { get; }

    /// <summary>Payload that is put together at most; its packet has a payload length whatever stands before
    /// it.</summary>
    public int PayloadMax { get; }

    /// <summary>Chunks that the largest payload takes.</summary>
    public static int PlacesFor(FrameStore store, int payloadBytes) =>
        Math.Max(1, (payloadBytes + Unit(store) - 1) / Unit(store));

    /// <summary>Chunks that a range of the payload still lacks.</summary>
    public int Missing(int number, int start, int end) =>
        _chains.Missing(number, start / UnitBytes, (end - 1) / UnitBytes);

    /// <summary>The payload has these very bytes at a place that has been filled.</summary>
    public bool IsSame(int number, int start, ReadOnlySpan<byte> bytes)
    {
        for (int done = 0, count; done < bytes.Length; done += count)
        {
            count = PartAt(start + done, bytes.Length - done);
            if (!At(number, start + done, count).SequenceEqual(bytes.Slice(done, count)))
                return false;
        }

        return true;
    }

    /// <summary>Copies a fragment to its place; its own chunk is used there or given back.</summary>
    public void Copy(
        int number,
        ref ReassemblyEntry entry,
        in Frame frame,
        int ipOffset,
        in SoftwireEnvelope envelope,
        in Ipv6FragmentView fragment)
    {
        int frontLength = ipOffset + envelope.FragmentHeaderOffset;
        bool isFirst = fragment.FragmentOffsetBytes == 0 && entry.FrontLength == 0;
        // In its own chunk the payload may land on the headers before they are moved.
        Span<byte> front = stackalloc byte[FrontMax];
        if (isFirst)
        {
            entry.FrontLength = (ushort)frontLength;
            entry.IpOffset = (ushort)ipOffset;
            entry.NextHeaderOffset = (ushort)envelope.NextHeaderOffset;
            entry.NextHeader = (byte)fragment.NextHeader;
            entry.FirstLength = (ushort)Math.Min(fragment.Payload.Length, UnitBytes);
            _store.Packet(frame)[..frontLength].CopyTo(front);
        }

        CopyPayload(number, frame, fragment);
        if (isFirst)
            front[..frontLength].CopyTo(_store.Chunk(_chains[number, 0])[(PayloadAt - frontLength)..]);
    }

    /// <summary>The frame of a whole packet of one chunk: the fragment header is gone, congestion marks of all pieces
    /// count (RFC 3168 §5.3). The chunk is the caller's.</summary>
    public Frame Finish(int number, ref ReassemblyEntry entry)
    {
        Frame frame = entry.Frame;
        frame.Chunk = _chains.Clear(number, out _);
        frame.Offset = (uint)(PayloadAt - entry.FrontLength);
        frame.Length = (uint)(entry.FrontLength + entry.Ranges.Total);
        Complete(_store.Packet(frame)[entry.IpOffset..], entry);
        return frame;
    }

    /// <summary>Copies a whole packet of several chunks to where it lies in one piece, link layer and all.</summary>
    public Span<byte> Gather(int number, ref ReassemblyEntry entry, Span<byte> room)
    {
        int total = entry.Ranges.Total;
        Span<byte> whole = room[..(entry.FrontLength + total)];
        _store.Chunk(_chains[number, 0]).Slice(PayloadAt - entry.FrontLength, entry.FrontLength).CopyTo(whole);
        for (int done = 0, count; done < total; done += count)
        {
            count = PartAt(done, total - done);
            At(number, done, count).CopyTo(whole[(entry.FrontLength + done)..]);
        }

        Complete(whole[entry.IpOffset..], entry);
        return whole;
    }

    private static int Unit(FrameStore store) => (store.ChunkBytes - PayloadAt) & ~7;

    private static void Complete(Span<byte> packet, in ReassemblyEntry entry)
    {
        packet[entry.NextHeaderOffset] = entry.NextHeader;
        Ipv6View.TryOpenQuoted(packet, out Ipv6View view, out _);
        view.PayloadLength = (ushort)(packet.Length - Ipv6View.HeaderSize);
        if (entry.IsMarked)
            view.TrafficClass |= 3;
    }

    // Bytes of the payload from a position on that lie in one chunk.
    private int PartAt(int position, int most) => Math.Min(most, UnitBytes - (position % UnitBytes));

    private Span<byte> At(int number, int position, int count) =>
        _store.Chunk(_chains[number, position / UnitBytes]).Slice(PayloadAt + (position % UnitBytes), count);

    private void CopyPayload(int number, in Frame frame, in Ipv6FragmentView fragment)
    {
        ReadOnlySpan<byte> payload = fragment.Payload;
        int start = fragment.FragmentOffsetBytes;
        int own = -1;
        for (int done = 0, count; done < payload.Length; done += count)
        {
            count = PartAt(start + done, payload.Length - done);
            int place = (start + done) / UnitBytes;
            if (_chains.Has(number, place))
            {
                payload.Slice(done, count).CopyTo(At(number, start + done, count));
            }
            else if (own < 0)
            {
                // Filled last: until then the payload lies in it.
                own = done;
            }
            else
            {
                _pool.TryTake(out uint chunk);
                _chains.Put(number, place, chunk);
                payload.Slice(done, count).CopyTo(At(number, start + done, count));
            }
        }

        if (own < 0)
        {
            _pool.Return(frame.Chunk);
            return;
        }

        int length = PartAt(start + own, payload.Length - own);
        _chains.Put(number, (start + own) / UnitBytes, frame.Chunk);
        payload.Slice(own, length).CopyTo(At(number, start + own, length));
    }

    /// <summary>Takes the fragment header out of an atomic fragment, whatever else is queued under its identification
    /// (RFC 6946 §4).</summary>
    public Frame Strip(in Frame frame, int ipOffset, in SoftwireEnvelope envelope, IpProtocol nextHeader)
    {
        int front = ipOffset + envelope.FragmentHeaderOffset;
        Span<byte> bytes = _store.Packet(frame);
        bytes[..front].CopyTo(bytes[Ipv6FragmentHeader.Size..]);
        Frame stripped = frame;
        stripped.Offset += Ipv6FragmentHeader.Size;
        stripped.Length = (uint)(ipOffset + envelope.PacketLength - Ipv6FragmentHeader.Size);
        Span<byte> packet = _store.Packet(stripped)[ipOffset..];
        packet[envelope.NextHeaderOffset] = (byte)nextHeader;
        Ipv6View.TryOpenQuoted(packet, out Ipv6View view, out _);
        view.PayloadLength = (ushort)(packet.Length - Ipv6View.HeaderSize);
        return stripped;
    }

    /// <summary>The first fragment as it came: its fragment header is written again where it stood.</summary>
    public Frame FirstFragment(in ReassemblyEntry entry)
    {
        Frame frame = entry.Frame;
        frame.Offset = (uint)(PayloadAt - entry.FrontLength);
        frame.Length = entry.FrontLength;
        ReadOnlySpan<byte> front = _store.Packet(frame);
        frame.Offset -= Ipv6FragmentHeader.Size;
        frame.Length += (uint)(Ipv6FragmentHeader.Size + entry.FirstLength);
        Span<byte> bytes = _store.Packet(frame);
        front.CopyTo(bytes);
        new Ipv6FragmentHeader
        {
            NextHeader = (IpProtocol)entry.NextHeader,
            MoreFragments = true,
            Identification = entry.Key.Identification,
        }.Write(bytes[entry.FrontLength..]);
        return frame;
    }
}
