using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>Where RADIUS requests are taken.</summary>
public sealed class RadiusListenSection : ConfigSection
{
    /// <summary>Address and port to listen on.</summary>
    [Key("listen", Required = true)]
    public HostPort Listen { get; private set; }

    /// <summary>File whose first line is the shared secret.</summary>
    [Key("secret-file", Required = true)]
    public string SecretFile { get; private set; } = "";
}
