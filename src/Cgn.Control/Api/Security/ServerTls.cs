using System;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

using Cgn.Control.Configuration.Model;
using Cgn.Control.Hosting;

using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace Cgn.Control.Api.Security;

/// <summary>The server's certificate, and whose certificates of clients are believed.</summary>
internal sealed class ServerTls
{
    private const string ClientAuthentication = "1.3.6.1.5.5.7.3.2";

    private readonly X509Certificate2 _certificate;
    private readonly X509Certificate2Collection _intermediates = [];
    private readonly X509Certificate2Collection? _roots;

    /// <summary>Reads the files.</summary>
    /// <exception cref="SystemRefusedException">One of them is unusable.</exception>
    public ServerTls(ApiTlsSection tls)
    {
        try
        {
            _certificate = X509Certificate2.CreateFromPemFile(tls.CertificateFile, tls.KeyFile);
            _intermediates.ImportFromPemFile(tls.CertificateFile);
            if (tls.ClientCaFile is { } roots)
            {
                _roots = [];
                _roots.ImportFromPemFile(roots);
            }
        }
        catch (Exception error) when (error is CryptographicException or System.IO.IOException
            or UnauthorizedAccessException)
        {
            throw new SystemRefusedException(
                $"api.tls can't be used: {error.Message}; PEM files of a certificate, its key and the clients' roots "
                + "would be right", error);
        }

        if (_roots?.Count == 0)
            throw new SystemRefusedException($"api.tls.client-ca-file {tls.ClientCaFile} holds no certificate");
    }

    /// <summary>Makes an address speak TLS.</summary>
    public void Use(ListenOptions listen) => listen.UseHttps(https =>
    {
        https.ServerCertificate = _certificate;
        https.ServerCertificateChain = _intermediates;
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (_roots is null)
            return;
        // Allowed, not required: a token does as well. One that is shown must be good.
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.ClientCertificateValidation = (certificate, _, _) => IsBelieved(certificate);
    });

    private bool IsBelieved(X509Certificate2 certificate)
    {
        using var chain = new X509Chain();
        chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        chain.ChainPolicy.CustomTrustStore.AddRange(_roots!);
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return chain.Build(certificate);
    }
}
