using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>A place to serve.</summary>
public sealed class ListenSection : ConfigSection
{
    /// <summary>Address and port to listen on.</summary>
    [Key("listen", Required = true)]
    public HostPort Listen { get; private set; }
}
