using System;
using System.Buffers.Binary;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Rewriting;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>Pings of an AFTR address, answered in their own frame (RFC 4443 4.2).</summary>
internal static class AftrPing
{
    private const int LinkHeaderMax = 22;
    private const byte OriginHopLimit = 64;

    /// <summary>Decides an echo request whose checksum is right.</summary>
    /// <param name="frame">Becomes the answer.</param>
    /// <param name="c">What parsing found of the outer packet.</param>
    /// <param name="packet">The IPv6 packet, without link padding.</param>
    /// <param name="messageAt">First byte of the message in the packet.</param>
    /// <param name="state">What the worker works on.</param>
    /// <param name="now">The time.</param>
    public static void Decide(
        ref Frame frame, ref PacketContext c, Span<byte> packet, int messageAt, GatewayState state, in WorkerTime now)
    {
        Ipv6Address source = Ipv6Address.Read(packet[8..]);
        Ipv6Address destination = Ipv6Address.Read(packet[24..]);
        // A multicast or unspecified source names nobody to answer.
        if (source.High >> 56 == 0xFF || (source.High | source.Low) == 0)
        {
            c.Refuse(DropReason.UnsupportedIcmpv6);
            return;
        }

        // Our own address as the source: an answer would come back to us and be answered.
        if (source == destination)
        {
            c.Refuse(DropReason.Loop);
            return;
        }

        if (!state.Settings.Icmp.TryTake6(ref state.Icmpv6FullAtNs, now))
        {
            state.Counters[CounterId.IcmpSuppressed]++;
            c.Verdict = Verdict.Consume;
            return;
        }

        Answer(ref frame, c, packet, messageAt, source, destination, state);
        state.Counters[CounterId.Consumed]++;
        state.Counters[CounterId.Originated]++;
        state.Counters[CounterId.Icmpv6RepliesSent]++;
        c.Verdict = Verdict.Transmit;
        // Asked in several fragments, answered in as many.
        int mtu = PathMtu.Towards(c.Key, state, now.Tick);
        if (Ipv6View.HeaderSize + packet.Length - messageAt > mtu)
            Splitter.Softwire(ref frame, ref c, state, mtu);
    }

    private static void Answer(
        ref Frame frame, in PacketContext c, Span<byte> packet, int messageAt, Ipv6Address source,
        Ipv6Address destination,
        GatewayState state)
    {
        Span<byte> chunk = state.Store.Chunk(frame.Chunk);
        int linkBytes = c.NetworkAt - (int)frame.Offset;
        Span<byte> link = stackalloc byte[LinkHeaderMax];
        chunk.Slice((int)frame.Offset, linkBytes).CopyTo(link);

        Span<byte> message = packet[messageAt..];
        message[0] = (byte)Icmpv6Type.EchoReply;
        Checksum.FillIcmpv6(message, Checksum.PseudoHeader(destination, source, IpProtocol.Icmpv6, message.Length));
        // Extension headers of the request are its own: the answer's header stands right before the message.
        int at = c.NetworkAt + messageAt - Ipv6View.HeaderSize;
        new Ipv6Header
        {
            PayloadLength = message.Length,
            NextHeader = IpProtocol.Icmpv6,
            HopLimit = OriginHopLimit,
            Source = destination,
            Destination = source,
        }.Write(chunk.Slice(at, Ipv6View.HeaderSize));
        LinkWriter.Answer(chunk, ref frame, link[..linkBytes], at, Ipv6View.HeaderSize + message.Length);
    }
}
