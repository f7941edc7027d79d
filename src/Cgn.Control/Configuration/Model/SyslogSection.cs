using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>A syslog receiver.</summary>
public sealed class SyslogSection : ConfigSection
{
    /// <summary>Its address and port.</summary>
    [Key("server", Required = true)]
    public HostPort Server { get; private set; }

    /// <summary>udp (RFC 5426) or tcp (RFC 6587).</summary>
    [Key("transport")]
    [Choices("udp", "tcp")]
    public LogTransport Transport { get; private set; }
}
