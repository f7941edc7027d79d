namespace Cgn.Control.Radius.Sessions;

/// <summary>
/// The sum of a session. Its source may begin anew below what it said last, when the forwarder has forgotten the
/// subscriber in between; the sum never goes down.
/// </summary>
internal sealed class UsageMeter
{
    /// <summary>Begins a session, or goes on with one.</summary>
    /// <param name="last">What the source has counted already, and what of it was the session's is known.</param>
    /// <param name="sum">What the session has used so far.</param>
    public UsageMeter(SubscriberUsage last, SubscriberUsage sum = default) => (Last, Sum) = (last, sum);

    /// <summary>What the source said last.</summary>
    public SubscriberUsage Last { get; private set; }

    /// <summary>What the session has used so far.</summary>
    public SubscriberUsage Sum { get; private set; }

    /// <summary>Takes what the source says now.</summary>
    public void Take(SubscriberUsage now)
    {
        // All counters of a record begin anew together.
        SubscriberUsage from = now.BytesUp < Last.BytesUp || now.BytesDown < Last.BytesDown
            || now.PacketsUp < Last.PacketsUp || now.PacketsDown < Last.PacketsDown ? default : Last;
        Sum = new SubscriberUsage(
            Sum.BytesUp + now.BytesUp - from.BytesUp, Sum.BytesDown + now.BytesDown - from.BytesDown,
            Sum.PacketsUp + now.PacketsUp - from.PacketsUp, Sum.PacketsDown + now.PacketsDown - from.PacketsDown,
            now.LastActive);
        Last = now;
    }
}
