using System.Collections.Generic;

using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>How long idle things live (RFC 8512 section 3, timers).</summary>
public sealed class TimersSection : ConfigSection
{
    /// <summary>UDP session without traffic; not below 120s (RFC 4787 REQ-5).</summary>
    [Key("udp-timeout", Min = "1s", Max = "30d")]
    public Duration UdpTimeout { get; private set; } = Duration.Seconds(300);

    /// <summary>Established TCP connection without traffic; not below 7440s (RFC 5382 REQ-5).</summary>
    [Key("tcp-idle-timeout", Min = "1s", Max = "30d")]
    public Duration TcpIdleTimeout { get; private set; } = Duration.Seconds(7440);

    /// <summary>
    /// TCP connection that is not established yet; 240s is recommended, and less is allowed (RFC 7857 section 2.1).
    /// </summary>
    [Key("tcp-trans-open-timeout", Min = "1s", Max = "30d")]
    public Duration TcpTransOpenTimeout { get; private set; } = Duration.Seconds(240);

    /// <summary>
    /// TCP connection that is closing; not below 240s (RFC 5382 REQ-5, RFC 7857 section 2.1).
    /// </summary>
    [Key("tcp-trans-close-timeout", Min = "1s", Max = "30d")]
    public Duration TcpTransCloseTimeout { get; private set; } = Duration.Seconds(240);

    /// <summary>TCP connection that was reset; 240s is recommended (RFC 7857 section 2.2).</summary>
    [Key("tcp-rst-timeout", Min = "1s", Max = "30d")]
    public Duration TcpRstTimeout { get; private set; } = Duration.Seconds(240);

    /// <summary>
    /// How long a SYN from outside that nothing admits waits for the inside to open the same connection; not below 6s
    /// (RFC 5382 REQ-4).
    /// </summary>
    [Key("tcp-in-syn-timeout", Min = "1s", Max = "60s")]
    public Duration TcpInSynTimeout { get; private set; } = Duration.Seconds(6);

    /// <summary>ICMP query session without traffic; not below 60s (RFC 5508 REQ-2).</summary>
    [Key("icmp-timeout", Min = "1s", Max = "30d")]
    public Duration IcmpTimeout { get; private set; } = Duration.Seconds(60);

    /// <summary>Session of a protocol that is carried by its addresses alone, without traffic.</summary>
    [Key("address-only-timeout", Min = "1s", Max = "30d")]
    public Duration AddressOnlyTimeout { get; private set; } = Duration.Seconds(300);

    /// <summary>Established DCCP connection without traffic; not below 7440s (RFC 5597 REQ-5).</summary>
    [Key("dccp-idle-timeout", Min = "1s", Max = "30d")]
    public Duration DccpIdleTimeout { get; private set; } = Duration.Seconds(7440);

    /// <summary>DCCP connection that is opening or closing; not below 240s (RFC 5597 REQ-5).</summary>
    [Key("dccp-trans-timeout", Min = "1s", Max = "30d")]
    public Duration DccpTransTimeout { get; private set; } = Duration.Seconds(240);

    /// <summary>
    /// IPv4 fragment that waits for the first of its packet; not below 2s (RFC 8512 fragment-min-timeout).
    /// </summary>
    [Key("fragment-timeout", Min = "100ms", Max = "120s")]
    public Duration FragmentTimeout { get; private set; } = Duration.Seconds(2);

    /// <summary>
    /// How long an endpoint that an application gateway has read of may wait for its first packet.
    /// </summary>
    [Key("pinhole-timeout", Min = "1s", Max = "1h")]
    public Duration PinholeTimeout { get; private set; } = Duration.Seconds(120);

    /// <summary>How long a freed port is not given out again (RFC 6888 REQ-8).</summary>
    [Key("hold-down-timeout", Max = "1d")]
    public Duration HoldDownTimeout { get; private set; } = Duration.Seconds(120);

    /// <summary>
    /// How long no port is given out after a start that found no state of an earlier run, as after a reboot of the
    /// machine (RFC 6888 REQ-8). A forwarder that was killed finds its state again and gives out what is free.
    /// </summary>
    [Key("hold-down-after-loss", Max = "1d")]
    public Duration HoldDownAfterLoss { get; private set; }

    /// <summary>
    /// UDP sessions towards well-known ports that live shorter (RFC 4787 REQ-5a); a mapping lives as long as the
    /// longest of its sessions.
    /// </summary>
    [Key("per-port-timeout")]
    public IReadOnlyList<PerPortTimeoutSection> PerPortTimeouts { get; private set; } = [];
}
