using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;

namespace Cgn.Model.Tests.Nat;

// IPv4 fragments, in whatever order: they wait for the ports of their first (RFC 4787 REQ-14).
internal sealed partial class ModelNat
{
    private enum Way
    {
        Outbound,
        Inbound,
        PingFromInside,
    }

    private const int HeldMax = 64;

    private readonly Dictionary<object, FragmentedDatagram> _fragments = [];

    private static object OutboundKey(Parcel c) =>
        (c.Kind, c.Key, c.Packet.Source, c.Packet.Destination, c.Packet.Identification, c.Packet.Protocol);

    // What turned back has a number that we may not know yet; what tells its datagrams apart is known all the same.
    private static object InboundKey(Parcel c) => c.Identification is null
        ? (c.Packet.Source, c.Packet.Destination, c.Packet.Identification, c.Packet.Protocol)
        : (object)(c.Packet.Source, c.Packet.Destination, c.Identification, c.Packet.Protocol);

    private Unknown NumberOfDatagram(Parcel c) =>
        _fragments.TryGetValue(OutboundKey(c), out FragmentedDatagram? datagram)
            ? datagram.Identification
            : new Unknown();

    private void FragmentFromInside(Parcel c)
    {
        if (c.Ports is not null)
            FlowFromInside(c, Sort.Fragment);
        else
            Fragment(c, OutboundKey(c), Way.Outbound);
    }

    private void FragmentFromOutside(Parcel c)
    {
        if (c.Ports is null)
            Fragment(c, InboundKey(c), Way.Inbound);
        else if (IsPing(c))
            AnswerPing(c);
        else
            FlowFromOutside(c, Sort.Fragment);
    }

    private static bool IsPing(Parcel c) =>
        c.Packet.Protocol == Datagram.Icmp && c.Ports is { Source: EchoRequest } && c.Key == 0;

    private void Fragment(Parcel c, object key, Way way)
    {
        bool outbound = way != Way.Inbound;
        Count(CounterId.FragmentsSeenIpv4);
        Datagram p = c.Packet;
        DropReason refusal = Alone(p);
        FragmentedDatagram? datagram = null;
        if (refusal == DropReason.None)
        {
            datagram = DatagramOf(key);
            // With several shards the first may have been refused by another, who did not tell; or by the same.
            if (datagram.RefusedSomewhere is DropReason reason && _choices.UnexplainedDrops(reason) > Drops(reason))
            {
                Drop(reason);
                Record(datagram, key, p);
                return;
            }

            refusal = Record(datagram, key, p);
        }

        if (refusal != DropReason.None)
        {
            Drop(refusal);
            return;
        }

        if (p.IsLater && datagram!.Ports is null)
        {
            datagram.Held.Add(c);
            Count(CounterId.Held);
            return;
        }

        datagram!.Ports ??= PortsOf(p, outbound);
        c = c with { Ports = datagram.Ports };
        if (way == Way.PingFromInside || IsPing(c))
        {
            AnswerPing(c);
            foreach (Parcel parcel in p.IsLater ? [] : TakeWaiting(datagram))
            {
                AnswerPing(parcel);
            }

            return;
        }

        ModelSession? session = outbound ? FlowFromInside(c, Sort.Fragment) : FlowFromOutside(c, Sort.Fragment);
        if (!p.IsLater)
            Settle(datagram, session, outbound);
    }

    // The first fragment decides for those that waited for it.
    private void Settle(FragmentedDatagram datagram, ModelSession? session, bool outbound)
    {
        List<Parcel> waiting = TakeWaiting(datagram);
        if (session is null)
        {
            DropReason refusal = _lastRefusal;
            if (outbound || _settings.ShardCount == 1)
            {
                datagram.Refusal = refusal;
                foreach (Parcel _ in waiting)
                    Drop(refusal);
                return;
            }

            datagram.RefusedSomewhere = refusal;
            foreach (Parcel parcel in waiting)
            {
                if (_choices.UnexplainedDrops(refusal) > Drops(refusal))
                    Drop(refusal);
                else
                    FromOutside(parcel with { Ports = datagram.Ports });
            }

            return;
        }

        foreach (Parcel parcel in waiting)
        {
            Parcel again = parcel with { Ports = datagram.Ports };
            if (outbound)
                FromInside(again);
            else
                FromOutside(again);
        }
    }

    private List<Parcel> TakeWaiting(FragmentedDatagram datagram)
    {
        List<Parcel> waiting = [.. datagram.Held];
        datagram.Held.Clear();
        Count(CounterId.Held, -waiting.Count);
        return waiting;
    }

    private static DropReason Alone(Datagram p)
    {
        if (p.Offset + p.PayloadLength + 20 > ushort.MaxValue || (p.More && p.PayloadLength % 8 != 0))
            return DropReason.FragmentTooLong;
        // RFC 3128: neither test suffices without the other.
        bool hidesFlags = p.Protocol == Datagram.Tcp && (p.Offset == 8 || (p.Offset == 0 && p.PayloadLength < 20));
        return p.PayloadLength == 0 || hidesFlags ? DropReason.FragmentTiny : DropReason.None;
    }

    private FragmentedDatagram DatagramOf(object key)
    {
        if (_fragments.TryGetValue(key, out FragmentedDatagram? datagram)
            && _tick - datagram.FirstSeen < Math.Max(1, _settings.FragmentTimeout))
            return datagram;
        if (datagram is not null)
            Lose(datagram, DropReason.FragmentTimeout);
        return _fragments[key] = new FragmentedDatagram { FirstSeen = _tick };
    }

    private DropReason Record(FragmentedDatagram datagram, object key, Datagram p)
    {
        if (datagram.Refusal != DropReason.None)
            return datagram.Refusal;
        if (p.IsLater && datagram.Ports is null && datagram.Held.Count >= HeldMax)
            return DropReason.FragmentLimit;
        bool otherPorts = !p.IsLater && datagram.Ports is not null && datagram.Ports != PortsOf(p, IsOut(key));
        DropReason refusal = otherPorts
            ? DropReason.FragmentOverlap
            : datagram.Take(p.Offset, p.Offset + p.PayloadLength, !p.More);
        if (refusal == DropReason.FragmentOverlap)
        {
            datagram.Refusal = refusal;
            Lose(datagram, refusal);
        }

        return refusal;
    }

    private static bool IsOut(object key) =>
        key is ValueTuple<SubscriberKind, UInt128, uint, uint, ushort, byte>;

    private void Lose(FragmentedDatagram datagram, DropReason reason)
    {
        foreach (Parcel parcel in datagram.Held)
            Drop(reason);
        Count(CounterId.Held, -datagram.Held.Count);
        datagram.Held.Clear();
    }

    private void ExpireFragments()
    {
        foreach (var old in _fragments.Where(entry =>
            _tick - entry.Value.FirstSeen >= Math.Max(1, _settings.FragmentTimeout)).ToList())
        {
            Lose(old.Value, DropReason.FragmentTimeout);
            _fragments.Remove(old.Key);
        }
    }
}
