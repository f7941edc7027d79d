namespace Cgn.Control.Configuration.Model;

/// <summary>What all subscribers together may have (RFC 8512 mapping-limits); each worker has its share.</summary>
public sealed class MappingLimitsSection : ConfigSection
{
    /// <summary>Subscribers.</summary>
    [Key("limit-subscribers", Min = "1", Max = "4000000000", Unit = "subscribers")]
    [Word("unlimited", 0)]
    public uint Subscribers { get; private set; }

    /// <summary>Mappings, held ones not included.</summary>
    [Key("limit-port-mappings", Min = "1", Max = "4000000000", Unit = "mappings")]
    [Word("unlimited", 0)]
    public uint PortMappings { get; private set; }

    /// <summary>The same for each protocol by itself.</summary>
    [Key("limit-per-protocol")]
    public ProtocolLimitsSection PerProtocol { get; private set; } = new();
}
