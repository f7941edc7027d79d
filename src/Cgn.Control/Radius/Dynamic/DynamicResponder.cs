using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;

using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Sessions;

namespace Cgn.Control.Radius.Dynamic;

/// <summary>
/// Answers requests to change or end sessions (RFC 5176). Whatever is not surely from somebody who may ask gets no
/// answer at all. Used by one thread.
/// </summary>
internal sealed class DynamicResponder
{
    private const uint AuthorizeOnly = 17;

    private readonly DynamicSettings _settings;
    private readonly NasIdentity _nas;
    private readonly SessionTable _sessions;
    private readonly PolicyReader _plans;
    private readonly RadiusStatistics _statistics;
    private readonly TimeProvider _time;
    private readonly ReplyMemory _memory;
    private readonly Dictionary<IPAddress, byte[]> _secrets;

    /// <summary>Makes a responder that remembers nothing yet.</summary>
    public DynamicResponder(
        DynamicSettings settings, NasIdentity nas, SessionTable sessions, PolicyReader plans,
        RadiusStatistics statistics, TimeProvider time)
    {
        _settings = settings;
        _nas = nas;
        _sessions = sessions;
        _plans = plans;
        _statistics = statistics;
        _time = time;
        // A timestamp may lie a window ahead and stays right for one more after that.
        _memory = new ReplyMemory(settings.Window * 2, settings.RememberedMax);
        _secrets = settings.Clients.ToDictionary(static one => one.Address, static one => one.Secret);
    }

    /// <summary>The reply to a datagram, or null for silence.</summary>
    /// <param name="datagram">Anything.</param>
    /// <param name="from">Who sent it.</param>
    public byte[]? Respond(ReadOnlySpan<byte> datagram, IPEndPoint from)
    {
        _statistics.Count(RadiusCounter.DynamicRequests);
        DateTimeOffset now = _time.GetUtcNow();
        _memory.Forget(now);
        if (!_secrets.TryGetValue(from.Address, out byte[]? secret))
            return Silence(RadiusCounter.DynamicUnknownSender);
        if (!RadiusPacket.TryRead(datagram, out RadiusPacket? request)
            || request.Code is not (RadiusCode.CoaRequest or RadiusCode.DisconnectRequest))
        {
            return Silence(RadiusCounter.DynamicMalformed);
        }

        if (!IsGenuine(request, secret))
            return Silence(RadiusCounter.DynamicForged);
        if (!IsOfNow(request, now))
            return Silence(RadiusCounter.DynamicStale);
        if (_memory.Find(request, from) is { } before)
        {
            _statistics.Count(RadiusCounter.DynamicRepeated);
            return before;
        }

        if (_memory.IsReplay(request, from))
            return Silence(RadiusCounter.DynamicReplayed);
        if (_memory.IsFull)
            return Silence(RadiusCounter.DynamicFull);
        byte[] reply = Reply(request, Carry(request), secret);
        _memory.Add(request, from, reply, now);
        return reply;
    }

    private byte[]? Silence(RadiusCounter why)
    {
        _statistics.Count(why);
        return null;
    }

    // RFC 5176 §2.3 and §3.4: both authenticators are computed with zeros in the authenticator's place.
    private bool IsGenuine(RadiusPacket request, byte[] secret)
    {
        Span<byte> zeros = stackalloc byte[RadiusPacket.AuthenticatorBytes];
        zeros.Clear();
        if (!PacketSignature.IsRight(request, zeros, secret))
            return false;
        MessageCheck check = PacketSignature.CheckMessage(request, zeros, secret);
        return check == MessageCheck.Right
            || (check == MessageCheck.Absent && !_settings.RequireMessageAuthenticator);
    }

    private bool IsOfNow(RadiusPacket request, DateTimeOffset now)
    {
        if (!request.TryFind(AttributeType.EventTimestamp, out RadiusAttribute stamp))
            return !_settings.RequireTimestamp;
        return stamp.TryInteger(out uint seconds)
            && (now - DateTimeOffset.FromUnixTimeSeconds(seconds)).Duration() <= _settings.Window;
    }

    private ErrorCause Carry(RadiusPacket request)
    {
        IReadOnlyList<RadiusAttribute> all = request.Attributes;
        bool isDisconnect = request.Code == RadiusCode.DisconnectRequest;
        if (!isDisconnect && ServiceFault(request) is { } service)
            return service;
        if (all.Any(one => !IsSupported(one, isDisconnect)))
            return ErrorCause.UnsupportedAttribute;
        if (all.Any(one => SessionMatch.NamesNas(one.Type) && !_nas.IsMeantBy(one)))
            return ErrorCause.NasIdentificationMismatch;
        if (SessionMatch.Of(all) is not { } which)
            return ErrorCause.MissingAttribute;
        if (isDisconnect)
        {
            return _sessions.EndAll(which, TerminateCause.AdminReset) == 0
                ? ErrorCause.SessionContextNotFound
                : ErrorCause.None;
        }

        RadiusAttribute[] change = [.. all.Where(PolicyReader.IsChangeable)];
        return change.Length == 0 ? ErrorCause.MissingAttribute : _sessions.Change(which, change, _plans);
    }

    // RFC 5176 §3.2: "authorize only" must come with a State to ask again with, and is not supported here; neither is
    // another service for a session that runs.
    private static ErrorCause? ServiceFault(RadiusPacket request)
    {
        if (!request.TryFind(AttributeType.ServiceType, out RadiusAttribute service))
            return null;
        return service.TryInteger(out uint number) && number == AuthorizeOnly
            && !request.TryFind(AttributeType.State, out _)
                ? ErrorCause.MissingAttribute
                : ErrorCause.UnsupportedService;
    }

    // RFC 5176 §2.3: an attribute that is not understood is no reason to do the rest.
    private static bool IsSupported(RadiusAttribute one, bool isDisconnect) =>
        SessionMatch.Identifies(one.Type) || SessionMatch.NamesNas(one.Type)
        || one.Type is AttributeType.MessageAuthenticator or AttributeType.EventTimestamp
            or AttributeType.ProxyState or AttributeType.ReplyMessage
        || (isDisconnect
            ? one.Type is AttributeType.AcctTerminateCause or AttributeType.Class
            : PolicyReader.IsChangeable(one) || one.Type is AttributeType.State);

    private byte[] Reply(RadiusPacket request, ErrorCause cause, byte[] secret)
    {
        bool isDisconnect = request.Code == RadiusCode.DisconnectRequest;
        bool isDone = cause == ErrorCause.None;
        _statistics.Count(isDisconnect
            ? isDone ? RadiusCounter.DisconnectsAcknowledged : RadiusCounter.DisconnectsRefused
            : isDone ? RadiusCounter.CoaAcknowledged : RadiusCounter.CoaRefused);
        RadiusCode code = isDisconnect
            ? isDone ? RadiusCode.DisconnectAck : RadiusCode.DisconnectNak
            : isDone ? RadiusCode.CoaAck : RadiusCode.CoaNak;
        var writer = new RadiusPacketWriter(code, request.Identifier, withMessageAuthenticator: true);
        foreach (RadiusAttribute one in request.Attributes)
        {
            // What must come back is no longer than what came, so it fits but for what we add.
            if (one.Type is AttributeType.ProxyState or AttributeType.State && writer.Room > byte.MaxValue)
                writer.Add(one.Type, one.Value.Span);
        }

        if (!isDone)
            writer.Add(AttributeType.ErrorCause, (uint)cause);
        else if (isDisconnect)
            writer.Add(AttributeType.AcctTerminateCause, (uint)TerminateCause.AdminReset);
        return writer.SignReply(request.Authenticator, secret);
    }
}
