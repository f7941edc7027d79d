using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Pools;
using Cgn.Control.Radius.Sessions;
using Cgn.Wire;

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

    /// <summary>What maps without an external address get.</summary>
    public Ipv4Address? Own { get; set; }

    /// <summary>Of whom nothing is held any more.</summary>
    public ConcurrentQueue<SubscriberId> Forgotten { get; } = [];

    public SubscriberPolicy Settle(SubscriberIdentity who, SubscriberPolicy policy) => policy with
    {
        Forwardings = [.. policy.Forwardings.Select(map => map with { External = map.External ?? Own })],
    };

    public GrantRefusal? Obstacle(SubscriberIdentity who, SubscriberPolicy policy) =>
        Unable.Contains(who.Key) ? new GrantRefusal(ErrorCause.ResourcesUnavailable, "unable") : null;

    public GrantRefusal? Grant(IReadOnlyList<SubscriberGrant> grants)
    {
        foreach (SubscriberGrant one in grants)
        {
            if (Obstacle(one.Who, one.Policy) is { } refusal)
                return refusal;
        }

        foreach (SubscriberGrant one in grants)
        {
            Granted[one.Who.Key] = one.Policy;
            Grants++;
        }

        return null;
    }

    public void Forget(SubscriberId who) => Forgotten.Enqueue(who);

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
