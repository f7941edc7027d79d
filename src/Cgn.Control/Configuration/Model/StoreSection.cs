using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>The data base of bindings.</summary>
public sealed class StoreSection : ConfigSection
{
    /// <summary>Its file.</summary>
    [Key("path", Required = true)]
    public string Path { get; private set; } = "";

    /// <summary>How long records are kept.</summary>
    [Key("retention", Min = "1h", Max = "3650d")]
    public Duration Retention { get; private set; } = Duration.Seconds(180 * 86400);
}
