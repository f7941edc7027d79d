using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;

using Cgn.Control.Radius;
using Cgn.Control.Radius.Access;
using Cgn.Control.Radius.Client;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Sessions;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>First packets: what is asked, and what becomes of the answers, and of none.</summary>
public sealed class AccessTests : IAsyncDisposable
{
    private static readonly SubscriberIdentity s_b4 =
        SubscriberIdentity.DsLite(Ipv6Address.Parse("2001:db8:100:101::2"), 56);

    private static readonly SubscriberIdentity s_customer =
        SubscriberIdentity.Nat444(new Ipv4Address(100, 64, 0, 7));

    private readonly ManualTime _time = new();
    private readonly FakeDesk _desk = new();
    private readonly FakeAccountant _accountant = new();
    private readonly RadiusStatistics _statistics = new();
    private readonly List<IAsyncDisposable> _parts = [];
    private SessionTable? _sessions;

    [Fact]
    [Requirement("RFC5080-MA")]
    [Requirement("RFC4818-1")]
    public async Task A_first_packet_is_asked_for_by_prefix_or_address_with_our_names_and_signed()
    {
        using FakeServer server = new(FakeServer.Good);
        AccessDesk access = Access(server.Settings, new AccessSettings { Password = "tunnel" });
        access.Submit(s_b4);
        access.Submit(s_customer);
        await Patience.UntilAsync(() => _desk.Granted.Count == 2, "not granted");
        RadiusPacket softwire = server.Requests.Single(one => Has(one, AttributeType.DelegatedIpv6Prefix));
        Assert.Equal(AttributeType.MessageAuthenticator, softwire.Attributes[0].Type);
        Assert.Equal(
            MessageCheck.Right, PacketSignature.CheckMessage(softwire, softwire.Authenticator, FakeServer.Secret));
        Assert.Equal("2001:db8:100:100::/56", Text(softwire, AttributeType.UserName));
        Assert.Equal("lab-aftr-1", Text(softwire, AttributeType.NasIdentifier));
        Assert.Equal("2001:db8:100:101::2", Text(softwire, AttributeType.CallingStationId));
        Assert.Equal("softwire 2001:db8:100:101::2", Text(softwire, AttributeType.NasPortId));
        Assert.True(First(softwire, AttributeType.DelegatedIpv6Prefix).TryPrefix(out Ipv6Prefix delegated));
        Assert.Equal(s_b4.Prefix, delegated);
        Assert.True(First(softwire, AttributeType.FramedIpv6Prefix).TryPrefix(out Ipv6Prefix link));
        Assert.Equal(Ipv6Prefix.Parse("2001:db8:100:101::/64"), link);
        Assert.True(Has(softwire, AttributeType.NasIpAddress) && Has(softwire, AttributeType.NasIpv6Address));
        Assert.Equal(16, First(softwire, AttributeType.UserPassword).Value.Length);
        RadiusPacket customer = server.Requests.Single(one => Has(one, AttributeType.FramedIpAddress));
        Assert.True(First(customer, AttributeType.FramedIpAddress).TryIpv4(out Ipv4Address address));
        Assert.Equal(s_customer.Ipv4, address);
        Assert.False(Has(customer, AttributeType.FramedIpv6Prefix));
    }

    [Fact]
    public async Task Packets_of_a_subscriber_that_is_being_asked_for_ask_no_second_time()
    {
        using FakeServer server = new(FakeServer.Good);
        AccessDesk access = Access(server.Settings, new AccessSettings());
        for (int i = 0; i < 50; i++)
            access.Submit(s_b4);
        await Patience.UntilAsync(() => _desk.Granted.Count == 1 && access.Waiting == 0, "not granted");
        access.Submit(s_b4);
        Assert.Single(server.Requests.Select(one => Convert.ToHexString(one.Bytes.Span)).Distinct());
        Assert.Equal(50, _statistics[RadiusCounter.ContactsRepeated]);
        Assert.Single(_accountant.Started);
    }

    [Theory]
    [InlineData(RadiusCode.AccessReject)]
    [InlineData(RadiusCode.AccessChallenge)]
    [InlineData(RadiusCode.AccessAccept)] // with a plan that there is not
    public async Task Whoever_is_rejected_is_refused_and_not_asked_for_again_until_a_while_later(RadiusCode code)
    {
        using FakeServer server = new(request =>
            [FakeServer.Reply(request, code, writer => writer.Add(AttributeType.FilterId, "nosuch"))]);
        AccessDesk access = Access(server.Settings, new AccessSettings());
        access.Submit(s_b4);
        await Patience.UntilAsync(() => _desk.Refused.Count == 1 && access.Waiting == 0, "not refused");
        access.Submit(s_b4);
        _time.Now += TimeSpan.FromSeconds(59);
        access.Submit(s_b4);
        Assert.Equal(3, _desk.Refused.Count);
        Assert.Equal(0, access.Waiting);
        _time.Now += TimeSpan.FromSeconds(1);
        access.Submit(s_b4);
        await Patience.UntilAsync(() => _desk.Refused.Count == 4, "not asked for again");
        Assert.Empty(_desk.Granted);
        Assert.Empty(_accountant.Started);
        RadiusCounter expected =
            code == RadiusCode.AccessAccept ? RadiusCounter.AcceptsUnusable : RadiusCounter.Rejects;
        Assert.Equal(2, _statistics[expected]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RAD-FAIL-1")]
    public async Task When_no_server_answers_the_unknown_get_the_default_plan_or_nothing_and_are_asked_for_again(
        bool servesUnanswered)
    {
        bool isUp = false;
        using FakeServer server = new(request => !isUp ? [] : [FakeServer.Reply(
            request, RadiusCode.AccessAccept, writer => writer.Add(AttributeType.FilterId, "home"))]);
        AccessDesk access = Access(server.Settings, new AccessSettings { ServesUnanswered = servesUnanswered });
        access.Submit(s_b4);
        await GiveUpAsync(server, access, asked: 1);
        Assert.Equal(servesUnanswered ? 1 : 0, _desk.Granted.Count);
        Assert.Equal(servesUnanswered ? 0 : 1, _desk.Refused.Count);
        isUp = true;
        access.Sweep();
        Assert.Equal(0, access.Waiting);
        _time.Now += TimeSpan.FromSeconds(36);
        access.Sweep();
        await Patience.UntilAsync(
            () => _desk.Granted.TryGetValue(s_b4.Key, out SubscriberPolicy? policy) && policy.Plan == "home",
            "not asked for again");
        Assert.True(_sessions!.Find(s_b4.Key)!.IsAuthenticated);
        Assert.Single(_accountant.Started);
    }

    [Fact]
    [Requirement("RAD-FAIL-1")]
    public async Task When_no_server_answers_an_earlier_answer_serves_again_and_whoever_is_served_goes_on()
    {
        bool isUp = true;
        using FakeServer server = new(request => !isUp ? [] : [FakeServer.Reply(
            request, RadiusCode.AccessAccept, writer =>
            {
                writer.Add(AttributeType.FilterId, "fast");
                writer.Add(AttributeType.SessionTimeout, 1000);
                writer.Add(AttributeType.TerminationAction, 1);
                writer.Add(AttributeType.State, "s1");
            })]);
        AccessDesk access = Access(server.Settings, new AccessSettings { CacheTime = TimeSpan.FromHours(1) });
        access.Submit(s_b4);
        access.Submit(s_customer);
        await Patience.UntilAsync(() => _desk.Granted.Count == 2 && access.Waiting == 0, "not granted");
        isUp = false;

        // The session whose time is over goes on; its question holds the State.
        _time.Now += TimeSpan.FromSeconds(1000);
        _sessions!.End(s_customer.Key, TerminateCause.NasRequest);
        foreach (SubscriberIdentity who in _sessions.Sweep())
            access.Submit(who);
        access.Submit(s_customer);
        await GiveUpAsync(server, access, asked: 4);
        Assert.Equal(1, _statistics[RadiusCounter.ServedFromCache]);
        Assert.Equal("fast", _desk.Granted[s_customer.Key].Plan);
        Assert.Equal("fast", _desk.Granted[s_b4.Key].Plan);
        Assert.Empty(_desk.Refused);
        Assert.Contains(server.Requests, one => Has(one, AttributeType.State));

        // What is too old does not serve.
        _sessions.End(s_customer.Key, TerminateCause.NasRequest);
        _time.Now += TimeSpan.FromHours(1);
        access.Submit(s_customer);
        await GiveUpAsync(server, access, asked: 5);
        Assert.Equal(s_customer, Assert.Single(_desk.Refused));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Nobody_is_asked_again_for_whoever_has_left(bool isTold)
    {
        using FakeServer server = new(FakeServer.Silent);
        AccessDesk access = Access(server.Settings, new AccessSettings());
        access.Submit(s_b4);
        await GiveUpAsync(server, access, asked: 1);
        if (isTold)
            access.Forget(s_b4.Key);
        else
            _desk.Standing[s_b4.Key] = SubscriberStanding.Absent;
        _time.Now += TimeSpan.FromHours(1);
        access.Sweep();
        Assert.Equal(0, access.Waiting);
        // It is asked for when it comes again.
        access.Submit(s_b4);
        Assert.Equal(1, access.Waiting);
    }

    [Fact]
    public async Task Whoever_the_forwarder_serves_without_a_session_is_not_refused_when_no_server_answers()
    {
        using FakeServer server = new(FakeServer.Silent);
        AccessDesk access = Access(server.Settings, new AccessSettings());
        _desk.Standing[s_b4.Key] = SubscriberStanding.Served;
        access.Submit(s_b4);
        await GiveUpAsync(server, access, asked: 1);
        Assert.True(_desk.Refused.IsEmpty && _desk.Granted.IsEmpty);
    }

    [Fact]
    public async Task Session_whose_policy_can_be_followed_no_longer_is_asked_for_anew()
    {
        using FakeServer server = new(FakeServer.Good);
        AccessDesk access = Access(server.Settings, new AccessSettings());
        access.Submit(s_b4);
        await Patience.UntilAsync(() => _desk.Granted.Count == 1 && access.Waiting == 0, "not granted");
        int asked = server.Requests.Count;
        _desk.Unable.Add(s_b4.Key);
        access.Submit(s_b4);
        await Patience.UntilAsync(() => _desk.Refused.Count == 1, "not asked");
        Assert.True(server.Requests.Count > asked);
        Assert.Null(_sessions!.Find(s_b4.Key));
    }

    [Fact]
    public async Task Subscribers_beyond_the_queue_are_dropped_and_counted()
    {
        using FakeServer server = new(FakeServer.Silent);
        AccessDesk access = Access(server.Settings, new AccessSettings { QueueMax = 8, Concurrency = 4 });
        for (uint i = 0; i < 100; i++)
            access.Submit(SubscriberIdentity.Nat444(new Ipv4Address(i)));
        Assert.InRange(_statistics[RadiusCounter.ContactsDropped], 100 - 8 - 4 - 1, 100 - 8);
    }

    [Fact]
    public void The_back_off_doubles_up_to_its_maximum_and_the_oldest_are_forgotten_first()
    {
        AccessSettings settings = new() { CacheMax = 2 };
        AccessMemory memory = new(settings);
        DateTimeOffset now = ManualTime.Start;
        double[] expected = [30, 60, 120, 240, 480, 600, 600];
        foreach (double seconds in expected)
        {
            memory.Unanswered(s_b4.Key, now);
            Assert.False(memory.MayAsk(s_b4.Key, now.AddSeconds(seconds - 0.001)));
            Assert.True(memory.MayAsk(s_b4.Key, now.AddSeconds(seconds * 1.2)));
            now = now.AddSeconds(seconds * 1.2);
        }

        memory.Accepted(s_b4.Key, [], now);
        memory.Accepted(s_customer.Key, [], now);
        memory.Rejected(SubscriberIdentity.Nat444(default).Key, now);
        Assert.False(memory.TryRecall(s_b4.Key, now, out _));
        Assert.True(memory.TryRecall(s_customer.Key, now, out _));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (IAsyncDisposable part in _parts)
            await part.DisposeAsync();
    }

    // The server has seen so many different requests, and the time for the last ones is over.
    private async Task GiveUpAsync(FakeServer server, AccessDesk access, int asked)
    {
        await Patience.UntilAsync(
            () => server.Requests.Select(one => Convert.ToHexString(one.Authenticator)).Distinct().Count() == asked,
            "not asked");
        _time.Now += TimeSpan.FromSeconds(31);
        await Patience.UntilAsync(() => access.Waiting == 0, "not given up");
    }

    private static bool Has(RadiusPacket packet, AttributeType type) => packet.TryFind(type, out _);

    private static RadiusAttribute First(RadiusPacket packet, AttributeType type)
    {
        Assert.True(packet.TryFind(type, out RadiusAttribute found), $"no {type}");
        return found;
    }

    private static string Text(RadiusPacket packet, AttributeType type) => First(packet, type).Text;

    private AccessDesk Access(RadiusServerSettings server, AccessSettings settings)
    {
        NasIdentity nas = new("lab-aftr-1", new Ipv4Address(192, 0, 2, 1), Ipv6Address.Parse("2001:db8::1"));
        RadiusClient client = new(
            new RadiusClientSettings
            {
                Servers = [server],
                // An answer is waited for until the test's own clock says that it is too late.
                Retransmit = new RetransmitSettings
                {
                    Initial = TimeSpan.FromMilliseconds(50),
                    Maximum = TimeSpan.FromMilliseconds(100),
                    Count = 10_000,
                },
                RetryDeadAfter = TimeSpan.Zero,
            },
            nas, _statistics, _time);
        _sessions = new SessionTable(
            _desk, _accountant, new SessionIds(1), new SessionSettings(), _statistics, _time);
        PolicyReader plans = new(static name => name is "home" or "fast");
        AccessDesk access = new(client, nas, _sessions, _desk, plans, settings, _statistics, _time);
        _parts.AddRange([access, client]);
        return access;
    }
}
