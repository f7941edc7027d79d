using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>New sessions that all subscribers together may set up, by protocol.</summary>
public sealed class ProtocolRatesSection : ConfigSection
{
    /// <summary>Of TCP.</summary>
    [Key("tcp")]
    public EventRate Tcp { get; private set; }

    /// <summary>Of UDP.</summary>
    [Key("udp")]
    public EventRate Udp { get; private set; }

    /// <summary>Of ICMP.</summary>
    [Key("icmp")]
    public EventRate Icmp { get; private set; }

    /// <summary>Of all other protocols.</summary>
    [Key("other")]
    public EventRate Other { get; private set; }
}
