using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>A further RADIUS server, asked when those before it are silent.</summary>
public sealed class RadiusServerSection : ConfigSection
{
    /// <summary>Its address and port.</summary>
    [Key("server", Required = true)]
    public HostPort Server { get; private set; }

    /// <summary>File whose first line is the shared secret.</summary>
    [Key("secret-file", Required = true)]
    public string SecretFile { get; private set; } = "";

    /// <summary>Answers to Access-Requests without a Message-Authenticator are discarded (CVE-2024-3596).</summary>
    [Key("require-message-authenticator")]
    public bool RequireMessageAuthenticator { get; private set; } = true;

    /// <summary>It answers Status-Server, and is probed so when it was silent (RFC 5997).</summary>
    [Key("status-server")]
    public bool StatusServer { get; private set; } = true;
}
