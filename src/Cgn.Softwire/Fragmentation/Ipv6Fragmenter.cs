using System;

using Cgn.Contract;
using Cgn.Memory;
using Cgn.Memory.Frames;
using Cgn.Wire;

namespace Cgn.Softwire;

/// <summary>
/// Splits softwire packets that are too large for the tunnel into outer fragments (RFC 6333 §6.3, RFC 8200 §4.5). The
/// first stays in the packet's own frame, the others take frames from the pool; each has the whole link-layer header in
/// front.
/// </summary>
/// <remarks>
/// Identifications are a counter of all fragmented packets of this worker sent through a secret permutation: none
/// repeats, whatever the destination, before 2^32 packets have been split, which takes minutes at any rate that a
/// worker reaches (RFC 8200 §4.5, RFC 7739 §5).
/// </remarks>
public sealed class Ipv6Fragmenter
{
    /// <summary>Fragments of the largest packet over the smallest path: the places that a caller must offer.</summary>
    public const int FragmentsMax = (65535 + MtuMin - HeaderSize - 1) / (MtuMin - HeaderSize);

    /// <summary>Smallest path MTU of IPv6 (RFC 8200 §5); anything smaller counts as this.</summary>
    public const int MtuMin = 1280;

    private const int HeaderSize = Ipv6View.HeaderSize + Ipv6FragmentHeader.Size;

    private readonly FramePool _pool;
    private readonly ulong _key;
    private uint _counter;

    /// <summary>Makes a fragmenter for one worker.</summary>
    /// <param name="pool">The worker's frames.</param>
    /// <param name="key">A secret of this worker alone.</param>
    public Ipv6Fragmenter(FramePool pool, ulong key)
    {
        ArgumentNullException.ThrowIfNull(pool);
        _pool = pool;
        _key = Hash.Mix(key);
        _counter = (uint)Hash.Mix(~key);
    }

    /// <summary>Splits a packet, or leaves it alone when it fits: no fragment header is added then (RFC
    /// 8021).</summary>
    /// <param name="frame">A frame with an IPv6 packet without extension headers, and 8 bytes of headroom. It passes to
    /// the result; when refused it stays the caller's, unchanged.</param>
    /// <param name="ipOffset">Bytes of link-layer header before the IPv6 header.</param>
    /// <param name="mtu">Largest outer packet in bytes from the IPv6 header; below 1,280 counts as 1,280.</param>
    /// <param name="fragments">Receives the frames in order; at least <see cref="FragmentsMax"/> places.</param>
    /// <param name="refusal"><see cref="DropReason.NoFrame"/> when the pool or the places do not suffice,
    /// <see cref="DropReason.BadIpv6Header"/> when there is no IPv6 packet.</param>
    /// <returns>Frames written; 1 is the packet as it was, 0 a refusal.</returns>
    public int Split(in Frame frame, int ipOffset, int mtu, Span<Frame> fragments, out DropReason refusal)
    {
        refusal = DropReason.BadIpv6Header;
        Span<byte> bytes = _pool.Store.Packet(frame);
        if (!Ipv6View.TryOpen(bytes[ipOffset..], out Ipv6View packet, out _))
            return 0;
        int each = (Math.Max(mtu, MtuMin) - HeaderSize) & ~7;
        int payload = packet.Payload.Length;
        int count = Ipv6View.HeaderSize + payload <= Math.Max(mtu, MtuMin) ? 1 : (payload + each - 1) / each;
        refusal = DropReason.NoFrame;
        if (count > fragments.Length || !ExtraFrames.TryTake(_pool, fragments[1..count], frame))
            return 0;
        refusal = DropReason.None;
        fragments[0] = frame;
        if (count == 1)
            return 1;

        uint identification = Permutation.Of32(_counter++, _key);
        Ipv6FragmentHeader header = new() { NextHeader = packet.NextHeader, Identification = identification };
        ReadOnlySpan<byte> front = bytes[..(ipOffset + Ipv6View.HeaderSize)];
        for (int i = count - 1; i > 0; i--)
        {
            ReadOnlySpan<byte> part = packet.Payload[(i * each)..Math.Min((i + 1) * each, payload)];
            int length = front.Length + Ipv6FragmentHeader.Size + part.Length;
            Span<byte> piece = ExtraFrames.Place(_pool.Store, ref fragments[i], length);
            front.CopyTo(piece);
            part.CopyTo(piece[(front.Length + Ipv6FragmentHeader.Size)..]);
            Finish(piece, ipOffset, header with { FragmentOffsetBytes = i * each, MoreFragments = i < count - 1 });
        }

        // The first part stays where it is; what stands before it moves to make room for the fragment header.
        fragments[0].Offset -= Ipv6FragmentHeader.Size;
        fragments[0].Length = (uint)(front.Length + Ipv6FragmentHeader.Size + each);
        Span<byte> first = _pool.Store.Packet(fragments[0]);
        front.CopyTo(first);
        Finish(first, ipOffset, header with { MoreFragments = true });
        return count;
    }

    private static void Finish(Span<byte> piece, int ipOffset, in Ipv6FragmentHeader header)
    {
        // The copied payload length is still that of the whole packet, so the view opens as a quoted one.
        Ipv6View.TryOpenQuoted(piece[ipOffset..], out Ipv6View view, out _);
        view.PayloadLength = (ushort)(piece.Length - ipOffset - Ipv6View.HeaderSize);
        view.NextHeader = IpProtocol.Fragment;
        header.Write(view.Payload);
    }
}
