using System;
using System.Buffers.Binary;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Rewriting;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// Answers pings of our own addresses in the frame that they came in: 192.0.0.1 in a softwire, pool addresses from
/// either side. They are
/// neither translated nor logged (RFC 6908 3.2.2). Anything else that asks for our addresses is dropped.
/// </summary>
internal static class LocalAnswers
{
    private const int LinkHeaderMax = 22;
    private const byte OriginTtl = 64;

    // What fits anywhere without fragmentation, near enough (RFC 1122 3.3.3).
    private const int AtomicMax = 576;

    /// <summary>A packet from a subscriber to one of our addresses.</summary>
    public static void FromInside(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        // A ping of our address is no reason to answer a source that may not send at all.
        DropReason refusal = Admission.RefusalFromInside(c, state.Settings);
        if (refusal != DropReason.None)
            c.Refuse(refusal);
        else if (PcpRequests.IsRequest(c, state))
            PcpRequests.Decide(ref frame, ref c, state, now);
        else if (!MayBePing(state.Store.Chunk(frame.Chunk), c))
            c.Refuse(DropReason.NotOurs);
        else if (!state.Settings.Icmp.PoolPing && state.Pools.Contains(c.Flow.RemoteAddress))
            c.Refuse(DropReason.NoMapping);
        else if (c.Class == PacketClass.Fragment)
            FragmentFlow.PingFromInside(ref frame, ref c, state, now);
        else
            Echo(ref frame, ref c, state, now);
    }

    /// <summary>An echo request from outside to a pool address, or a fragment that is known to be of one.</summary>
    public static void FromOutside(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        if (state.Settings.Icmp.PoolPing)
            Echo(ref frame, ref c, state, now);
        else
            c.Refuse(DropReason.NoMapping);
    }

    // A later fragment may be of one: its first will tell.
    private static bool MayBePing(ReadOnlySpan<byte> chunk, in PacketContext c) =>
        c.Flow.Protocol == (byte)IpProtocol.Icmp
        && c.Class is PacketClass.Flow or PacketClass.SlowFlow or PacketClass.Fragment
        && (c.IsLaterFragment || chunk[c.TransportAt] == (byte)IcmpType.EchoRequest);

    // By difference: a damaged ping is answered with a damaged pong, and one in fragments is not needed whole.
    private static void MakeReply(Span<byte> message)
    {
        ushort before = BinaryPrimitives.ReadUInt16BigEndian(message);
        message[0] = (byte)IcmpType.EchoReply;
        ushort after = BinaryPrimitives.ReadUInt16BigEndian(message);
        ushort checksum = BinaryPrimitives.ReadUInt16BigEndian(message[2..]);
        BinaryPrimitives.WriteUInt16BigEndian(message[2..], ChecksumDelta.Between(before, after).ApplyIcmp(checksum));
    }

    /// <summary>Answers an echo request, or a fragment of one, whoever sent it.</summary>
    public static void Echo(ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now)
    {
        if (!state.Settings.Icmp.TryTake(ref state.IcmpBucket(frame.Port == FramePort.Inside), now))
        {
            state.Counters[CounterId.IcmpSuppressed]++;
            c.Verdict = Verdict.Consume;
            return;
        }

        Span<byte> chunk = state.Store.Chunk(frame.Chunk);
        int linkBytes = c.NetworkAt - (int)frame.Offset;
        Span<byte> link = stackalloc byte[LinkHeaderMax];
        chunk.Slice((int)frame.Offset, linkBytes).CopyTo(link);

        Span<byte> packet = chunk.Slice(c.Ipv4At, c.Ipv4Length);
        uint source = BinaryPrimitives.ReadUInt32BigEndian(packet[12..]);
        uint destination = BinaryPrimitives.ReadUInt32BigEndian(packet[16..]);
        BinaryPrimitives.WriteUInt32BigEndian(packet[12..], destination);
        BinaryPrimitives.WriteUInt32BigEndian(packet[16..], source);
        // RFC 6864 4.3: a small one is made atomic; the identification of any other, and of fragments, is as unique as
        // that of the request.
        if ((c.FragmentField & 0x3FFF) == 0 && c.Ipv4Length <= AtomicMax)
            packet[6] |= Ipv4View.DontFragmentBit >> 8;
        packet[8] = OriginTtl;
        packet.Slice(10, 2).Clear();
        int headerLength = c.TransportAt - c.Ipv4At;
        BinaryPrimitives.WriteUInt16BigEndian(packet[10..], Checksum.Compute(packet[..headerLength]));

        if (!c.IsLaterFragment)
            MakeReply(packet[headerLength..]);

        int at = c.Ipv4At;
        int length = c.Ipv4Length;
        bool softwire = frame.Port == FramePort.Inside && c.Key.Kind == SubscriberKind.DsLite;
        int mtu = softwire ? PathMtu.Towards(c.Key, state, now.Tick) : int.MaxValue;
        if (softwire)
            at = IcmpErrorWriter.WrapForB4(chunk, at, ref length, c, state);
        state.Counters[CounterId.Consumed]++;
        state.Counters[CounterId.Originated]++;
        state.Counters[CounterId.IcmpRepliesSent]++;
        LinkWriter.Answer(chunk, ref frame, link[..linkBytes], at, length);
        c.Verdict = Verdict.Transmit;
        // A ping that came in several outer fragments is answered in as many.
        if (length > mtu)
            Splitter.Softwire(ref frame, ref c, state, mtu);
    }
}
