using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Nat;
using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// ICMPv6 errors that the access network sends about our softwire packets (RFC 2473 section 8). What they quote must be
/// a packet of ours to a B4 that we know, else they are not believed; then they say what the path takes, and whoever
/// sent the packet inside is told by ICMP what concerns it, quoting the packet as it was sent.
/// </summary>
internal static class SoftwireErrors
{
    // RFC 1812 4.3.2.3, as for all our errors.
    private const int QuoteMax = 576 - HeadersBytes;
    private const int HeadersBytes = Ipv4Header.Size + IcmpView.HeaderSize;
    private const byte OriginTtl = 64;
    private const int Ipv6HeaderBytes = 40;
    private const byte LimitOption = 4;

    private static IcmpError HostUnreachable => new(DropReason.None, IcmpType.DestinationUnreachable, 1);

    /// <summary>Decides an error whose checksum is right.</summary>
    /// <param name="frame">Its frame; it may become the ICMP error.</param>
    /// <param name="c">What parsing found of the outer packet; afterwards of that error.</param>
    /// <param name="message">The message.</param>
    /// <param name="messageAt">First byte of it in the chunk.</param>
    /// <param name="state">What the worker works on.</param>
    /// <param name="now">The time.</param>
    public static void Decide(
        ref Frame frame, ref PacketContext c, in Icmpv6View message, int messageAt, GatewayState state,
        in WorkerTime now)
    {
        Span<byte> quote = message.QuotedPacket;
        uint number = QuotedSoftwire.TryRead(quote, state.Settings, out QuotedSoftwire quoted)
            ? state.Nat.FindSubscriber(quoted.Key)
            : 0;
        ref SubscriberRecord subscriber = ref state.Nat.Subscriber(number);
        // A B4 that has moved within its prefix is no longer there; nor is one that has never spoken.
        if (number == 0 || subscriber.B4High != quoted.B4.High || subscriber.B4Low != quoted.B4.Low)
        {
            c.Refuse(DropReason.IcmpErrorUnmatched);
            return;
        }

        c.Key = quoted.Key;
        int innerAt = quoted.InnerAt < 0 ? -1 : messageAt + Icmpv6View.HeaderSize + quoted.InnerAt;
        int innerLength = quote.Length - quoted.InnerAt;
        switch (message.Type)
        {
            case Icmpv6Type.PacketTooBig:
                TooBig(ref frame, ref c, ref subscriber, message.Mtu, innerAt, innerLength, state, now);
                break;
            case Icmpv6Type.DestinationUnreachable:
            case Icmpv6Type.TimeExceeded when message.Code == 0:
            case Icmpv6Type.ParameterProblem when IsLimit(message, quote[..Math.Max(0, quoted.InnerAt)]):
                Relay(ref frame, ref c, innerAt, innerLength, HostUnreachable, 0, state, now);
                break;
            default:
                c.Refuse(DropReason.UnsupportedIcmpv6);
                break;
        }
    }

    private static void TooBig(
        ref Frame frame, ref PacketContext c, ref SubscriberRecord subscriber, uint mtu, int innerAt, int innerLength,
        GatewayState state, in WorkerTime now)
    {
        if (mtu < PathMtu.Min)
        {
            c.Refuse(DropReason.MtuTooSmall);
            return;
        }

        state.Counters[CounterId.TooBigReceived]++;
        if (PathMtu.Learn(ref subscriber, mtu, state.Settings, now.Tick))
            state.Counters[CounterId.PathMtuLowered]++;
        // The sender is told when it has to send less; what may be fragmented, will be.
        Span<byte> chunk = state.Store.Chunk(frame.Chunk);
        bool concerns = innerAt >= 0 && innerLength > 6 && (chunk[innerAt + 6] & 0x40) != 0
            && mtu < state.Settings.TunnelMtu && state.Settings.DfPolicy == DfPolicy.Icmp;
        c.Verdict = Verdict.Consume;
        if (concerns)
        {
            ushort room = (ushort)(mtu - (uint)state.Settings.SoftwireForm.HeaderBytes);
            Relay(ref frame, ref c, innerAt, innerLength, IcmpError.FragmentationNeeded, room, state, now);
        }
    }

    // RFC 2473 section 8.1 has the pointer at a limit of one, 8.2 of zero.
    private static bool IsLimit(in Icmpv6View message, ReadOnlySpan<byte> headers)
    {
        uint pointer = message.Pointer;
        return message.Code == 0 && pointer > Ipv6HeaderBytes + 2 && pointer < headers.Length
            && headers[(int)pointer - 2] == LimitOption && headers[(int)pointer - 1] == 1
            && headers[(int)pointer] <= 1;
    }

    // The inner packet is quoted where it lies; what stands before it makes room for the headers.
    private static void Relay(
        ref Frame frame, ref PacketContext c, int innerAt, int innerLength, IcmpError error, ushort mtu,
        GatewayState state, in WorkerTime now)
    {
        c.Verdict = Verdict.Consume;
        int length = Math.Min(innerLength, QuoteMax);
        Span<byte> chunk = state.Store.Chunk(frame.Chunk);
        if (innerAt < 0
            || !EmbeddedPacketView.TryOpen(chunk.Slice(innerAt, length), out EmbeddedPacketView quote, out _)
            || !QuotedSessions.MayBeQuoted(quote))
        {
            return;
        }

        FlowKey flow = QuotedSessions.FlowOf(quote, localIsSource: false);
        if (!QuotedSessions.TryFindOutbound(c.Key, flow, state, now, out QuotedEndpoint inner,
            out QuotedEndpoint external, out _))
        {
            c.Refuse(DropReason.IcmpErrorUnmatched);
            return;
        }

        IcmpPolicy policy = state.Settings.Icmp;
        uint sender = quote.Source.Value;
        bool toInside = state.Pools.Contains(sender);
        if (!(toInside ? policy.ToInside : policy.ToOutside) || Admission.IsMartianSource(sender))
            return;
        if (!policy.TryTake(ref state.IcmpBucket(toInside), now))
        {
            state.Counters[CounterId.IcmpSuppressed]++;
            return;
        }

        state.Counters[CounterId.Consumed]++;
        state.Counters[CounterId.Originated]++;
        state.Counters[CounterId.SoftwireErrorsRelayed]++;
        IcmpErrorWriter.CountSent(error, state);
        QuotedSessions.Rewrite(quote, inner, external, ofSource: false);
        Write(ref c, chunk, innerAt, length, error, mtu, sender, quote.Header[1], state.Settings);
        IcmpErrorTranslator.TrySendOutside(ref frame, ref c, state);
    }

    private static void Write(
        ref PacketContext c, Span<byte> chunk, int quoteAt, int quoteLength, IcmpError error, ushort mtu, uint sender,
        byte tos, PipelineSettings settings)
    {
        int at = quoteAt - HeadersBytes;
        Span<byte> packet = chunk.Slice(at, HeadersBytes + quoteLength);
        new Ipv4Header
        {
            DontFragment = true,
            TrafficClass = settings.Icmp.ErrorTos(tos),
            PayloadLength = packet.Length - Ipv4Header.Size,
            Ttl = OriginTtl,
            Protocol = IpProtocol.Icmp,
            Source = new Ipv4Address(settings.OutsideAddress),
            Destination = new Ipv4Address(sender),
        }.Write(packet);
        Span<byte> message = packet[Ipv4Header.Size..];
        new IcmpHeader { Type = (byte)error.Type, Code = error.Code, Rest = mtu }.Write(message);
        Checksum.FillIcmp(message);
        c.Class = PacketClass.IcmpError;
        c.Ipv4At = at;
        c.TransportAt = at + Ipv4Header.Size;
        c.Ipv4Length = packet.Length;
        c.FragmentField = Ipv4View.DontFragmentBit;
        c.Flow.RemoteAddress = sender;
    }
}
