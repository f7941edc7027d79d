using System;
using System.CommandLine;
using System.IO;
using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

using Cgn.Control.Configuration.Model;

namespace Cgn.Cli.Verbs.Remote;

/// <summary>Where a gateway's API is, and how one is let in.</summary>
internal sealed class ApiOption
{
    private const string TokenVariable = "CGN_TOKEN";

    public Option<string?> Address { get; } = new("--api")
    {
        Description = "Where its API is, such as http://127.0.0.1:8464; left out: as the configuration says",
        HelpName = "URL",
    };

    public Option<string?> Token { get; } = new("--token-file")
    {
        Description = $"A file whose first line is the token for the API; left out: the variable {TokenVariable}",
        HelpName = "FILE",
    };

    public Option<string?> Roots { get; } = new("--ca-file")
    {
        Description = "Certificates that the API's may come from, PEM; left out: the system's",
        HelpName = "FILE",
    };

    /// <summary>The API that the command line or the configuration names; null when neither does.</summary>
    /// <exception cref="CommandException">An argument is unusable.</exception>
    public ApiClient? Client(ParseResult arguments, GatewayOptions? options)
    {
        string? address = arguments.GetValue(Address) ?? Configured(options?.Api);
        if (address is null)
            return null;
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? uri) || uri.Scheme is not ("http" or "https"))
            throw new CommandException($"--api: '{address}' is no address; http://127.0.0.1:8464 would be");
        return new ApiClient(uri, TokenOf(arguments), RootsOf(arguments, options?.Api));
    }

    /// <summary>The command line names an API.</summary>
    public bool IsGiven(ParseResult arguments) => arguments.GetValue(Address) is not null;

    private static string? Configured(ApiSection? api)
    {
        if (api is null)
            return null;
        // Whoever listens everywhere listens on the loopback, too.
        string host = IPAddress.TryParse(api.Listen.Host, out IPAddress? ip)
            ? ip.Equals(IPAddress.Any) ? "127.0.0.1"
                : ip.Equals(IPAddress.IPv6Any) ? "[::1]"
                : ip.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6 ? $"[{ip}]" : ip.ToString()
            : api.Listen.Host;
        return $"{(api.Tls is null ? "http" : "https")}://{host}:{api.Listen.Port}";
    }

    private string? TokenOf(ParseResult arguments)
    {
        if (arguments.GetValue(Token) is not { } path)
            return Environment.GetEnvironmentVariable(TokenVariable) is { Length: > 0 } value ? value.Trim() : null;
        try
        {
            using var reader = new StreamReader(path);
            return reader.ReadLine()?.Trim() is { Length: > 0 } line
                ? line
                : throw new CommandException($"--token-file: {path} is empty; its first line would be the token");
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CommandException($"--token-file: {path} can't be read: {error.Message}", error);
        }
    }

    private X509Certificate2Collection? RootsOf(ParseResult arguments, ApiSection? api)
    {
        string? path = arguments.GetValue(Roots);
        // On the gateway itself its own certificate is at hand.
        if (path is null && (api?.Tls is not { } tls || !File.Exists(path = tls.CertificateFile)))
            return null;
        try
        {
            X509Certificate2Collection roots = [];
            roots.ImportFromPemFile(path);
            return roots;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandException($"--ca-file: {path} can't be read: {error.Message}", error);
        }
    }
}
