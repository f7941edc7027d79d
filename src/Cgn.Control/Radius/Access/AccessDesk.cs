using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Channels;
using System.Threading.Tasks;

using Cgn.Contract.Pools;
using Cgn.Control.Radius.Client;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Radius.Access;

/// <summary>Asks a server for each subscriber at its first packet, and does what it says.</summary>
internal sealed class AccessDesk : IAsyncDisposable
{
    private static readonly SubscriberPolicy s_default = new();

    private readonly RadiusClient _client;
    private readonly AccessRequest _request;
    private readonly SessionTable _sessions;
    private readonly ISubscriberDesk _desk;
    private readonly PolicyReader _plans;
    private readonly AccessSettings _settings;
    private readonly RadiusStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly AccessMemory _memory;
    private readonly Channel<SubscriberIdentity> _queue;
    private readonly ConcurrentDictionary<SubscriberId, SubscriberIdentity> _asking = [];
    private readonly ConcurrentDictionary<SubscriberId, SubscriberIdentity> _unanswered = [];
    private readonly CancellationTokenSource _end = new();
    private readonly SemaphoreSlim _slots;
    private readonly Task _running;

    /// <summary>Makes a desk and begins to work.</summary>
    public AccessDesk(
        RadiusClient client, NasIdentity nas, SessionTable sessions, ISubscriberDesk desk, PolicyReader plans,
        AccessSettings settings, RadiusStatistics statistics, TimeProvider time)
    {
        _client = client;
        _request = new AccessRequest(nas, settings.Password);
        _sessions = sessions;
        _desk = desk;
        _plans = plans;
        _settings = settings;
        _statistics = statistics;
        _time = time;
        _memory = new AccessMemory(settings);
        _queue = Channel.CreateBounded<SubscriberIdentity>(settings.QueueMax);
        _slots = new SemaphoreSlim(settings.Concurrency);
        _running = Task.Run(RunAsync);
    }

    /// <summary>Subscribers that are being asked for, or wait for it.</summary>
    public int Waiting => _asking.Count;

    /// <summary>A subscriber's first packet. Returns at once.</summary>
    /// <param name="who">The subscriber.</param>
    public void Submit(SubscriberIdentity who)
    {
        // Whoever asks has forgotten it, or can no longer follow it: then the server's word is needed anew.
        if (_sessions.Repeat(who.Key, out bool isAuthenticated) && isAuthenticated)
            _statistics.Count(RadiusCounter.ContactsRepeated);
        else if (!_memory.MayAsk(who.Key, _time.GetUtcNow()))
            Repeat(who);
        else
            Enqueue(who);
    }

    /// <summary>The subscriber has left: nobody is asked for it any more.</summary>
    /// <param name="who">The subscriber.</param>
    public void Forget(SubscriberId who) => _unanswered.TryRemove(who, out _);

    /// <summary>Asks again for those for whom no server answered, when their back-off is over and they are still
    /// there.</summary>
    public void Sweep()
    {
        DateTimeOffset now = _time.GetUtcNow();
        foreach ((SubscriberId key, SubscriberIdentity who) in _unanswered)
        {
            if (!_memory.MayAsk(key, now))
                continue;
            // Its end was told to nobody where it never was served.
            if (_desk.StandingOf(key) == SubscriberStanding.Absent || Enqueue(who))
                _unanswered.TryRemove(key, out _);
        }
    }

    /// <summary>Ends it: who waits is forgotten.</summary>
    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync().ConfigureAwait(false);
        await _running.ConfigureAwait(false);
        _end.Dispose();
        _slots.Dispose();
    }

    private void Repeat(SubscriberIdentity who)
    {
        _statistics.Count(RadiusCounter.ContactsRepeated);
        if (_memory.IsRejected(who.Key, _time.GetUtcNow()))
            _desk.Refuse(who);
    }

    private bool Enqueue(SubscriberIdentity who)
    {
        if (!_asking.TryAdd(who.Key, who))
        {
            _statistics.Count(RadiusCounter.ContactsRepeated);
            return false;
        }

        if (_queue.Writer.TryWrite(who))
            return true;
        _asking.TryRemove(who.Key, out _);
        _statistics.Count(RadiusCounter.ContactsDropped);
        return false;
    }

    private async Task RunAsync()
    {
        try
        {
            await foreach (SubscriberIdentity who in _queue.Reader.ReadAllAsync(_end.Token).ConfigureAwait(false))
            {
                await _slots.WaitAsync(_end.Token).ConfigureAwait(false);
                _ = AskAsync(who);
            }
        }
        catch (OperationCanceledException)
        {
            // The end; requests that wait see it themselves.
        }

        for (int i = 0; i < _settings.Concurrency; i++)
            await _slots.WaitAsync().ConfigureAwait(false);
    }

    private async Task AskAsync(SubscriberIdentity who)
    {
        try
        {
            ReadOnlyMemory<byte> state =
                _sessions.Find(who.Key) is { IsAsking: true } session ? session.Policy.State : default;
            RadiusPacket? reply = await _client.SendAsync(
                (identifier, secret) => _request.Write(who, state, identifier, secret), _end.Token)
                .ConfigureAwait(false);
            if (reply is null)
                Unanswered(who);
            else if (reply.Code == RadiusCode.AccessAccept)
                Accept(who, reply);
            else
                Reject(who, RadiusCounter.Rejects);
        }
        catch (OperationCanceledException)
        {
            // The end came first.
        }
        finally
        {
            _asking.TryRemove(who.Key, out _);
            _slots.Release();
        }
    }

    private void Accept(SubscriberIdentity who, RadiusPacket reply)
    {
        bool isUsable = _plans.Read(reply.Attributes, out SubscriberPolicy policy, out RadiusAttribute? fault)
            == ErrorCause.None;
        string? why = isUsable ? _desk.Obstacle(who, policy)?.Why : $"{fault?.Type} can't be followed";
        if (why is not null)
        {
            // RFC 2865 §1 and §5: an accept that can't be followed is as a reject.
            _statistics.Tell(who, why);
            Reject(who, RadiusCounter.AcceptsUnusable);
            return;
        }

        _statistics.Count(RadiusCounter.Accepts);
        _memory.Accepted(who.Key, reply.Attributes, _time.GetUtcNow());
        // Somebody else may have taken in between what it needs.
        if (_sessions.Begin(who, reply.Attributes, policy, isAuthenticated: true) is null)
            Reject(who, RadiusCounter.AcceptsUnusable);
    }

    private void Reject(SubscriberIdentity who, RadiusCounter counter)
    {
        _statistics.Count(counter);
        _memory.Rejected(who.Key, _time.GetUtcNow());
        // Refusal ends all that it has.
        _sessions.End(who.Key, TerminateCause.ServiceUnavailable, disconnects: false);
        _desk.Refuse(who);
    }

    // Whoever is served goes on being served (RAD-FAIL-1); the question is put again after a while.
    private void Unanswered(SubscriberIdentity who)
    {
        DateTimeOffset now = _time.GetUtcNow();
        _memory.Unanswered(who.Key, now);
        if (_unanswered.Count < _settings.CacheMax)
            _unanswered[who.Key] = who;
        // Without a session it may be served all the same, by what an earlier control plane has granted.
        if (_sessions.Find(who.Key) is not null || _desk.StandingOf(who.Key) == SubscriberStanding.Served)
            return;
        if (_memory.TryRecall(who.Key, now, out IReadOnlyList<RadiusAttribute>? attributes)
            && _plans.Read(attributes, out SubscriberPolicy policy, out _) == ErrorCause.None
            && _desk.CanGrant(who, policy))
        {
            _statistics.Count(RadiusCounter.ServedFromCache);
            _sessions.Begin(who, attributes, policy, isAuthenticated: false);
        }
        else if (_settings.ServesUnanswered && _desk.CanGrant(who, s_default))
        {
            _statistics.Count(RadiusCounter.ServedByDefault);
            _sessions.Begin(who, [], s_default, isAuthenticated: false);
        }
        else
        {
            _statistics.Count(RadiusCounter.RefusedUnanswered);
            _desk.Refuse(who);
        }
    }
}
