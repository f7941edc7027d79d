using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Slow;
using Cgn.Wire;

namespace Cgn.Pipeline.Gateways;

/// <summary>
/// The way of packets of sessions that an application gateway reads: the payload is changed first, as the sender has
/// addressed it, then the packet is translated like any other.
/// </summary>
internal static class GatewayWay
{
    private const ushort FragmentBits = 0x3FFF;

    /// <summary>Carries a packet from inside.</summary>
    public static void Outbound(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        if (TryPass(ref frame, ref c, new Talk(state, c.Session, outbound: true, now), state.Settings.OutsideMtu))
            SlowOutbound.Send(ref frame, ref c, state, now);
    }

    /// <summary>Carries a packet from outside.</summary>
    public static void Inbound(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        ref SubscriberRecord subscriber = ref state.Nat.Subscriber(state.Nat.Session(c.Session).Subscriber);
        int room = PathMtu.RoomFor(ref subscriber, state.Settings, now.Tick);
        if (!TryPass(ref frame, ref c, new Talk(state, c.Session, outbound: false, now), room))
            return;
        // The connection is followed as the outside counts; this segment counts as the inside does now.
        ref SessionRecord s = ref state.Nat.Session(c.Session);
        ref readonly GatewayRecord g = ref state.Nat.Gateway(c.Session);
        if (g.IsLive)
            s.OutsideEnd = StreamEdits.Map(g.Inbound, s.OutsideEnd);
        SlowInbound.Send(ref frame, ref c, state, now);
        if (g.IsLive)
            s.OutsideEnd = StreamEdits.Unmap(g.Inbound, s.OutsideEnd);
    }

    /// <summary>Makes a packet fit a transport part of another length; its headers are mended.</summary>
    /// <param name="frame">Its frame.</param>
    /// <param name="c">What parsing found; the length is set.</param>
    /// <param name="state">What the stages work on.</param>
    /// <param name="length">Transport header and payload, which have been written.</param>
    /// <param name="room">Largest packet that goes on whole.</param>
    public static void Resize(ref Frame frame, ref PacketContext c, GatewayState state, int length, int room)
    {
        int total = c.TransportAt - c.Ipv4At + length;
        FrameWindow header = state.Store.Window(frame.Chunk, c.Ipv4At);
        ChecksumDelta delta = ChecksumDelta.Between((ushort)c.Ipv4Length, (ushort)total);
        header.Write16(2, (ushort)total);
        if (total > room && total > c.Ipv4Length && c.DontFragment)
        {
            // Its sender can't know that it has grown: it may be fragmented.
            ushort field = (ushort)(c.FragmentField & FragmentBits);
            delta = delta.Add(ChecksumDelta.Between(c.FragmentField, field));
            header.Write16(6, field);
            c.FragmentField = field;
        }

        header.Write16(10, delta.Apply(header.Read16(10)));
        c.Ipv4Length = total;
        frame.Length = (uint)(c.Ipv4At + total) - frame.Offset;
    }

    /// <summary>The sum of the pseudo-header that a packet arrived with.</summary>
    /// <param name="c">What parsing found.</param>
    /// <param name="outbound">It goes from inside to outside.</param>
    /// <param name="length">Transport header and payload.</param>
    public static ushort PseudoHeader(in PacketContext c, bool outbound, int length)
    {
        Ipv4Address local = new(c.Flow.InternalAddress);
        Ipv4Address remote = new(c.Flow.RemoteAddress);
        return Checksum.PseudoHeader(
            outbound ? local : remote, outbound ? remote : local, (IpProtocol)c.Flow.Protocol, length);
    }

    private static bool TryPass(ref Frame frame, ref PacketContext c, in Talk talk, int room)
    {
        if (c.IsLaterFragment)
            return true;
        bool isFragment = (c.FragmentField & FragmentBits) != 0;
        if (isFragment)
            talk.State.Counters[CounterId.GatewayUnread]++;
        if (c.Flow.Protocol == (byte)IpProtocol.Tcp)
            return TcpGateway.TryPass(ref frame, ref c, talk, isFragment, room);
        return isFragment || UdpGateway.TryPass(ref frame, ref c, talk, room);
    }
}
