namespace Cgn.Control.Configuration.Model;

/// <summary>A further RADIUS server, asked when those before it are silent.</summary>
public class RadiusServerSection : RadiusPeerSection
{
    /// <summary>Answers to Access-Requests without a Message-Authenticator are discarded (CVE-2024-3596).</summary>
    [Key("require-message-authenticator")]
    public bool RequireMessageAuthenticator { get; private set; } = true;
}
