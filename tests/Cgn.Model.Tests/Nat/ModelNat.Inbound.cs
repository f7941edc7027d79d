using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Model.Tests.Nat;

// The way in.
internal sealed partial class ModelNat
{
    private void FromOutside(Parcel c)
    {
        Datagram p = c.Packet;
        DropReason refusal = Classify(c, outbound: false, out Sort sort);
        if (refusal == DropReason.None && !IsPool(p.Destination))
            refusal = DropReason.NotOurs;
        bool claimsInside = IsInsideOnly(p.Source) || IsPool(p.Source);
        if (refusal == DropReason.None
            && (IsMartian(p.Source) || (claimsInside && !c.IsHairpinned && sort != Sort.IcmpError)))
            refusal = DropReason.Martian;
        if (refusal == DropReason.None && IsShared(p.Source) && !c.IsHairpinned && sort != Sort.IcmpError)
            refusal = DropReason.SharedSpace;
        if (refusal != DropReason.None)
            Drop(refusal);
        else if (sort == Sort.EchoFromOutside)
            AnswerPing(c);
        else if (p.Ttl <= 1 && !c.IsHairpinned)
            AnswerError(c, sort, DropReason.TtlExpired, 11, 0, 0);
        else if (sort == Sort.IcmpError)
            ErrorFromOutside(c);
        else if (sort == Sort.Fragment)
            FragmentFromOutside(c);
        else
            FlowFromOutside(c, sort);
    }

    private ModelSession? FlowFromOutside(Parcel c, Sort sort)
    {
        Datagram p = c.Packet;
        (ushort source, ushort destination) = c.Ports ?? PortsOf(p, outbound: false);
        Endpoint external = new(p.Destination, destination);
        Endpoint remote = new(p.Source, source);
        ModelSession? session = FindInbound(p.Protocol, external, remote);
        if (session is null)
        {
            session = CreateInbound(p, external, remote, out DropReason refusal);
            if (session is null)
            {
                if (!TryHoldSyn(c, external, remote, refusal))
                    Drop(refusal);
                _lastRefusal = refusal;
                return null;
            }
        }

        ObserveDccp(session, fromInside: false, p);
        int room = RoomInside(session.Subscriber.Kind);
        bool mayFragment = !p.DontFragment
            || (session.Subscriber.Kind == SubscriberKind.DsLite && _settings.DfPolicy == DfPolicy.IgnoreDf);
        if (p.Length > room && !mayFragment)
            AnswerError(c, sort, DropReason.TooBig, 3, 4, room);
        else
            Deliver(c, session);
        return session;
    }

    private void Deliver(Parcel c, ModelSession session)
    {
        Datagram p = c.Packet.Copy();
        bool isTcp = p.Protocol == Datagram.Tcp && !p.IsLater;
        if (isTcp)
            Observe(session, fromInside: false, p);
        else if (p.Protocol != Datagram.Tcp
            && (_settings.InboundRefresh || session.State == SessionState.DccpEstablished))
            session.LastActive = _tick;
        if (!c.IsHairpinned)
            p.Ttl--;
        p.Readdress(source: false, session.Mapping.Internal);
        if (isTcp)
            ClampMss(p, Mss(session.Subscriber.Kind));
        GiveInside(
            p, session.Subscriber, LabelOf(p.Protocol, session.Mapping.External, session.Remote), c.Identification);
    }

    private void GiveInside(
        Datagram p, ModelSubscriber subscriber, Unknown label, Unknown? identification, bool isError = false,
        int quoteAt = 0)
    {
        subscriber.BytesDown += p.Length;
        bool isDsLite = subscriber.Kind == SubscriberKind.DsLite;
        Count(isDsLite ? CounterId.InboundPacketsDsLite : CounterId.InboundPacketsNat444);
        Count(isDsLite ? CounterId.InboundBytesDsLite : CounterId.InboundBytesNat444, p.Length);
        if (isDsLite)
        {
            // RFC 4459 3.1: where policy has it so, the inner packet is cut instead, if it may be.
            bool cutsInner = _settings.Fragmentation == FragmentationMode.Inner && !p.DontFragment && !isError;
            foreach (Datagram piece in InPieces(p, cutsInner ? RoomInside(subscriber.Kind) : p.Length))
            {
                EmitOuter(
                    s_softwireLink, Wrap(piece, subscriber.B4, subscriber.Aftr), label, identification,
                    s_softwireLink.Length + 40 + quoteAt);
            }
        }
        else
        {
            EmitIpv4(Inside, s_insideLink, p, _settings.InsideMtu, identification, quoteAt);
        }
    }

    private ModelSession? CreateInbound(Datagram p, Endpoint external, Endpoint remote, out DropReason refusal)
    {
        ModelMapping? mapping = FindExternal(p.Protocol, external, remote.Address);
        bool lives = mapping is not null && mapping.State != MappingState.HeldDown
            && (mapping.State == MappingState.Static || mapping.Sessions.Any(Supports))
            && mapping.Subscriber.IsPlaced(_settings.SubscriberMaskV6);
        if (!lives)
        {
            refusal = DropReason.NoMapping;
            return null;
        }

        bool isOpening = p.Protocol != Datagram.Tcp || IsOpening(p);
        // Where mappings depend on the remote, who talks to the host by one already begins nothing by another.
        bool hasOtherWay = _settings.MappingType != MappingType.EndpointIndependent
            && FindOutbound(mapping!.Subscriber, p.Protocol, mapping.Internal, remote) is not null;
        refusal = !Admits(mapping!, remote) || hasOtherWay ? DropReason.Filtered
            : !isOpening ? DropReason.NoSession
            : DropReason.None;
        if (refusal != DropReason.None)
            return null;
        // What keeps the mapping alive is what its inside did last: outsiders prolong nothing (RFC 4787 REQ-6).
        uint? left = mapping!.State == MappingState.Static ? null : mapping.Sessions.Where(Supports)
            .Max(session => LifeOf(session.State) + 1 - (_tick - session.LastActive));
        EndStale(FindInbound(p.Protocol, external, remote, dead: true));
        refusal = mapping.Sessions.Count >= _settings.SessionsPerMapping
            ? DropReason.MappingSessionLimit
            : RefusalByLimits(mapping.Subscriber);
        if (refusal != DropReason.None)
            return null;
        ModelSession begun = Begin(mapping, remote, p, fromInside: false, _tick);
        if (p.Protocol != Datagram.Tcp && left is uint ticks && ticks < LifeOf(begun.State) + 1)
            begun.LastActive = _tick - (LifeOf(begun.State) + 1 - ticks);
        return begun;
    }

    // A connection that only the outside wants does not keep the mapping.
    private bool Supports(ModelSession session) =>
        IsAlive(session) && session.State != SessionState.TcpInitOutside;

    private FilteringType FilteringOf(byte protocol) =>
        (protocol == Datagram.Tcp ? _settings.TcpFilteringType : null) ?? _settings.FilteringType;

    private bool Admits(ModelMapping mapping, Endpoint remote) =>
        mapping.State == MappingState.Static || FilteringOf(mapping.Protocol) switch
        {
            FilteringType.EndpointIndependent => true,
            FilteringType.AddressDependent => mapping.Sessions.Any(session =>
                IsAlive(session) && session.Remote.Address == remote.Address),
            _ => false,
        };
}
