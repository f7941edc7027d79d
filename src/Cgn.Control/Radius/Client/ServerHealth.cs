using System;
using System.Threading;

namespace Cgn.Control.Radius.Client;

/// <summary>
/// Whether a server is there. It is dead when a request was given up and nothing at all has come from it since the
/// request was first sent, and alive again with anything that it says (RFC 5080 §2.2.1, RFC 5997 §2.1).
/// </summary>
/// <param name="retryAfter">Time after which a dead server is tried again with a request, should probes not have
/// brought it back: it may know none.</param>
internal sealed class ServerHealth(TimeSpan retryAfter)
{
    private readonly Lock _gate = new();
    private DateTimeOffset _answeredAt = DateTimeOffset.MinValue;
    private DateTimeOffset _deadSince;
    private bool _isDead;

    /// <summary>It does not answer.</summary>
    public bool IsDead
    {
        get
        {
            lock (_gate)
                return _isDead;
        }
    }

    /// <summary>Requests may go to it.</summary>
    /// <param name="now">The time.</param>
    public bool IsUsable(DateTimeOffset now)
    {
        lock (_gate)
            return !_isDead || now - _deadSince >= retryAfter;
    }

    /// <summary>It has said something.</summary>
    /// <param name="now">The time.</param>
    /// <returns>It was dead before.</returns>
    public bool Answered(DateTimeOffset now)
    {
        lock (_gate)
        {
            bool wasDead = _isDead;
            _isDead = false;
            _answeredAt = now;
            return wasDead;
        }
    }

    /// <summary>A request was given up.</summary>
    /// <param name="firstSent">When it was first sent.</param>
    /// <param name="now">The time.</param>
    /// <returns>It is dead, and was not before.</returns>
    public bool Failed(DateTimeOffset firstSent, DateTimeOffset now)
    {
        lock (_gate)
        {
            if (_answeredAt >= firstSent)
                return false;
            bool isNew = !_isDead;
            _isDead = true;
            _deadSince = now;
            return isNew;
        }
    }
}
