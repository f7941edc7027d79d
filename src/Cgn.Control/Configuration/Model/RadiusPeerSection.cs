using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>What is said of every RADIUS server, whatever it is for.</summary>
public abstract class RadiusPeerSection : ConfigSection
{
    /// <summary>Its address and port; of several servers the preferred one's.</summary>
    [Key("server", Required = true)]
    public HostPort Server { get; private set; }

    /// <summary>File whose first line is the shared secret.</summary>
    [Key("secret-file", Required = true)]
    public string SecretFile { get; private set; } = "";

    /// <summary>It answers Status-Server, and is probed so when it was silent (RFC 5997).</summary>
    [Key("status-server")]
    public bool StatusServer { get; private set; } = true;
}
