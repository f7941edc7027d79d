using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>A RADIUS server.</summary>
public sealed class RadiusServerSection : ConfigSection
{
    /// <summary>Its address and port.</summary>
    [Key("server", Required = true)]
    public HostPort Server { get; private set; }

    /// <summary>File whose first line is the shared secret.</summary>
    [Key("secret-file", Required = true)]
    public string SecretFile { get; private set; } = "";
}
