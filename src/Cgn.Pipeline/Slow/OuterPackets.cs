using System;
using System.Buffers.Binary;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Stages;
using Cgn.Softwire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// Packets to an AFTR address that are no bare softwire packets: with further extension headers, in fragments,
/// ICMPv6, or nothing that a
/// softwire carries (RFC 2473, RFC 6333 5.2).
/// </summary>
internal static class OuterPackets
{
    private const int Ipv6HeaderBytes = 40;

    /// <summary>Decides such a packet.</summary>
    public static void Decide(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        Span<byte> packet = state.Store.Chunk(frame.Chunk)[c.NetworkAt..(int)(frame.Offset + frame.Length)];
        bool found = Decapsulator.TryOpen(packet, out SoftwireEnvelope envelope);
        if (envelope.IsIcmpv6)
        {
            AftrMessages.Decide(ref frame, ref c, packet[..envelope.PacketLength], envelope.InnerOffset, state, now);
            return;
        }

        // Asked before a fragment is kept: the source stands in every one.
        DropReason refusal = Admission.RefusalOfSoftwire(c, state.Settings);
        if (refusal != DropReason.None)
            c.Refuse(refusal);
        else if (envelope.IsFragment)
            Fragment(ref frame, ref c, envelope, state, now);
        else if (!found)
            Icmpv6ErrorWriter.Answer(ref frame, ref c, envelope.Refusal, state, now);
        else
            ComeAgain(ref frame, ref c, envelope, state);
    }

    private static void Fragment(
        ref Frame frame, ref PacketContext c, in SoftwireEnvelope envelope, GatewayState state, in WorkerTime now)
    {
        state.Counters[CounterId.FragmentsSeenIpv6]++;
        ReassemblyVerdict verdict = state.Tables.Outer.Offer(
            frame, c.NetworkAt - (int)frame.Offset, envelope, now.Tick, out Frame complete, out int merged,
            out SoftwireRefusal refusal);
        switch (verdict)
        {
            case ReassemblyVerdict.Held:
                c.Verdict = Verdict.Hold;
                break;
            case ReassemblyVerdict.Refused:
                Icmpv6ErrorWriter.Answer(ref frame, ref c, refusal, state, now);
                break;
            case ReassemblyVerdict.CompleteLarge:
                CountReassembled(merged, state);
                Large(ref frame, ref c, state, now);
                break;
            default:
                CountReassembled(merged, state);
                DispatchStage.Queue(state.Output.AgainInside, complete, state);
                c.Verdict = Verdict.Gone;
                break;
        }
    }

    private static void CountReassembled(int merged, GatewayState state)
    {
        // The other frames were held until now; this one never was.
        state.Counters[CounterId.Held] -= merged;
        state.Counters[CounterId.Merged] += merged;
        state.Counters[CounterId.Reassembled] += merged == 0 ? 0 : 1;
    }

    /// <summary>
    /// A packet larger than a frame goes on in inner fragments, or is answered where it may not be fragmented. The
    /// frame of the last fragment is the reassembler's by now.
    /// </summary>
    private static void Large(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        int count = state.Tables.Outer.CutLarge(state.Settings.OutsideMtu, state.Pieces, out DropReason refusal);
        c.Verdict = Verdict.Gone;
        if (count == 0)
        {
            // Its frames are the reassembler's; how long they were, nobody knows any more.
            state.Counters.Drop(refusal, 0);
            return;
        }

        if (refusal != DropReason.None)
        {
            frame = state.Pieces[0];
            TellTooBig(ref frame, ref c, state, now);
            return;
        }

        state.Counters[CounterId.Split] += count - 1;
        state.Counters[CounterId.Ipv4FragmentsSent] += count;
        foreach (ref readonly Frame piece in state.Pieces.AsSpan(0, count))
            DispatchStage.Queue(state.Output.AgainInside, piece, state);
    }

    // The frame holds the beginning of the packet, whose total length says more; softwire and sender stand in the
    // context already.
    private static void TellTooBig(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        _ = LinkParser.Read(state.Store, frame, ref c);
        c.Ipv4At = c.NetworkAt + Ipv6HeaderBytes;
        Span<byte> inner = state.Store.Chunk(frame.Chunk)[c.Ipv4At..(int)(frame.Offset + frame.Length)];
        c.Ipv4Length = inner.Length;
        c.TransportAt = c.Ipv4At + ((inner[0] & 0x0F) * 4);
        c.Tos = inner[1];
        c.Ttl = inner[8];
        c.FragmentField = BinaryPrimitives.ReadUInt16BigEndian(inner[6..]);
        c.Flow.Protocol = inner[9];
        c.Flow.InternalAddress = BinaryPrimitives.ReadUInt32BigEndian(inner[12..]);
        c.Flow.RemoteAddress = BinaryPrimitives.ReadUInt32BigEndian(inner[16..]);
        c.Class = PacketClass.SlowFlow;
        DropReason refusal = Admission.RefusalFromInside(c, state.Settings);
        int mtu = Math.Min(state.Settings.OutsideMtu, inner.Length);
        if (refusal != DropReason.None)
            c.Refuse(refusal);
        else
            IcmpErrorWriter.Answer(ref frame, ref c, state, now, IcmpError.FragmentationNeeded, (ushort)mtu);
    }

    /// <summary>
    /// Takes the extension headers out, so that the packet comes again as a bare one: the fixed header moves up to
    /// the inner packet, the
    /// link-layer header with it.
    /// </summary>
    private static void ComeAgain(ref Frame frame, ref PacketContext c, in SoftwireEnvelope envelope,
        GatewayState state)
    {
        Span<byte> chunk = state.Store.Chunk(frame.Chunk);
        int extension = envelope.InnerOffset - Ipv6HeaderBytes;
        int front = c.NetworkAt - (int)frame.Offset + Ipv6HeaderBytes;
        chunk.Slice((int)frame.Offset, front).CopyTo(chunk[((int)frame.Offset + extension)..]);
        frame.Offset += (uint)extension;
        frame.Length -= (uint)extension;
        Span<byte> header = chunk[(c.NetworkAt + extension)..];
        int payload = envelope.PacketLength - envelope.InnerOffset;
        header[4] = (byte)(payload >> 8);
        header[5] = (byte)payload;
        header[6] = 4;
        DispatchStage.Queue(state.Output.AgainInside, frame, state);
        c.Verdict = Verdict.Gone;
    }
}
