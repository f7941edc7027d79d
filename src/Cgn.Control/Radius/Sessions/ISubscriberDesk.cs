using System.Collections.Generic;

using Cgn.Contract.Pools;

namespace Cgn.Control.Radius.Sessions;

/// <summary>
/// What RADIUS asks of the gateway: the seam to whatever steers the forwarder. Called from several threads, must not
/// block for long.
/// </summary>
internal interface ISubscriberDesk
{
    /// <summary>Fills in what a policy leaves to the gateway, so that it stays the same for the whole session: the
    /// external address of static mappings that name none. What can't be told yet stays left out.</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="policy">Its policy.</param>
    SubscriberPolicy Settle(SubscriberIdentity who, SubscriberPolicy policy);

    /// <summary>Why <see cref="Grant(IReadOnlyList{SubscriberGrant})"/> would not be carried out; null when it would.
    /// </summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="policy">Its policy.</param>
    GrantRefusal? Obstacle(SubscriberIdentity who, SubscriberPolicy policy);

    /// <summary>The subscribers are served, by these policies from now on; mappings that traffic has made stay. All of
    /// them or none (RFC 5176 §2.3).</summary>
    /// <param name="grants">At most one for a subscriber.</param>
    /// <returns>Why nothing has changed; null when it is carried out.</returns>
    GrantRefusal? Grant(IReadOnlyList<SubscriberGrant> grants);

    /// <summary>Could a policy be granted, all of it?</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="policy">Its policy.</param>
    bool CanGrant(SubscriberIdentity who, SubscriberPolicy policy) => Obstacle(who, policy) is null;

    /// <summary>Grants one policy.</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="policy">Its policy.</param>
    /// <returns>Why nothing has changed; null when it is carried out.</returns>
    GrantRefusal? Grant(SubscriberIdentity who, SubscriberPolicy policy) => Grant([new SubscriberGrant(who, policy)]);

    /// <summary>The subscriber is not served; what it may have had ends.</summary>
    /// <param name="who">The subscriber.</param>
    void Refuse(SubscriberIdentity who);

    /// <summary>The subscriber's session ends: its mappings go and its port blocks go back. Its next packet is a first
    /// one.</summary>
    /// <param name="who">The subscriber.</param>
    void Disconnect(SubscriberIdentity who);

    /// <summary>The subscriber's session has ended, and the forwarder has let it go already or is to be told otherwise:
    /// what is held for it beside the forwarder's records, static mappings, goes.</summary>
    /// <param name="who">The subscriber.</param>
    void Forget(SubscriberId who);

    /// <summary>What the subscriber is to the forwarder now.</summary>
    /// <param name="who">The subscriber.</param>
    SubscriberStanding StandingOf(SubscriberId who);

    /// <summary>What the subscriber has used, as far as is known.</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="usage">The counters.</param>
    /// <returns>False when nothing is known.</returns>
    bool TryUsage(SubscriberId who, out SubscriberUsage usage);
}
