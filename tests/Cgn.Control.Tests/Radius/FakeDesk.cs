using System.Collections.Concurrent;
using System.Collections.Generic;

using Cgn.Contract.Pools;
using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Tests.Radius;

/// <summary>Remembers what RADIUS wants done.</summary>
internal sealed class FakeDesk : ISubscriberDesk
{
    public ConcurrentDictionary<SubscriberId, SubscriberPolicy> Granted { get; } = [];

    public ConcurrentQueue<SubscriberIdentity> Refused { get; } = [];

    public ConcurrentQueue<SubscriberIdentity> Disconnected { get; } = [];

    public ConcurrentDictionary<SubscriberId, SubscriberUsage> Usage { get; } = [];

    /// <summary>Subscribers for whom nothing can be granted.</summary>
    public HashSet<SubscriberId> Unable { get; } = [];

    public int Grants { get; private set; }

    public bool CanGrant(SubscriberIdentity who, SubscriberPolicy policy) => !Unable.Contains(who.Key);

    public void Grant(SubscriberIdentity who, SubscriberPolicy policy)
    {
        Granted[who.Key] = policy;
        Grants++;
    }

    public void Refuse(SubscriberIdentity who)
    {
        Granted.TryRemove(who.Key, out _);
        Refused.Enqueue(who);
    }

    public void Disconnect(SubscriberIdentity who)
    {
        Granted.TryRemove(who.Key, out _);
        Disconnected.Enqueue(who);
    }

    /// <summary>What subscribers are to the forwarder; those that are not named are there and not served.</summary>
    public ConcurrentDictionary<SubscriberId, SubscriberStanding> Standing { get; } = [];

    public SubscriberStanding StandingOf(SubscriberId who) =>
        Standing.GetValueOrDefault(who, SubscriberStanding.Unserved);

    public bool TryUsage(SubscriberId who, out SubscriberUsage usage) => Usage.TryGetValue(who, out usage);
}
