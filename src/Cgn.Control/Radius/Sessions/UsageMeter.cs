namespace Cgn.Control.Radius.Sessions;

/// <summary>
/// The sum of a session. Its source may begin anew below what it said last, when the forwarder has forgotten the
/// subscriber in between; the sum never goes down.
/// </summary>
internal sealed class UsageMeter
{
    private SubscriberUsage _last;

    /// <summary>Begins a session.</summary>
    /// <param name="before">What the source has counted already: not this session's.</param>
    public UsageMeter(SubscriberUsage before) => _last = before;

    /// <summary>What the session has used so far.</summary>
    public SubscriberUsage Sum { get; private set; }

    /// <summary>Takes what the source says now.</summary>
    public void Take(SubscriberUsage now)
    {
        // All counters of a record begin anew together.
        SubscriberUsage from = now.BytesUp < _last.BytesUp || now.BytesDown < _last.BytesDown
            || now.PacketsUp < _last.PacketsUp || now.PacketsDown < _last.PacketsDown ? default : _last;
        Sum = new SubscriberUsage(
            Sum.BytesUp + now.BytesUp - from.BytesUp, Sum.BytesDown + now.BytesDown - from.BytesDown,
            Sum.PacketsUp + now.PacketsUp - from.PacketsUp, Sum.PacketsDown + now.PacketsDown - from.PacketsDown,
            now.LastActive);
        _last = now;
    }
}
