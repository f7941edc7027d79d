namespace Cgn.Contract.Events;

/// <summary>
/// A resource that the operator is warned about before it runs out (RFC 6333 section 6.3). Numbers leave the process
/// and are frozen; counters and settings follow their order.
/// </summary>
public enum WatchedResource : byte
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary>Subscriber records: softwires and NAT444 customers.</summary>
    Subscribers = 1,

    /// <summary>Mappings, held ones included.</summary>
    Mappings = 2,

    /// <summary>Sessions.</summary>
    Sessions = 3,

    /// <summary>Port blocks of one pool.</summary>
    PortBlocks = 4,

    /// <summary>Softwire packets that are being put together.</summary>
    Reassembly = 5,

    /// <summary>IPv4 fragments that wait for their first.</summary>
    Fragments = 6,
}
