using System;

using Cgn.Memory.Frames;
using Cgn.Wire;

namespace Cgn.Softwire;

/// <summary>How a packet in pieces lies in a chunk: the payload at one fixed place, what stood before the fragment
/// header just before it.</summary>
internal sealed class ReassemblyBuffer(FrameStore store)
{
    /// <summary>Bytes before the fragment header, link layer included, that leave enough headroom for another 40 bytes
    /// of header.</summary>
    public const int FrontMax = PayloadAt - 72;

    /// <summary>Where the fragmentable part lies: behind the usual headroom, link layer, header and little
    /// more.</summary>
    private const int PayloadAt = FrameStore.Headroom + 64;

    private readonly FrameStore _store = store;

    /// <summary>Payload that fits behind its place, and whose packet has a payload length whatever stands before
    /// it.</summary>
    public int PayloadMax => Math.Min(_store.ChunkBytes - PayloadAt, ushort.MaxValue - FrontMax);

    /// <summary>The payload of a packet; only what its ranges name is defined.</summary>
    public ReadOnlySpan<byte> Payload(in ReassemblyEntry entry) => _store.Chunk(entry.Frame.Chunk)[PayloadAt..];

    /// <summary>Copies a fragment to its place; its frame may be that of the packet itself.</summary>
    public void Copy(
        ref ReassemblyEntry entry,
        in Frame frame,
        int ipOffset,
        in SoftwireEnvelope envelope,
        in Ipv6FragmentView fragment)
    {
        Span<byte> chunk = _store.Chunk(entry.Frame.Chunk);
        ReadOnlySpan<byte> payload = fragment.Payload;
        if (fragment.FragmentOffsetBytes != 0 || entry.FrontLength != 0)
        {
            payload.CopyTo(chunk[(PayloadAt + fragment.FragmentOffsetBytes)..]);
            return;
        }

        int frontLength = ipOffset + envelope.FragmentHeaderOffset;
        entry.FrontLength = (ushort)frontLength;
        entry.IpOffset = (ushort)ipOffset;
        entry.NextHeaderOffset = (ushort)envelope.NextHeaderOffset;
        entry.NextHeader = (byte)fragment.NextHeader;
        entry.FirstLength = (ushort)payload.Length;
        // In its own chunk the payload may land on the headers before they are moved.
        Span<byte> front = stackalloc byte[FrontMax];
        _store.Packet(frame)[..frontLength].CopyTo(front);
        payload.CopyTo(chunk[PayloadAt..]);
        front[..frontLength].CopyTo(chunk[(PayloadAt - frontLength)..]);
    }

    /// <summary>The frame of a whole packet: the fragment header is gone, congestion marks of all pieces count (RFC
    /// 3168 §5.3).</summary>
    public Frame Finish(in ReassemblyEntry entry)
    {
        Frame frame = entry.Frame;
        frame.Offset = (uint)(PayloadAt - entry.FrontLength);
        frame.Length = (uint)(entry.FrontLength + entry.Ranges.Total);
        Span<byte> packet = _store.Packet(frame)[entry.IpOffset..];
        packet[entry.NextHeaderOffset] = entry.NextHeader;
        Ipv6View.TryOpenQuoted(packet, out Ipv6View view, out _);
        view.PayloadLength = (ushort)(packet.Length - Ipv6View.HeaderSize);
        if (entry.IsMarked)
            view.TrafficClass |= 3;
        return frame;
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
