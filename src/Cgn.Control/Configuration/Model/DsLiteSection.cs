using System.Collections.Generic;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>DS-Lite (RFC 6333, RFC 8513).</summary>
public sealed class DsLiteSection : ConfigSection
{
    /// <summary>Addresses that softwires end at (RFC 6333 section 6.1).</summary>
    [Key("aftr-ipv6-address", Required = true)]
    public IReadOnlyList<Ipv6AddressValue> AftrAddresses { get; private set; } = [];

    /// <summary>Where softwires may come from; others are dropped and counted (RFC 6333 section 11).</summary>
    [Key("subscriber-match", Required = true)]
    public IReadOnlyList<Ipv6PrefixValue> SubscriberMatch { get; private set; } = [];

    /// <summary>
    /// Bits of a B4's address that name the subscriber (RFC 7785 section 3); 128 makes every B4 address its own.
    /// </summary>
    [Key("subscriber-mask-v6", Min = "1", Max = "128", Unit = "bits")]
    public int SubscriberMaskV6 { get; private set; } = 56;

    /// <summary>
    /// Sources inside softwires that are allowed beside RFC 1918 and 192.0.0.0/29 (RFC 6333 section 11), such as
    /// 100.64.0.0/10.
    /// </summary>
    [Key("inner-subscriber-match")]
    public IReadOnlyList<Ipv4PrefixValue> InnerSubscriberMatch { get; private set; } = [];

    /// <summary>
    /// Largest softwire packet sent, outer header included; larger ones are fragmented outside. Left out: the
    /// inside MTU.
    /// </summary>
    [Key("tunnel-mtu", Min = "1280", Max = "65535", Unit = "bytes")]
    public int? TunnelMtu { get; private set; }

    /// <summary>
    /// DSCP of softwire packets: copy the inner one, or a number (RFC 2983, RFC 8513 v6-v4-dscp-preservation).
    /// </summary>
    [Key("traffic-class", Min = "0", Max = "63")]
    [Word("copy", -1)]
    public int TrafficClass { get; private set; } = -1;

    /// <summary>
    /// Packets too big for the softwire with DF set: icmp answers them, ignore-df fragments outside all the same
    /// (RFC 6333 section 5.3).
    /// </summary>
    [Key("df-policy")]
    [Choices("icmp", "ignore-df")]
    public DfPolicy DfPolicy { get; private set; }

    /// <summary>
    /// Packets too big for the softwire without DF: outer fragments the softwire packet (RFC 6333 section 6.3), inner
    /// the IPv4 packet before it is encapsulated (RFC 4459), for B4s that can't put fragments together.
    /// </summary>
    [Key("fragmentation")]
    [Choices("outer", "inner")]
    public FragmentationMode Fragmentation { get; private set; }

    /// <summary>Largest softwire packet that is put together from outer fragments (RFC 8200 section 5).</summary>
    [Key("reassembly-limit", Min = "1500", Max = "65535", Unit = "bytes")]
    public int ReassemblyLimit { get; private set; } = 9216;

    /// <summary>Hop limit of softwire packets (RFC 2473 section 6.3).</summary>
    [Key("hop-limit", Min = "1", Max = "255")]
    public int HopLimit { get; private set; } = 64;

    /// <summary>
    /// Tunnel encapsulation limit option of softwire packets: off, or its value, which costs 8 bytes of each packet and
    /// which some B4s refuse (RFC 2473 section 4.1.1).
    /// </summary>
    [Key("encapsulation-limit", Min = "0", Max = "255")]
    [Word("off", -1)]
    public int EncapsulationLimit { get; private set; } = -1;

    /// <summary>Flows in softwires get flow labels, so that the access network can spread them (RFC 6438).</summary>
    [Key("flow-labels")]
    public bool FlowLabels { get; private set; } = true;

    /// <summary>
    /// Congestion marks are copied outwards; false is the compatibility mode of RFC 6040 section 4.1.
    /// </summary>
    [Key("ecn-copy")]
    public bool EcnCopy { get; private set; } = true;

    /// <summary>DSCP that packets towards subscribers get: keep theirs, or a number (RFC 6908 section 2.5.2).</summary>
    [Key("downstream-dscp", Min = "0", Max = "63")]
    [Word("keep", -1)]
    public int DownstreamDscp { get; private set; } = -1;

    /// <summary>
    /// How long after a B4's address has changed within its prefix it can't change again; packets from another address
    /// are dropped (RFC 7785 section 4.3, RFC 8513 b4-address-change-limit).
    /// </summary>
    [Key("b4-address-change-limit", Min = "0s", Max = "1d")]
    public Duration B4AddressChangeLimit { get; private set; } = Duration.Seconds(1800);
}
