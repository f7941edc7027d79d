using System;
using System.Collections.Generic;

namespace Cgn.Control.Radius.Sessions;

// What is due in time.
internal sealed partial class SessionTable
{
    // Until a question about a session whose time is over is put once more, should it have been lost.
    private static readonly TimeSpan s_askAgain = TimeSpan.FromSeconds(60);

    /// <summary>Does what is due: interim records, sessions that are idle or whose time is over.</summary>
    /// <returns>Subscribers for whom the server is to be asked again.</returns>
    public IReadOnlyList<SubscriberIdentity> Sweep()
    {
        List<SubscriberIdentity> again = [];
        lock (_gate)
        {
            DateTimeOffset now = _time.GetUtcNow();
            List<RadiusSession> due = [];
            foreach (RadiusSession session in _sessions.Values)
            {
                if (session.DueAt <= now)
                    due.Add(session);
            }

            foreach (RadiusSession session in due)
                Sweep(session, now, again);
        }

        return again;
    }

    private void Sweep(RadiusSession session, DateTimeOffset now, List<SubscriberIdentity> again)
    {
        Measure(session);
        if (IsIdle(session, now))
        {
            End(session, TerminateCause.IdleTimeout);
        }
        else if (session.ExpiresAt <= now && session.Policy.AsksAgain)
        {
            session.IsAsking = true;
            session.ExpiresAt = now + s_askAgain;
            again.Add(session.Who);
        }
        else if (session.ExpiresAt <= now)
        {
            End(session, TerminateCause.SessionTimeout);
        }
        else if (session.InterimAt <= now)
        {
            session.InterimAt = now + Spread(session.Policy.InterimInterval);
            Keep(session);
            _accountant.Interim(session, null);
        }
    }

    // What was measured may show that it is not, and when it can be at the earliest.
    private static bool IsIdle(RadiusSession session, DateTimeOffset now)
    {
        if (session.Policy.IdleTimeout is not { } limit)
            return false;
        DateTimeOffset active = session.Meter.Sum.LastActive;
        session.IdleAt = (active > session.Started ? active : session.Started) + limit;
        return session.IdleAt <= now;
    }
}
