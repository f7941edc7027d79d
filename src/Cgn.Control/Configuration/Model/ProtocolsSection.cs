using Cgn.Contract.Settings;

namespace Cgn.Control.Configuration.Model;

/// <summary>
/// Rules for protocols beside TCP, UDP and ICMP. address-only carries a protocol for one internal host at a time for
/// each public address and remote; drop drops it and answers ICMP protocol unreachable; other does what other-protocols
/// says.
/// </summary>
public sealed class ProtocolsSection : ConfigSection
{
    /// <summary>UDP-Lite: ports, or drop (RFC 3828).</summary>
    [Key("udp-lite")]
    [Choices("ports", "drop")]
    public PortProtocolRule UdpLite { get; private set; }

    /// <summary>DCCP: ports, or drop (RFC 5597).</summary>
    [Key("dccp")]
    [Choices("ports", "drop")]
    public PortProtocolRule Dccp { get; private set; }

    /// <summary>SCTP; carried it keeps its ports, so that its CRC stays right (RFC 9260).</summary>
    [Key("sctp")]
    [Choices("other", "address-only", "drop")]
    public ProtocolRule Sctp { get; private set; } = ProtocolRule.Drop;

    /// <summary>GRE, PPTP's among it (RFC 2784, RFC 2637).</summary>
    [Key("gre")]
    [Choices("other", "address-only", "drop")]
    public ProtocolRule Gre { get; private set; }

    /// <summary>ESP without UDP around it (RFC 4303); with it (RFC 3948) it is UDP.</summary>
    [Key("esp")]
    [Choices("other", "address-only", "drop")]
    public ProtocolRule Esp { get; private set; }

    /// <summary>AH: covers the addresses, so that its receiver refuses what any NAT has carried (RFC 4302).</summary>
    [Key("ah")]
    [Choices("other", "address-only", "drop")]
    public ProtocolRule Ah { get; private set; } = ProtocolRule.Drop;

    /// <summary>IPv4 or IPv6 in IPv4: protocols 4, 41 (6in4) and 94.</summary>
    [Key("ip-in-ip")]
    [Choices("other", "address-only", "drop")]
    public ProtocolRule IpInIp { get; private set; } = ProtocolRule.Drop;
}
