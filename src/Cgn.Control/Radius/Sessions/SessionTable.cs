using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading;

using Cgn.Contract.Pools;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Ports;

namespace Cgn.Control.Radius.Sessions;

/// <summary>All sessions there are, and everything that happens to them. One lock, held for moments.</summary>
internal sealed partial class SessionTable
{
    // The part of the interval by which interim records of different subscribers are spread.
    private const double InterimJitter = 0.1;

    private readonly ISubscriberDesk _desk;
    private readonly IAccountant _accountant;
    private readonly SessionIds _ids;
    private readonly SessionSettings _settings;
    private readonly RadiusStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly SessionFile? _file;
    private readonly Dictionary<SubscriberId, RadiusSession> _sessions = [];
    private readonly Lock _gate = new();

    /// <summary>A table, empty where there is no file of sessions to go on with.</summary>
    public SessionTable(
        ISubscriberDesk desk, IAccountant accountant, SessionIds ids, SessionSettings settings,
        RadiusStatistics statistics, TimeProvider time, SessionFile? file = null)
    {
        _file = file;
        _desk = desk;
        _accountant = accountant;
        _ids = ids;
        _settings = settings;
        _statistics = statistics;
        _time = time;
    }

    /// <summary>Sessions there are.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
                return _sessions.Count;
        }
    }

    /// <summary>Subscribers that have a session.</summary>
    public IReadOnlyList<SubscriberId> Keys()
    {
        lock (_gate)
            return [.. _sessions.Keys];
    }

    /// <summary>The session of a subscriber, or null.</summary>
    public RadiusSession? Find(SubscriberId who)
    {
        lock (_gate)
            return _sessions.GetValueOrDefault(who);
    }

    /// <summary>Grants a policy. A subscriber that has a session keeps it, with the new policy.</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="attributes">What the server said.</param>
    /// <param name="policy">The same as a policy.</param>
    /// <param name="isAuthenticated">A server said it just now.</param>
    /// <returns>The session; null, and nothing has changed, when the policy can't be granted.</returns>
    public RadiusSession? Begin(
        SubscriberIdentity who, IReadOnlyList<RadiusAttribute> attributes, SubscriberPolicy policy,
        bool isAuthenticated)
    {
        lock (_gate)
        {
            policy = _desk.Settle(who, policy);
            if (_desk.Grant(who, policy) is { } refusal)
            {
                _statistics.Tell(who, refusal.Why);
                return null;
            }

            bool isNew = !_sessions.TryGetValue(who.Key, out RadiusSession? session);
            session ??= Add(who);
            session.IsAuthenticated = isAuthenticated;
            session.IsSteered = true;
            session.IsAsking = false;
            Follow(session, PolicyReader.Settled(attributes, policy), policy, restartsTimeout: true);
            Keep(session);
            if (isNew)
                _accountant.Start(session);
            return session;
        }
    }

    /// <summary>Grants a session's policy once more, to a forwarder that has forgotten it, unless the server is to be
    /// asked anew.</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="isAuthenticated">A server has said it.</param>
    /// <returns>False when there is no such session, or it can't be granted any more.</returns>
    public bool Repeat(SubscriberId who, out bool isAuthenticated)
    {
        lock (_gate)
        {
            bool isKept = _sessions.TryGetValue(who, out RadiusSession? session)
                && session is { IsAsking: false, IsSteered: true }
                && _desk.Grant(session.Who, session.Policy) is null;
            isAuthenticated = isKept && session!.IsAuthenticated;
            return isKept;
        }
    }

    /// <summary>Begins a session of a subscriber that has its plan from the configuration: recorded, not
    /// steered.</summary>
    /// <param name="who">The subscriber.</param>
    public void Note(SubscriberIdentity who)
    {
        lock (_gate)
        {
            if (_sessions.ContainsKey(who.Key))
                return;
            RadiusSession session = Add(who);
            session.IsAuthenticated = false;
            session.IsSteered = false;
            Follow(session, [], new SubscriberPolicy(), restartsTimeout: true);
            Keep(session);
            _accountant.Start(session);
        }
    }

    /// <summary>Ends a session, if there is one.</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="cause">Why.</param>
    /// <param name="disconnects">Its mappings and blocks go; else they have gone, or go by another way.</param>
    public bool End(SubscriberId who, TerminateCause cause, bool disconnects = true)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(who, out RadiusSession? session))
                return false;
            End(session, cause, disconnects);
            if (!disconnects)
                _desk.Forget(who);
            return true;
        }
    }

    /// <summary>Ends all sessions for the record alone: the gateway goes, and its subscribers keep what they have until
    /// it is back.</summary>
    public void Close()
    {
        lock (_gate)
        {
            foreach (RadiusSession session in _sessions.Values.ToArray())
                End(session, TerminateCause.AdminReboot, disconnects: false);
        }
    }

    /// <summary>Ends all sessions of a kind.</summary>
    /// <param name="which">Which.</param>
    /// <param name="cause">Why.</param>
    /// <returns>How many.</returns>
    public int EndAll(Func<RadiusSession, bool> which, TerminateCause cause)
    {
        lock (_gate)
        {
            RadiusSession[] ended = [.. _sessions.Values.Where(which)];
            foreach (RadiusSession session in ended)
                End(session, cause);
            return ended.Length;
        }
    }

    /// <summary>Ports were given to a subscriber or taken back; recorded if it has a session.</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="range">Which ports.</param>
    public void PortsChanged(SubscriberId who, IpPortRange range)
    {
        lock (_gate)
        {
            if (!_sessions.TryGetValue(who, out RadiusSession? session))
                return;
            Measure(session);
            _accountant.Interim(session, range);
        }
    }

    /// <summary>Goes on with the sessions of an earlier process. Nothing is recorded or granted: for servers and for
    /// the forwarder they never ended.</summary>
    /// <param name="plans">Reads policies.</param>
    public void Restore(PolicyReader plans)
    {
        lock (_gate)
        {
            foreach (RadiusSession session in _file?.Recovered ?? [])
            {
                // With a plan that there is no longer it is granted nothing until the server has been asked anew.
                if (plans.Read(session.Attributes, out SubscriberPolicy policy, out _) != ErrorCause.None)
                    session.IsAuthenticated = false;
                DateTimeOffset expires = session.ExpiresAt;
                Follow(session, session.Attributes, policy, restartsTimeout: false);
                session.ExpiresAt = expires;
                _sessions.TryAdd(session.Who.Key, session);
            }
        }
    }

    private void Keep(RadiusSession session) => _file?.Put(session, _sessions.Values);

    private RadiusSession Add(SubscriberIdentity who)
    {
        _desk.TryUsage(who.Key, out SubscriberUsage usage);
        var session = new RadiusSession(_ids.Next(), who, _time.GetUtcNow(), new UsageMeter(usage));
        _sessions.Add(who.Key, session);
        _statistics.Count(RadiusCounter.SessionsBegun);
        return session;
    }

    private void End(RadiusSession session, TerminateCause cause, bool disconnects = true)
    {
        Measure(session);
        _sessions.Remove(session.Who.Key);
        _file?.Remove(session, _sessions.Values);
        if (disconnects)
            _desk.Disconnect(session.Who);
        _accountant.Stop(session, cause);
        _statistics.Count(RadiusCounter.SessionsEnded);
    }

    private void Follow(
        RadiusSession session, IReadOnlyList<RadiusAttribute> attributes, SubscriberPolicy policy,
        bool restartsTimeout)
    {
        DateTimeOffset now = _time.GetUtcNow();
        session.Attributes = attributes;
        session.Policy = policy;
        if (restartsTimeout)
            session.ExpiresAt = policy.SessionTimeout is { } span ? now + span : DateTimeOffset.MaxValue;
        session.IdleAt = policy.IdleTimeout is { } idle ? now + idle : DateTimeOffset.MaxValue;
        DateTimeOffset interim = now + Spread(policy.InterimInterval);
        if (interim < session.InterimAt)
            session.InterimAt = interim;
    }

    private TimeSpan Spread(TimeSpan? wish) =>
        _settings.Interval(wish) * (1 + (Random.Shared.NextDouble() * InterimJitter));

    private void Measure(RadiusSession session)
    {
        if (_desk.TryUsage(session.Who.Key, out SubscriberUsage usage))
            session.Meter.Take(usage);
    }
}
