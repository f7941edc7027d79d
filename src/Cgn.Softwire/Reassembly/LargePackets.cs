using System;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Wire;

namespace Cgn.Softwire;

/// <summary>Makes of a softwire packet larger than a frame several that are not: its inner packet is fragmented, each
/// fragment in a softwire packet of its own.</summary>
internal sealed class LargePackets(FramePool pool)
{
    private readonly FramePool _pool = pool;
    private readonly Ipv4Fragmenter _fragmenter = new(pool);
    private readonly byte[] _room = GC.AllocateArray<byte>(ushort.MaxValue + 256, pinned: true);

    /// <summary>Where a packet lies while it is cut.</summary>
    public Span<byte> Room => _room;

    /// <summary>See <see cref="Ipv6Reassembler.CutLarge"/>.</summary>
    public int Cut(Span<byte> whole, int ipOffset, in Frame like, int mtu, Span<Frame> pieces, out DropReason refusal)
    {
        Span<byte> outer = whole[ipOffset..];
        Ipv6ExtensionWalk walk = Ipv6ExtensionWalk.From(outer);
        if (walk.Kind != Ipv6WalkKind.Upper || walk.Protocol != IpProtocol.Ipv4)
        {
            refusal = DropReason.NotSoftwire;
            return 0;
        }

        if (!Ipv4View.TryOpenVerified(outer[walk.Offset..], out Ipv4View inner, out WireRefusal wrong))
        {
            refusal = wrong switch
            {
                WireRefusal.BadChecksum => DropReason.BadIpv4Checksum,
                WireRefusal.Truncated or WireRefusal.TooShort => DropReason.Truncated,
                _ => DropReason.BadIpv4Header,
            };
            return 0;
        }

        // Extension headers have said what they had to say: a bare softwire header goes before each fragment.
        Span<byte> front = whole[..(ipOffset + Ipv6View.HeaderSize)];
        front[ipOffset + Ipv6View.NextHeaderOffset] = (byte)IpProtocol.Ipv4;
        int size = Math.Min(mtu, _pool.Store.ChunkBytes - FrameStore.Headroom - front.Length);
        if (inner.DontFragment && inner.Packet.Length > size)
            return Beginning(front, inner, ipOffset, like, size, pieces, out refusal);
        int count = _fragmenter.Copy(front, inner, like, size, pieces, out refusal);
        foreach (ref readonly Frame piece in pieces[..count])
            Encapsulator.FixLength(_pool.Store.Packet(piece)[ipOffset..]);
        return count;
    }

    private int Beginning(
        ReadOnlySpan<byte> front, in Ipv4View inner, int ipOffset, in Frame like, int size, Span<Frame> pieces,
        out DropReason refusal)
    {
        refusal = DropReason.NoFrame;
        if (!ExtraFrames.TryTake(_pool, pieces[..1], like))
            return 0;
        Span<byte> beginning = ExtraFrames.Place(_pool.Store, ref pieces[0], front.Length + size);
        front.CopyTo(beginning);
        inner.Packet[..size].CopyTo(beginning[front.Length..]);
        Encapsulator.FixLength(beginning[ipOffset..]);
        refusal = DropReason.TooBig;
        return 1;
    }
}
