namespace Cgn.Contract.Counting;

/// <summary>
/// The counters of a shard, in the order in which they lie in memory. Written by one worker, read and summed by
/// anyone. Drops follow behind them, one for each <see cref="DropReason"/>. The order is part of the contract: new
/// counters are added at the end.
/// </summary>
public enum CounterId
{
    /// <summary>Frames that came from ports.</summary>
    Received,

    /// <summary>Frames given to ports.</summary>
    Transmitted,

    /// <summary>Frames that were answers of our own: ICMP errors, echo replies.</summary>
    Originated,

    /// <summary>Frames addressed to us and dealt with.</summary>
    Consumed,

    /// <summary>Fragments made beyond the first of each packet.</summary>
    Split,

    /// <summary>Fragments that went into a reassembled packet, beyond the first.</summary>
    Merged,

    /// <summary>Frames kept now: fragments, and SYNs from outside that nothing admitted.</summary>
    Held,

    /// <summary>IPv4 packets carried outbound from softwires.</summary>
    OutboundPacketsDsLite,

    /// <summary>Their bytes, from the IPv4 header.</summary>
    OutboundBytesDsLite,

    /// <summary>IPv4 packets carried outbound from NAT444 customers.</summary>
    OutboundPacketsNat444,

    /// <summary>Their bytes.</summary>
    OutboundBytesNat444,

    /// <summary>IPv4 packets carried inbound to softwires.</summary>
    InboundPacketsDsLite,

    /// <summary>Their bytes.</summary>
    InboundBytesDsLite,

    /// <summary>IPv4 packets carried inbound to NAT444 customers.</summary>
    InboundPacketsNat444,

    /// <summary>Their bytes.</summary>
    InboundBytesNat444,

    /// <summary>Packets that turned back inside, counted also as outbound and inbound.</summary>
    HairpinPackets,

    /// <summary>Sessions begun: UDP.</summary>
    SessionsCreatedUdp,
    /// <summary>Sessions begun: TCP.</summary>
    SessionsCreatedTcp,
    /// <summary>Sessions begun: ICMP.</summary>
    SessionsCreatedIcmp,
    /// <summary>Sessions begun: other protocols.</summary>
    SessionsCreatedOther,
    /// <summary>Sessions ended: UDP.</summary>
    SessionsExpiredUdp,
    /// <summary>Sessions ended: TCP.</summary>
    SessionsExpiredTcp,
    /// <summary>Sessions ended: ICMP.</summary>
    SessionsExpiredIcmp,
    /// <summary>Sessions ended: other protocols.</summary>
    SessionsExpiredOther,
    /// <summary>Mappings begun: UDP.</summary>
    MappingsCreatedUdp,
    /// <summary>Mappings begun: TCP.</summary>
    MappingsCreatedTcp,
    /// <summary>Mappings begun: ICMP.</summary>
    MappingsCreatedIcmp,
    /// <summary>Mappings begun: other protocols.</summary>
    MappingsCreatedOther,
    /// <summary>Mappings ended (their hold-down begins): UDP.</summary>
    MappingsExpiredUdp,
    /// <summary>Mappings ended: TCP.</summary>
    MappingsExpiredTcp,
    /// <summary>Mappings ended: ICMP.</summary>
    MappingsExpiredIcmp,
    /// <summary>Mappings ended: other protocols.</summary>
    MappingsExpiredOther,

    /// <summary>Subscriber records now.</summary>
    Subscribers,

    /// <summary>Mappings held down now.</summary>
    MappingsHeld,

    /// <summary>Port blocks given out.</summary>
    BlocksAllocated,

    /// <summary>Port blocks taken back.</summary>
    BlocksReleased,

    /// <summary>Times that no block could be given for lack of a free one.</summary>
    BlocksExhausted,

    /// <summary>Port blocks of this shard that can be given out, in use or not.</summary>
    BlocksTotal,

    /// <summary>IPv4 fragments seen.</summary>
    FragmentsSeenIpv4,

    /// <summary>Outer IPv6 fragments seen.</summary>
    FragmentsSeenIpv6,

    /// <summary>Packets put together from outer fragments.</summary>
    Reassembled,

    /// <summary>Packets given up before they were complete.</summary>
    ReassemblyTimeouts,

    /// <summary>Frames given to another worker.</summary>
    HandoffsSent,

    /// <summary>Frames taken from another worker.</summary>
    HandoffsReceived,

    /// <summary>Events written.</summary>
    EventsWritten,

    /// <summary>Events lost because the ring was full.</summary>
    EventsLost,

    /// <summary>Turns of the worker.</summary>
    Turns,

    /// <summary>Turns in which it had frames.</summary>
    BusyTurns,

    /// <summary>Nanoseconds of turns in which it had frames.</summary>
    BusyNs,

    /// <summary>Nanoseconds since the worker started.</summary>
    AliveNs,

    /// <summary>Managed bytes that the worker's thread has allocated since it was sealed: must stay 0.</summary>
    AllocatedBytes,

    /// <summary>Collections in the forwarder since it was sealed: must stay 0.</summary>
    Collections,

    /// <summary>Errors and replies that the rate limit on ICMP suppressed.</summary>
    IcmpSuppressed,

    /// <summary>SYNs whose MSS was lowered.</summary>
    MssClamped,

    /// <summary>Frames whose drop reason was recorded: the sum over all reasons.</summary>
    Dropped,

    /// <summary>ICMP errors carried, in either direction.</summary>
    IcmpErrorsCarried,

    /// <summary>ICMPv6 errors about softwire packets that became ICMP errors to who had sent what was in
    /// them.</summary>
    SoftwireErrorsRelayed,

    /// <summary>Times that the path MTU towards a B4 was lowered.</summary>
    PathMtuLowered,

    /// <summary>B4s with state now (RFC 8513 active-softwires).</summary>
    Softwires,

    /// <summary>Times that subscriber records were used beyond their threshold.</summary>
    ThresholdsSubscribers,

    /// <summary>The same of mappings.</summary>
    ThresholdsMappings,

    /// <summary>The same of sessions.</summary>
    ThresholdsSessions,

    /// <summary>The same of a pool's port blocks.</summary>
    ThresholdsPortBlocks,

    /// <summary>The same of reassembly.</summary>
    ThresholdsReassembly,

    /// <summary>The same of IPv4 fragments.</summary>
    ThresholdsFragments,

    /// <summary>SYNs whose list of options is none, so that their MSS can't be told.</summary>
    TcpOptionsMalformed,

    /// <summary>Packets whose payload an application gateway has changed.</summary>
    GatewayRewrites,

    /// <summary>Endpoints inside that an application gateway has made reachable.</summary>
    GatewayPinholes,

    /// <summary>Endpoints that it could not make reachable; the payload passed as it was.</summary>
    GatewayPinholesRefused,

    /// <summary>
    /// Packets of a gateway's session that it could not read: fragments, messages in pieces, wrong checksums, no room
    /// for its state.
    /// </summary>
    GatewayUnread,

    /// <summary>Packets carried untranslated, in either direction.</summary>
    UntranslatedPackets,

    /// <summary>Questions for the policies of subscribers that are not served.</summary>
    PolicyQuestions,

    /// <summary>Subscribers that were given a plan by command.</summary>
    PlansSet,

    /// <summary>Web requests from the walled garden that were redirected to the portal.</summary>
    GardenRedirects,

    /// <summary>Segments from the walled garden that the rate limit on answers left unanswered.</summary>
    GardenSuppressed,

    /// <summary>Times that a subscriber's ports in use reached its plan's threshold.</summary>
    ThresholdsSubscriberPorts,

    /// <summary>The same of its sessions.</summary>
    ThresholdsSubscriberSessions,

    /// <summary>Fragments of softwire packets that left, the first of each packet included.</summary>
    OuterFragmentsSent,
    /// <summary>Fragments of IPv4 packets that were made, the first of each packet included.</summary>
    Ipv4FragmentsSent,
    /// <summary>Softwire packets in pieces now, those remembered only to refuse the rest of them included.</summary>
    Reassemblies,
    /// <summary>IPv4 fragments that wait now for the ports of their first.</summary>
    FragmentsWaiting,
    /// <summary>Softwire packets given up because their fragments overlap.</summary>
    ReassemblyOverlaps,
    /// <summary>Softwire packets given up for newer ones, at a limit.</summary>
    ReassemblyLimits,
    /// <summary>Softwire packets given up because their fragments make more than a packet may be.</summary>
    ReassemblyTooLong,
    /// <summary>ICMP errors that were our own.</summary>
    IcmpErrorsSent,
    /// <summary>ICMPv6 errors that were our own.</summary>
    Icmpv6ErrorsSent,
    /// <summary>Echo replies of our own, fragments of them each.</summary>
    IcmpRepliesSent,
    /// <summary>The same of ICMPv6.</summary>
    Icmpv6RepliesSent,
    /// <summary>ICMP errors of our own that said: fragmentation needed.</summary>
    TooBigSent,
    /// <summary>ICMP errors carried that said so.</summary>
    TooBigCarried,
    /// <summary>ICMPv6 packet too big about softwire packets, believed.</summary>
    TooBigReceived,
    /// <summary>TCP segments that were our own: resets, keep-alive probes.</summary>
    TcpSegmentsSent,
    /// <summary>Softwire packets whose two ECN fields should never meet (RFC 6040 section 4.2).</summary>
    EcnAnomalies,
    /// <summary>
    /// Times that IPv4 identifications began anew within the life of a datagram (RFC 6864 section 4.3).
    /// </summary>
    IdentificationWraps,
    /// <summary>Subscribers that got an external address: their first block (RFC 7659 address mappings).</summary>
    AddressMappingsCreated,
    /// <summary>Subscribers that have blocks on an external address now.</summary>
    AddressMappings,
    /// <summary>Packets translated by a session, either way: UDP.</summary>
    TranslatedUdp,
    /// <summary>Packets translated: TCP.</summary>
    TranslatedTcp,
    /// <summary>Packets translated: ICMP queries.</summary>
    TranslatedIcmp,
    /// <summary>Packets translated: other protocols.</summary>
    TranslatedOther,
    /// <summary>
    /// Bytes of dropped frames, from the Ethernet header; those of fragments given up unassembled are not known.
    /// </summary>
    DroppedBytes,

    /// <summary>How many there are; not a counter.</summary>
    Count,
}
