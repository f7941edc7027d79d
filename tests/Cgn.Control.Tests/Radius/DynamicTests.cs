using System;
using System.Linq;
using System.Net;

using Cgn.Control.Radius;
using Cgn.Control.Radius.Dynamic;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>Changes and disconnections (RFC 5176): who may ask, for what, and what comes back.</summary>
public sealed partial class DynamicTests
{
    private static readonly byte[] s_secret = FakeServer.Secret;
    private static readonly IPEndPoint s_from = new(IPAddress.Parse("192.0.2.10"), 40000);

    private static readonly SubscriberIdentity s_b4 =
        SubscriberIdentity.DsLite(Ipv6Address.Parse("2001:db8:100:101::2"), 56);

    private static readonly SubscriberIdentity s_customer =
        SubscriberIdentity.Nat444(new Ipv4Address(100, 64, 0, 7));

    private readonly ManualTime _time = new();
    private readonly FakeDesk _desk = new();
    private readonly FakeAccountant _accountant = new();
    private readonly RadiusStatistics _statistics = new();
    private readonly SessionTable _sessions;
    private byte _identifier;

    public DynamicTests()
    {
        _sessions = new SessionTable(
            _desk, _accountant, new SessionIds(1), new SessionSettings(), _statistics, _time);
        RadiusAttribute[] said =
        [
            new(AttributeType.FilterId, "home"u8.ToArray()), new(AttributeType.UserName, "bob"u8.ToArray()),
            new(AttributeType.ChargeableUserIdentity, "cui-7"u8.ToArray()),
            new(AttributeType.IpPortLimitInfo, new IpPortLimitInfo(1024).Encode()),
        ];
        foreach (SubscriberIdentity who in (SubscriberIdentity[])[s_b4, s_customer])
        {
            Plans.Read(said, out SubscriberPolicy policy, out _);
            _sessions.Begin(who, said, policy, isAuthenticated: true);
        }
    }

    private static PolicyReader Plans { get; } = new(static name => name is "home" or "fast");

    [Theory]
    [InlineData(RadiusCode.AccessRequest)]
    [InlineData(RadiusCode.AccountingRequest)]
    [InlineData(RadiusCode.StatusServer)]
    [InlineData(RadiusCode.CoaAck)]
    [InlineData((RadiusCode)200)]
    [Requirement("RFC5176-S2.3-CODE")]
    public void Any_other_code_gets_no_answer(RadiusCode code)
    {
        DynamicResponder responder = Responder();
        Assert.Null(responder.Respond(Request(code, Disconnecting), s_from));
        Assert.Null(responder.Respond([40, 1, 0], s_from));
        Assert.Equal(2, _statistics[RadiusCounter.DynamicMalformed]);
        Assert.Equal(2, _sessions.Count);
    }

    [Fact]
    [Requirement("RFC5176-S6.1-1")]
    [Requirement("RFC5176-S2.3-AUTH")]
    [Requirement("RFC5176-S3.4-1")]
    public void Strangers_and_whoever_does_not_know_the_secret_get_no_answer()
    {
        DynamicResponder responder = Responder();
        byte[] request = Request(RadiusCode.DisconnectRequest, Disconnecting);
        Assert.Null(responder.Respond(request, new IPEndPoint(IPAddress.Parse("192.0.2.11"), 40000)));
        Assert.Equal(1, _statistics[RadiusCounter.DynamicUnknownSender]);
        Assert.Null(responder.Respond(
            Request(RadiusCode.DisconnectRequest, Disconnecting, secret: [1, 2, 3]), s_from));

        // The authenticator is right, the Message-Authenticator is not.
        byte[] forged = Request(RadiusCode.DisconnectRequest, writer =>
        {
            writer.Add(AttributeType.MessageAuthenticator, new byte[16]);
            Disconnecting(writer);
        });
        Assert.Null(responder.Respond(forged, s_from));
        Assert.Equal(2, _statistics[RadiusCounter.DynamicForged]);
        Assert.Equal(2, _sessions.Count);
        Assert.NotNull(responder.Respond(request, s_from));

        // One secret for each client.
        byte[] ofOther = Request(RadiusCode.DisconnectRequest, Disconnecting, secret: [9, 9]);
        Assert.NotNull(responder.Respond(ofOther, new IPEndPoint(IPAddress.Parse("192.0.2.20"), 1)));
    }

    [Fact]
    [Requirement("RFC5176-S3.4-1")]
    public void A_message_authenticator_can_be_required_and_every_reply_has_one()
    {
        byte[] unsigned = Request(RadiusCode.CoaRequest, Plan("fast"));
        Assert.Null(Responder(settings => settings with { RequireMessageAuthenticator = true })
            .Respond(unsigned, s_from));
        byte[] signed = Request(RadiusCode.CoaRequest, Plan("fast"), isSigned: true);
        RadiusPacket reply = Answer(
            Responder(settings => settings with { RequireMessageAuthenticator = true }), signed);
        Assert.Equal(AttributeType.MessageAuthenticator, reply.Attributes[0].Type);
    }

    [Fact]
    [Requirement("RFC5176-S2.3-DUP")]
    public void The_same_request_gets_the_same_reply_and_is_carried_out_once()
    {
        DynamicResponder responder = Responder();
        byte[] request = Request(RadiusCode.DisconnectRequest, Disconnecting);
        byte[] first = responder.Respond(request, s_from)!;
        Assert.Equal(first, responder.Respond(request, s_from));
        Assert.Single(_desk.Disconnected);
        _time.Now += TimeSpan.FromSeconds(299);
        Assert.Equal(first, responder.Respond(request, s_from));
        Assert.Equal(2, _statistics[RadiusCounter.DynamicRepeated]);

        // The same identifier for something else is something else, and after the window all is new.
        _identifier--;
        byte[] other = Request(RadiusCode.CoaRequest, Plan("fast"));
        Assert.Equal(request[1], other[1]);
        Assert.Equal(RadiusCode.CoaNak, Answer(responder, other).Code);
        _time.Now += TimeSpan.FromSeconds(302);
        Assert.Equal(RadiusCode.DisconnectNak, Answer(responder, request).Code);
    }

    [Fact]
    [Requirement("RFC5176-S6.3-1")]
    [Requirement("RFC5176-S2.3-DUP")]
    public void The_same_bytes_from_another_port_are_a_replay_and_get_no_answer()
    {
        DynamicResponder responder = Responder();
        byte[] request = Request(RadiusCode.CoaRequest, Plan("fast"));
        Assert.NotNull(responder.Respond(request, s_from));
        int grants = _desk.Grants;
        Assert.Null(responder.Respond(request, new IPEndPoint(s_from.Address, 40001)));
        Assert.Equal(1, _statistics[RadiusCounter.DynamicReplayed]);
        Assert.Equal(grants, _desk.Grants);
    }

    [Fact]
    public void More_requests_than_can_be_remembered_are_not_looked_at_until_some_are_forgotten()
    {
        DynamicResponder responder = Responder(settings => settings with { RememberedMax = 2 });
        for (int i = 0; i < 2; i++)
            Assert.NotNull(responder.Respond(Request(RadiusCode.CoaRequest, Plan("fast")), s_from));
        Assert.Null(responder.Respond(Request(RadiusCode.CoaRequest, Plan("fast")), s_from));
        Assert.Equal(1, _statistics[RadiusCounter.DynamicFull]);
        _time.Now += TimeSpan.FromSeconds(601);
        Assert.NotNull(responder.Respond(Request(RadiusCode.CoaRequest, Plan("fast")), s_from));
    }

    [Theory]
    [InlineData(-301, false)]
    [InlineData(-300, true)]
    [InlineData(0, true)]
    [InlineData(300, true)]
    [InlineData(301, false)]
    [Requirement("RFC5176-S6.3-1")]
    public void A_timestamp_outside_the_window_gets_no_answer(int seconds, bool answered)
    {
        byte[] request = Request(RadiusCode.CoaRequest, writer =>
        {
            Plan("fast")(writer);
            writer.Add(
                AttributeType.EventTimestamp, (uint)ManualTime.Start.AddSeconds(seconds).ToUnixTimeSeconds());
        });
        Assert.Equal(answered, Responder().Respond(request, s_from) is not null);
        Assert.Equal(answered ? 0 : 1, _statistics[RadiusCounter.DynamicStale]);
        Assert.Equal(answered ? "fast" : "home", _desk.Granted[s_b4.Key].Plan);
    }

    [Fact]
    [Requirement("RFC5176-S6.3-1")]
    public void A_request_with_a_timestamp_ahead_is_remembered_until_the_timestamp_is_too_old()
    {
        DynamicResponder responder = Responder();
        byte[] request = Request(RadiusCode.CoaRequest, writer =>
        {
            Plan("fast")(writer);
            writer.Add(AttributeType.EventTimestamp, (uint)ManualTime.Start.AddSeconds(300).ToUnixTimeSeconds());
        });
        Assert.NotNull(responder.Respond(request, s_from));
        int grants = _desk.Grants;
        for (int seconds = 100; seconds <= 700; seconds += 100)
        {
            _time.Now = ManualTime.Start.AddSeconds(seconds);
            responder.Respond(request, s_from);
            responder.Respond(request, new IPEndPoint(s_from.Address, 50000 + seconds));
        }

        Assert.Equal(grants, _desk.Grants);
    }

    [Fact]
    [Requirement("RFC5176-S6.3-1")]
    public void A_timestamp_can_be_required() => Assert.Null(
        Responder(settings => settings with { RequireTimestamp = true })
            .Respond(Request(RadiusCode.CoaRequest, Plan("fast")), s_from));

    private static void Disconnecting(RadiusPacketWriter writer) =>
        writer.Add(AttributeType.DelegatedIpv6Prefix, s_b4.Prefix);

    private static Action<RadiusPacketWriter> Plan(string name) => writer =>
    {
        writer.Add(AttributeType.DelegatedIpv6Prefix, s_b4.Prefix);
        writer.Add(AttributeType.FilterId, name);
    };

    private static Action<RadiusPacketWriter> Text(AttributeType type, string text) => writer => writer.Add(type, text);

    private static void AssertRefused(uint cause, RadiusPacket reply)
    {
        Assert.True(reply.Code is RadiusCode.CoaNak or RadiusCode.DisconnectNak, $"{reply.Code}, not {cause}");
        Assert.True(reply.TryFind(AttributeType.ErrorCause, out RadiusAttribute found));
        Assert.True(found.TryInteger(out uint number));
        Assert.Equal(cause, number);
        Assert.InRange(number, 400u, 599u);
    }

    private byte[] Request(
        RadiusCode code, Action<RadiusPacketWriter> attributes, byte[]? secret = null, bool isSigned = false)
    {
        var writer = new RadiusPacketWriter(code, _identifier++, isSigned);
        attributes(writer);
        return writer.SignRequest(secret ?? s_secret);
    }

    private RadiusPacket Answer(
        DynamicResponder responder, RadiusCode code, params Action<RadiusPacketWriter>[] attributes) =>
        Answer(responder, Request(code, writer => Array.ForEach(attributes, one => one(writer))));

    private static RadiusPacket Answer(DynamicResponder responder, byte[] request)
    {
        byte[]? bytes = responder.Respond(request, s_from);
        Assert.NotNull(bytes);
        Assert.True(RadiusPacket.TryRead(bytes, out RadiusPacket? reply));
        Assert.Equal(request[1], reply.Identifier);
        ReadOnlySpan<byte> authenticator = request.AsSpan(4, 16);
        Assert.True(PacketSignature.IsRight(reply, authenticator, s_secret));
        Assert.Equal(MessageCheck.Right, PacketSignature.CheckMessage(reply, authenticator, s_secret));
        return reply;
    }

    private DynamicResponder Responder(Func<DynamicSettings, DynamicSettings>? change = null)
    {
        DynamicSettings settings = new()
        {
            Clients =
            [
                new DynamicClient(s_from.Address, s_secret),
                new DynamicClient(IPAddress.Parse("192.0.2.20"), [9, 9]),
            ],
        };
        NasIdentity nas = new("lab-aftr-1", new Ipv4Address(192, 0, 2, 1));
        return new DynamicResponder(
            change?.Invoke(settings) ?? settings, nas, _sessions, Plans, _statistics, _time);
    }
}
