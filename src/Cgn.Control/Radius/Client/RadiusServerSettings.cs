using System.Net;

namespace Cgn.Control.Radius.Client;

/// <summary>A server, and what we share with it.</summary>
/// <param name="EndPoint">Where it listens.</param>
/// <param name="Secret">The shared secret, at least one byte.</param>
internal sealed record RadiusServerSettings(IPEndPoint EndPoint, byte[] Secret)
{
    /// <summary>Replies to Access-Requests without a Message-Authenticator are discarded (CVE-2024-3596).</summary>
    public bool RequireMessageAuthenticator { get; init; } = true;

    /// <summary>It answers Status-Server (RFC 5997), so that a dead one is probed instead of tried with requests.
    /// </summary>
    public bool AnswersStatus { get; init; } = true;
}
