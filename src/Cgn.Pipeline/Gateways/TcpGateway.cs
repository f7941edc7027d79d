using System;
using System.Buffers.Binary;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Pipeline.Batches;
using Cgn.Wire;

namespace Cgn.Pipeline.Gateways;

/// <summary>
/// Segments of a connection that a gateway reads. What is new of the stream is read in order and only once; then each
/// segment, new or sent again, is written as its part of the changed stream, and both sides' numbers are mapped.
/// </summary>
internal static class TcpGateway
{
    // MSS less than fits otherwise: room to grow without fragments.
    private const int MssMargin = 64;
    private const int PayloadMax = 65535;
    private const byte Syn = 0x02;
    private const byte Fin = 0x01;
    private const byte Ack = 0x10;
    private const byte Urg = 0x20;

    /// <summary>Reads a segment and changes it as needed.</summary>
    /// <returns>False when it has got a verdict.</returns>
    public static bool TryPass(ref Frame frame, ref PacketContext c, in Talk talk, bool isFragment, int room)
    {
        ref GatewayRecord g = ref talk.State.Nat.Gateway(talk.Session);
        int length = c.Ipv4Length - (c.TransportAt - c.Ipv4At);
        Span<byte> behind = talk.State.Store.Chunk(frame.Chunk)[c.TransportAt..];
        if (!g.IsLive || !TcpView.TryOpen(behind[..length], out TcpView segment, out _))
        {
            talk.State.Counters[CounterId.GatewayUnread] += g.IsLive ? 0 : 1;
            return true;
        }

        ref GatewayStream own = ref talk.Outbound ? ref g.Outbound : ref g.Inbound;
        ref GatewayStream other = ref talk.Outbound ? ref g.Inbound : ref g.Outbound;
        if (((byte)segment.Flags & Syn) != 0)
            Open(ref own, segment);
        if (isFragment && own.IsOpen != 0 && !TryMiss(ref own, segment))
        {
            c.Refuse(DropReason.GatewayGap);
            return false;
        }

        bool isRight = !isFragment
            && Checksum.IsRight(segment.Segment, GatewayWay.PseudoHeader(c, talk.Outbound, length));
        if (!isRight || own.IsOpen == 0)
        {
            // What is wrong stays wrong, and is not read.
            talk.State.Counters[CounterId.GatewayUnread] += isFragment ? 0 : 1;
            Renumber(segment, own, other, isRight: false);
            return true;
        }

        uint at = segment.Sequence + (uint)(((byte)segment.Flags & Syn) != 0 ? 1 : 0);
        if (!TryRead(ref own, at, segment, g.Kind, talk))
        {
            c.Refuse(DropReason.GatewayGap);
            return false;
        }

        return TryWrite(ref frame, ref c, talk, behind, segment, own, other, room);
    }

    private static void Open(ref GatewayStream s, in TcpView segment)
    {
        uint initial = segment.Sequence;
        if (s.IsOpen != 0 && s.Initial == initial)
            return;
        s.Initial = initial;
        s.Next = initial + 1;
        s.Shift = 0;
        s.Skip = 0;
        s.EditCount = 0;
        s.HeldLength = 0;
        s.IsOpaque = 0;
        s.IsInLine = 0;
        s.IsOpen = 1;
    }

    // The first fragment of a segment: what goes by in it unread is not missed later, and so no more is read. False
    // when it has a part in what was changed or is kept here, or when something before it is missing.
    private static bool TryMiss(ref GatewayStream s, in TcpView segment)
    {
        uint at = segment.Sequence;
        int behindEdits = s.EditCount == 0 ? 0 : (int)(at - s.Edits[s.EditCount - 1].At)
            - s.Edits[s.EditCount - 1].OldLength;
        int seen = (int)(s.Next - at);
        if (segment.Payload.IsEmpty || s.IsOpaque != 0)
            return behindEdits >= 0;
        if (behindEdits < 0 || seen < 0 || s.HeldLength != 0)
            return false;
        s.IsOpaque = 1;
        return true;
    }

    // Reads on where the segment has something new. False when something before it is missing.
    private static bool TryRead(
        ref GatewayStream s, uint at, in TcpView segment, ApplicationGateways kind, in Talk talk)
    {
        if (kind == ApplicationGateways.Ftp && !talk.Outbound)
            s.IsOpaque = 1;
        ReadOnlySpan<byte> payload = segment.Payload;
        int seen = (int)(s.Next - at);
        bool takesPart = !payload.IsEmpty || ((byte)segment.Flags & Fin) != 0;
        if (seen < 0 && takesPart && s.IsOpaque == 0)
            return false;
        if (seen < 0 || seen >= payload.Length)
        {
            // Encrypted: nothing behind it will be read either.
            if (seen < 0 && !payload.IsEmpty)
                s.Next = at + (uint)payload.Length;
            return true;
        }

        StreamEdits.Trim(ref s);
        ReadOnlySpan<byte> fresh = payload[seen..];
        bool isOff = talk.State.Nat.GatewayFor(talk.Record) != kind;
        if (isOff && s.HeldLength == 0)
            s.IsOpaque = 1;
        if (s.IsOpaque != 0)
            s.Next += (uint)fresh.Length;
        else if (kind == ApplicationGateways.Pptp)
            PptpGateway.Read(ref s, fresh, talk);
        else if (kind == ApplicationGateways.Sip)
            SipStream.Read(ref s, fresh, talk);
        else
            LineReader.Read(ref s, fresh, talk, kind);
        return true;
    }

    private static bool TryWrite(
        ref Frame frame, ref PacketContext c, in Talk talk, Span<byte> behind, TcpView segment,
        in GatewayStream own, in GatewayStream other, int room)
    {
        uint at = segment.Sequence + (uint)(((byte)segment.Flags & Syn) != 0 ? 1 : 0);
        int header = segment.HeaderLength;
        ReadOnlySpan<byte> payload = segment.Payload;
        bool wasEmpty = payload.IsEmpty;
        bool isFin = ((byte)segment.Flags & Fin) != 0;
        int length = payload.Length;
        if (!wasEmpty && (own.EditCount | own.HeldLength) != 0)
        {
            Span<byte> written = stackalloc byte[2048];
            int most = Math.Min(written.Length, behind.Length - header);
            length = payload.Length <= most ? StreamEdits.Write(own, at, payload, written[..most]) : -1;
            if (length < 0)
            {
                c.Refuse(DropReason.GatewayTooLong);
                return false;
            }

            if (length != payload.Length || !payload.SequenceEqual(written[..length]))
                talk.State.Counters[CounterId.GatewayRewrites]++;
            MoveUrgent(segment, own, at);
            written[..length].CopyTo(behind[header..]);
        }

        Renumber(segment, own, other, isRight: true);
        Span<byte> whole = behind[..(header + length)];
        // All of it is held back: it goes on as a probe, whose answer acknowledges to the sender what is kept here.
        if (length == 0 && !wasEmpty && !isFin)
        {
            uint number = BinaryPrimitives.ReadUInt32BigEndian(whole[4..]);
            BinaryPrimitives.WriteUInt32BigEndian(whole[4..], number - 1);
        }

        GatewayWay.Resize(ref frame, ref c, talk.State, whole.Length, room);
        Checksum.FillTcp(whole, GatewayWay.PseudoHeader(c, talk.Outbound, whole.Length));
        if (((byte)segment.Flags & Syn) != 0)
            ClampMss(whole, talk);
        return true;
    }

    private static void ClampMss(Span<byte> whole, in Talk talk)
    {
        SubscriberKind kind = talk.State.Nat.Subscriber(talk.Record.Subscriber).Kind;
        int ceiling = talk.State.Settings.MssFor(kind) - MssMargin;
        if (ceiling > MssMargin && TcpView.TryOpen(whole, out TcpView view, out _))
            view.ClampMss((ushort)ceiling);
    }

    // The urgent pointer counts from the segment's first byte (RFC 9293 3.8.5).
    private static void MoveUrgent(TcpView segment, in GatewayStream own, uint at)
    {
        if (((byte)segment.Flags & Urg) == 0)
            return;
        uint moved = StreamEdits.Map(own, at + segment.UrgentPointer) - StreamEdits.Map(own, at);
        segment.UrgentPointer = (ushort)Math.Min(moved, PayloadMax);
    }

    // Both numbers as the receiver counts. What carries a wrong checksum keeps it wrong, by as much.
    private static void Renumber(TcpView segment, in GatewayStream own, in GatewayStream other, bool isRight)
    {
        bool isSyn = ((byte)segment.Flags & Syn) != 0;
        uint sequence = segment.Sequence;
        uint acknowledgment = segment.Acknowledgment;
        uint mapped = own.IsOpen == 0 || isSyn ? sequence : StreamEdits.Map(own, sequence);
        bool hasAck = ((byte)segment.Flags & Ack) != 0 && other.IsOpen != 0;
        uint unmapped = hasAck ? StreamEdits.Unmap(other, acknowledgment) : acknowledgment;
        segment.Sequence = mapped;
        segment.Acknowledgment = unmapped;
        if (!isRight)
        {
            ChecksumDelta delta = ChecksumDelta.Between(sequence, mapped)
                .Add(ChecksumDelta.Between(acknowledgment, unmapped));
            segment.Checksum = delta.Apply(segment.Checksum);
        }
        else if (hasAck && other.IsOpen != 0)
        {
            SelectiveAcks.Map(segment.Options, other);
        }
    }
}
