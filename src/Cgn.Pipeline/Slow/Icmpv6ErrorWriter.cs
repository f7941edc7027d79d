using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Rewriting;
using Cgn.Softwire;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// Answers an outer packet that can't be opened with an ICMPv6 error, written into the packet's own frame (RFC 4443):
/// the quote stays where it lies, the new headers go before it, and it comes from the AFTR address that the packet was
/// sent to.
/// </summary>
internal static class Icmpv6ErrorWriter
{
    // RFC 4443 2.4 c: as much of the packet as makes an answer of 1,280 bytes.
    private const int QuoteMax = 1280 - HeadersBytes;
    private const int HeadersBytes = Ipv6View.HeaderSize + Icmpv6View.HeaderSize;
    private const int LinkHeaderMax = 22;
    private const byte OriginHopLimit = 64;
    private const int UnitBytes = 8;

    /// <summary>Drops an outer packet, and answers it where that is due and allowed and the rate limit admits
    /// it.</summary>
    public static void Answer(
        ref Frame frame, ref PacketContext c, in SoftwireRefusal refusal, GatewayState state, in WorkerTime now)
    {
        uint bytes = frame.Length;
        c.Refuse(refusal.Reason);
        if (!refusal.IsAnswered || !TryWrite(
            ref frame, c.NetworkAt, Icmpv6Type.ParameterProblem, refusal.Code, (uint)refusal.Pointer, state, now))
        {
            return;
        }

        state.Counters.Drop(refusal.Reason, bytes);
        state.Counters[CounterId.Originated]++;
        c.Verdict = Verdict.Transmit;
    }

    /// <summary>Makes of a frame an error about the packet in it; the caller counts.</summary>
    /// <param name="frame">A frame from inside with an IPv6 packet to an AFTR address; unchanged when the result is
    /// false.</param>
    /// <param name="packetAt">First byte of that packet in the chunk.</param>
    /// <param name="type">Type of the error.</param>
    /// <param name="code">Code of the error.</param>
    /// <param name="rest">Bytes 4 to 7 of it: a pointer, or 0.</param>
    /// <param name="state">What the worker works on.</param>
    /// <param name="now">The time.</param>
    /// <returns>False when nothing may be sent.</returns>
    public static bool TryWrite(
        ref Frame frame, int packetAt, Icmpv6Type type, byte code, uint rest, GatewayState state, in WorkerTime now)
    {
        Span<byte> chunk = state.Store.Chunk(frame.Chunk);
        Span<byte> packet = chunk[packetAt..(int)(frame.Offset + frame.Length)];
        if (!Ipv6View.TryOpen(packet, out Ipv6View header, out _))
            return false;
        packet = header.Packet;
        Ipv6Address sender = header.Source;
        if (!state.Settings.Icmp.ToInside || IcmpErrorWriter.IsLinkGroup(frame, state) || !IsOneHost(sender, state)
            || IsUnanswerable(packet))
        {
            return false;
        }

        if (!state.Settings.Icmp.TryTake6(ref state.Icmpv6FullAtNs, now))
        {
            state.Counters[CounterId.IcmpSuppressed]++;
            return false;
        }

        int linkBytes = packetAt - (int)frame.Offset;
        Span<byte> link = stackalloc byte[LinkHeaderMax];
        chunk.Slice((int)frame.Offset, linkBytes).CopyTo(link);
        int at = packetAt - HeadersBytes;
        Span<byte> answer = chunk.Slice(at, HeadersBytes + Math.Min(packet.Length, QuoteMax));
        Ipv6Address ours = header.Destination;
        Span<byte> message = answer[Ipv6View.HeaderSize..];
        new Ipv6Header
        {
            TrafficClass = state.Settings.Icmp.ErrorTos(header.TrafficClass),
            PayloadLength = message.Length,
            NextHeader = IpProtocol.Icmpv6,
            HopLimit = OriginHopLimit,
            Source = ours,
            Destination = sender,
        }.Write(answer);
        new IcmpHeader { Type = (byte)type, Code = code, Rest = rest }.Write(message);
        Checksum.FillIcmpv6(message, Checksum.PseudoHeader(ours, sender, IpProtocol.Icmpv6, message.Length));
        LinkWriter.Answer(chunk, ref frame, link[..linkBytes], at, answer.Length);
        state.Counters[CounterId.Icmpv6ErrorsSent]++;
        return true;
    }

    // RFC 4443 2.4 e.6: a source that names no single host; nor ourselves, who would be told in a circle.
    private static bool IsOneHost(Ipv6Address source, GatewayState state)
    {
        foreach (ref readonly Ipv6PrefixSetting aftr in state.Settings.AftrAddresses.AsSpan())
        {
            if (aftr.High == source.High && aftr.Low == source.Low)
                return false;
        }

        return source.High >> 56 != 0xFF && (source.High != 0 || source.Low > 1);
    }

    // RFC 4443 2.4 e.1 and e.2: an ICMPv6 error or a redirect, whatever stands before it.
    private static bool IsUnanswerable(ReadOnlySpan<byte> packet)
    {
        IpProtocol next = (IpProtocol)packet[Ipv6View.NextHeaderOffset];
        int at = Ipv6View.HeaderSize;
        for (int header = 0; header <= Ipv6ExtensionWalk.HeadersMax && at + UnitBytes <= packet.Length; header++)
        {
            if (next == IpProtocol.Icmpv6)
                return packet[at] < (byte)Icmpv6Type.EchoRequest || packet[at] == (byte)Icmpv6Type.Redirect;
            if (next == IpProtocol.Fragment && ((packet[at + 2] << 8 | packet[at + 3]) & 0xFFF8) != 0)
                return false;
            if (next is not (IpProtocol.HopByHop or IpProtocol.DestinationOptions or IpProtocol.Routing
                or IpProtocol.Fragment))
            {
                return false;
            }

            int length = next == IpProtocol.Fragment ? UnitBytes : (packet[at + 1] + 1) * UnitBytes;
            next = (IpProtocol)packet[at];
            at += length;
        }

        return false;
    }
}
