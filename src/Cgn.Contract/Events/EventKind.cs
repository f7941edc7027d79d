namespace Cgn.Contract.Events;

/// <summary>What an event says. Numbers leave the process and are frozen.</summary>
public enum EventKind : byte
{
    /// <summary>No event.</summary>
    None = 0,

    /// <summary>A port block was given to a subscriber.</summary>
    BlockAllocated = 1,

    /// <summary>A port block went back.</summary>
    BlockReleased = 2,

    /// <summary>A session began (session logging).</summary>
    SessionOpened = 3,

    /// <summary>A session ended (session logging).</summary>
    SessionClosed = 4,

    /// <summary>A subscriber met a limit; at most one event for each subscriber and second.</summary>
    LimitHit = 5,

    /// <summary>A subscriber was seen for the first time.</summary>
    SubscriberSeen = 6,

    /// <summary>A subscriber's record was freed: nothing of it is left.</summary>
    SubscriberGone = 7,

    /// <summary>
    /// A resource is used beyond its threshold (RFC 6333 section 6.3): <see cref="ForwarderEvent.Resource"/>.
    /// </summary>
    ThresholdCrossed = 8,

    /// <summary>A port block is still with its subscriber (interim record); told at an interval.</summary>
    BlockHeld = 9,

    /// <summary>
    /// A subscriber that is not served, since nobody has said its policy or since it was refused, sends packets: asked
    /// again at an interval as long as it does. It is named by its B4's whole address.
    /// </summary>
    PolicyWanted = 10,

    /// <summary>A resource is used less than its low threshold again (RFC 7659).</summary>
    ThresholdLow = 11,
}
