namespace Cgn.Control.Configuration.Model;

/// <summary>External ports that a subscriber may have in use, by protocol (RFC 6888 REQ-4, RFC 8512).</summary>
public sealed class PortQuotaSection : ConfigSection
{
    /// <summary>TCP ports.</summary>
    [Key("tcp", Min = "1", Max = "65535", Unit = "ports")]
    [Word("unlimited", 0)]
    public uint Tcp { get; private set; }

    /// <summary>UDP ports.</summary>
    [Key("udp", Min = "1", Max = "65535", Unit = "ports")]
    [Word("unlimited", 0)]
    public uint Udp { get; private set; }

    /// <summary>ICMP query identifiers.</summary>
    [Key("icmp", Min = "1", Max = "65535", Unit = "identifiers")]
    [Word("unlimited", 0)]
    public uint Icmp { get; private set; }

    /// <summary>Mappings of all other protocols.</summary>
    [Key("other", Min = "1", Max = "65535", Unit = "mappings")]
    [Word("unlimited", 0)]
    public uint Other { get; private set; }
}
