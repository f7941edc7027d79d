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

    /// <summary>B4s with state, of the whole gateway, in proportion to the subscribers that fit (RFC 7870).</summary>
    Softwires = 7,

    /// <summary>External addresses of the whole gateway that have a port block given out (RFC 7659).</summary>
    Addresses = 8,

    /// <summary>External ports of the whole gateway in port blocks given out (RFC 7659).</summary>
    Ports = 9,

    /// <summary>External ports of one pool in port blocks given out (RFC 7659).</summary>
    PoolPorts = 10,

    /// <summary>Ports of one external address in use, of the protocol that uses most of them (RFC 7870).</summary>
    AddressPorts = 11,

    /// <summary>Ports that one subscriber has in use (RFC 7659).</summary>
    SubscriberPorts = 12,

    /// <summary>Sessions of one subscriber (RFC 7870).</summary>
    SubscriberSessions = 13,
}
