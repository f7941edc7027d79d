using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>An IPFIX collector.</summary>
public sealed class IpfixSection : ConfigSection
{
    /// <summary>Its address and port; the port is 4739 by convention.</summary>
    [Key("collector", Required = true)]
    public HostPort Collector { get; private set; }

    /// <summary>udp or tcp.</summary>
    [Key("transport")]
    [Choices("udp", "tcp")]
    public LogTransport Transport { get; private set; }

    /// <summary>Time after which templates are sent again over UDP (RFC 7011 section 8.4).</summary>
    [Key("template-refresh", Min = "1s", Max = "1d")]
    public Duration TemplateRefresh { get; private set; } = Duration.Seconds(600);
}
