namespace Cgn.Control.Radius.Packets;

/// <summary>
/// Attributes by name. The number is the type; of extended ones (RFC 6929) the type in the upper byte and the extended
/// type in the lower.
/// </summary>
public enum AttributeType : ushort
{
    /// <summary>No attribute.</summary>
    None = 0,

    /// <summary>Who the subscriber is to the server (RFC 2865 §5.1).</summary>
    UserName = 1,

    /// <summary>Hidden by the secret (RFC 2865 §5.2).</summary>
    UserPassword = 2,

    /// <summary>Never in accounting (RFC 2866 §4.1).</summary>
    ChapPassword = 3,

    /// <summary>IPv4 address of the gateway.</summary>
    NasIpAddress = 4,

    /// <summary>Number of a port.</summary>
    NasPort = 5,

    /// <summary>Kind of service: 2 framed, 17 authorize only.</summary>
    ServiceType = 6,

    /// <summary>The subscriber's IPv4 address.</summary>
    FramedIpAddress = 8,

    /// <summary>Its netmask.</summary>
    FramedIpNetmask = 9,

    /// <summary>Name of a plan.</summary>
    FilterId = 11,

    /// <summary>Text for a person.</summary>
    ReplyMessage = 18,

    /// <summary>A route to the subscriber.</summary>
    FramedRoute = 22,

    /// <summary>Opaque, sent back to the server.</summary>
    State = 24,

    /// <summary>Opaque, copied to accounting.</summary>
    Class = 25,

    /// <summary>Vendor, and attributes of its own (RFC 2865 §5.26).</summary>
    VendorSpecific = 26,

    /// <summary>Seconds of service at most.</summary>
    SessionTimeout = 27,

    /// <summary>Seconds without traffic at most.</summary>
    IdleTimeout = 28,

    /// <summary>What to do when the session's time is over: 1 is to ask again.</summary>
    TerminationAction = 29,

    /// <summary>Where the subscriber called.</summary>
    CalledStationId = 30,

    /// <summary>Where it called from.</summary>
    CallingStationId = 31,

    /// <summary>Name of the gateway.</summary>
    NasIdentifier = 32,

    /// <summary>A proxy's, sent back as it came.</summary>
    ProxyState = 33,

    /// <summary>What an accounting record tells.</summary>
    AcctStatusType = 40,

    /// <summary>Seconds since it happened.</summary>
    AcctDelayTime = 41,

    /// <summary>From the subscriber, lower 32 bits.</summary>
    AcctInputOctets = 42,

    /// <summary>Towards it, lower 32 bits.</summary>
    AcctOutputOctets = 43,

    /// <summary>Name of the session.</summary>
    AcctSessionId = 44,

    /// <summary>Who let the subscriber in: 1 RADIUS, 2 the gateway itself.</summary>
    AcctAuthentic = 45,

    /// <summary>Seconds of service.</summary>
    AcctSessionTime = 46,

    /// <summary>From the subscriber.</summary>
    AcctInputPackets = 47,

    /// <summary>Towards it.</summary>
    AcctOutputPackets = 48,

    /// <summary>Why the session ended.</summary>
    AcctTerminateCause = 49,

    /// <summary>Name of several sessions.</summary>
    AcctMultiSessionId = 50,

    /// <summary>Wraps of the input octets (RFC 2869 §5.1).</summary>
    AcctInputGigawords = 52,

    /// <summary>Wraps of the output octets (RFC 2869 §5.2).</summary>
    AcctOutputGigawords = 53,

    /// <summary>When it happened, Unix seconds (RFC 2869 §5.3).</summary>
    EventTimestamp = 55,

    /// <summary>Kind of port: 5 is virtual.</summary>
    NasPortType = 61,

    /// <summary>Links of a multilink bundle: not ports of a NAT.</summary>
    PortLimit = 62,

    /// <summary>HMAC-MD5 of the packet (RFC 2869 §5.14).</summary>
    MessageAuthenticator = 80,

    /// <summary>Seconds between two interim records (RFC 2869 §5.16).</summary>
    AcctInterimInterval = 85,

    /// <summary>The subscriber's port, as text.</summary>
    NasPortId = 87,

    /// <summary>Name of a pool.</summary>
    FramedPool = 88,

    /// <summary>Opaque, copied to accounting (RFC 4372).</summary>
    ChargeableUserIdentity = 89,

    /// <summary>A filter (RFC 4849).</summary>
    NasFilterRule = 92,

    /// <summary>IPv6 address of the gateway (RFC 3162).</summary>
    NasIpv6Address = 95,

    /// <summary>Lower half of the subscriber's IPv6 address.</summary>
    FramedInterfaceId = 96,

    /// <summary>IPv6 prefix of the access line (RFC 3162 §2.3).</summary>
    FramedIpv6Prefix = 97,

    /// <summary>An IPv6 route to the subscriber.</summary>
    FramedIpv6Route = 99,

    /// <summary>Name of a pool of prefixes.</summary>
    FramedIpv6Pool = 100,

    /// <summary>Why a change was refused (RFC 5176 §3.5).</summary>
    ErrorCause = 101,

    /// <summary>IPv6 prefix that the subscriber has been given (RFC 4818).</summary>
    DelegatedIpv6Prefix = 123,

    /// <summary>Name of the AFTR (RFC 6519).</summary>
    DsLiteTunnelName = 144,

    /// <summary>IPv6 address of the subscriber (RFC 6911).</summary>
    FramedIpv6Address = 168,

    /// <summary>A resolver (RFC 6911).</summary>
    DnsServerIpv6Address = 169,

    /// <summary>A route that the subscriber is told (RFC 6911).</summary>
    RouteIpv6Information = 170,

    /// <summary>Name of a pool of prefixes (RFC 6911).</summary>
    DelegatedIpv6PrefixPool = 171,

    /// <summary>Name of a pool of addresses (RFC 6911).</summary>
    StatefulIpv6AddressPool = 172,

    /// <summary>241.5: how many ports a subscriber may have (RFC 8045 §3.1.1).</summary>
    IpPortLimitInfo = 0xF105,

    /// <summary>241.6: ports given out or taken back (RFC 8045 §3.1.2).</summary>
    IpPortRange = 0xF106,

    /// <summary>241.7: a static mapping (RFC 8045 §3.1.3).</summary>
    IpPortForwardingMap = 0xF107,
}
