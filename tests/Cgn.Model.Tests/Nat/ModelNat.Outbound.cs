using System;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Model.Tests.Nat;

// The way out.
internal sealed partial class ModelNat
{
    private void FromInside(Parcel c)
    {
        Datagram p = c.Packet;
        DropReason refusal = Classify(c, outbound: true, out Sort sort);
        if (refusal != DropReason.None)
        {
            Drop(refusal);
            return;
        }

        bool isForUs = p.Destination == WellKnownAftr || p.Destination == InsideAddress
            || (sort != Sort.IcmpError && p.Protocol == Datagram.Icmp && IsPool(p.Destination));
        bool mayPass = FindSession(c, sort) is not null && p.Ttl > 1;
        refusal = isForUs || !mayPass ? RefusalFromInside(c) : DropReason.None;
        if (refusal == DropReason.None && !isForUs && !_settings.Hairpinning && IsPool(p.Destination))
            refusal = DropReason.HairpinOff;
        if (refusal != DropReason.None)
            Drop(refusal);
        else if (isForUs)
            ForUs(c, sort);
        else if (p.Ttl <= 1)
            AnswerError(c, sort, DropReason.TtlExpired, 11, 0, 0);
        else if (sort == Sort.IcmpError)
            ErrorFromInside(c);
        else if (sort == Sort.Fragment)
            FragmentFromInside(c);
        else
            FlowFromInside(c, sort);
    }

    private DropReason RefusalFromInside(Parcel c)
    {
        uint source = c.Packet.Source;
        uint destination = c.Packet.Destination;
        if (IsMartian(source) || IsMartian(destination)
            || (IsInsideOnly(destination) && destination != WellKnownAftr && destination != InsideAddress))
            return DropReason.Martian;
        if (c.Kind == SubscriberKind.Nat444)
        {
            return !_config.Nat444Sources.Any(prefix => prefix.Contains(source)) ? DropReason.UnknownInsideSource
                : IsShared(destination) ? DropReason.SharedSpace : DropReason.None;
        }

        if (AftrNumber(c.B4) >= 0)
            return DropReason.Loop;
        if (!IsSoftwireSource(c.B4))
            return DropReason.UnknownSoftwireSource;
        return !_config.InnerSources.Any(prefix => prefix.Contains(source)) ? DropReason.BadInnerSource
            : IsShared(destination) ? DropReason.SharedSpace : DropReason.None;
    }

    private ModelSession? FindSession(Parcel c, Sort sort)
    {
        if (sort != Sort.Flow)
            return null;
        (ushort source, ushort destination) = PortsOf(c.Packet, outbound: true);
        return FindOutbound(
            c, new Endpoint(c.Packet.Source, source), new Endpoint(c.Packet.Destination, destination));
    }

    // Returns the session that carried it, or by which it was answered; null and the reason when it was dropped.
    private ModelSession? FlowFromInside(Parcel c, Sort sort)
    {
        Datagram p = c.Packet;
        (ushort source, ushort destination) = c.Ports ?? PortsOf(p, outbound: true);
        Endpoint inside = new(p.Source, source);
        Endpoint remote = new(p.Destination, destination);
        ModelSession? session = FindOutbound(c, inside, remote);
        if (session is null)
        {
            session = CreateOutbound(c, inside, remote, out DropReason refusal);
            if (session is null)
            {
                if (IsAnswered(refusal))
                    AnswerError(c, sort, refusal, 3, 1, 0);
                else if (refusal == DropReason.UnsupportedProtocol)
                    AnswerError(c, sort, refusal, 3, 2, 0);
                else
                    Drop(refusal);
                _lastRefusal = refusal;
                return null;
            }
        }

        ModelSubscriber subscriber = session.Subscriber;
        if (!AdmitB4(subscriber, c))
        {
            Drop(_lastRefusal = DropReason.B4AddressChange);
            return null;
        }

        ObserveDccp(session, fromInside: true, p);

        bool fits = p.Length <= _settings.OutsideMtu || session.IsHairpin;
        if (!fits && p.DontFragment)
            AnswerError(c, sort, DropReason.TooBig, 3, 4, _settings.OutsideMtu);
        else if (!TryCarry(c, session))
            return null;
        return session;
    }

    // What is carried without ports: GRE and ESP unless policy is against it; SCTP, AH and tunnels not by default.
    private bool IsCarried(byte protocol) => HasPorts(protocol)
        || (protocol is not (Datagram.Sctp or 2 or 51 or 4 or 41 or 94)
            && _settings.OtherProtocols == OtherProtocols.AddressOnly);

    // RFC 5597 REQ-5: partially open until the other side has answered; closing from the first close or reset on.
    private static void ObserveDccp(ModelSession session, bool fromInside, Datagram p)
    {
        if (p.Protocol != Datagram.Dccp || p.IsLater || p.PayloadLength <= 8)
            return;
        int type = (p.Bytes[p.HeaderLength + 8] >> 1) & 15;
        bool isOpener = fromInside != session.IsFromOutside;
        if (type is 5 or 6 or 7)
            session.State = SessionState.DccpClosing;
        else if (type is >= 1 and <= 4 && (!isOpener || session.State == SessionState.DccpClosing))
            session.State = SessionState.DccpEstablished;
    }

    private static bool IsAnswered(DropReason refusal) => refusal is DropReason.NoBlock or DropReason.BlockLimit
        or DropReason.SessionLimit or DropReason.SetupRateLimit or DropReason.MappingsFull or DropReason.SessionsFull
        or DropReason.PortLimit or DropReason.MappingLimit or DropReason.MappingSessionLimit
        or DropReason.SubscribersFull or DropReason.AddressOnlyConflict;

    private bool TryCarry(Parcel c, ModelSession session)
    {
        if (!TryCombineTos(c, out byte tos))
        {
            Drop(_lastRefusal = DropReason.EcnDrop);
            return false;
        }

        Datagram p = c.Packet.Copy();
        bool isTcp = p.Protocol == Datagram.Tcp && !p.IsLater;
        if (isTcp)
            Observe(session, fromInside: true, p);
        else if (p.Protocol != Datagram.Tcp)
            session.LastActive = _tick;
        CountOutbound(session.Subscriber, p);
        p.Tos = tos;
        p.Ttl--;
        p.Readdress(source: true, session.Mapping.External);
        Unknown? identification = p.IsAtomic ? null : p.IsFragment ? NumberOfDatagram(c) : new Unknown();
        if (isTcp)
            ClampMss(p, Mss(c.Kind));
        if (session.IsHairpin)
        {
            Count(CounterId.HairpinPackets);
            FromOutside(c with
            {
                Packet = p,
                IsHairpinned = true,
                Ports = null,
                Identification = identification,
            });
            return true;
        }

        EmitIpv4(Outside, s_outsideLink, p, _settings.OutsideMtu, identification);
        return true;
    }

    private void CountOutbound(ModelSubscriber subscriber, Datagram p)
    {
        bool isDsLite = subscriber.Kind == SubscriberKind.DsLite;
        subscriber.BytesUp += p.Length;
        Count(isDsLite ? CounterId.OutboundPacketsDsLite : CounterId.OutboundPacketsNat444);
        Count(isDsLite ? CounterId.OutboundBytesDsLite : CounterId.OutboundBytesNat444, p.Length);
    }

    // RFC 6040 4.2 for congestion marks; the class goes inside when it is copied (RFC 2983).
    private bool TryCombineTos(Parcel c, out byte tos)
    {
        int inner = c.Packet.Tos & 3;
        int outer = c.OuterTos & 3;
        int ecn = (inner, outer) switch
        {
            (0, 3) => -1,
            (0, _) => 0,
            (3, _) or (_, 3) => 3,
            (2, 1) => 1,
            _ => inner,
        };
        tos = (byte)(((_settings.TrafficClass < 0 ? c.OuterTos : c.Packet.Tos) & 0xFC) | Math.Max(ecn, 0));
        return ecn >= 0;
    }

    private void ClampMss(Datagram p, int most)
    {
        if (most == 0 || p.PayloadLength < 20 || (p.TcpFlags & 2) == 0)
            return;
        int at = TcpOption(p, 2, 4);
        if (at == 0 || Bytes.Get16(p.Bytes, at) <= most)
            return;
        ushort[] before = Words(p.Bytes, at);
        Bytes.Put16(p.Bytes, at, most);
        ushort[] after = Words(p.Bytes, at);
        int sum = p.HeaderLength + 16;
        ushort checksum = Bytes.Get16(p.Bytes, sum);
        for (int i = 0; i < before.Length; i++)
            checksum = Bytes.Adjust(checksum, before[i], after[i]);
        Bytes.Put16(p.Bytes, sum, checksum);
        Count(CounterId.MssClamped);
    }

    // The aligned words that two bytes lie in; TCP headers begin at a multiple of four.
    private static ushort[] Words(byte[] b, int at) => at % 2 == 0
        ? [Bytes.Get16(b, at)]
        : [Bytes.Get16(b, at - 1), at + 2 < b.Length ? Bytes.Get16(b, at + 1) : (ushort)(b[at + 1] << 8)];

    // Where an option's value stands, 0 for nowhere.
    private static int TcpOption(Datagram p, byte kind, int size)
    {
        int end = p.HeaderLength + ((p.Bytes[p.HeaderLength + 12] >> 4) * 4);
        if (end > p.Length)
            return 0;
        for (int at = p.HeaderLength + 20; at < end && p.Bytes[at] != 0;)
        {
            int length = p.Bytes[at] == 1 ? 1 : at + 1 < end ? p.Bytes[at + 1] : 0;
            if (length == 0 || (length == 1 && p.Bytes[at] != 1) || at + length > end)
                return 0;
            if (p.Bytes[at] == kind && length == size)
                return at + 2;
            at += length;
        }

        return 0;
    }
}
