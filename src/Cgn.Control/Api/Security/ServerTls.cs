using System;
using System.IO;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Threading;

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
    private static readonly TimeSpan s_look = TimeSpan.FromSeconds(1);

    private readonly ApiTlsSection _files;
    private readonly OperatorLog _log;
    private readonly Lock _gate = new();
    private SslStreamCertificateContext _certificate;
    private (DateTime Certificate, DateTime Key) _written;
    private long _lookAt;
    private readonly X509Certificate2Collection? _roots;

    /// <summary>Reads the files.</summary>
    /// <exception cref="SystemRefusedException">One of them is unusable.</exception>
    public ServerTls(ApiTlsSection tls, OperatorLog log)
    {
        (_files, _log) = (tls, log);
        try
        {
            _certificate = Read();
            _written = Written();
            if (tls.ClientCaFile is { } roots)
            {
                _roots = [];
                _roots.ImportFromPemFile(roots);
            }
        }
        catch (Exception error) when (error is CryptographicException or IOException
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
        // Kestrel wants a selector; the context goes with the certificates between this one and its root, too.
        https.OnAuthenticate = (_, options) =>
        {
            options.ServerCertificateSelectionCallback = null;
            options.ServerCertificateContext = Current();
            options.CertificateChainPolicy = _roots is null ? null : ClientPolicy();
        };
        https.ServerCertificateSelector = (_, _) => Current().TargetCertificate;
        https.SslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13;
        if (_roots is null)
            return;
        // Allowed, not required: a token does as well. One that is shown must be good.
        https.ClientCertificateMode = ClientCertificateMode.AllowCertificate;
        https.ClientCertificateValidation = (_, _, errors) => errors == SslPolicyErrors.None;
    });

    // Certificates are renewed while the gateway runs, and taken as soon as both files fit each other.
    private SslStreamCertificateContext Current()
    {
        lock (_gate)
        {
            if (Environment.TickCount64 < _lookAt)
                return _certificate;
            _lookAt = Environment.TickCount64 + (long)s_look.TotalMilliseconds;
            (DateTime, DateTime) written = Written();
            if (written == _written)
                return _certificate;
            _written = written;
            try
            {
                _certificate = Read();
                _log.Info("api.tls: the renewed certificate is in use");
            }
            catch (Exception error) when (error is CryptographicException or IOException
                or UnauthorizedAccessException)
            {
                _log.Warn($"api.tls: the renewed certificate can't be used, the one before is: {error.Message}");
            }

            return _certificate;
        }
    }

    private SslStreamCertificateContext Read()
    {
        using X509Certificate2 read = X509Certificate2.CreateFromPemFile(_files.CertificateFile, _files.KeyFile);
        X509Certificate2Collection chain = [];
        chain.ImportFromPemFile(_files.CertificateFile);
        return SslStreamCertificateContext.Create(new X509Certificate2(read), chain, offline: true);
    }

    private (DateTime Certificate, DateTime Key) Written() =>
        (File.GetLastWriteTimeUtc(_files.CertificateFile), File.GetLastWriteTimeUtc(_files.KeyFile));

    // What a client shows may name places to fetch certificates from: nobody is asked for anything on its word.
    private X509ChainPolicy ClientPolicy()
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            DisableCertificateDownloads = true,
        };
        policy.CustomTrustStore.AddRange(_roots!);
        policy.ApplicationPolicy.Add(new Oid(ClientAuthentication));
        return policy;
    }
}
