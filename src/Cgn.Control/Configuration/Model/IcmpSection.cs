using Cgn.Contract.Settings;
using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>ICMP that the gateway originates or carries (RFC 5508, RFC 1812 section 4.3, RFC 4443).</summary>
public sealed class IcmpSection : ConfigSection
{
    /// <summary>
    /// ICMP errors and echo replies that the gateway originates, a second, all workers together (RFC 1812 section
    /// 4.3.2.8).
    /// </summary>
    [Key("errors-per-second", Min = "1/s")]
    public EventRate ErrorsPerSecond { get; private set; } = new(1000);

    /// <summary>The same of ICMPv6 (RFC 4443 section 2.4 f).</summary>
    [Key("errors-per-second-v6", Min = "1/s")]
    public EventRate ErrorsPerSecondV6 { get; private set; } = new(1000);

    /// <summary>The gateway sends ICMP and ICMPv6 errors to the inside (RFC 5508 REQ-9).</summary>
    [Key("errors-inside")]
    public bool ErrorsInside { get; private set; } = true;

    /// <summary>The gateway sends ICMP errors to the outside (RFC 5508 REQ-9).</summary>
    [Key("errors-outside")]
    public bool ErrorsOutside { get; private set; } = true;

    /// <summary>
    /// Source of the gateway's own ICMP errors towards the Internet. Left out: the address of the outside interface
    /// (RFC 1812 section 4.3.2.4), or, where it has none, the first pool address.
    /// </summary>
    [Key("source-outside")]
    public Ipv4AddressValue? SourceOutside { get; private set; }

    /// <summary>
    /// Source of the gateway's own ICMP errors towards NAT444 customers. Left out: 192.0.0.1, as in softwires
    /// (RFC 6333 section 6.5).
    /// </summary>
    [Key("source-inside")]
    public Ipv4AddressValue? SourceInside { get; private set; }

    /// <summary>DSCP of those errors: copy that of the packet they are about, or a number (RFC 5508 REQ-10d).</summary>
    [Key("dscp", Min = "0", Max = "63")]
    [Word("copy", -1)]
    public int Dscp { get; private set; } = -1;

    /// <summary>
    /// What a host hears when ports, sessions or tables are exhausted: host-unreachable 3/1 (RFC 6888 REQ-11),
    /// admin-prohibited 3/13 (RFC 5508 REQ-8), silent nothing.
    /// </summary>
    [Key("exhaustion-answer")]
    [Choices("host-unreachable", "admin-prohibited", "silent")]
    public ExhaustionAnswer ExhaustionAnswer { get; private set; }

    /// <summary>Pings of pool addresses: reply answers them, drop drops them (RFC 5508 REQ-10a).</summary>
    [Key("pool-ping")]
    [Choices("reply", "drop")]
    public PoolPing PoolPing { get; private set; }

    /// <summary>
    /// ICMP errors are carried only when the checksum of the header that they quote is right (RFC 5508 REQ-3a); some
    /// routers quote a stale one.
    /// </summary>
    [Key("verify-embedded-checksum")]
    public bool VerifyEmbeddedChecksum { get; private set; } = true;

    /// <summary>
    /// Smallest MTU that fragmentation needed may name on its way out, so that no subscriber spoils the path MTU of
    /// an address that others share (RFC 6269 section 10); 576 would be usual.
    /// </summary>
    [Key("outbound-mtu-min", Min = "68", Max = "1500", Unit = "bytes")]
    [Word("off", 0)]
    public int OutboundMtuMin { get; private set; }
}
