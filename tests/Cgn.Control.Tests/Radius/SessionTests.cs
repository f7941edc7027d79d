using System;
using System.Collections.Generic;
using System.Linq;
using System.Text;

using Cgn.Control.Radius;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>Policies out of attributes, and what becomes of sessions in time.</summary>
public sealed class SessionTests
{
    private static readonly PolicyReader s_plans = new(static name => name is "home" or "fast");
    private static readonly SubscriberIdentity s_b4 =
        SubscriberIdentity.DsLite(Ipv6Address.Parse("2001:db8:100:101::2"), 56);

    private readonly ManualTime _time = new();
    private readonly FakeDesk _desk = new();
    private readonly FakeAccountant _accountant = new();
    private readonly RadiusStatistics _statistics = new();

    [Fact]
    [Requirement("RFC8045-S3.1.1-1")]
    [Requirement("RFC8045-S3.1.3-1")]
    [Requirement("RFC4372-1")]
    [Requirement("RFC4818-1")]
    public void Attributes_of_an_accept_are_the_policy()
    {
        SubscriberPolicy policy = Policy(
            Text(AttributeType.FilterId, "fast"), Text(AttributeType.FramedPool, "metro"),
            Number(AttributeType.ServiceType, 2), Number(AttributeType.SessionTimeout, 3600),
            Number(AttributeType.IdleTimeout, 600), Number(AttributeType.TerminationAction, 1),
            Number(AttributeType.AcctInterimInterval, 900), Text(AttributeType.UserName, "bob"),
            Text(AttributeType.Class, "one"), Text(AttributeType.Class, "two"), Text(AttributeType.State, "s"),
            Text(AttributeType.ChargeableUserIdentity, "cui"),
            new(AttributeType.IpPortLimitInfo, new IpPortLimitInfo(1024).Encode()),
            new(AttributeType.IpPortLimitInfo, new IpPortLimitInfo(100, 17).Encode()),
            new(
                AttributeType.IpPortForwardingMap,
                new IpPortForwardingMap(80, 81, new Ipv4Address(10, 0, 0, 1)).Encode()),
            new(AttributeType.DelegatedIpv6Prefix, PrefixValue.Encode(s_b4.Prefix)),
            new(AttributeType.VendorSpecific, new byte[] { 0, 0x98, 0x96, 0x80 }, 14122, 7),
            new(AttributeType.VendorSpecific, new byte[] { 1, 0x31, 0x2D, 0 }, 14122, 8),
            Text((AttributeType)250, "nobody knows it"));
        Assert.Equal(("fast", "metro", "bob"), (policy.Plan, policy.Pool, policy.UserName));
        Assert.Equal((10_000_000ul, 20_000_000ul), (policy.RateUp!.Value, policy.RateDown!.Value));
        Assert.Equal(TimeSpan.FromHours(1), policy.SessionTimeout);
        Assert.Equal(TimeSpan.FromMinutes(10), policy.IdleTimeout);
        Assert.Equal(TimeSpan.FromMinutes(15), policy.InterimInterval);
        Assert.True(policy.AsksAgain);
        Assert.Equal(["one", "two"], policy.Classes.Select(one => Encoding.UTF8.GetString(one.Span)));
        Assert.Equal("cui", Encoding.UTF8.GetString(policy.ChargeableUser.Span));
        Assert.Equal([new IpPortLimitInfo(1024), new IpPortLimitInfo(100, 17)], policy.PortLimits);
        Assert.Equal(81, Assert.Single(policy.Forwardings).ExternalPort);
        Assert.Equal(s_b4.Prefix, policy.DelegatedPrefix);
    }

    [Fact]
    [Requirement("RFC6911-1")]
    public void What_a_server_says_of_IPv6_access_is_kept_and_what_is_no_address_is_refused()
    {
        byte[] address = new byte[16];
        SubscriberPolicy policy = Policy(
            new(AttributeType.FramedIpv6Address, address), new(AttributeType.DnsServerIpv6Address, address),
            new(AttributeType.RouteIpv6Information, new byte[] { 0, 0 }),
            Text(AttributeType.DelegatedIpv6PrefixPool, "pd"), Text(AttributeType.StatefulIpv6AddressPool, "na"));
        Assert.Equal(
            [
                AttributeType.FramedIpv6Address, AttributeType.DnsServerIpv6Address,
                AttributeType.RouteIpv6Information, AttributeType.DelegatedIpv6PrefixPool,
                AttributeType.StatefulIpv6AddressPool,
            ],
            policy.Ipv6Access.Select(one => one.Type));
        Assert.Equal((168, 169, 170, 171, 172), (
            (int)policy.Ipv6Access[0].Type, (int)policy.Ipv6Access[1].Type, (int)policy.Ipv6Access[2].Type,
            (int)policy.Ipv6Access[3].Type, (int)policy.Ipv6Access[4].Type));
        Refused(ErrorCause.InvalidAttributeValue, new RadiusAttribute(AttributeType.DnsServerIpv6Address, new byte[4]));
        Refused(
            ErrorCause.InvalidAttributeValue,
            new RadiusAttribute(AttributeType.RouteIpv6Information, new byte[] { 0, 129 }));
    }

    [Fact]
    public void A_policy_that_can_not_be_followed_is_refused_whole()
    {
        Refused(ErrorCause.InvalidAttributeValue, Text(AttributeType.FilterId, "nosuch"));
        Refused(
            ErrorCause.InvalidAttributeValue,
            Text(AttributeType.FilterId, "home"), Text(AttributeType.FilterId, "fast"));
        Refused(ErrorCause.UnsupportedService, Number(AttributeType.ServiceType, 1));
        Refused(ErrorCause.InvalidAttributeValue, Text(AttributeType.SessionTimeout, "12"));
        Refused(ErrorCause.InvalidAttributeValue, Text(AttributeType.IpPortLimitInfo, "12"));
        Refused(ErrorCause.InvalidAttributeValue, Text(AttributeType.DsLiteTunnelName, "\u0001"));
    }

    [Fact]
    [Requirement("RFC2869-S5.16-1")]
    [Requirement("RFC2869-S2.1-1")]
    public void Interim_records_come_by_the_operators_interval_else_the_servers_never_below_a_minute_else_ten_minutes()
    {
        SessionSettings byServer = new();
        Assert.Equal(TimeSpan.FromSeconds(600), byServer.Interval(null));
        Assert.Equal(TimeSpan.FromSeconds(900), byServer.Interval(TimeSpan.FromSeconds(900)));
        Assert.Equal(TimeSpan.FromSeconds(60), byServer.Interval(TimeSpan.FromSeconds(30)));
        SessionSettings byOperator = new() { InterimInterval = TimeSpan.FromSeconds(300) };
        Assert.Equal(TimeSpan.FromSeconds(300), byOperator.Interval(TimeSpan.FromSeconds(900)));
    }

    [Fact]
    [Requirement("RFC2869-S2.1-1")]
    public void Interim_records_of_many_subscribers_are_spread_and_each_comes_once_an_interval()
    {
        SessionTable table = Table();
        for (uint i = 0; i < 200; i++)
            table.Begin(SubscriberIdentity.Nat444(new Ipv4Address(0x6440_0000 + i)), [], new SubscriberPolicy(), true);
        List<int> told = [];
        for (int second = 599; second <= 665; second++)
        {
            _time.Now = ManualTime.Start.AddSeconds(second);
            int before = _accountant.Interims.Count;
            table.Sweep();
            told.Add(_accountant.Interims.Count - before);
        }

        Assert.Equal(0, told[0]);
        Assert.Equal(200, told.Sum());
        Assert.Equal(200, _accountant.Interims.Select(one => one.Id).Distinct().Count());
        Assert.True(told.Count(one => one > 0) > 20, "all in the same seconds");
    }

    [Fact]
    public void A_session_ends_when_its_time_is_over_or_nothing_has_moved_for_too_long()
    {
        SessionTable table = Table();
        table.Begin(s_b4, [], new SubscriberPolicy { SessionTimeout = TimeSpan.FromSeconds(100) }, true);
        SubscriberIdentity other = SubscriberIdentity.Nat444(new Ipv4Address(100, 64, 0, 9));
        table.Begin(other, [], new SubscriberPolicy { IdleTimeout = TimeSpan.FromSeconds(50) }, true);
        _time.Now += TimeSpan.FromSeconds(49);
        _desk.Usage[other.Key] = new SubscriberUsage(1, 1, 1, 1, _time.Now);
        table.Sweep();
        _time.Now += TimeSpan.FromSeconds(49);
        table.Sweep();
        Assert.Empty(_accountant.Stopped);
        _time.Now += TimeSpan.FromSeconds(1);
        table.Sweep();
        Assert.Equal(TerminateCause.IdleTimeout, Assert.Single(_accountant.Stopped).Cause);
        Assert.Equal(other, Assert.Single(_desk.Disconnected));
        _time.Now += TimeSpan.FromSeconds(1);
        table.Sweep();
        Assert.Equal(TerminateCause.SessionTimeout, _accountant.Stopped[1].Cause);
        Assert.Equal(0, table.Count);
    }

    [Fact]
    public void A_session_that_is_to_be_asked_for_again_goes_on_and_is_asked_for_until_there_is_an_answer()
    {
        SessionTable table = Table();
        SubscriberPolicy policy = new() { SessionTimeout = TimeSpan.FromSeconds(100), AsksAgain = true };
        RadiusSession session = table.Begin(s_b4, [], policy, true)!;
        _time.Now += TimeSpan.FromSeconds(100);
        Assert.Equal([s_b4], table.Sweep());
        Assert.Empty(table.Sweep());
        _time.Now += TimeSpan.FromSeconds(60);
        Assert.Equal([s_b4], table.Sweep());
        Assert.Same(session, table.Begin(s_b4, [], policy, true));
        _time.Now += TimeSpan.FromSeconds(99);
        Assert.Empty(table.Sweep());
        Assert.Single(_accountant.Started);
        Assert.Empty(_accountant.Stopped);
    }

    [Fact]
    public void The_sum_of_a_session_leaves_out_what_was_before_and_outlives_counters_that_begin_anew()
    {
        UsageMeter meter = new(new SubscriberUsage(100, 200, 1, 2, default));
        meter.Take(new SubscriberUsage(150, 260, 3, 5, default));
        Assert.Equal(new SubscriberUsage(50, 60, 2, 3, default), meter.Sum);
        meter.Take(new SubscriberUsage(10, 20, 1, 1, default));
        Assert.Equal(new SubscriberUsage(60, 80, 3, 4, default), meter.Sum);
        meter.Take(new SubscriberUsage(10, 20, 1, 1, default));
        Assert.Equal(new SubscriberUsage(60, 80, 3, 4, default), meter.Sum);
    }

    [Fact]
    public void No_name_of_a_session_comes_again_after_a_restart()
    {
        string folder = System.IO.Directory.CreateTempSubdirectory("radius").FullName;
        string file = System.IO.Path.Combine(folder, "new", "starts");
        HashSet<string> names = [];
        for (int start = 0; start < 5; start++)
        {
            SessionIds ids = SessionIds.Open(file);
            for (int i = 0; i < 100; i++)
                Assert.True(names.Add(ids.Next()));
        }

        System.IO.Directory.Delete(folder, recursive: true);
    }

    private static RadiusAttribute Text(AttributeType type, string text) => new(type, Encoding.UTF8.GetBytes(text));

    private static RadiusAttribute Number(AttributeType type, uint number) =>
        new(type, new byte[] { (byte)(number >> 24), (byte)(number >> 16), (byte)(number >> 8), (byte)number });

    private static SubscriberPolicy Policy(params RadiusAttribute[] attributes)
    {
        ErrorCause cause = s_plans.Read(attributes, out SubscriberPolicy policy, out RadiusAttribute? fault);
        Assert.True(cause == ErrorCause.None, $"{cause} for {fault}");
        return policy;
    }

    private static void Refused(ErrorCause cause, params RadiusAttribute[] attributes) =>
        Assert.Equal(cause, s_plans.Read(attributes, out _, out _));

    private SessionTable Table() =>
        new(_desk, _accountant, new SessionIds(1), new SessionSettings(), _statistics, _time);
}
