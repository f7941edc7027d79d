using Cgn.Contract.Pools;

namespace Cgn.Control.Radius.Sessions;

/// <summary>
/// What RADIUS asks of the gateway: the seam to whatever steers the forwarder. Called from several threads, must not
/// block for long.
/// </summary>
internal interface ISubscriberDesk
{
    /// <summary>Could <see cref="Grant"/> be carried out, all of it? Asked before a change of several sessions, which
    /// is made whole or not at all (RFC 5176 §2.3).</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="policy">Its policy.</param>
    bool CanGrant(SubscriberIdentity who, SubscriberPolicy policy);

    /// <summary>The subscriber is served, by this policy from now on; mappings that it has stay.</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="policy">Its policy.</param>
    void Grant(SubscriberIdentity who, SubscriberPolicy policy);

    /// <summary>The subscriber is not served; what it may have had ends.</summary>
    /// <param name="who">The subscriber.</param>
    void Refuse(SubscriberIdentity who);

    /// <summary>The subscriber's session ends: its mappings go and its port blocks go back. Its next packet is a first
    /// one.</summary>
    /// <param name="who">The subscriber.</param>
    void Disconnect(SubscriberIdentity who);

    /// <summary>What the subscriber is to the forwarder now.</summary>
    /// <param name="who">The subscriber.</param>
    SubscriberStanding StandingOf(SubscriberId who);

    /// <summary>What the subscriber has used, as far as is known.</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="usage">The counters.</param>
    /// <returns>False when nothing is known.</returns>
    bool TryUsage(SubscriberId who, out SubscriberUsage usage);
}
