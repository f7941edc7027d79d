using System;
using System.Net;
using System.Security.Cryptography.X509Certificates;

using Cgn.Control.Api.Problems;
using Cgn.Control.Configuration.Model;

using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Cgn.Control.Api.Security;

/// <summary>
/// Finds out who asks: by a token, by a certificate that TLS has verified, or, on the loopback without a token file,
/// anybody, who may then read.
/// </summary>
internal sealed class Authenticator(ApiSection api, TokenFile? tokens, FailureGate gate)
{
    private const string Scheme = "Bearer ";

    /// <summary>Who asks.</summary>
    /// <exception cref="ApiProblem">He does not say, or what he says is not true.</exception>
    public Caller Identify(HttpContext context)
    {
        IPAddress from = context.Connection.RemoteIpAddress ?? IPAddress.None;
        // All of this machine's programs, and whoever comes through a proxy on it, have that address in common: one
        // with a wrong token must not keep out the others.
        if (!IPAddress.IsLoopback(from))
            RefuseWhileClosed(from);
        string text = context.Request.Headers.Authorization.ToString();
        if (text.Length != 0)
            return ByToken(text, from);
        if (context.Connection.ClientCertificate is { } certificate && api.Tls is { ClientCaFile: not null } tls)
            return new Caller(NameOf(certificate), tls.ClientRole);
        if (tokens is null && api.Tls?.ClientCaFile is null)
            return new Caller(Caller.Nobody, ApiRole.Read);
        context.Response.Headers.WWWAuthenticate = "Bearer";
        throw ApiProblem.Unauthorized(
            "this needs a token: a header 'Authorization: Bearer TOKEN'; 'cgn token add' makes one"
            + (api.Tls?.ClientCaFile is null ? "" : ", and a client certificate would do as well"));
    }

    /// <summary>What somebody who may only read is told.</summary>
    public ApiProblem Refuse(Caller caller) => ApiProblem.Forbidden(
        tokens is null && caller.Name == Caller.Nobody
            ? "changes need a token, and the configuration names no api.token-file: 'cgn token add --token-file FILE "
                + "--name NAME --role write' makes one"
            : $"{caller.Name} may read only; a token with the role write may change things");

    private Caller ByToken(string text, IPAddress from)
    {
        if (tokens is not null && text.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase)
            && tokens.Find(text[Scheme.Length..].Trim()) is { } caller)
            return caller;
        RefuseWhileClosed(from);
        gate.Fail(from);
        throw ApiProblem.Unauthorized(
            tokens is null
                ? $"the header {HeaderNames.Authorization} holds a token, but the configuration names no api.token-file"
                : $"the token in the header {HeaderNames.Authorization} is not known; 'Bearer TOKEN' with one of "
                    + "api.token-file would be right");
    }

    private void RefuseWhileClosed(IPAddress from)
    {
        if (gate.IsClosed(from, out int seconds))
        {
            throw ApiProblem.TooMany(
                $"too many attempts of {from} with a wrong token; the next one makes sense in {seconds} s", seconds);
        }
    }

    private static string NameOf(X509Certificate2 certificate) =>
        certificate.GetNameInfo(X509NameType.SimpleName, forIssuer: false) is { Length: > 0 } name
            ? name
            : certificate.Subject;
}
