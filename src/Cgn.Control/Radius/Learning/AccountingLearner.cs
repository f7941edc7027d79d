using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Threading;

using Cgn.Contract.Pools;
using Cgn.Control.Radius.Accounting;
using Cgn.Control.Radius.Dynamic;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Sessions;
using Cgn.Wire;

namespace Cgn.Control.Radius.Learning;

/// <summary>
/// Takes the accounting of the access gateways, sent or mirrored to us, and learns who its subscribers are: their
/// login, and the plan that a Filter-Id names. The way of an AFTR that stands alone.
/// </summary>
internal sealed class AccountingLearner
{
    private readonly Dictionary<IPAddress, byte[]> _secrets;
    private readonly int _maskBits;
    private readonly int _max;
    private readonly ISubscriberDesk _desk;
    private readonly PolicyReader _plans;
    private readonly RadiusStatistics _statistics;
    private readonly Dictionary<SubscriberId, LearntSubscriber> _known = [];
    private readonly Lock _gate = new();

    /// <summary>Makes a learner that knows nobody.</summary>
    /// <param name="clients">Who may send.</param>
    /// <param name="maskBits">Bits of a B4's address that name a DS-Lite subscriber.</param>
    /// <param name="max">Subscribers that are known at most.</param>
    /// <param name="desk">Grants what was learnt.</param>
    /// <param name="plans">Reads policies.</param>
    /// <param name="statistics">Where is counted.</param>
    public AccountingLearner(
        IReadOnlyList<DynamicClient> clients, int maskBits, int max, ISubscriberDesk desk, PolicyReader plans,
        RadiusStatistics statistics)
    {
        _secrets = clients.ToDictionary(static one => one.Address, static one => one.Secret);
        _maskBits = maskBits;
        _max = max;
        _desk = desk;
        _plans = plans;
        _statistics = statistics;
    }

    /// <summary>What is known of a subscriber, or null: its login for logs.</summary>
    public LearntSubscriber? Find(SubscriberId who)
    {
        lock (_gate)
            return _known.GetValueOrDefault(who);
    }

    /// <summary>Grants once more what was learnt of a subscriber.</summary>
    /// <returns>False when nothing is known of it, or it can't be granted.</returns>
    public bool Repeat(SubscriberIdentity who)
    {
        lock (_gate)
            return _known.TryGetValue(who.Key, out LearntSubscriber? learnt) && _desk.Grant(who, learnt.Policy) is null;
    }

    /// <summary>The reply to a record, or null for silence. Whatever is genuine is acknowledged, useful or not, or it
    /// would come again and again.</summary>
    /// <param name="datagram">Anything.</param>
    /// <param name="from">Who sent it.</param>
    public byte[]? Respond(ReadOnlySpan<byte> datagram, IPEndPoint from)
    {
        Span<byte> zeros = stackalloc byte[RadiusPacket.AuthenticatorBytes];
        zeros.Clear();
        if (!_secrets.TryGetValue(from.Address, out byte[]? secret)
            || !RadiusPacket.TryRead(datagram, out RadiusPacket? request)
            || request.Code != RadiusCode.AccountingRequest
            || !PacketSignature.IsRight(request, zeros, secret)
            || PacketSignature.CheckMessage(request, zeros, secret) == MessageCheck.Wrong)
        {
            _statistics.Count(RadiusCounter.RecordsNotLearnt);
            return null;
        }

        lock (_gate)
            _statistics.Count(Learn(request) ? RadiusCounter.RecordsLearnt : RadiusCounter.RecordsNotLearnt);
        var writer = new RadiusPacketWriter(
            RadiusCode.AccountingResponse, request.Identifier, withMessageAuthenticator: false);
        foreach (RadiusAttribute one in request.All(AttributeType.ProxyState))
            writer.Add(one.Type, one.Value.Span);
        return writer.SignReply(request.Authenticator, secret);
    }

    private bool Learn(RadiusPacket record)
    {
        if (!record.TryFind(AttributeType.AcctStatusType, out RadiusAttribute type)
            || !type.TryInteger(out uint status))
        {
            return false;
        }

        string nas = Text(record, AttributeType.NasIdentifier) + "/" + Text(record, AttributeType.NasIpAddress);
        return (AccountingStatus)status switch
        {
            AccountingStatus.On or AccountingStatus.Off => ForgetAll(nas),
            AccountingStatus.Start or AccountingStatus.Interim => Identity(record) is { } who && Know(record, who, nas),
            AccountingStatus.Stop =>
                Identity(record) is { } who && Forget(who, Text(record, AttributeType.AcctSessionId)),
            _ => false,
        };
    }

    private bool Know(RadiusPacket record, SubscriberIdentity who, string nas)
    {
        // A Filter-Id that is no plan here is a matter of the access gateway's own.
        RadiusAttribute[] attributes =
        [
            .. record.Attributes.Where(one => PolicyReader.IsChangeable(one)
                && (one.Type != AttributeType.FilterId || _plans.Knows(one.Text))),
        ];
        if (_plans.Read(attributes, out SubscriberPolicy policy, out _) != ErrorCause.None
            || (_known.Count >= _max && !_known.ContainsKey(who.Key)))
        {
            return false;
        }

        policy = _desk.Settle(who, policy);
        LearntSubscriber? before = _known.GetValueOrDefault(who.Key);
        LearntSubscriber now = new(
            who, nas, Text(record, AttributeType.AcctSessionId), Text(record, AttributeType.UserName), policy);
        // An interim record that says nothing new is no reason to steer the forwarder.
        bool isNew = before is null || before.Session != now.Session || before.Policy.Plan != policy.Plan
            || !before.Policy.Forwardings.SequenceEqual(policy.Forwardings);
        if ((isNew ? _desk.Grant(who, policy) : _desk.Obstacle(who, policy)) is not null)
            return false;
        _known[who.Key] = now;
        return true;
    }

    // A late stop of a session before must not end the one that runs now.
    private bool Forget(SubscriberIdentity who, string session)
    {
        if (_known.GetValueOrDefault(who.Key)?.Session != session)
            return false;
        _known.Remove(who.Key);
        _desk.Disconnect(who);
        return true;
    }

    private bool ForgetAll(string nas)
    {
        foreach (LearntSubscriber one in _known.Values.Where(one => one.Nas == nas).ToArray())
        {
            _known.Remove(one.Who.Key);
            _desk.Disconnect(one.Who);
        }

        return true;
    }

    private SubscriberIdentity? Identity(RadiusPacket record)
    {
        foreach (AttributeType type in (AttributeType[])
            [AttributeType.DelegatedIpv6Prefix, AttributeType.FramedIpv6Prefix])
        {
            // A longer prefix would be a part of a subscriber, a shorter one several.
            if (record.TryFind(type, out RadiusAttribute one) && one.TryPrefix(out Ipv6Prefix prefix)
                && prefix.Length == _maskBits)
            {
                return SubscriberIdentity.DsLite(prefix.Address, _maskBits);
            }
        }

        return record.TryFind(AttributeType.FramedIpAddress, out RadiusAttribute address)
            && address.TryIpv4(out Ipv4Address ipv4) ? SubscriberIdentity.Nat444(ipv4) : null;
    }

    private static string Text(RadiusPacket record, AttributeType type) =>
        !record.TryFind(type, out RadiusAttribute one) ? ""
        : type == AttributeType.NasIpAddress ? Convert.ToHexString(one.Value.Span)
        : one.Text;
}
