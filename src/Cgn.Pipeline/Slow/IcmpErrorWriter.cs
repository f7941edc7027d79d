using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Pipeline.Rewriting;
using Cgn.Pipeline.Stages;
using Cgn.Softwire;
using Cgn.Wire;

namespace Cgn.Pipeline.Slow;

/// <summary>
/// Answers a packet that can't be carried with an ICMP error, written into the packet's own frame: the quote stays
/// where it lies, the new
/// headers go before it. The packet counts as dropped for its reason, the answer as originated.
/// </summary>
internal static class IcmpErrorWriter
{
    // RFC 1812 4.3.2.3: as much of the packet as makes an answer of 576 bytes.
    private const int QuoteMax = 576 - HeadersBytes;
    private const int HeadersBytes = 28;
    private const int Ipv6HeaderBytes = 40;
    private const int LinkHeaderMax = 22;
    private const byte OriginTtl = 64;

    /// <summary>Drops the packet, and answers it where an answer is allowed and the rate limit admits one.</summary>
    public static void Answer(
        ref Frame frame, ref PacketContext c, GatewayState state, in WorkerTime now, IcmpError error,
        ushort nextHopMtu = 0)
    {
        bool fromInside = frame.Port == FramePort.Inside && !c.Hairpinned;
        uint destination = fromInside ? c.Flow.InternalAddress : c.Flow.RemoteAddress;
        IcmpPolicy policy = state.Settings.Icmp;
        bool toInside = fromInside || c.Hairpinned;
        bool wanted = toInside ? policy.ToInside : policy.ToOutside;
        if (!wanted || IsLinkGroup(frame, state) || !MayAnswer(c, fromInside))
        {
            c.Refuse(error.Reason);
            return;
        }

        if (!policy.TryTake(ref state.IcmpBucket(toInside), now))
        {
            state.Counters[CounterId.IcmpSuppressed]++;
            c.Refuse(error.Reason);
            return;
        }

        state.Counters.Drop(error.Reason, frame.Length);
        // What becomes of the packet's later fragments is for the same reason.
        c.Reason = error.Reason;
        state.Counters[CounterId.Originated]++;
        CountSent(error, state);
        Write(ref frame, ref c, state, error, nextHopMtu, SourceFor(c, fromInside, state.Settings), destination);
        // One of our own sent it: the answer finds the way to whom as an error from outside would.
        c.Verdict = c.Hairpinned ? Verdict.Turn : Verdict.Transmit;
    }

    /// <summary>
    /// The same for a packet that was kept, after its batch has long gone: reads it anew, drops it for the error's
    /// reason, answers it where that is allowed, and sends the answer on its way. To be called between batches, as
    /// housekeeping is.
    /// </summary>
    /// <param name="frame">The frame as it came to the slow way, bytes and descriptor; it passes to this call, and is
    /// no longer among those that the caller counts as held.</param>
    /// <param name="fromInside">It came in from inside; false for one from outside or hairpinned.</param>
    /// <param name="state">What the worker works on.</param>
    /// <param name="now">The time.</param>
    /// <param name="error">What to tell.</param>
    public static void AnswerKept(
        Frame frame, bool fromInside, GatewayState state, in WorkerTime now, IcmpError error)
    {
        PacketContext c = default;
        ParseInside.Begin(ref c, frame);
        if (fromInside)
            ParseInside.Read(state.Store, frame, state.Settings, ref c);
        else
            ParseOutside.Read(state.Store, frame, state.Settings, ref c);
        if (c.Class is PacketClass.Refused or PacketClass.Outer)
            c.Refuse(error.Reason);
        else
            Answer(ref frame, ref c, state, now, error);
        DispatchStage.One(ref frame, ref c, state);
    }

    /// <summary>Counts an error of our own.</summary>
    public static void CountSent(in IcmpError error, GatewayState state)
    {
        state.Counters[CounterId.IcmpErrorsSent]++;
        if (error is { Type: IcmpType.DestinationUnreachable, Code: 4 })
            state.Counters[CounterId.TooBigSent]++;
    }

    /// <summary>It came to a group of link-layer addresses, which must not all be answered for (RFC 1812
    /// 4.3.2.7).</summary>
    public static bool IsLinkGroup(in Frame frame, GatewayState state) =>
        (state.Store.Chunk(frame.Chunk)[(int)frame.Offset] & 1) != 0;

    /// <summary>RFC 1812 4.3.2.7: never about ICMP errors, later fragments, broadcast, multicast or sources that name
    /// no single host.</summary>
    private static bool MayAnswer(in PacketContext c, bool fromInside)
    {
        uint source = fromInside ? c.Flow.InternalAddress : c.Flow.RemoteAddress;
        uint destination = fromInside ? c.Flow.RemoteAddress : c.Flow.InternalAddress;
        return c.Class != PacketClass.IcmpError && !c.IsLaterFragment && !Admission.IsMartianSource(source)
            && destination >> 28 < 14;
    }

    private static uint SourceFor(in PacketContext c, bool fromInside, PipelineSettings settings)
    {
        if (!fromInside)
            return settings.OutsideAddress;
        return c.Key.Kind == SubscriberKind.DsLite ? PipelineSettings.WellKnownAftr : settings.InsideAddress;
    }

    private static void Write(
        ref Frame frame, ref PacketContext c, GatewayState state, IcmpError error, ushort nextHopMtu, uint source,
        uint destination)
    {
        Span<byte> chunk = state.Store.Chunk(frame.Chunk);
        int linkBytes = c.NetworkAt - (int)frame.Offset;
        Span<byte> link = stackalloc byte[LinkHeaderMax];
        chunk.Slice((int)frame.Offset, linkBytes).CopyTo(link);

        int quote = Math.Min(c.Ipv4Length, QuoteMax);
        int at = c.Ipv4At - HeadersBytes;
        Span<byte> packet = chunk.Slice(at, HeadersBytes + quote);
        // RFC 6864 4.3: without DF it would need an identification of its own; at 576 bytes it fits anywhere.
        new Ipv4Header
        {
            DontFragment = true,
            TrafficClass = state.Settings.Icmp.ErrorTos(c.Tos),
            PayloadLength = packet.Length - Ipv4Header.Size,
            Ttl = OriginTtl,
            Protocol = IpProtocol.Icmp,
            Source = new Ipv4Address(source),
            Destination = new Ipv4Address(destination),
        }.Write(packet);
        Span<byte> message = packet[20..];
        message[0] = (byte)error.Type;
        message[1] = error.Code;
        message[2..8].Clear();
        message[6] = (byte)(nextHopMtu >> 8);
        message[7] = (byte)nextHopMtu;
        Checksum.FillIcmp(message);

        int length = packet.Length;
        bool softwire = frame.Port == FramePort.Inside && c.Key.Kind == SubscriberKind.DsLite;
        if (softwire)
            at = WrapForB4(chunk, at, ref length, c, state);
        LinkWriter.Answer(chunk, ref frame, link[..linkBytes], at, length);
    }

    /// <summary>Puts a softwire header before an answer, back to the B4 that the packet came from.</summary>
    public static int WrapForB4(Span<byte> chunk, int at, ref int length, in PacketContext c, GatewayState state) =>
        SoftwireWriter.Wrap(
            chunk, at, ref length, c.Aftr, new Ipv6Address(c.B4High, c.B4Low), flowHash: 0, state.Settings);
}
