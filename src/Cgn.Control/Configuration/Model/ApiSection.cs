using Cgn.Control.Configuration.Values;

namespace Cgn.Control.Configuration.Model;

/// <summary>The management interface: HTTP, below /api/v1.</summary>
public sealed class ApiSection : ConfigSection
{
    /// <summary>
    /// Address and port to listen on. Anything but the loopback needs tls, and tokens or certificates.
    /// </summary>
    [Key("listen", Required = true)]
    public HostPort Listen { get; private set; }

    /// <summary>
    /// Who may read and write: one NAME ROLE sha256:HASH a line, as cgn token add writes them. Left out: on the
    /// loopback everybody may read and nobody may write.
    /// </summary>
    [Key("token-file")]
    public string? TokenFile { get; private set; }

    /// <summary>Certificates. Left out: plain HTTP, on the loopback only.</summary>
    [Key("tls")]
    public ApiTlsSection? Tls { get; private set; }

    /// <summary>
    /// Every change and every refused attempt, one JSON object a line. Left out: audit.jsonl in the state directory.
    /// </summary>
    [Key("audit-log")]
    public string? AuditLog { get; private set; }

    /// <summary>
    /// Static mappings made at run time; they come back after a restart as long as this file is there. Left out:
    /// static-mappings.json in the state directory.
    /// </summary>
    [Key("static-mappings-file")]
    public string? StaticMappingsFile { get; private set; }
}
