namespace Cgn.Control.Configuration.Model;

/// <summary>How much fits, all workers together.</summary>
public sealed class CapacitySection : ConfigSection
{
    /// <summary>Subscribers.</summary>
    [Key("subscribers", Min = "1", Max = "16777216", Unit = "subscribers")]
    public uint Subscribers { get; private set; } = 65536;

    /// <summary>Mappings, held ones included.</summary>
    [Key("mappings", Min = "1", Max = "1000000000", Unit = "mappings")]
    public uint Mappings { get; private set; } = 1_000_000;

    /// <summary>Sessions.</summary>
    [Key("sessions", Min = "1", Max = "1000000000", Unit = "sessions")]
    public uint Sessions { get; private set; } = 2_000_000;
}
