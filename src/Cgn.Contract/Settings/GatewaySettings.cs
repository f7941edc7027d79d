using System.Runtime.InteropServices;

namespace Cgn.Contract.Settings;

/// <summary>
/// The scalar part of a <see cref="ConfigSnapshot"/>: what the forwarder needs of the configuration that is no
/// list.
/// </summary>
// Without gaps: equal settings are equal bytes, by which a configuration is known again.
[StructLayout(LayoutKind.Sequential, Pack = 1)]
public record struct GatewaySettings
{
    /// <summary>Settings with the defaults of the configuration's documentation.</summary>
    public GatewaySettings()
    {
    }

    /// <summary>Seed of port selection; each shard derives its own from it.</summary>
    public ulong Seed { get; set; } = 1;

    /// <summary>Shards, and so workers: 1 to 64.</summary>
    public int ShardCount { get; set; } = 1;

    /// <summary>Subscribers that fit, all shards together.</summary>
    public uint SubscriberCapacity { get; set; } = 65536;

    /// <summary>Mappings that fit, held ones included, all shards together.</summary>
    public uint MappingCapacity { get; set; } = 1_000_000;

    /// <summary>Sessions that fit, all shards together.</summary>
    public uint SessionCapacity { get; set; } = 2_000_000;

    /// <summary>Largest packet, in bytes from the IP header, that leaves inside: 1,280 to 65,535.</summary>
    public int InsideMtu { get; set; } = 1540;

    /// <summary>Largest packet, in bytes from the IP header, that leaves outside: 576 to 65,535.</summary>
    public int OutsideMtu { get; set; } = 1500;

    /// <summary>Largest softwire packet sent, outer header included: 1,280 to 65,535 (RFC 8513 tunnel-mtu).</summary>
    public int TunnelMtu { get; set; } = 1540;

    /// <summary>Bits of a B4's address that name the subscriber, 1 to 128 (RFC 7785 section 3).</summary>
    public int SubscriberMaskV6 { get; set; } = 56;

    /// <summary>DSCP of softwire packets, 0 to 63, or -1 to copy the inner one (RFC 6333 7.1, RFC 2983).</summary>
    public int TrafficClass { get; set; } = -1;

    /// <summary>What becomes of packets too big for the softwire that may not be fragmented.</summary>
    public DfPolicy DfPolicy { get; set; }

    /// <summary>Which header fragments a packet too large for its softwire.</summary>
    public FragmentationMode Fragmentation { get; set; }

    /// <summary>Hop limit of softwire packets, 1 to 255 (RFC 2473 6.3).</summary>
    public byte SoftwireHopLimit { get; set; } = 64;

    /// <summary>Tunnel encapsulation limit of softwire packets, 0 to 255, or -1 for no such option (RFC 2473
    /// 6.6).</summary>
    public int EncapsulationLimit { get; set; } = -1;

    /// <summary>Flows in softwires have flow labels (RFC 6438 section 3); else all are 0.</summary>
    public bool FlowLabels { get; set; } = true;

    /// <summary>ECN is copied outwards (RFC 6040 4.1, normal mode); else softwire packets are Not-ECT.</summary>
    public bool EcnCopy { get; set; } = true;

    /// <summary>DSCP that packets into softwires are given, 0 to 63, or -1 to leave theirs (RFC 6908 2.5.2).</summary>
    public int DownstreamDscp { get; set; } = -1;

    /// <summary>Largest packet put together from outer fragments, in bytes of its payload: 1,500 to 65,535 (RFC 8200
    /// section 5).</summary>
    public int ReassemblyLimit { get; set; } = 9216;

    /// <summary>How long after a B4's address has changed it can't change again, in ticks; 0 for no limit (RFC 7785
    /// 4.3).</summary>
    public uint B4ChangeLimit { get; set; } = 18000;

    /// <summary>What becomes of IPv4 packets with options.</summary>
    public IpOptionsPolicy IpOptions { get; set; }

    /// <summary>How far a mapping is shared.</summary>
    public MappingType MappingType { get; set; }

    /// <summary>Whom a mapping admits.</summary>
    public FilteringType FilteringType { get; set; }

    /// <summary>Whom a TCP mapping admits, where it differs (RFC 5382 REQ-3).</summary>
    public FilteringType? TcpFilteringType { get; set; }

    /// <summary>What becomes of SYNs from outside that nothing admits (RFC 5382 REQ-4).</summary>
    public UnsolicitedSyn UnsolicitedSyn { get; set; }

    /// <summary>What becomes of TCP segments from inside that belong to no connection (RFC 5382 section 5).</summary>
    public TcpWithoutSession TcpWithoutSession { get; set; }

    /// <summary>
    /// Both ends of an established connection are sent a RST when it is given up for idleness (RFC 5382 section 5).
    /// </summary>
    public bool RstOnTimeout { get; set; }

    /// <summary>
    /// The inside of an idle connection is asked for a sign of life before the connection is given up (RFC 6146
    /// 3.5.2.2).
    /// </summary>
    public bool TcpKeepaliveProbe { get; set; }

    /// <summary>All of a subscriber's mappings share one external address (RFC 6888 REQ-2).</summary>
    public bool Paired { get; set; } = true;

    /// <summary>How ports are given out.</summary>
    public PortAllocationType PortAllocation { get; set; }

    /// <summary>Subscribers reach each other through their external addresses (RFC 4787 REQ-9).</summary>
    public bool Hairpinning { get; set; } = true;

    /// <summary>
    /// The internal port is taken as the external one where it lies in the subscriber's blocks and is free.
    /// </summary>
    public bool PortPreservation { get; set; }

    /// <summary>
    /// MSS that SYNs are lowered to: 0 off, -1 what fits the smaller side's MTU, else bytes (RFC 8513
    /// mss-clamping).
    /// </summary>
    public int MssClamp { get; set; } = -1;

    /// <summary>What becomes of protocols without ports and without a rule of their own.</summary>
    public OtherProtocols OtherProtocols { get; set; }

    /// <summary>Protocols with a rule of their own.</summary>
    public ProtocolRules Protocols { get; set; } = new();

    /// <summary>Inbound packets refresh UDP sessions too (RFC 4787 REQ-6a).</summary>
    public bool InboundRefresh { get; set; }

    /// <summary>UDP idle time, in ticks (RFC 4787 REQ-5).</summary>
    public uint UdpTimeout { get; set; } = 3000;

    /// <summary>TCP established idle time, in ticks (RFC 5382 REQ-5).</summary>
    public uint TcpIdleTimeout { get; set; } = 74400;

    /// <summary>TCP partially open, in ticks (RFC 7857 2.1).</summary>
    public uint TcpTransOpenTimeout { get; set; } = 2400;

    /// <summary>TCP closing, in ticks (RFC 7857 2.1).</summary>
    public uint TcpTransCloseTimeout { get; set; } = 2400;

    /// <summary>TCP after a RST, in ticks (RFC 7857 2.2).</summary>
    public uint TcpRstTimeout { get; set; } = 2400;

    /// <summary>How long a SYN from outside that nothing admits is not answered, in ticks (RFC 5382 REQ-4).</summary>
    public uint TcpInSynTimeout { get; set; } = 60;

    /// <summary>ICMP query idle time, in ticks (RFC 5508 REQ-2).</summary>
    public uint IcmpTimeout { get; set; } = 600;

    /// <summary>The PCP server.</summary>
    public PcpSettings Pcp { get; set; } = new();

    /// <summary>Idle time of protocols that are carried by their addresses alone, in ticks.</summary>
    public uint AddressOnlyTimeout { get; set; } = 3000;

    /// <summary>DCCP established idle time, in ticks (RFC 5597 REQ-5).</summary>
    public uint DccpIdleTimeout { get; set; } = 74400;

    /// <summary>DCCP partially open or closing, in ticks (RFC 5597 REQ-5).</summary>
    public uint DccpTransTimeout { get; set; } = 2400;

    /// <summary>How long a fragment waits for the first of its packet, in ticks.</summary>
    public uint FragmentTimeout { get; set; } = 20;

    /// <summary>How long an endpoint that a payload has named is expected to be used, in ticks.</summary>
    public uint PinholeTimeout { get; set; } = 1200;

    /// <summary>How long a freed port is not given out again, in ticks (RFC 6888 REQ-8).</summary>
    public uint HoldDownTimeout { get; set; } = 1200;

    /// <summary>Number of the plan of subscribers that nothing else matches; -1 refuses them.</summary>
    public int DefaultPlan { get; set; } = -1;

    /// <summary>
    /// Subscribers that nothing else matches wait for what the control plane says of them, in place of having the
    /// default plan.
    /// </summary>
    public bool AsksUnknown { get; set; }

    /// <summary>Sessions are logged, not only port blocks.</summary>
    public bool SessionLogging { get; set; }

    /// <summary>Sessions are logged with their remote endpoints (RFC 6888 REQ-12).</summary>
    public bool DestinationLogging { get; set; }

    /// <summary>Packets from outside with sources of a special purpose are dropped (RFC 6890).</summary>
    public bool OutsideBogonFilter { get; set; }

    /// <summary>What becomes of shared address space on the outside (RFC 6598 section 4).</summary>
    public SharedSpaceOutside SharedSpaceOutside { get; set; }

    /// <summary>What happens when events can't be recorded.</summary>
    public OverflowPolicy OnOverflow { get; set; }

    /// <summary>ICMP errors and echo replies that we originate, a second and to each side, all workers together
    /// (RFC 1812 4.3.2.8).</summary>
    public int IcmpErrorsPerSecond { get; set; } = 1000;

    /// <summary>The same of ICMPv6 (RFC 4443 2.4 f).</summary>
    public int Icmpv6ErrorsPerSecond { get; set; } = 1000;

    /// <summary>We send ICMP errors, of both families, to the inside (RFC 5508 REQ-9).</summary>
    public bool IcmpErrorsInside { get; set; } = true;

    /// <summary>We send ICMP errors to the outside (RFC 5508 REQ-9).</summary>
    public bool IcmpErrorsOutside { get; set; } = true;

    /// <summary>What a host hears whose packet finds no port, session or table space left.</summary>
    public ExhaustionAnswer ExhaustionAnswer { get; set; }

    /// <summary>Pings of pool addresses are answered (RFC 5508 REQ-10a3).</summary>
    public bool PoolPing { get; set; } = true;

    /// <summary>DSCP of ICMP errors that we originate, 0 to 63, or -1 to copy that of the packet they are about (RFC
    /// 5508 REQ-10d).</summary>
    public int IcmpDscp { get; set; } = -1;

    /// <summary>ICMP errors are carried only when the checksum of the header that they quote is right (RFC 5508
    /// REQ-3a).</summary>
    public bool VerifyQuotedHeader { get; set; } = true;

    /// <summary>
    /// Smallest MTU, in bytes, that fragmentation needed may name when it goes from inside to outside; 0 for any (RFC
    /// 6269 section 10).
    /// </summary>
    public int OutboundMtuMin { get; set; }

    /// <summary>
    /// Address that our ICMP errors come from outside, host order; 0 takes the outside device's, or without one the
    /// first pool address.
    /// </summary>
    public uint OutsideAddress { get; set; }

    /// <summary>
    /// Address that our ICMP errors come from inside NAT444, host order; 0 takes 192.0.0.1, as in softwires (RFC
    /// 6333 6.5).
    /// </summary>
    public uint InsideAddress { get; set; }

    /// <summary>Sessions that one mapping may have, 1 to 65,535 (RFC 6888 REQ-5).</summary>
    public int SessionsPerMapping { get; set; } = 65535;

    /// <summary>
    /// When the paired address has no free port block, blocks come from another one (RFC 7857 section 4: "soft" paired
    /// pooling).
    /// </summary>
    public bool SoftPaired { get; set; }

    /// <summary>Even internal ports get even external ones, odd ones odd (RFC 4787 REQ-4).</summary>
    public bool PortParity { get; set; }

    /// <summary>
    /// An internal port beside one that has a mapping gets the external port beside that one's, if it is free.
    /// </summary>
    public bool PortContiguity { get; set; }

    /// <summary>Ports of a block are given out in order, not at random.</summary>
    public bool PortsInOrder { get; set; }

    /// <summary>Ports that are not held down.</summary>
    public HoldDownExceptions HoldDownExceptions { get; set; }

    /// <summary>
    /// How long no port is given out after a start without the state of an earlier run, in ticks (RFC 6888 REQ-8).
    /// </summary>
    public uint HoldDownAfterLoss { get; set; }

    /// <summary>How often a block that stays with its subscriber is told again, in seconds; 0 never.</summary>
    public uint BlockInterimSeconds { get; set; }

    /// <summary>When it is told that something runs out.</summary>
    public ThresholdSettings Thresholds { get; set; } = new();

    /// <summary>What all subscribers together may have.</summary>
    public InstanceLimits Limits { get; set; } = new();
}
