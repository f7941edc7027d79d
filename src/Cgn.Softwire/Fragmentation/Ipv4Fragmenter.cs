using System;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Wire;

namespace Cgn.Softwire;

/// <summary>
/// Splits IPv4 packets that are too large for what they must leave by (RFC 791 §3.2, RFC 1812 §4.2.2.7, RFC 4787
/// REQ-13a). The first fragment stays in the packet's own frame, the others take frames from the pool; each has the
/// whole link-layer header in front.
/// </summary>
/// <remarks>The identification is the packet's own: whoever translated it has chosen one
/// (<see cref="IdentificationSource"/>).</remarks>
public sealed class Ipv4Fragmenter
{
    /// <summary>Smallest MTU that IPv4 knows (RFC 791 §3.2): room for the longest header and 8 bytes.</summary>
    public const int MtuMin = 68;

    /// <summary>Fragments of the largest packet over an MTU of 576 bytes with a full header: the places that a caller
    /// must offer.</summary>
    public const int FragmentsMax = 128;

    private readonly FramePool _pool;

    /// <summary>Makes a fragmenter for one worker.</summary>
    /// <param name="pool">The worker's frames.</param>
    public Ipv4Fragmenter(FramePool pool)
    {
        ArgumentNullException.ThrowIfNull(pool);
        _pool = pool;
    }

    /// <summary>Splits a packet, which may itself be a fragment, or leaves it alone when it fits.</summary>
    /// <param name="frame">A frame with an IPv4 packet. It passes to the result; when refused it stays the caller's,
    /// unchanged.</param>
    /// <param name="ipOffset">Bytes before the IPv4 header.</param>
    /// <param name="mtu">Largest packet in bytes from the IPv4 header, at least <see cref="MtuMin"/>.</param>
    /// <param name="fragments">Receives the frames in the order of their offsets; <see cref="FragmentsMax"/> places
    /// suffice.</param>
    /// <param name="refusal"><see cref="DropReason.TooBig"/> when the sender forbids it (DF) or the MTU has no room for
    /// payload, <see cref="DropReason.NoFrame"/> when the pool or the places do not suffice,
    /// <see cref="DropReason.FragmentTooLong"/> for a fragment that runs past 65,535 bytes,
    /// <see cref="DropReason.BadIpv4Header"/> when there is no IPv4 packet.</param>
    /// <returns>Frames written; 1 is the packet as it was, 0 a refusal.</returns>
    public int Split(in Frame frame, int ipOffset, int mtu, Span<Frame> fragments, out DropReason refusal)
    {
        Span<byte> bytes = _pool.Store.Packet(frame);
        if (!Ipv4View.TryOpen(bytes[ipOffset..], out Ipv4View packet, out _))
        {
            refusal = DropReason.BadIpv4Header;
            return 0;
        }

        Span<byte> room = stackalloc byte[Ipv4View.HeaderSizeMax - Ipv4View.HeaderSizeMin];
        ReadOnlySpan<byte> options = room[..CopiedOptions(packet.Options, room)];
        int count = Plan(packet, options.Length, mtu, out int firstLength, out int each, out refusal);
        if (refusal == DropReason.None
            && (count > fragments.Length || !ExtraFrames.TryTake(_pool, fragments[1..count], frame)))
            refusal = DropReason.NoFrame;
        if (refusal != DropReason.None)
            return 0;
        fragments[0] = frame;
        if (count == 1)
            return 1;
        for (int i = 1; i < count; i++)
            WriteLater(bytes[..ipOffset], packet, firstLength + (i - 1) * each, each, options, ref fragments[i]);
        fragments[0].Length = (uint)(ipOffset + packet.HeaderLength + firstLength);
        Shorten(packet, firstLength);
        return count;
    }

    /// <summary>Splits a packet that lies in no frame, into frames from the pool.</summary>
    /// <param name="front">What goes before every fragment: the link-layer header, perhaps a softwire's.</param>
    /// <param name="packet">The packet; its header is changed.</param>
    /// <param name="like">Port, flags and worker of the fragments.</param>
    /// <param name="mtu">As for <see cref="Split"/>; a frame must hold it.</param>
    /// <param name="fragments">Receives the frames.</param>
    /// <param name="refusal">As for <see cref="Split"/>.</param>
    /// <returns>Frames written, one for a packet that fits; 0 is a refusal.</returns>
    public int Copy(
        ReadOnlySpan<byte> front, in Ipv4View packet, in Frame like, int mtu, Span<Frame> fragments,
        out DropReason refusal)
    {
        Span<byte> room = stackalloc byte[Ipv4View.HeaderSizeMax - Ipv4View.HeaderSizeMin];
        ReadOnlySpan<byte> options = room[..CopiedOptions(packet.Options, room)];
        int count = Plan(packet, options.Length, mtu, out int firstLength, out int each, out refusal);
        if (refusal == DropReason.None
            && (count > fragments.Length || !ExtraFrames.TryTake(_pool, fragments[..count], like)))
            refusal = DropReason.NoFrame;
        if (refusal != DropReason.None)
            return 0;
        for (int i = 1; i < count; i++)
            WriteLater(front, packet, firstLength + (i - 1) * each, each, options, ref fragments[i]);
        int length = packet.Packet.Length;
        if (count > 1)
        {
            length = packet.HeaderLength + firstLength;
            Shorten(packet, firstLength);
        }

        Span<byte> first = ExtraFrames.Place(_pool.Store, ref fragments[0], front.Length + length);
        front.CopyTo(first);
        packet.Packet[..length].CopyTo(first[front.Length..]);
        return count;
    }

    private static int Plan(
        in Ipv4View packet, int optionBytes, int mtu, out int firstLength, out int each, out DropReason refusal)
    {
        firstLength = (mtu - packet.HeaderLength) & ~7;
        each = (mtu - Ipv4View.HeaderSizeMin - optionBytes) & ~7;
        refusal = DropReason.None;
        if (packet.Packet.Length <= mtu)
            return 1;
        refusal = Refusal(packet, firstLength);
        return 1 + (packet.Payload.Length - firstLength + each - 1) / Math.Max(each, 8);
    }

    private static void Shorten(Ipv4View packet, int firstLength)
    {
        packet.TotalLength = (ushort)(packet.HeaderLength + firstLength);
        packet.FlagsAndOffset |= 0x2000;
        packet.FillHeaderChecksum();
    }

    private static DropReason Refusal(in Ipv4View packet, int firstLength)
    {
        if (packet.DontFragment || firstLength < 8)
            return DropReason.TooBig;
        bool tooLong = packet.FragmentOffsetBytes + packet.Packet.Length > ushort.MaxValue;
        return tooLong ? DropReason.FragmentTooLong : DropReason.None;
    }

    private void WriteLater(
        ReadOnlySpan<byte> front, in Ipv4View packet, int start, int each, ReadOnlySpan<byte> options, ref Frame frame)
    {
        bool last = packet.Payload.Length - start <= each;
        ReadOnlySpan<byte> part = last ? packet.Payload[start..] : packet.Payload.Slice(start, each);
        int headerLength = Ipv4View.HeaderSizeMin + options.Length;
        Span<byte> piece = ExtraFrames.Place(_pool.Store, ref frame, front.Length + headerLength + part.Length);
        front.CopyTo(piece);
        new Ipv4Header
        {
            TrafficClass = packet.TrafficClass,
            PayloadLength = part.Length,
            Identification = packet.Identification,
            MoreFragments = !last || packet.MoreFragments,
            FragmentOffsetBytes = packet.FragmentOffsetBytes + start,
            Ttl = packet.Ttl,
            Protocol = packet.Protocol,
            Source = packet.Source,
            Destination = packet.Destination,
        }.Write(piece[front.Length..], options);
        part.CopyTo(piece[(front.Length + headerLength)..]);
    }

    /// <summary>Keeps the options whose copied flag is set, up to the first that can't be read, and pads them to fours
    /// (RFC 791 §3.1).</summary>
    private static int CopiedOptions(ReadOnlySpan<byte> options, Span<byte> kept)
    {
        int length = 0;
        for (int at = 0; at + 1 < options.Length && options[at] != 0;)
        {
            int size = options[at] == 1 ? 1 : options[at + 1];
            if (size == 0 || (size == 1 && options[at] != 1) || at + size > options.Length)
                break;
            if ((options[at] & 0x80) != 0)
            {
                options.Slice(at, size).CopyTo(kept[length..]);
                length += size;
            }

            at += size;
        }

        int padded = (length + 3) & ~3;
        kept[length..padded].Clear();
        return padded;
    }
}
