using System;
using System.Collections.Generic;
using System.Net;

using Cgn.Control.Radius.Packets;

namespace Cgn.Control.Radius.Dynamic;

/// <summary>
/// Requests of the last minutes with their replies. A request is known by sender's address and port and its identifier
/// (RFC 5176 §2.3), and by its authenticator besides: the same bytes from another port are no retransmission but a
/// replay. Used by one thread.
/// </summary>
/// <param name="window">How long they are remembered.</param>
/// <param name="max">How many.</param>
internal sealed class ReplyMemory(TimeSpan window, int max)
{
    private readonly Dictionary<(IPEndPoint, byte), Entry> _byPlace = [];
    private readonly Dictionary<(IPAddress, string), IPEndPoint> _byAuthenticator = [];
    private readonly Queue<Entry> _byAge = new();

    /// <summary>No request more can be remembered now.</summary>
    public bool IsFull => _byAge.Count >= max;

    /// <summary>Forgets what is too old.</summary>
    public void Forget(DateTimeOffset now)
    {
        while (_byAge.TryPeek(out Entry? oldest) && now - oldest.At > window)
        {
            _byAge.Dequeue();
            if (_byPlace.GetValueOrDefault((oldest.From, oldest.Identifier)) == oldest)
                _byPlace.Remove((oldest.From, oldest.Identifier));
            _byAuthenticator.Remove((oldest.From.Address, oldest.Authenticator));
        }
    }

    /// <summary>The reply to the same request, or null.</summary>
    public byte[]? Find(RadiusPacket request, IPEndPoint from) =>
        _byPlace.TryGetValue((from, request.Identifier), out Entry? entry) && entry.Authenticator == Key(request)
            ? entry.Reply
            : null;

    /// <summary>The request came before, by another port or as another identifier's.</summary>
    public bool IsReplay(RadiusPacket request, IPEndPoint from) =>
        _byAuthenticator.ContainsKey((from.Address, Key(request)));

    /// <summary>Remembers a request and its reply.</summary>
    public void Add(RadiusPacket request, IPEndPoint from, byte[] reply, DateTimeOffset now)
    {
        Entry entry = new(from, request.Identifier, Key(request), reply, now);
        _byPlace[(from, request.Identifier)] = entry;
        _byAuthenticator[(from.Address, entry.Authenticator)] = from;
        _byAge.Enqueue(entry);
    }

    private static string Key(RadiusPacket request) => Convert.ToHexString(request.Authenticator);

    private sealed record Entry(
        IPEndPoint From, byte Identifier, string Authenticator, byte[] Reply, DateTimeOffset At);
}
