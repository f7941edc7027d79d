using System;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading.Tasks;

using Cgn.Control.Hosting;

using Xunit;

namespace Cgn.Control.Tests.Api;

/// <summary>TLS with certificates that the test makes, of the server and of its clients.</summary>
public sealed class TlsTests : IDisposable
{
    private const string Keys = ", tls: { certificate-file: FOLDER/server.crt, key-file: FOLDER/server.key, "
        + "client-ca-file: FOLDER/ca.crt, client-role: write }";

    private readonly X509Certificate2 _ca = Root("operators");
    private readonly X509Certificate2 _strangers = Root("strangers");

    public void Dispose()
    {
        _ca.Dispose();
        _strangers.Dispose();
    }

    [Fact]
    public async Task A_client_certificate_of_the_named_root_stands_for_a_token()
    {
        await using TestApi api = await TestApi.StartAsync(Keys, prepare: Prepare);
        using HttpClient operatorOf = Client(api, Issue(_ca, "alice"));

        Assert.Equal("https", api.Address.Scheme);
        await TestApi.ReadAsync(await operatorOf.GetAsync("/api/v1/pools"), 200);
        await TestApi.ReadAsync(await operatorOf.DeleteAsync("/api/v1/static-mappings/tcp/203.0.113.5:1"), 404);
        JsonElement line = JsonDocument.Parse(File.ReadAllLines(api.AuditFile)[^1]).RootElement;
        Assert.Equal(("alice", "write"),
            (line.GetProperty("who").GetString(), line.GetProperty("role").GetString()));
    }

    [Fact]
    public async Task Without_a_certificate_or_token_nobody_is_answered_and_a_strange_one_not_even_heard()
    {
        await using TestApi api = await TestApi.StartAsync(Keys, prepare: Prepare);
        using HttpClient nobody = Client(api, null);
        await TestApi.ReadAsync(await nobody.GetAsync("/api/v1/pools"), 401);
        nobody.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", "x");
        await TestApi.ReadAsync(await nobody.GetAsync("/api/v1/pools"), 401);

        using HttpClient stranger = Client(api, Issue(_strangers, "mallory"));
        await Assert.ThrowsAsync<HttpRequestException>(() => stranger.GetAsync("/api/v1/pools"));
    }

    [Fact]
    public async Task Plain_http_is_not_spoken_there()
    {
        await using TestApi api = await TestApi.StartAsync(Keys, prepare: Prepare);
        using var http = new HttpClient();

        await Assert.ThrowsAnyAsync<HttpRequestException>(
            () => http.GetAsync(new UriBuilder(api.Address) { Scheme = "http" }.Uri));
    }

    [Fact]
    public async Task A_renewed_certificate_is_taken_without_a_restart()
    {
        string at = "";
        await using TestApi api = await TestApi.StartAsync(Keys, prepare: folder => Prepare(at = folder));
        string first = await ShownAsync(api);
        Prepare(at);
        DateTime later = DateTime.UtcNow.AddMinutes(1);
        File.SetLastWriteTimeUtc(Path.Combine(at, "server.crt"), later);
        await Hosting.TestGateway.UntilAsync(
            () => ShownAsync(api).GetAwaiter().GetResult() != first, "the other certificate");
        File.WriteAllText(Path.Combine(at, "server.key"), "no key");
        File.SetLastWriteTimeUtc(Path.Combine(at, "server.key"), later.AddMinutes(1));
        await Hosting.TestGateway.UntilAsync(
            () => ShownAsync(api).GetAwaiter().GetResult().Length != 0
                && api.Errors.Contains("can't be used, the one before is"),
            "the warning");
    }

    [Fact]
    public async Task A_certificate_that_can_not_be_read_ends_the_start()
    {
        var refusal = await Assert.ThrowsAsync<SystemRefusedException>(
            () => TestApi.StartAsync(Keys, prepare: folder =>
            {
                Prepare(folder);
                File.WriteAllText(Path.Combine(folder, "server.key"), "no key");
            }));

        Assert.StartsWith("api.tls can't be used", refusal.Message);
    }

    private void Prepare(string folder)
    {
        using X509Certificate2 server = Issue(_ca, "localhost");
        File.WriteAllText(Path.Combine(folder, "ca.crt"), _ca.ExportCertificatePem());
        File.WriteAllText(Path.Combine(folder, "server.crt"), server.ExportCertificatePem());
        File.WriteAllText(
            Path.Combine(folder, "server.key"), server.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
    }

    private HttpClient Client(TestApi api, X509Certificate2? certificate)
    {
        var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, chain, _) =>
            {
                chain!.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.CustomTrustStore.Add(_ca);
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                return chain.Build(shown!);
            },
        };
        if (certificate is not null)
            handler.ClientCertificates.Add(certificate);
        return new HttpClient(handler) { BaseAddress = api.Address };
    }

    private static async Task<string> ShownAsync(TestApi api)
    {
        string shown = "";
        using var handler = new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
            {
                shown = certificate!.Thumbprint;
                return true;
            },
        };
        using var http = new HttpClient(handler);
        await http.GetAsync(new Uri(api.Address, "/api/v1/health"));
        return shown;
    }

    private static X509Certificate2 Root(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    private static X509Certificate2 Issue(X509Certificate2 root, string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(
            [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        using X509Certificate2 issued = request.Create(
            root, DateTimeOffset.UtcNow.AddHours(-1), DateTimeOffset.UtcNow.AddHours(1),
            RandomNumberGenerator.GetBytes(8));
        using X509Certificate2 whole = issued.CopyWithPrivateKey(key);
        // The system's TLS takes keys from a container only.
        return X509CertificateLoader.LoadPkcs12(
            whole.Export(X509ContentType.Pkcs12), null, X509KeyStorageFlags.Exportable);
    }
}
