using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Control.Radius.Packets;

namespace Cgn.Control.Radius.Sessions;

// What a server changes while sessions run.
internal sealed partial class SessionTable
{
    /// <summary>Changes all sessions of a kind, or none (RFC 5176 §2.3).</summary>
    /// <param name="which">Which.</param>
    /// <param name="change">Attributes that replace theirs.</param>
    /// <param name="plans">Reads policies.</param>
    /// <returns><see cref="ErrorCause.None"/> when it is done.</returns>
    public ErrorCause Change(
        Func<RadiusSession, bool> which, IReadOnlyList<RadiusAttribute> change, PolicyReader plans)
    {
        lock (_gate)
        {
            List<(RadiusSession Session, IReadOnlyList<RadiusAttribute> After, SubscriberPolicy Policy)> steps = [];
            foreach (RadiusSession session in _sessions.Values.Where(which))
            {
                IReadOnlyList<RadiusAttribute> after = PolicyReader.Merge(session.Attributes, change);
                ErrorCause wrong = plans.Read(after, out SubscriberPolicy policy, out RadiusAttribute? fault);
                if (wrong != ErrorCause.None)
                {
                    _statistics.Tell(session.Who, $"{fault?.Type} can't be followed");
                    return wrong;
                }

                policy = _desk.Settle(session.Who, policy);
                steps.Add((session, PolicyReader.Settled(after, policy), policy));
            }

            if (steps.Count == 0)
                return ErrorCause.SessionContextNotFound;
            if (_desk.Grant([.. steps.Select(static step => new SubscriberGrant(step.Session.Who, step.Policy))])
                is { } refusal)
            {
                _statistics.Tell(steps[0].Session.Who, refusal.Why);
                return refusal.Cause;
            }

            bool restarts = change.Any(static one => one.Type == AttributeType.SessionTimeout);
            foreach ((RadiusSession session, IReadOnlyList<RadiusAttribute> after, SubscriberPolicy policy) in steps)
            {
                session.IsSteered = true;
                Follow(session, after, policy, restarts);
                Keep(session);
            }

            return ErrorCause.None;
        }
    }
}
