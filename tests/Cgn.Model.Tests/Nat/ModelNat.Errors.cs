using System;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;

namespace Cgn.Model.Tests.Nat;

// ICMP errors, other people's (RFC 5508 REQ-3 to 7) and our own; pings of our addresses.
internal sealed partial class ModelNat
{
    private const int QuoteMax = 548;

    // Where the quoted packet ends: RFC 4884 says how long it is, in units of four bytes.
    private static int QuoteEnd(Datagram p)
    {
        int start = p.HeaderLength + 8;
        int stated = p.Bytes[p.HeaderLength + 5] * 4;
        return stated == 0 ? p.Length : Math.Min(start + stated, p.Length);
    }

    // The packet that an error is about, by its headers; null and the reason when it can't be said.
    private static Datagram? QuoteOf(Datagram p, out DropReason refusal)
    {
        refusal = DropReason.BadIcmpError;
        int start = p.HeaderLength + 8;
        int end = QuoteEnd(p);
        if (Bytes.Sum(p.Bytes, p.HeaderLength, p.Length) != 0xFFFF || end - start < 28 || p.Bytes[start] >> 4 != 4)
            return null;
        int header = (p.Bytes[start] & 15) * 4;
        if (header < 20 || end - start < header + 8 || Bytes.Sum(p.Bytes, start, start + header) != 0xFFFF)
            return null;
        Datagram quote = new(p.Bytes[start..end]);
        refusal = DropReason.IcmpErrorUnmatched;
        bool isAboutError = quote.Protocol == Datagram.Icmp && quote.IcmpType is 3 or 4 or 5 or 11 or 12;
        return quote.IsLater || isAboutError ? null : quote;
    }

    private static (ushort Source, ushort Destination) QuotedPorts(Datagram quote) => quote.Protocol switch
    {
        _ when quote.HasPorts => (quote.Word(0), quote.Word(2)),
        _ => (0, 0),
    };

    private void ErrorFromOutside(Parcel c)
    {
        Datagram p = c.Packet;
        Datagram? quote = QuoteOf(p, out DropReason refusal);
        if (quote is null)
        {
            Drop(refusal);
            return;
        }

        (ushort source, ushort destination) = QuotedPorts(quote);
        if (quote.Protocol == Datagram.Icmp)
            source = quote.Word(4);
        Endpoint external = new(quote.Source, source);
        Endpoint remote = new(quote.Destination, destination);
        ModelSession? session = FindInbound(quote.Protocol, external, remote);
        ModelMapping? mapping = session?.Mapping;
        if (mapping is null && HasPorts(quote.Protocol))
        {
            mapping = FindExternal(quote.Protocol, external, 0);
            if (mapping is not null && !(Lives(mapping) && mapping.Subscriber.IsPlaced(_settings.SubscriberMaskV6)))
                mapping = null;
        }

        if (mapping is null)
        {
            Drop(DropReason.IcmpErrorUnmatched);
            return;
        }

        if (p.Length > RoomInside(mapping.Subscriber.Kind) && p.DontFragment)
        {
            Drop(DropReason.TooBig);
            return;
        }

        Datagram changed = Requote(p, quote, source: true, mapping.Internal);
        changed.Destination = mapping.Internal.Address;
        if (!c.IsHairpinned)
            changed.Ttl--;
        changed.FillHeaderChecksum();
        GiveInside(
            changed, mapping.Subscriber, LabelOf(quote.Protocol, external, remote),
            c.QuotedIdentification ?? c.Identification,
            isError: true, quoteAt: c.QuotedIdentification is null ? 0 : 28);
    }

    private bool Lives(ModelMapping mapping) => mapping.State == MappingState.Static
        || (mapping.State == MappingState.Dynamic && mapping.Sessions.Exists(Supports));

    private void ErrorFromInside(Parcel c)
    {
        Datagram p = c.Packet;
        Datagram? quote = QuoteOf(p, out DropReason refusal);
        if (quote is not null && HasSourceRoute(quote.Bytes[20..quote.HeaderLength]))
            refusal = DropReason.SourceRoute;
        else if (quote is not null)
            refusal = DropReason.None;
        if (quote is null || refusal != DropReason.None)
        {
            Drop(refusal);
            return;
        }

        (ushort source, ushort destination) = QuotedPorts(quote);
        if (quote.Protocol == Datagram.Icmp)
            destination = quote.Word(4);
        Endpoint inside = new(quote.Destination, destination);
        Endpoint remote = new(quote.Source, source);
        ModelSubscriber? subscriber = FindSubscriber(c.Kind, c.Key);
        ModelMapping? mapping = subscriber is null ? null
            : FindOutbound(subscriber, quote.Protocol, inside, remote) is { } session ? session.Mapping
            : subscriber.Mappings.Find(made => made.Protocol == quote.Protocol && made.Internal == inside
                && Lives(made) && made.Purpose == default);
        if (mapping is null)
        {
            Drop(DropReason.IcmpErrorUnmatched);
            return;
        }

        // Whoever inside reports it, it comes from the external address that it is about (RFC 5508 REQ-5c).
        Datagram changed = Requote(p, quote, source: false, mapping.External);
        changed.Source = mapping.External.Address;
        changed.Ttl--;
        changed.FillHeaderChecksum();
        bool turns = IsPool(p.Destination);
        if (!turns && p.Length > _settings.OutsideMtu && p.DontFragment)
        {
            Drop(DropReason.TooBig);
            return;
        }

        CountOutbound(mapping.Subscriber, p);
        Unknown? number = p.IsAtomic ? null : new Unknown();
        if (turns)
        {
            Count(CounterId.HairpinPackets);
            FromOutside(c with { Packet = changed, IsHairpinned = true, Identification = number });
        }
        else
        {
            EmitIpv4(Outside, s_outsideLink, changed, _settings.OutsideMtu, number);
        }
    }

    private static Datagram Requote(Datagram p, Datagram quote, bool source, Endpoint to)
    {
        Datagram changed = p.Copy();
        Datagram inner = quote.Copy();
        inner.ReaddressQuote(source, to);
        inner.Bytes.CopyTo(changed.Bytes, p.HeaderLength + 8);
        int at = p.HeaderLength;
        Bytes.Put16(changed.Bytes, at + 2, 0);
        Bytes.Put16(changed.Bytes, at + 2, Bytes.Checksum(changed.Bytes, at, changed.Length));
        return changed;
    }

    // We tell the sender, unless it is an error itself, or no one to be told (RFC 1812 4.3.2.7).
    private void AnswerError(Parcel c, Sort sort, DropReason reason, byte type, byte code, int mtu)
    {
        Drop(reason);
        Datagram p = c.Packet;
        if (sort == Sort.IcmpError || p.IsLater || IsMartian(p.Source) || p.Destination >> 28 >= 14)
            return;
        bool fromInside = c.Side == Inside && !c.IsHairpinned;
        byte[] quote = p.Bytes[..Math.Min(p.Length, QuoteMax)];
        Datagram answer = new([.. new byte[28], .. quote]);
        answer.Bytes[0] = 0x45;
        answer.Tos = (byte)(p.Tos & 0xFC);
        Bytes.Put16(answer.Bytes, 2, answer.Length);
        answer.Bytes[6] = 0x40; // atomic (RFC 6864 4.3)
        answer.Ttl = 64;
        answer.Bytes[9] = Datagram.Icmp;
        answer.Source = !fromInside ? OutsideAddress
            : c.Kind == SubscriberKind.DsLite ? WellKnownAftr : InsideAddress;
        answer.Destination = p.Source;
        answer.Bytes[20] = type;
        answer.Bytes[21] = code;
        Bytes.Put16(answer.Bytes, 26, mtu);
        Bytes.Put16(answer.Bytes, 22, Bytes.Checksum(answer.Bytes, 20, answer.Length));
        answer.FillHeaderChecksum();
        Count(CounterId.Originated);
        if (c.IsHairpinned)
            FromOutside(c with
            {
                Packet = answer,
                QuotedIdentification = c.Identification,
                Identification = null,
                Ports = null,
            });
        else
            EmitAnswer(c, answer, split: false);
    }

    private void ForUs(Parcel c, Sort sort)
    {
        // A later fragment may be of a ping: its first will tell.
        Datagram p = c.Packet;
        bool mayBePing = p.Protocol == Datagram.Icmp && sort != Sort.IcmpError
            && (p.IsLater || p.IcmpType == EchoRequest);
        if (mayBePing && sort == Sort.Fragment && c.Ports is null)
            Fragment(c, OutboundKey(c), Way.PingFromInside);
        else if (mayBePing)
            AnswerPing(c);
        else
            Drop(DropReason.NotOurs);
    }

    // A damaged ping is answered with a damaged pong: the checksum moves with the type.
    private void AnswerPing(Parcel c)
    {
        Datagram pong = c.Packet.Copy();
        (pong.Source, pong.Destination) = (c.Packet.Destination, c.Packet.Source);
        pong.Ttl = 64;
        if (!pong.IsFragment && pong.Length <= 576)
            pong.Bytes[6] |= 0x40;
        int at = pong.HeaderLength;
        if (!pong.IsLater)
        {
            ushort before = Bytes.Get16(pong.Bytes, at);
            pong.Bytes[at] = 0;
            ushort sum = Bytes.Adjust(Bytes.Get16(pong.Bytes, at + 2), before, Bytes.Get16(pong.Bytes, at));
            Bytes.Put16(pong.Bytes, at + 2, sum == 0 ? 0xFFFF : sum);
        }

        pong.FillHeaderChecksum();
        Count(CounterId.Consumed);
        Count(CounterId.Originated);
        EmitAnswer(c, pong, split: true);
    }
}
