using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>A RADIUS accounting server.</summary>
public sealed class RadiusAccountingSection : ConfigSection
{
    /// <summary>Its address and port.</summary>
    [Key("server", Required = true)]
    public HostPort Server { get; private set; }

    /// <summary>File whose first line is the shared secret.</summary>
    [Key("secret-file", Required = true)]
    public string SecretFile { get; private set; } = "";

    /// <summary>Time between interim reports; not below 60s (RFC 2869 section 5.16).</summary>
    [Key("interim-interval", Min = "60s", Max = "7d")]
    public Duration InterimInterval { get; private set; } = Duration.Seconds(600);
}
