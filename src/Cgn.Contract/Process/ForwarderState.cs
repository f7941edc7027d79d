namespace Cgn.Contract.Process;

/// <summary>Where a forwarder is in its life. Numbers are part of the status page.</summary>
public enum ForwarderState : uint
{
    /// <summary>No forwarder has written the page yet.</summary>
    None = 0,

    /// <summary>Taking memory, opening ports, attaching to what an earlier process left.</summary>
    Starting = 1,

    /// <summary>Workers forward.</summary>
    Ready = 2,

    /// <summary>Asked to end: workers give back what they hold.</summary>
    Stopping = 3,

    /// <summary>Ended by request.</summary>
    Stopped = 4,

    /// <summary>Gave up; standard error says why.</summary>
    Failed = 5,
}
