using System.Collections.Generic;

using Cgn.Contract.Settings;

namespace Cgn.Control.Configuration.Model;

/// <summary>How translation behaves (RFC 8512 policy).</summary>
public sealed class NatPolicySection : ConfigSection
{
    /// <summary>
    /// How far a mapping is shared: eim endpoint-independent, adm for each remote address, edm for each remote
    /// endpoint (RFC 4787 REQ-1).
    /// </summary>
    [Key("mapping-type")]
    [Choices("eim", "adm", "edm")]
    public MappingType MappingType { get; private set; }

    /// <summary>
    /// Whom a mapping admits: eif anybody, adf addresses sent to, edf endpoints sent to (RFC 4787 REQ-8).
    /// </summary>
    [Key("filtering-type")]
    [Choices("eif", "adf", "edf")]
    public FilteringType FilteringType { get; private set; }

    /// <summary>
    /// The same for TCP; left out, TCP is filtered as everything else is (RFC 5382 REQ-3). A changed type holds for
    /// mappings made from then on.
    /// </summary>
    [Key("tcp-filtering-type")]
    [Choices("eif", "adf", "edf")]
    public FilteringType? TcpFilteringType { get; private set; }

    /// <summary>
    /// What becomes of a SYN from outside that nothing admits, once tcp-in-syn-timeout has passed: icmp-if-mapped
    /// answers port unreachable where a mapping stands, icmp always, drop never (RFC 5382 REQ-4).
    /// </summary>
    [Key("unsolicited-syn")]
    [Choices("icmp-if-mapped", "icmp", "drop")]
    public UnsolicitedSyn UnsolicitedSyn { get; private set; }

    /// <summary>
    /// What becomes of a TCP segment from inside that is of no known connection: drop, or rst to the host that sent it
    /// (RFC 5382 section 5).
    /// </summary>
    [Key("tcp-without-session")]
    [Choices("drop", "rst")]
    public TcpWithoutSession TcpWithoutSession { get; private set; }

    /// <summary>
    /// An established connection that is given up for idleness is reset at both ends (RFC 5382 section 5).
    /// </summary>
    [Key("rst-on-timeout")]
    public bool RstOnTimeout { get; private set; }

    /// <summary>
    /// The inside host of an idle connection is asked for a sign of life before the connection is given up, by an empty
    /// segment (RFC 6146 3.5.2.2); tcp-rst-timeout is how long the answer may take.
    /// </summary>
    [Key("tcp-keepalive-probe")]
    public bool TcpKeepaliveProbe { get; private set; }

    /// <summary>
    /// paired keeps a subscriber on one public address (RFC 6888 REQ-2); soft-paired goes on with another one when that
    /// has no free block (RFC 7857 section 4).
    /// </summary>
    [Key("address-allocation-type")]
    [Choices("paired", "arbitrary", "soft-paired")]
    public AddressAllocation AddressAllocation { get; private set; }

    /// <summary>
    /// port-set gives blocks on demand; deterministic computes them from the subscriber's address (RFC 7422).
    /// </summary>
    [Key("port-allocation-type")]
    [Choices("port-set", "deterministic")]
    public PortAllocationType PortAllocation { get; private set; }

    /// <summary>Subscribers reach each other through their public addresses (RFC 4787 REQ-9).</summary>
    [Key("hairpinning")]
    public bool Hairpinning { get; private set; } = true;

    /// <summary>The internal port is kept where it lies in the subscriber's blocks and is free.</summary>
    [Key("port-preservation")]
    public bool PortPreservation { get; private set; }

    /// <summary>
    /// Even internal ports get even public ones, odd ones odd, as long as there are any (RFC 4787 REQ-4).
    /// </summary>
    [Key("port-parity-preservation")]
    public bool PortParity { get; private set; }

    /// <summary>
    /// Of two internal ports 2n and 2n + 1, the second gets the public port beside the first one's, if it is free:
    /// for RTP and RTCP. Keeps parity.
    /// </summary>
    [Key("port-contiguity")]
    public bool PortContiguity { get; private set; }

    /// <summary>Ports of a block are given out at random (RFC 6056, RFC 6888 REQ-15); false: in order.</summary>
    [Key("port-randomization")]
    public bool PortRandomization { get; private set; } = true;

    /// <summary>
    /// What needs no hold-down (RFC 6888 REQ-8): tracked-tcp TCP ports, same-subscriber ports of a block that stays
    /// with its subscriber, filtered ports of mappings that don't admit everybody.
    /// </summary>
    [Key("hold-down-exceptions")]
    [Choices("tracked-tcp", "same-subscriber", "filtered")]
    public IReadOnlyList<HoldDownException> HoldDownExceptions { get; private set; } = [];

    /// <summary>Destinations that are forwarded untranslated (RFC 6888 REQ-6, RFC 8512).</summary>
    [Key("nat-pass-through")]
    public IReadOnlyList<PassThroughSection> PassThrough { get; private set; } = [];

    /// <summary>B4s of the addresses that show untranslated (RFC 6333 section 11).</summary>
    [Key("nat-pass-through-bindings")]
    public IReadOnlyList<PassThroughBindingSection> PassThroughBindings { get; private set; } = [];

    /// <summary>
    /// MSS that SYNs are lowered to: auto for what fits the smaller side's MTU, off, or bytes (RFC 8513 mss-
    /// clamping).
    /// </summary>
    [Key("tcp-mss-clamp", Min = "64", Max = "65495", Unit = "bytes")]
    [Word("auto", -1)]
    [Word("off", 0)]
    public int TcpMssClamp { get; private set; } = -1;

    /// <summary>
    /// Protocols without ports: address-only carries them for one internal host at a time, drop drops them.
    /// </summary>
    [Key("other-protocols")]
    [Choices("address-only", "drop")]
    public OtherProtocols OtherProtocols { get; private set; }

    /// <summary>Protocols with a rule of their own.</summary>
    [Key("protocols")]
    public ProtocolsSection Protocols { get; private set; } = new();

    /// <summary>
    /// IPv4 packets with options: pass, drop-recording for those with record route, timestamp or stream identifier,
    /// drop-all (RFC 7126). Source-routed packets are dropped always.
    /// </summary>
    [Key("ip-options")]
    [Choices("pass", "drop-recording", "drop-all")]
    public IpOptionsPolicy IpOptions { get; private set; }

    /// <summary>Packets from outside keep a UDP session alive too (RFC 4787 REQ-6a).</summary>
    [Key("inbound-refresh")]
    public bool InboundRefresh { get; private set; }

    /// <summary>Sessions that one mapping may have (RFC 6888 REQ-5).</summary>
    [Key("sessions-per-mapping", Min = "1", Max = "65535", Unit = "sessions")]
    public int SessionsPerMapping { get; private set; } = 65535;

    /// <summary>What all subscribers together may have (RFC 8512).</summary>
    [Key("mapping-limits")]
    public MappingLimitsSection MappingLimits { get; private set; } = new();

    /// <summary>How fast all subscribers together may set up sessions (RFC 8512).</summary>
    [Key("connection-limits")]
    public ConnectionLimitsSection ConnectionLimits { get; private set; } = new();

    /// <summary>
    /// IPv4 fragments that wait for their first at a time, all workers together (RFC 8512). Left out: what a quarter of
    /// the frames allows.
    /// </summary>
    [Key("fragments-limit", Min = "1", Max = "1000000000", Unit = "fragments")]
    [Word("auto", 0)]
    public uint FragmentsLimit { get; private set; }

    /// <summary>
    /// Application gateways: what rewrites endpoints in payloads and opens them (RFC 8512 algs). Left out: none is on
    /// (RFC 4787 REQ-10, RFC 5382 REQ-6).
    /// </summary>
    [Key("algs")]
    public IReadOnlyList<AlgSection> Algs { get; private set; } = [];

    /// <summary>Every plan that doesn't say otherwise has all application gateways (RFC 8512).</summary>
    [Key("all-algs-enable")]
    public bool AllAlgsEnable { get; private set; }

    /// <summary>How long idle things live.</summary>
    [Key("timers")]
    public TimersSection Timers { get; private set; } = new();

    /// <summary>Public endpoints that belong to internal ones for good.</summary>
    [Key("static-mappings")]
    public IReadOnlyList<StaticMappingSection> StaticMappings { get; private set; } = [];
}
