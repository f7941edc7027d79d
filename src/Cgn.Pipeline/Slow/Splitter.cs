using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Stages;
using Cgn.Softwire;

namespace Cgn.Pipeline.Slow;

/// <summary>Cuts a finished frame that is larger than its way out takes, and queues the pieces in order.</summary>
internal static class Splitter
{
    /// <summary>A softwire packet: fragmented outside (RFC 6333 6.3).</summary>
    public static void Softwire(ref Frame frame, ref PacketContext c, GatewayState state, int mtu)
    {
        int count = state.Tables.OuterFragmenter.Split(
            frame, LinkBytes(frame, c, state), mtu, state.Pieces, out DropReason refusal);
        state.Counters[CounterId.OuterFragmentsSent] += count;
        Queue(ref c, state, count, refusal);
    }

    /// <summary>
    /// A softwire packet whose inner packet may be fragmented: each inner fragment gets a softwire header of its own
    /// (RFC 4459 3.1).
    /// </summary>
    public static void Inner(ref Frame frame, ref PacketContext c, GatewayState state, int mtu)
    {
        int linkBytes = LinkBytes(frame, c, state);
        int front = linkBytes + state.Settings.SoftwireForm.HeaderBytes;
        int count = state.Tables.Ipv4Fragmenter.Split(
            frame, front, mtu, state.Pieces, out DropReason refusal);
        foreach (ref readonly Frame piece in state.Pieces.AsSpan(0, count))
            Encapsulator.FixLength(state.Store.Packet(piece)[linkBytes..]);
        state.Counters[CounterId.Ipv4FragmentsSent] += count;
        Queue(ref c, state, count, refusal);
    }

    /// <summary>An IPv4 packet that may be fragmented (RFC 791, RFC 4787 REQ-13a).</summary>
    public static void Ipv4(ref Frame frame, ref PacketContext c, GatewayState state, int mtu)
    {
        int count = state.Tables.Ipv4Fragmenter.Split(
            frame, LinkBytes(frame, c, state), mtu, state.Pieces, out DropReason refusal);
        state.Counters[CounterId.Ipv4FragmentsSent] += count;
        Queue(ref c, state, count, refusal);
    }

    private static int LinkBytes(in Frame frame, in PacketContext c, GatewayState state)
    {
        PacketContext measured = c;
        _ = LinkParser.Read(state.Store, frame, ref measured);
        return measured.NetworkAt - (int)frame.Offset;
    }

    private static void Queue(ref PacketContext c, GatewayState state, int count, DropReason refusal)
    {
        if (count == 0)
        {
            c.Refuse(refusal);
            return;
        }

        state.Counters[CounterId.Split] += count - 1;
        foreach (ref readonly Frame piece in state.Pieces.AsSpan(0, count))
        {
            DispatchStage.Queue(
                piece.Port == FramePort.Inside ? state.Output.ToInside : state.Output.ToOutside, piece, state);
        }

        c.Verdict = Verdict.Gone;
    }
}
