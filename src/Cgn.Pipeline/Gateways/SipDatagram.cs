using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Gateways;

/// <summary>SIP over UDP: a message in a datagram.</summary>
internal static class SipDatagram
{
    private const int HeaderBytes = 8;
    private const int EditsMax = 32;

    /// <summary>Reads a message and changes it as needed.</summary>
    /// <returns>False when the packet has got a verdict.</returns>
    public static bool TryPass(ref Frame frame, ref PacketContext c, in Talk talk, int room)
    {
        int length = c.Ipv4Length - (c.TransportAt - c.Ipv4At);
        Span<byte> behind = talk.State.Store.Chunk(frame.Chunk)[c.TransportAt..];
        Span<byte> whole = behind[..length];
        ReadOnlySpan<byte> message = whole[HeaderBytes..];
        if (!SipHeaders.TryRead(message, out SipHeaders headers))
            return true;
        if (length > FrameStore.LiveChunkBytes || !UdpView.TryOpen(whole, out UdpView datagram, out _)
            || !Checksum.IsUdpRight(whole, GatewayWay.PseudoHeader(c, talk.Outbound, length)))
        {
            talk.State.Counters[CounterId.GatewayUnread]++;
            return true;
        }

        SipEdits edits = new(stackalloc GatewayEdit[EditsMax]);
        SipGateway.Rewrite(message, headers, talk, ref edits);
        if (edits.IsFull)
            talk.State.Counters[CounterId.GatewayUnread]++;
        if (edits.IsFull || edits.Count == 0)
            return true;
        return TryWrite(ref frame, ref c, talk, behind, length, edits, datagram.Checksum != 0, room);
    }

    private static bool TryWrite(
        ref Frame frame, ref PacketContext c, in Talk talk, Span<byte> behind, int length, in SipEdits edits,
        bool hasSum, int room)
    {
        int total = length + edits.GrowthFrom(0);
        if (total > behind.Length)
        {
            c.Refuse(DropReason.GatewayTooLong);
            return false;
        }

        Span<byte> old = stackalloc byte[FrameStore.LiveChunkBytes];
        behind[..length].CopyTo(old);
        int from = HeaderBytes;
        int to = HeaderBytes;
        foreach (ref readonly GatewayEdit edit in edits.All)
        {
            int at = HeaderBytes + (int)edit.At;
            old[from..at].CopyTo(behind[to..]);
            to += at - from;
            ((ReadOnlySpan<byte>)edit.Text)[..edit.NewLength].CopyTo(behind[to..]);
            to += edit.NewLength;
            from = at + edit.OldLength;
        }

        old[from..length].CopyTo(behind[to..]);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt16BigEndian(behind[4..], (ushort)total);
        GatewayWay.Resize(ref frame, ref c, talk.State, total, room);
        if (hasSum)
            Checksum.FillUdp(behind[..total], GatewayWay.PseudoHeader(c, talk.Outbound, total));
        talk.State.Counters[CounterId.GatewayRewrites]++;
        return true;
    }
}
