namespace Cgn.Control.Radius.Sessions;

/// <summary>What a subscriber is to the forwarder.</summary>
internal enum SubscriberStanding
{
    /// <summary>It has no record: it has left, or never came.</summary>
    Absent,

    /// <summary>It sends, and is not served: it waits or was refused.</summary>
    Unserved,

    /// <summary>It is served.</summary>
    Served,
}
