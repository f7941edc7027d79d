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
}
