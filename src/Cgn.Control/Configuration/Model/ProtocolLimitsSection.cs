namespace Cgn.Control.Configuration.Model;

/// <summary>Mappings that all subscribers together may have, by protocol.</summary>
public sealed class ProtocolLimitsSection : ConfigSection
{
    /// <summary>Of TCP.</summary>
    [Key("tcp", Min = "1", Max = "4000000000", Unit = "mappings")]
    [Word("unlimited", 0)]
    public uint Tcp { get; private set; }

    /// <summary>Of UDP.</summary>
    [Key("udp", Min = "1", Max = "4000000000", Unit = "mappings")]
    [Word("unlimited", 0)]
    public uint Udp { get; private set; }

    /// <summary>Of ICMP.</summary>
    [Key("icmp", Min = "1", Max = "4000000000", Unit = "mappings")]
    [Word("unlimited", 0)]
    public uint Icmp { get; private set; }

    /// <summary>Of all other protocols.</summary>
    [Key("other", Min = "1", Max = "4000000000", Unit = "mappings")]
    [Word("unlimited", 0)]
    public uint Other { get; private set; }
}
