using System;
using System.Collections.Generic;
using System.IO;
using System.Net.Http;
using System.Net.Http.Headers;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading;

namespace Cgn.Cli.Verbs.Remote;

/// <summary>Asks a gateway's API.</summary>
internal sealed class ApiClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(90);

    private readonly HttpClient _http;

    /// <summary>Makes one.</summary>
    /// <param name="address">Such as http://127.0.0.1:8464.</param>
    /// <param name="token">The token; null for none.</param>
    /// <param name="roots">Certificates that the server's may come from, beside the system's; null for none.</param>
    public ApiClient(Uri address, string? token, X509Certificate2Collection? roots)
    {
        Address = address;
        var handler = new SocketsHttpHandler { ConnectTimeout = TimeSpan.FromSeconds(5), UseProxy = false };
        if (roots is not null)
        {
            handler.SslOptions.CertificateChainPolicy = new X509ChainPolicy
            {
                TrustMode = X509ChainTrustMode.CustomRootTrust,
                RevocationMode = X509RevocationMode.NoCheck,
            };
            handler.SslOptions.CertificateChainPolicy.CustomTrustStore.AddRange(roots);
        }

        _http = new HttpClient(handler) { BaseAddress = address, Timeout = s_patience };
        if (token is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
    }

    /// <summary>Where it is.</summary>
    public Uri Address { get; }

    /// <summary>Asks for a resource.</summary>
    /// <param name="path">Below /api/v1/.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="ApiException">It was not given.</exception>
    public JsonElement Get(string path, CancellationToken cancellation = default)
    {
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/v1/" + path);
            using HttpResponseMessage response = _http.Send(request, cancellation);
            using var reader = new StreamReader(response.Content.ReadAsStream(cancellation));
            string text = reader.ReadToEnd();
            return response.IsSuccessStatusCode
                ? JsonDocument.Parse(text).RootElement
                : throw new ApiException($"{Address}: {Detail(text, (int)response.StatusCode)}")
                {
                    Status = (int)response.StatusCode,
                };
        }
        catch (Exception error) when (error is HttpRequestException or IOException
            || (error is OperationCanceledException && !cancellation.IsCancellationRequested))
        {
            throw new ApiException($"{Address} does not answer: {error.Message}", error);
        }
        catch (JsonException error)
        {
            throw new ApiException($"{Address} answers with what is no JSON: is it the gateway's API?", error);
        }
    }

    /// <summary>The items of a table, page by page as they are enumerated.</summary>
    /// <param name="path">Below /api/v1/, with its query.</param>
    /// <param name="pageSize">Items of a page at most.</param>
    /// <exception cref="ApiException">They were not given.</exception>
    public IEnumerable<JsonElement> Items(string path, int pageSize)
    {
        string? cursor = null;
        char joint = path.Contains('?', StringComparison.Ordinal) ? '&' : '?';
        do
        {
            JsonElement page = Get($"{path}{joint}limit={pageSize}" + (cursor is null ? "" : $"&cursor={cursor}"));
            foreach (JsonElement item in page.GetProperty("items").EnumerateArray())
                yield return item;
            cursor = page.TryGetProperty("next-cursor", out JsonElement next) ? next.GetString() : null;
        }
        while (cursor is not null);
    }

    /// <summary>Lets go of its connections.</summary>
    public void Dispose() => _http.Dispose();

    private static string Detail(string text, int status)
    {
        try
        {
            if (JsonDocument.Parse(text).RootElement.TryGetProperty("detail", out JsonElement detail))
                return detail.ToString();
        }
        catch (JsonException)
        {
            // Not a problem of the API: whoever answered has but a status.
        }

        return $"status {status}";
    }
}
