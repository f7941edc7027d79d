using System.Collections.Generic;

using Cgn.Contract.Commands;
using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Policy;

// What is granted to subscribers, and taken from them.
internal sealed partial class PolicyDesk
{
    /// <inheritdoc/>
    public SubscriberPolicy Settle(SubscriberIdentity who, SubscriberPolicy policy) => _mappings.Settle(who, policy);

    /// <inheritdoc/>
    public GrantRefusal? Obstacle(SubscriberIdentity who, SubscriberPolicy policy) =>
        PlanObstacle(who, policy) ?? _mappings.Obstacle([new SubscriberGrant(who, policy)]);

    /// <inheritdoc/>
    public bool CanGrant(SubscriberIdentity who, SubscriberPolicy policy) => Obstacle(who, policy) is null;

    /// <inheritdoc/>
    public GrantRefusal? Grant(SubscriberIdentity who, SubscriberPolicy policy) =>
        Grant([new SubscriberGrant(who, policy)]);

    /// <inheritdoc/>
    public GrantRefusal? Grant(IReadOnlyList<SubscriberGrant> grants)
    {
        lock (_gate)
        {
            foreach (SubscriberGrant one in grants)
            {
                if (PlanObstacle(one.Who, one.Policy) is { } refusal)
                    return refusal;
            }

            if (_mappings.TryPut(grants) is { } taken)
                return taken;
            foreach (SubscriberGrant one in grants)
                Steer(one.Who, one.Policy);
            return null;
        }
    }

    /// <summary>Grants a policy but for its static mappings: those that the subscriber holds stay.</summary>
    /// <param name="who">The subscriber.</param>
    /// <param name="policy">Its policy.</param>
    public void Steer(SubscriberIdentity who, SubscriberPolicy policy)
    {
        lock (_gate)
        {
            // Under one hold of the lock: a slot that is not in use yet must not be given to another policy.
            if (TryNumber(policy, out ushort number))
                Leave(who.Key, ForwarderCommand.SetPlan(who.Key, number));
        }
    }

    /// <inheritdoc/>
    public void Refuse(SubscriberIdentity who)
    {
        Forget(who.Key);
        Leave(who.Key, ForwarderCommand.SetPlan(who.Key, PlanNumber.Refused));
    }

    /// <inheritdoc/>
    public void Disconnect(SubscriberIdentity who)
    {
        Forget(who.Key);
        Leave(who.Key, ForwarderCommand.Release(who.Key));
    }

    /// <inheritdoc/>
    public void Forget(SubscriberId who) => _mappings.Forget(who);

    private GrantRefusal? PlanObstacle(SubscriberIdentity who, SubscriberPolicy policy)
    {
        string? why = IsNamed(who.Key) ? "subscribers.static of the configuration says what it has"
            : !TryNumber(policy, out _)
                ? "no plan or pool has that name, a limit is none that can be kept, or the forwarder does not run"
            : null;
        return why is null ? null : new GrantRefusal(ErrorCause.ResourcesUnavailable, why);
    }
}
