namespace Cgn.Control.Configuration.Model;

/// <summary>TLS of the management interface: 1.2 and 1.3.</summary>
public sealed class ApiTlsSection : ConfigSection
{
    /// <summary>The server's certificate and those between it and its root, PEM.</summary>
    [Key("certificate-file", Required = true)]
    public string CertificateFile { get; private set; } = "";

    /// <summary>Its private key, PEM, without a password.</summary>
    [Key("key-file", Required = true)]
    public string KeyFile { get; private set; } = "";

    /// <summary>Roots of the certificates that clients may show in place of a token, PEM. Left out: none.</summary>
    [Key("client-ca-file")]
    public string? ClientCaFile { get; private set; }

    /// <summary>What a client with such a certificate may: read, or write too.</summary>
    [Key("client-role")]
    [Choices("read", "write")]
    public ApiRole ClientRole { get; private set; }
}
