using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;

using Cgn.Contract.Pools;
using Cgn.Control.Radius;
using Cgn.Control.Radius.Dynamic;
using Cgn.Control.Radius.Learning;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>What is learnt of the access gateways' own accounting.</summary>
public sealed class LearningTests
{
    private const uint Start = 1;
    private const uint Stop = 2;
    private const uint Interim = 3;
    private const uint On = 7;

    private static readonly IPEndPoint s_from = new(IPAddress.Parse("192.0.2.7"), 1646);
    private static readonly Ipv6Prefix s_prefix = Ipv6Prefix.Parse("2001:db8:100:100::/56");

    private static readonly SubscriberId s_b4 = SubscriberIdentity.DsLite(s_prefix.Address, 56).Key;

    private readonly FakeDesk _desk = new();
    private readonly RadiusStatistics _statistics = new();
    private readonly AccountingLearner _learner;
    private byte _identifier;

    public LearningTests() => _learner = new AccountingLearner(
        [new DynamicClient(s_from.Address, FakeServer.Secret)], 56, 3, _desk,
        new PolicyReader(static name => name is "home" or "fast"), _statistics);

    [Fact]
    [Requirement("RAD-IMPL-1")]
    public void A_start_attaches_login_and_plan_and_its_own_stop_takes_them_away()
    {
        Assert.NotNull(Tell(Start, "A1", s_prefix, plan: "fast"));
        Assert.Equal("fast", _desk.Granted[s_b4].Plan);
        Assert.Equal("bob", _learner.Find(s_b4)!.UserName);

        // What says nothing new steers nothing; a new plan does.
        Tell(Interim, "A1", s_prefix, plan: "fast");
        Assert.Equal(1, _desk.Grants);
        Tell(Interim, "A1", s_prefix, plan: "home");
        Assert.Equal("home", _desk.Granted[s_b4].Plan);

        // The stop of the session before comes late.
        Tell(Start, "A2", s_prefix, plan: "home");
        Tell(Stop, "A1", s_prefix);
        Assert.NotNull(_learner.Find(s_b4));
        Assert.Empty(_desk.Disconnected);
        Tell(Stop, "A2", s_prefix);
        Assert.Null(_learner.Find(s_b4));
        Assert.Single(_desk.Disconnected);
    }

    [Fact]
    [Requirement("RAD-IMPL-1")]
    [Requirement("RFC8045-S3.1.3-1")]
    public void Other_static_mappings_are_news_and_what_can_not_be_granted_is_not_learnt()
    {
        Send(Interim, Forwarding(8443));
        Send(Interim, Forwarding(8443));
        Assert.Equal(1, _desk.Grants);
        Assert.Equal(8443, Assert.Single(_desk.Granted[s_b4].Forwardings).ExternalPort);
        Send(Interim, Forwarding(8444));
        Assert.Equal(8444, Assert.Single(_desk.Granted[s_b4].Forwardings).ExternalPort);
        _desk.Unable.Add(s_b4);
        Send(Interim, Forwarding(8445));
        Assert.Equal(8444, Assert.Single(_learner.Find(s_b4)!.Policy.Forwardings).ExternalPort);
    }

    private static Action<RadiusPacketWriter> Forwarding(ushort port) => writer =>
    {
        Subscriber("A1", s_prefix, "n", "home")(writer);
        writer.Add(
            AttributeType.IpPortForwardingMap,
            new IpPortForwardingMap(443, port, Ipv4Address.Parse("192.168.1.10")).Encode());
    };

    [Fact]
    [Requirement("RAD-IMPL-1")]
    public void A_gateway_that_begins_anew_has_no_subscribers_and_others_keep_theirs()
    {
        Tell(Start, "A1", s_prefix, nas: "bras-1");
        Tell(Start, "B1", Ipv6Prefix.Parse("2001:db8:100:200::/56"), nas: "bras-2");
        Assert.Equal(2, _desk.Granted.Count);
        Tell(On, "X", null, nas: "bras-1");
        Assert.Equal(s_b4, Assert.Single(_desk.Disconnected).Key);
    }

    [Fact]
    [Requirement("RAD-IMPL-1")]
    public void A_plan_of_the_access_gateways_own_is_passed_over_and_the_login_is_learnt()
    {
        Tell(Start, "A1", s_prefix, plan: "bras-filter-17");
        Assert.Null(_desk.Granted[s_b4].Plan);
        Assert.Equal("bob", _learner.Find(s_b4)!.UserName);
    }

    [Fact]
    public void Only_prefixes_of_a_subscribers_length_and_addresses_are_learnt_and_no_more_than_there_is_room_for()
    {
        Assert.NotNull(Tell(Start, "A", Ipv6Prefix.Parse("2001:db8:100::/48")));
        Assert.NotNull(Tell(Start, "A", Ipv6Prefix.Parse("2001:db8:100:100::/64")));
        Assert.Empty(_desk.Granted);
        for (uint i = 0; i < 5; i++)
        {
            Send(Start, writer =>
            {
                writer.Add(AttributeType.AcctSessionId, "S");
                writer.Add(AttributeType.FramedIpAddress, new Ipv4Address(0x6440_0000 + i));
            });
        }

        Assert.Equal(3, _desk.Granted.Count);
        Assert.Equal(4, _statistics[RadiusCounter.RecordsNotLearnt]);
    }

    [Fact]
    public void Strangers_forgeries_and_other_packets_get_no_answer_and_teach_nothing()
    {
        byte[] right = Packet(RadiusCode.AccountingRequest, Start, Subscriber("A1", s_prefix, "n", "home"));
        Assert.Null(_learner.Respond(right, new IPEndPoint(IPAddress.Parse("192.0.2.8"), 1646)));
        byte[] forged = [.. right];
        forged[^1] ^= 1;
        Assert.Null(_learner.Respond(forged, s_from));
        Assert.Null(_learner.Respond(
            Packet(RadiusCode.CoaRequest, Start, Subscriber("A1", s_prefix, "n", "home")), s_from));
        Assert.Null(_learner.Respond([4, 1, 0], s_from));
        Assert.Empty(_desk.Granted);
        Assert.Equal(4, _statistics[RadiusCounter.RecordsNotLearnt]);
    }

    private static Action<RadiusPacketWriter> Subscriber(
        string session, Ipv6Prefix? prefix, string nas, string? plan) => writer =>
        {
            writer.Add(AttributeType.UserName, "bob");
            writer.Add(AttributeType.NasIdentifier, nas);
            writer.Add(AttributeType.AcctSessionId, session);
            if (prefix is { } known)
                writer.Add(AttributeType.DelegatedIpv6Prefix, known);
            if (plan is not null)
                writer.Add(AttributeType.FilterId, plan);
            writer.Add(AttributeType.ProxyState, "p1");
            writer.Add(AttributeType.ProxyState, "p2");
        };

    private RadiusPacket? Tell(
        uint status, string session, Ipv6Prefix? prefix, string nas = "bras-1", string? plan = null)
    {
        RadiusPacket reply = Send(status, Subscriber(session, prefix, nas, plan));
        Assert.Equal(["p1", "p2"], reply.Attributes.Select(one => one.Text));
        return reply;
    }

    private RadiusPacket Send(uint status, Action<RadiusPacketWriter> attributes)
    {
        byte[] request = Packet(RadiusCode.AccountingRequest, status, attributes);
        Assert.True(RadiusPacket.TryRead(_learner.Respond(request, s_from), out RadiusPacket? reply));
        Assert.Equal(RadiusCode.AccountingResponse, reply.Code);
        Assert.True(PacketSignature.IsRight(reply, request.AsSpan(4, 16), FakeServer.Secret));
        return reply;
    }

    private byte[] Packet(RadiusCode code, uint status, Action<RadiusPacketWriter> attributes)
    {
        var writer = new RadiusPacketWriter(code, _identifier++, withMessageAuthenticator: false);
        writer.Add(AttributeType.AcctStatusType, status);
        attributes(writer);
        return writer.SignRequest(FakeServer.Secret);
    }
}
