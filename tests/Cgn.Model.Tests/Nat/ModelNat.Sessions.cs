using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;

namespace Cgn.Model.Tests.Nat;

// Subscribers and sessions.
internal sealed partial class ModelNat
{
    private readonly Dictionary<(ModelSubscriber, byte, Endpoint, Endpoint), List<ModelSession>> _outbound = [];
    private readonly Dictionary<(byte, Endpoint, Endpoint), ModelSession> _inbound = [];
    private readonly Dictionary<(byte, Endpoint, Endpoint), Unknown> _labels = [];
    private DropReason _lastRefusal;

    private uint LifeOf(SessionState state) => state switch
    {
        SessionState.Udp => _settings.UdpTimeout,
        SessionState.UdpTimed => _config.UdpPortTimeouts[0].Ticks,
        SessionState.AddressOnly => _settings.AddressOnlyTimeout,
        SessionState.DccpEstablished => _settings.DccpIdleTimeout,
        SessionState.DccpOpening or SessionState.DccpClosing => _settings.DccpTransTimeout,
        SessionState.IcmpQuery => _settings.IcmpTimeout,
        SessionState.TcpInitInside or SessionState.TcpInitOutside => _settings.TcpTransOpenTimeout,
        SessionState.TcpClosing => _settings.TcpTransCloseTimeout,
        SessionState.TcpTransitory => _settings.TcpRstTimeout,
        _ => _settings.TcpIdleTimeout,
    };

    // The refresh was somewhere within its tick.
    private bool IsAlive(ModelSession session) => _tick - session.LastActive <= LifeOf(session.State);

    private ModelSubscriber? FindSubscriber(SubscriberKind kind, UInt128 key) =>
        Subscribers.Find(subscriber => subscriber.Kind == kind && subscriber.Key == key);

    private ModelSession? FindOutbound(Parcel c, Endpoint inside, Endpoint remote, bool dead = false)
    {
        ModelSubscriber? subscriber = FindSubscriber(c.Kind, c.Key);
        return subscriber is null ? null : FindOutbound(subscriber, c.Packet.Protocol, inside, remote, dead);
    }

    private ModelSession? FindOutbound(
        ModelSubscriber subscriber, byte protocol, Endpoint inside, Endpoint remote, bool dead = false)
    {
        if (!_outbound.TryGetValue((subscriber, protocol, inside, remote), out List<ModelSession>? all))
            return null;
        List<ModelSession> fit = all.FindAll(session => IsAlive(session) != dead);
        if (fit.Count > 1 && !dead)
            throw new ModelException($"{inside} and {remote} talk by two mappings");
        return fit.FirstOrDefault();
    }

    private ModelSession? FindInbound(byte protocol, Endpoint external, Endpoint remote, bool dead = false) =>
        _inbound.TryGetValue((protocol, external, remote), out ModelSession? session) && IsAlive(session) != dead
            ? session : null;

    private Unknown LabelOf(byte protocol, Endpoint external, Endpoint remote)
    {
        var key = (protocol, external, remote);
        if (!_labels.TryGetValue(key, out Unknown? label))
            _labels[key] = label = new Unknown();
        return label;
    }

    private ModelSession? CreateOutbound(Parcel c, Endpoint inside, Endpoint remote, out DropReason refusal)
    {
        Datagram p = c.Packet;
        bool isHairpin = IsPool(remote.Address);
        bool isOpening = p.Protocol != Datagram.Tcp || IsOpening(p);
        refusal = !isOpening ? DropReason.NoSession
            : !IsCarried(p.Protocol) ? DropReason.UnsupportedProtocol
            : isHairpin && !_settings.Hairpinning ? DropReason.HairpinOff
            : DropReason.None;
        if (refusal != DropReason.None)
            return null;
        EndStale(FindOutbound(c, inside, remote, dead: true));
        ModelSubscriber? subscriber = Admit(c, out refusal);
        if (subscriber is null)
            return null;
        refusal = RefusalByLimits(subscriber);
        ModelMapping? mapping = refusal == DropReason.None
            ? MappingFor(subscriber, p.Protocol, inside, remote, out refusal)
            : null;
        if (mapping is null)
            return null;
        if (mapping.Sessions.Count >= _settings.SessionsPerMapping)
        {
            refusal = DropReason.MappingSessionLimit;
            return null;
        }

        return Begin(mapping, remote, p, fromInside: true, _tick);
    }

    private ModelSubscriber? Admit(Parcel c, out DropReason refusal)
    {
        refusal = DropReason.None;
        ModelSubscriber? subscriber = FindSubscriber(c.Kind, c.Key);
        if (subscriber is null)
        {
            int shard = _choices.ShardOf(c.Kind, c.Key);
            if (_settings.DefaultPlan < 0)
                refusal = DropReason.SubscriberRefused;
            else if (!CanTakeSubscriber(shard))
                refusal = DropReason.SubscribersFull;
            if (refusal != DropReason.None)
                return null;
            subscriber = MakeSubscriber(c.Kind, c.Key, shard, c.B4);
        }

        if (!AdmitB4(subscriber, c))
        {
            refusal = DropReason.B4AddressChange;
            return null;
        }

        if (!subscriber.IsSeen)
            subscriber.LastActive = _tick;
        subscriber.IsSeen = true;
        return subscriber;
    }

    private bool CanTakeSubscriber(int shard) =>
        Subscribers.Count(other => other.Shard == shard) < Part(_settings.SubscriberCapacity);

    private ModelSubscriber MakeSubscriber(SubscriberKind kind, UInt128 key, int shard, UInt128 b4)
    {
        ModelSubscriber subscriber = new() { Kind = kind, Key = key, Shard = shard, B4 = b4 };
        Subscribers.Add(subscriber);
        _counts[(int)CounterId.Subscribers] = Subscribers.Count;
        return subscriber;
    }

    // The B4's address may change within its prefix, but not often (RFC 7785 4.3).
    private bool AdmitB4(ModelSubscriber subscriber, Parcel c)
    {
        if (subscriber.B4 != c.B4 && subscriber.IsSeen)
        {
            if (_tick - subscriber.B4ChangedAt < _settings.B4ChangeLimit)
                return false;
            subscriber.B4ChangedAt = _tick;
        }

        subscriber.B4 = c.B4;
        subscriber.Aftr = c.Aftr;
        return true;
    }

    // What is shared by shards has a tenth to spare in each.
    private long Part(uint whole) => _settings.ShardCount == 1
        ? whole
        : (long)Math.Ceiling(whole * 1.1m / _settings.ShardCount);

    private DropReason RefusalByLimits(ModelSubscriber subscriber)
    {
        if (_settings.DefaultPlan < 0)
            return DropReason.SubscriberRefused;
        PlanSettings plan = _config.Plans[_settings.DefaultPlan];
        if (plan.ConnectionLimit != 0 && subscriber.SessionCount >= plan.ConnectionLimit)
            return DropReason.SessionLimit;
        long sessions = Subscribers.Where(other => other.Shard == subscriber.Shard).Sum(other => other.SessionCount);
        if (sessions >= Part(_settings.SessionCapacity))
            return DropReason.SessionsFull;
        // A second's worth may come at once.
        long cost = plan.ConnectionRateLimit == 0 ? 0 : 1_000_000_000 / plan.ConnectionRateLimit;
        long fullAt = Math.Max(subscriber.SetupFullAt, _now) + cost;
        if (fullAt - _now > 1_000_000_000)
            return DropReason.SetupRateLimit;
        subscriber.SetupFullAt = fullAt;
        return DropReason.None;
    }

    private ModelSession Begin(ModelMapping mapping, Endpoint remote, Datagram p, bool fromInside, uint lastActive)
    {
        ModelSession session = new()
        {
            Mapping = mapping,
            Remote = remote,
            IsHairpin = IsPool(remote.Address),
            IsFromOutside = !fromInside,
            LastActive = lastActive,
            State = p.Protocol switch
            {
                Datagram.Udp when _config.UdpPortTimeouts.Any(timed => timed.Port == remote.Port) =>
                    SessionState.UdpTimed,
                Datagram.Udp or Datagram.UdpLite => SessionState.Udp,
                Datagram.Icmp => SessionState.IcmpQuery,
                Datagram.Dccp => SessionState.DccpOpening,
                Datagram.Tcp => fromInside ? SessionState.TcpInitInside : SessionState.TcpInitOutside,
                _ => SessionState.AddressOnly,
            },
        };
        if (p.Protocol == Datagram.Tcp)
            TakeSyn(fromInside ? session.Inside : session.Outside, p);
        mapping.Sessions.Add(session);
        mapping.Subscriber.LastActive = _tick;
        var key = (mapping.Subscriber, mapping.Protocol, mapping.Internal, remote);
        if (_outbound.TryGetValue(key, out List<ModelSession>? others))
            others.Add(session);
        else
            _outbound[key] = [session];
        _inbound[(mapping.Protocol, mapping.External, remote)] = session;
        Count(CounterId.SessionsCreatedUdp + Class(mapping.Protocol));
        return session;
    }

    private void EndStale(ModelSession? session)
    {
        if (session is not null)
            End(session);
    }

    private void End(ModelSession session)
    {
        ModelMapping mapping = session.Mapping;
        mapping.Sessions.Remove(session);
        var key = (mapping.Subscriber, mapping.Protocol, mapping.Internal, session.Remote);
        if (_outbound[key].Remove(session) && _outbound[key].Count == 0)
            _outbound.Remove(key);
        _inbound.Remove((mapping.Protocol, mapping.External, session.Remote));
        mapping.Subscriber.LastActive = _tick;
        Count(CounterId.SessionsExpiredUdp + Class(mapping.Protocol));
        if (mapping.Sessions.Count == 0 && mapping.State == MappingState.Dynamic)
            HoldDown(mapping);
    }
}
