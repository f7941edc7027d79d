using System;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading.Tasks;

using Cgn.Control.Radius.Dynamic;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Radius;

// What is asked for: which sessions are meant, and what a change makes of them.
public sealed partial class DynamicTests
{
    [Fact]
    [Requirement("RFC5176-S2.3-ATTR")]
    [Requirement("RFC5176-S3.5-1")]
    public void What_is_not_supported_is_refused_with_its_cause_and_nothing_changes()
    {
        DynamicResponder responder = Responder();
        AssertRefused(401, Answer(responder, RadiusCode.CoaRequest, Plan("fast"), Text((AttributeType)250, "new")));
        AssertRefused(401, Answer(responder, RadiusCode.CoaRequest, Plan("fast"), writer =>
            writer.AddVendor(9, 1, [1])));
        AssertRefused(407, Answer(responder, RadiusCode.CoaRequest, Plan("nosuch")));
        AssertRefused(407, Answer(responder, RadiusCode.CoaRequest, Plan("fast"), writer =>
            writer.Add(AttributeType.IpPortLimitInfo, [1, 2])));
        AssertRefused(402, Answer(responder, RadiusCode.CoaRequest, Text(AttributeType.UserName, "bob")));
        Assert.Equal("home", _desk.Granted[s_b4.Key].Plan);
    }

    [Fact]
    [Requirement("RFC5176-S2.3-MULTI")]
    [Requirement("RFC5176-S2.3-ATOM")]
    public void A_change_of_several_sessions_is_made_for_all_or_for_none()
    {
        DynamicResponder responder = Responder();
        Action<RadiusPacketWriter> bob = Text(AttributeType.UserName, "bob");
        Action<RadiusPacketWriter> fast = Text(AttributeType.FilterId, "fast");
        _desk.Unable.Add(s_customer.Key);
        AssertRefused(506, Answer(responder, RadiusCode.CoaRequest, bob, fast));
        Assert.Equal("home", _desk.Granted[s_b4.Key].Plan);
        _desk.Unable.Clear();
        Assert.Equal(RadiusCode.CoaAck, Answer(responder, RadiusCode.CoaRequest, bob, fast).Code);
        Assert.All(_desk.Granted.Values, policy => Assert.Equal("fast", policy.Plan));
        Assert.Equal(RadiusCode.DisconnectAck, Answer(responder, RadiusCode.DisconnectRequest, bob).Code);
        Assert.Equal(0, _sessions.Count);
    }

    [Fact]
    [Requirement("RFC5176-S3-ID")]
    [Requirement("RFC5176-S3-UID")]
    [Requirement("RFC4372-1")]
    public void Sessions_are_found_by_each_identifying_attribute_and_all_of_them_must_fit()
    {
        string id = _sessions.Find(s_b4.Key)!.Id;
        Action<RadiusPacketWriter>[] softwire =
        [
            Text(AttributeType.AcctSessionId, id), Text(AttributeType.NasPortId, s_b4.Port),
            Text(AttributeType.CallingStationId, s_b4.Station),
            writer => writer.Add(AttributeType.FramedIpv6Prefix, s_b4.LinkPrefix),
            writer => writer.Add(AttributeType.DelegatedIpv6Prefix, s_b4.Prefix),
            writer => writer.Add(AttributeType.FramedIpv6Address, s_b4.B4),
        ];
        DynamicResponder responder = Responder();
        foreach (Action<RadiusPacketWriter> one in softwire)
        {
            _desk.Granted.Clear();
            Assert.Equal(
                RadiusCode.CoaAck,
                Answer(responder, RadiusCode.CoaRequest, one, Text(AttributeType.FilterId, "fast")).Code);
            Assert.Equal(s_b4.Key, Assert.Single(_desk.Granted).Key);
        }

        Action<RadiusPacketWriter> customer = writer => writer.Add(AttributeType.FramedIpAddress, s_customer.Ipv4);
        Action<RadiusPacketWriter> cui = Text(AttributeType.ChargeableUserIdentity, "cui-7");
        AssertRefused(503, Answer(responder, RadiusCode.DisconnectRequest, customer, softwire[0]));
        AssertRefused(503, Answer(responder, RadiusCode.DisconnectRequest, Text(AttributeType.AcctSessionId, "none")));
        AssertRefused(402, Answer(responder, RadiusCode.DisconnectRequest));
        AssertRefused(403, Answer(
            responder, RadiusCode.DisconnectRequest, customer, Text(AttributeType.NasIdentifier, "other")));
        AssertRefused(403, Answer(responder, RadiusCode.DisconnectRequest, customer, writer =>
            writer.Add(AttributeType.NasIpAddress, new Ipv4Address(192, 0, 2, 2))));
        Assert.Equal(2, _sessions.Count);
        Assert.Equal(RadiusCode.DisconnectAck, Answer(
            responder, RadiusCode.DisconnectRequest, customer, cui, Text(AttributeType.NasIdentifier, "lab-aftr-1"),
            writer => writer.Add(AttributeType.NasIpAddress, new Ipv4Address(192, 0, 2, 1))).Code);
        Assert.Equal(s_customer, Assert.Single(_desk.Disconnected));
    }

    [Fact]
    [Requirement("RFC5176-S3-DM")]
    public void A_disconnect_request_holds_nothing_but_what_identifies()
    {
        DynamicResponder responder = Responder();
        Action<RadiusPacketWriter> who = writer => writer.Add(AttributeType.FramedIpAddress, s_customer.Ipv4);
        AssertRefused(401, Answer(
            responder, RadiusCode.DisconnectRequest, who, Text(AttributeType.FilterId, "fast")));
        AssertRefused(401, Answer(responder, RadiusCode.DisconnectRequest, who, writer =>
            writer.Add(AttributeType.SessionTimeout, 5)));
        Assert.Equal(2, _sessions.Count);

        // Framed-IP-Address and the prefixes identify, as section 3 says, whatever the table says.
        Assert.Equal(RadiusCode.DisconnectAck, Answer(responder, RadiusCode.DisconnectRequest, who).Code);
        Assert.Equal(RadiusCode.DisconnectAck, Answer(responder, RadiusCode.DisconnectRequest, writer =>
            writer.Add(AttributeType.FramedIpv6Prefix, s_b4.LinkPrefix)).Code);
    }

    [Fact]
    [Requirement("RFC5176-S2.1-1")]
    [Requirement("RFC5176-S3.5-1")]
    public void A_session_that_is_disconnected_is_gone_and_recorded_with_its_cause()
    {
        string id = _sessions.Find(s_b4.Key)!.Id;
        RadiusPacket reply = Answer(
            Responder(), RadiusCode.DisconnectRequest, Text(AttributeType.AcctSessionId, id));
        Assert.Equal(RadiusCode.DisconnectAck, reply.Code);
        Assert.True(reply.TryFind(AttributeType.AcctTerminateCause, out RadiusAttribute cause));
        Assert.True(cause.TryInteger(out uint number) && number == 6);
        Assert.False(reply.TryFind(AttributeType.ErrorCause, out _));
        Assert.Equal(s_b4, Assert.Single(_desk.Disconnected));
        Assert.Equal((id, TerminateCause.AdminReset), Assert.Single(_accountant.Stopped));
        Assert.Null(_sessions.Find(s_b4.Key));
    }

    [Fact]
    [Requirement("RFC5176-S3.2-1")]
    public void Authorize_only_is_refused_as_not_supported_or_for_its_missing_State()
    {
        DynamicResponder responder = Responder();
        Action<RadiusPacketWriter> who = Text(AttributeType.UserName, "bob");
        Action<RadiusPacketWriter> only = writer => writer.Add(AttributeType.ServiceType, 17);
        AssertRefused(402, Answer(responder, RadiusCode.CoaRequest, who, only));
        AssertRefused(405, Answer(responder, RadiusCode.CoaRequest, who, only, Text(AttributeType.State, "s")));
        AssertRefused(405, Answer(responder, RadiusCode.CoaRequest, who, writer =>
            writer.Add(AttributeType.ServiceType, 1)));
    }

    [Fact]
    [Requirement("RFC5176-S3.1-1")]
    public void Proxy_State_comes_back_in_order_and_State_with_it()
    {
        RadiusPacket reply = Answer(
            Responder(), RadiusCode.CoaRequest, Text(AttributeType.ProxyState, "p1"), Plan("fast"),
            Text(AttributeType.State, "s"), Text(AttributeType.ProxyState, "p0"));
        Assert.Equal(RadiusCode.CoaAck, reply.Code);
        Assert.Equal(["p1", "s", "p0"], reply.Attributes.Skip(1).Select(one => one.Text));
        reply = Answer(
            Responder(), RadiusCode.DisconnectRequest, Text(AttributeType.ProxyState, "p1"),
            Text(AttributeType.ProxyState, "p2"));
        Assert.Equal(["p1", "p2"], reply.All(AttributeType.ProxyState).Select(one => one.Text));
    }

    [Fact]
    [Requirement("RFC5176-S3.6-N1")]
    public void An_address_in_a_change_only_identifies_and_renumbers_nobody()
    {
        RadiusPacket reply = Answer(
            Responder(), RadiusCode.CoaRequest, Text(AttributeType.AcctSessionId, _sessions.Find(s_customer.Key)!.Id),
            Text(AttributeType.FilterId, "fast"),
            writer => writer.Add(AttributeType.FramedIpAddress, new Ipv4Address(100, 64, 0, 8)));
        AssertRefused(503, reply);
        Assert.Equal(s_customer, _sessions.Find(s_customer.Key)!.Who);
    }

    [Fact]
    [Requirement("RFC5176-S3.6-N3")]
    [Requirement("RFC8045-S4.1.1-1")]
    public void What_a_change_names_is_replaced_whole_and_the_rest_stays()
    {
        DynamicResponder responder = Responder();
        Action<RadiusPacketWriter> who = writer => writer.Add(AttributeType.DelegatedIpv6Prefix, s_b4.Prefix);
        Assert.Equal(RadiusCode.CoaAck, Answer(
            responder, RadiusCode.CoaRequest, who,
            writer => writer.Add(AttributeType.IpPortLimitInfo, new IpPortLimitInfo(2048).Encode()),
            writer => writer.Add(AttributeType.IpPortLimitInfo, new IpPortLimitInfo(256, 17).Encode())).Code);
        SubscriberPolicy policy = _desk.Granted[s_b4.Key];
        Assert.Equal([new IpPortLimitInfo(2048), new IpPortLimitInfo(256, 17)], policy.PortLimits);
        Assert.Equal(("home", "bob"), (policy.Plan, policy.UserName));
        Answer(
            responder, RadiusCode.CoaRequest, who, Text(AttributeType.FilterId, "fast"),
            writer => writer.Add(AttributeType.IpPortLimitInfo, new IpPortLimitInfo(512).Encode()));
        policy = _desk.Granted[s_b4.Key];
        Assert.Equal([new IpPortLimitInfo(512)], policy.PortLimits);
        Assert.Equal("fast", policy.Plan);
        Assert.Equal("home", _desk.Granted[s_customer.Key].Plan);
        Assert.Empty(_desk.Disconnected);
        Assert.Equal(2, _accountant.Started.Count);
    }

    [Fact]
    [Requirement("RFC5176-S2.3-PORT")]
    public async Task The_reply_comes_from_the_port_that_was_asked_and_junk_does_no_harm()
    {
        DynamicResponder responder = Responder(settings => settings with
        {
            Clients = [new DynamicClient(IPAddress.Loopback, s_secret)],
        });
        await using DatagramService service = new(new IPEndPoint(IPAddress.Loopback, 0), responder.Respond);
        using Socket client = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        // A connected socket takes nothing but what comes from where it sends to.
        await client.ConnectAsync(service.EndPoint);
        await client.SendAsync(new byte[5000]);
        await client.SendAsync(Array.Empty<byte>());
        await client.SendAsync(Request(RadiusCode.CoaRequest, Plan("fast")));
        byte[] buffer = new byte[4096];
        using System.Threading.CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        int bytes = await client.ReceiveAsync(buffer, patience.Token);
        Assert.True(RadiusPacket.TryRead(buffer.AsSpan(0, bytes), out RadiusPacket? reply));
        Assert.Equal(RadiusCode.CoaAck, reply.Code);
    }
}
