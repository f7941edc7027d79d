namespace Cgn.Contract;

/// <summary>
/// Why a packet was not carried: one list that names the counter, the metric's label (in snake case) and the
/// documentation. Numbers leave the process and are frozen: new reasons are added at the end.
/// </summary>
public enum DropReason : byte
{
    /// <summary>Not a drop.</summary>
    None = 0,

    /// <summary>
    /// Frame shorter than the headers it claims, at the Ethernet, IPv4 or IPv6 layer (RFC 1812 5.2.2).
    /// </summary>
    Truncated = 1,

    /// <summary>Not IPv4 or IPv6 in Ethernet: nothing that a gateway translates.</summary>
    UnknownEtherType = 2,

    /// <summary>IPv4 header that is no header: version, header length or total length wrong (RFC 1812 5.2.2).</summary>
    BadIpv4Header = 3,

    /// <summary>IPv4 header checksum wrong (RFC 1812 5.2.2).</summary>
    BadIpv4Checksum = 4,

    /// <summary>IPv6 header that is no header, or its extension headers are cut short or too many.</summary>
    BadIpv6Header = 5,

    /// <summary>TCP, UDP or ICMP header cut short or contradicting itself.</summary>
    BadTransportHeader = 6,

    /// <summary>Destination is neither an AFTR address, a pool address nor reachable through this gateway.</summary>
    NotOurs = 7,

    /// <summary>Softwire from outside the configured subscriber prefixes (RFC 6333 section 11).</summary>
    UnknownSoftwireSource = 8,

    /// <summary>IPv4 source on the inside that belongs to no subscriber prefix.</summary>
    UnknownInsideSource = 9,

    /// <summary>
    /// Inner source that a B4 may not use: not private, not 192.0.0.0/29, not authorised (RFC 6333 section 11).
    /// </summary>
    BadInnerSource = 10,

    /// <summary>
    /// Source or destination that no router forwards: loopback, multicast, this-network, class E (RFC 1812 5.3.7).
    /// </summary>
    Martian = 11,

    /// <summary>Outer packet to an AFTR address whose next header is not IPv4 (RFC 6333 5.2).</summary>
    NotSoftwire = 12,

    /// <summary>
    /// Routing header with segments left, or an option that asks to be refused (RFC 8200 4.2, RFC 5095).
    /// </summary>
    RefusedExtensionHeader = 13,

    /// <summary>Source-routed IPv4 packet (RFC 5508 7.3, RFC 7126).</summary>
    SourceRoute = 14,

    /// <summary>Time to live ran out; answered with ICMP time exceeded (RFC 1812 5.3.1).</summary>
    TtlExpired = 15,

    /// <summary>
    /// Larger than what it must leave by, and it may not be fragmented; answered with ICMP fragmentation needed
    /// (RFC 4787 REQ-13).
    /// </summary>
    TooBig = 16,

    /// <summary>
    /// Congestion was marked on the outside of a softwire that carries a packet unable to be marked (RFC 6040 4.2).
    /// </summary>
    EcnDrop = 17,

    /// <summary>Inbound packet to a pool address and port that nobody has (RFC 4787 section 5).</summary>
    NoMapping = 18,

    /// <summary>Inbound packet that the mapping's filter does not admit (RFC 4787 REQ-8).</summary>
    Filtered = 19,

    /// <summary>TCP segment that is no SYN and belongs to no session (RFC 5382 section 5).</summary>
    NoSession = 20,

    /// <summary>The subscriber's plan refuses, or no plan applies.</summary>
    SubscriberRefused = 21,

    /// <summary>The subscriber table is full.</summary>
    SubscribersFull = 22,

    /// <summary>The mapping table is full.</summary>
    MappingsFull = 23,

    /// <summary>The session table is full.</summary>
    SessionsFull = 24,

    /// <summary>No free port block on the subscriber's address or in its pool (RFC 6888 REQ-11).</summary>
    NoBlock = 25,

    /// <summary>
    /// The subscriber has all the port blocks that its plan allows, and they are full (RFC 6888 REQ-4).
    /// </summary>
    BlockLimit = 26,

    /// <summary>The subscriber has all the sessions that its plan allows (RFC 6888 REQ-5).</summary>
    SessionLimit = 27,

    /// <summary>The subscriber sets up sessions faster than its plan allows (RFC 6888 REQ-4c).</summary>
    SetupRateLimit = 28,

    /// <summary>One mapping has as many sessions as a mapping may have (RFC 6888 REQ-5).</summary>
    MappingSessionLimit = 29,

    /// <summary>Above the plan's rate towards the Internet.</summary>
    RateLimitUp = 30,

    /// <summary>Above the plan's rate towards the subscriber.</summary>
    RateLimitDown = 31,

    /// <summary>
    /// A block can't be given out while its allocation can't be recorded (logging.on-overflow: block).
    /// </summary>
    LogOverflow = 32,

    /// <summary>Transport protocol that policy does not carry (other-protocols: drop).</summary>
    UnsupportedProtocol = 33,

    /// <summary>
    /// Another internal host already uses this protocol towards the same remote through the same external address.
    /// </summary>
    AddressOnlyConflict = 34,

    /// <summary>Hairpinning is off, and the destination is one of our own pool addresses.</summary>
    HairpinOff = 35,

    /// <summary>
    /// ICMP that a NAT does not carry: neither query nor error, or obsolete (RFC 5508 REQ-10c, REQ-11).
    /// </summary>
    UnsupportedIcmp = 36,

    /// <summary>ICMP error whose own checksum, or that of the header it quotes, is wrong (RFC 5508 REQ-3).</summary>
    BadIcmpError = 37,

    /// <summary>ICMP error about a packet of no known session (RFC 5508 REQ-4, REQ-5).</summary>
    IcmpErrorUnmatched = 38,

    /// <summary>IPv4 fragment whose first fragment did not come in time (RFC 6888, RFC 4787 REQ-14).</summary>
    FragmentTimeout = 39,

    /// <summary>Fragments held are at their limit, per subscriber or in total (RFC 4787 REQ-14a).</summary>
    FragmentLimit = 40,

    /// <summary>Fragment that overlaps another of its packet (RFC 5722, RFC 1858).</summary>
    FragmentOverlap = 41,

    /// <summary>
    /// First fragment too small to hold its transport header, or a fragment that would overwrite it (RFC 1858, RFC
    /// 3128).
    /// </summary>
    FragmentTiny = 42,

    /// <summary>
    /// Fragments that would make a packet of more than 65,535 bytes, or whose length is no multiple of eight (RFC
    /// 8200 4.5).
    /// </summary>
    FragmentTooLong = 43,

    /// <summary>The next hop has no link-layer address yet; the kernel has been asked.</summary>
    NextHopUnresolved = 44,

    /// <summary>The kernel has no route to the destination.</summary>
    NoRoute = 45,

    /// <summary>The port did not take the frame: its ring was full.</summary>
    TransmitFull = 46,

    /// <summary>The other worker's handoff ring was full.</summary>
    HandoffFull = 47,

    /// <summary>No free frame for another fragment.</summary>
    NoFrame = 48,

    /// <summary>Outer packet claims one of our own addresses as its source (RFC 2473 4.1.2).</summary>
    Loop = 49,

    /// <summary>The B4 address changed within its prefix sooner than is allowed (RFC 7785 4.3).</summary>
    B4AddressChange = 50,

    /// <summary>
    /// A port block could not be found for an external port that policy fixed (static mapping in conflict).
    /// </summary>
    PortUnavailable = 51,

    /// <summary>An ICMPv6 message to an AFTR address that has no meaning for a softwire.</summary>
    UnsupportedIcmpv6 = 52,

    /// <summary>
    /// Packet too big, or fragmentation needed, that names a smaller MTU than is believed (RFC 8201 section 4, RFC
    /// 6269 section 10).
    /// </summary>
    MtuTooSmall = 53,

    /// <summary>IPv4 option that policy does not carry (nat-policy.ip-options, RFC 7126).</summary>
    IpOption = 54,

    /// <summary>
    /// The subscriber has all the external ports, in total or of this protocol, that its plan allows (RFC 6888
    /// REQ-4).
    /// </summary>
    PortLimit = 55,

    /// <summary>
    /// The subscriber has all the mappings that its plan allows, held ones included (RFC 6888 REQ-5).
    /// </summary>
    MappingLimit = 56,

    /// <summary>
    /// The state of an earlier run was lost, so any port may still be in use: none is given out yet (RFC 6888 REQ-8).
    /// </summary>
    StateLossHold = 57,

    /// <summary>
    /// TCP segment behind a gap in a stream that an application gateway reads; its sender will send it again.
    /// </summary>
    GatewayGap = 58,

    /// <summary>Packet that an application gateway has made larger than a frame.</summary>
    GatewayTooLong = 59,

    /// <summary>Waited in a process that has ended; the one that goes on with its records does not have it.</summary>
    Restart = 60,

    /// <summary>The operator's access lists refuse this source and destination (RFC 1812 5.3.9).</summary>
    AccessList = 61,

    /// <summary>
    /// Source of a special purpose that nobody on the Internet has (access-lists.outside-bogon-filter, RFC 6890).
    /// </summary>
    BogonSource = 62,

    /// <summary>
    /// Shared address space outside, as a source or as a destination (access-lists.shared-space-outside, RFC 6598
    /// section 4); where it is customers' own, the reason is martian.
    /// </summary>
    SharedSpace = 63,

    /// <summary>The subscriber waits for its authorization: no authentication server has answered yet.</summary>
    SubscriberPending = 64,

    /// <summary>
    /// To or from somewhere that the walled garden of the subscriber's plan does not allow; web requests are redirected
    /// and are no drops.
    /// </summary>
    WalledGarden = 65,

    /// <summary>
    /// All subscribers together have as much, or set up sessions as fast, as nat-policy.mapping-limits and
    /// connection-limits allow (RFC 8512).
    /// </summary>
    InstanceLimit = 66,
}
