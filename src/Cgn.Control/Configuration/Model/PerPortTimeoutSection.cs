using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>How long sessions towards one well-known port live (RFC 8512 per-port-timeout).</summary>
public sealed class PerPortTimeoutSection : ConfigSection
{
    /// <summary>Remote port; no other may have a timer of its own (RFC 4787 REQ-5a).</summary>
    [Key("port-number", Required = true, Min = "0", Max = "1023", Unit = "(RFC 4787 REQ-5a)")]
    public int PortNumber { get; private set; }

    /// <summary>Transport protocol.</summary>
    [Key("protocol")]
    [Choices("udp")]
    public TimedProtocol Protocol { get; private set; }

    /// <summary>Session without traffic.</summary>
    [Key("timeout", Required = true, Min = "1s", Max = "30d")]
    public Duration Timeout { get; private set; }
}
