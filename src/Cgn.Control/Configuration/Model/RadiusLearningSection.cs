using System.Collections.Generic;

using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>Where the access gateways' own accounting is taken, to learn subscribers and their plans from.</summary>
public sealed class RadiusLearningSection : ConfigSection
{
    /// <summary>Address and port to listen on; the port is 1813 by convention.</summary>
    [Key("listen", Required = true)]
    public HostPort Listen { get; private set; }

    /// <summary>File whose first line is the shared secret.</summary>
    [Key("secret-file", Required = true)]
    public string SecretFile { get; private set; } = "";

    /// <summary>Who may send.</summary>
    [Key("clients", Required = true)]
    public IReadOnlyList<RadiusClientSection> Clients { get; private set; } = [];
}
