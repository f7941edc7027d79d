using System;
using System.Collections.Generic;

namespace Cgn.Control.Dhcpv6;

/// <summary>
/// Answers stateless DHCPv6 clients (RFC 8415 §6.1), directly or through relay agents: with the AFTR's name (RFC 6334)
/// and the rank of DS-Lite among softwires (RFC 8026), each only for who asks for it. It knows no addresses, so it has
/// nothing to say to any message but an Information-request.
/// </summary>
public sealed class Dhcpv6Responder
{
    private const byte Reply = 7;
    private const byte InformationRequest = 11;
    private const byte RelayForward = 12;
    private const byte RelayReply = 13;
    private const int HeaderBytes = 4;
    private const int RelayHeaderBytes = 34;
    // RFC 8415 §7.6, HOP_COUNT_LIMIT.
    private const int RelaysMax = 8;

    private readonly byte[] _duid;
    private readonly DomainName _aftr;
    private readonly bool _offersPriority;

    /// <summary>Makes a responder.</summary>
    /// <param name="duid">Who it is to clients, 3 to 130 bytes (RFC 8415 §11).</param>
    /// <param name="aftr">The AFTR's name.</param>
    /// <param name="offersPriority">Option 111 is known.</param>
    public Dhcpv6Responder(ReadOnlySpan<byte> duid, DomainName aftr, bool offersPriority)
    {
        ArgumentNullException.ThrowIfNull(aftr);
        _duid = duid.ToArray();
        _aftr = aftr;
        _offersPriority = offersPriority;
    }

    /// <summary>The answer comes from a relay agent, and goes to port 547; to 546 otherwise.</summary>
    /// <param name="message">A message that was answered.</param>
    public static bool IsRelayed(ReadOnlySpan<byte> message) => !message.IsEmpty && message[0] == RelayForward;

    /// <summary>The answer to a message, or null for what is to be ignored.</summary>
    /// <param name="message">What a client or a relay agent sent: anything at all.</param>
    public byte[]? Respond(ReadOnlySpan<byte> message) => Respond(message, RelaysMax);

    private byte[]? Respond(ReadOnlySpan<byte> message, int relays)
    {
        if (message.Length < HeaderBytes)
            return null;
        return message[0] switch
        {
            InformationRequest => Answer(message),
            RelayForward when relays > 0 && message.Length >= RelayHeaderBytes => Relay(message, relays),
            _ => null,
        };
    }

    private byte[]? Answer(ReadOnlySpan<byte> request)
    {
        ReadOnlySpan<byte> options = request[HeaderBytes..];
        // RFC 8415 §16.12: meant for another server, or asking for addresses after all.
        if (!Dhcpv6Options.AreWhole(options)
            || (Dhcpv6Options.TryFind(options, Dhcpv6Options.ServerId, out ReadOnlySpan<byte> meant)
                && !meant.SequenceEqual(_duid))
            || Dhcpv6Options.TryFind(options, Dhcpv6Options.NonTemporaryAddresses, out _)
            || Dhcpv6Options.TryFind(options, Dhcpv6Options.TemporaryAddresses, out _)
            || Dhcpv6Options.TryFind(options, Dhcpv6Options.DelegatedPrefixes, out _))
        {
            return null;
        }

        List<byte> reply = [Reply, .. request[1..HeaderBytes]];
        if (Dhcpv6Options.TryFind(options, Dhcpv6Options.ClientId, out ReadOnlySpan<byte> client))
            Dhcpv6Options.Add(reply, Dhcpv6Options.ClientId, client);
        Dhcpv6Options.Add(reply, Dhcpv6Options.ServerId, _duid);
        if (Dhcpv6Options.Asks(options, Dhcpv6Options.AftrName))
            Dhcpv6Options.Add(reply, Dhcpv6Options.AftrName, _aftr.Wire);
        // RFC 8026 §1.4: softwires in order, each named by its option; DS-Lite by the AFTR's name.
        if (_offersPriority && Dhcpv6Options.Asks(options, Dhcpv6Options.SoftwirePriority))
            Dhcpv6Options.Add(reply, Dhcpv6Options.SoftwirePriority, [0, (byte)Dhcpv6Options.AftrName]);
        return [.. reply];
    }

    private byte[]? Relay(ReadOnlySpan<byte> forward, int relays)
    {
        ReadOnlySpan<byte> options = forward[RelayHeaderBytes..];
        if (!Dhcpv6Options.AreWhole(options)
            || !Dhcpv6Options.TryFind(options, Dhcpv6Options.RelayMessage, out ReadOnlySpan<byte> inner)
            || Respond(inner, relays - 1) is not { } answer)
        {
            return null;
        }

        // RFC 8415 §19.3: hop count, link and peer as they came, and the agent's word for its interface.
        List<byte> reply = [RelayReply, .. forward[1..RelayHeaderBytes]];
        if (Dhcpv6Options.TryFind(options, Dhcpv6Options.InterfaceId, out ReadOnlySpan<byte> link))
            Dhcpv6Options.Add(reply, Dhcpv6Options.InterfaceId, link);
        Dhcpv6Options.Add(reply, Dhcpv6Options.RelayMessage, answer);
        return [.. reply];
    }
}
