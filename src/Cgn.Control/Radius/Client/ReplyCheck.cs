using System;

using Cgn.Control.Radius.Packets;

namespace Cgn.Control.Radius.Client;

/// <summary>Whether a reply is to be believed. One that is not is passed over, as if it had never come (RFC 2865 §3).
/// </summary>
internal static class ReplyCheck
{
    /// <summary>Checks code, authenticator and Message-Authenticator.</summary>
    /// <param name="reply">The reply.</param>
    /// <param name="request">The request with its identifier.</param>
    /// <param name="server">Whom it was sent to.</param>
    /// <returns>Null, or what is wrong.</returns>
    public static RadiusCounter? Of(RadiusPacket reply, ReadOnlySpan<byte> request, RadiusServerSettings server)
    {
        var asked = (RadiusCode)request[0];
        ReadOnlySpan<byte> authenticator = request.Slice(
            RadiusPacket.AuthenticatorAt, RadiusPacket.AuthenticatorBytes);
        if (!PacketSignature.IsRight(reply, authenticator, server.Secret))
            return RadiusCounter.RepliesForged;
        if (!Answers(asked, reply.Code))
            return RadiusCounter.RepliesOfWrongCode;
        return PacketSignature.CheckMessage(reply, authenticator, server.Secret) switch
        {
            MessageCheck.Wrong => RadiusCounter.RepliesForged,
            MessageCheck.Absent when asked == RadiusCode.AccessRequest && server.RequireMessageAuthenticator =>
                RadiusCounter.RepliesUnsigned,
            _ => null,
        };
    }

    private static bool Answers(RadiusCode request, RadiusCode reply) => request switch
    {
        RadiusCode.AccessRequest =>
            reply is RadiusCode.AccessAccept or RadiusCode.AccessReject or RadiusCode.AccessChallenge,
        RadiusCode.AccountingRequest => reply is RadiusCode.AccountingResponse,
        // RFC 5997 §3: an authentication port answers with the one, an accounting port with the other.
        RadiusCode.StatusServer => reply is RadiusCode.AccessAccept or RadiusCode.AccountingResponse,
        _ => false,
    };
}
