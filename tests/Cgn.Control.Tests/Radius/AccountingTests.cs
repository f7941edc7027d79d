using System;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading.Tasks;

using Cgn.Control.Radius;
using Cgn.Control.Radius.Accounting;
using Cgn.Control.Radius.Client;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Ports;
using Cgn.Control.Radius.Sessions;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>Accounting records: what they hold, in which order they come, and that none is lost.</summary>
public sealed partial class AccountingTests : IDisposable
{
    private const ulong Gibi = 1ul << 30;

    private static readonly SubscriberIdentity s_b4 =
        SubscriberIdentity.DsLite(Ipv6Address.Parse("2001:db8:100:101::2"), 56);

    private static readonly SubscriberPolicy s_policy = new()
    {
        UserName = "bob",
        Classes = [Encoding.ASCII.GetBytes("c1"), Encoding.ASCII.GetBytes("c2")],
        ChargeableUser = Encoding.ASCII.GetBytes("cui"),
    };

    private readonly ManualTime _time = new();
    private readonly FakeDesk _desk = new();
    private readonly RadiusStatistics _statistics = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("radius").FullName;
    private uint _starts;

    [Fact]
    [Requirement("RFC2866-S5.1-1")]
    [Requirement("RFC2866-S4.1-1")]
    [Requirement("RFC2866-S5.13-1")]
    [Requirement("RFC2866-S3-AUTH")]
    [Requirement("RFC2869-S5.1-1")]
    [Requirement("RFC4372-1")]
    public async Task A_session_is_told_from_the_gateways_start_to_its_end_with_64_bit_sums()
    {
        using FakeServer server = new(FakeServer.Good);
        await using RadiusClient client = Client(server.Settings);
        await using AccountingDesk desk = Desk(client);
        SessionTable table = Table(desk);
        table.Begin(s_b4, [], s_policy, isAuthenticated: true);
        _time.Now += TimeSpan.FromSeconds(700);
        _desk.Usage[s_b4.Key] = new SubscriberUsage(5 * Gibi, 7, 3, 4, _time.Now);
        table.Sweep();
        _time.Now += TimeSpan.FromSeconds(100);
        _desk.Usage[s_b4.Key] = new SubscriberUsage((5 * Gibi) + 1, 9 * Gibi, 5, 6, _time.Now);
        table.End(s_b4.Key, TerminateCause.IdleTimeout);
        await desk.CloseAsync();
        Assert.Equal(0, desk.Waiting);

        RadiusPacket[] told = [.. server.Requests.DistinctBy(one => Convert.ToHexString(one.Bytes.Span))];
        Assert.Equal([7u, 1u, 3u, 2u, 8u], told.Select(one => Number(one, AttributeType.AcctStatusType)));
        Assert.All(told, one =>
        {
            Assert.True(PacketSignature.IsRight(one, new byte[16], FakeServer.Secret));
            Assert.Single(one.All(AttributeType.AcctStatusType));
            Assert.Single(one.All(AttributeType.AcctSessionId));
            Assert.Single(one.All(AttributeType.NasIdentifier));
            Assert.Single(one.All(AttributeType.EventTimestamp));
            Assert.DoesNotContain(one.Attributes, attribute => attribute.Type
                is AttributeType.UserPassword or AttributeType.ChapPassword or AttributeType.ReplyMessage
                or AttributeType.State);
        });
        foreach (RadiusPacket one in told[1..4])
        {
            Assert.Equal("bob", First(one, AttributeType.UserName).Text);
            Assert.Equal(["c1", "c2"], one.All(AttributeType.Class).Select(value => value.Text));
            Assert.Equal("cui", First(one, AttributeType.ChargeableUserIdentity).Text);
            Assert.Equal(1u, Number(one, AttributeType.AcctAuthentic));
        }

        Assert.Equal((1073741824u, 1u), (
            Number(told[2], AttributeType.AcctInputOctets), Number(told[2], AttributeType.AcctInputGigawords)));
        Assert.Equal(700u, Number(told[2], AttributeType.AcctSessionTime));
        Assert.Equal((7u, 3u, 4u), (
            Number(told[2], AttributeType.AcctOutputOctets), Number(told[2], AttributeType.AcctInputPackets),
            Number(told[2], AttributeType.AcctOutputPackets)));
        Assert.False(told[2].TryFind(AttributeType.AcctOutputGigawords, out _));
        Assert.Equal((1073741825u, 1u, 1073741824u, 2u), (
            Number(told[3], AttributeType.AcctInputOctets), Number(told[3], AttributeType.AcctInputGigawords),
            Number(told[3], AttributeType.AcctOutputOctets), Number(told[3], AttributeType.AcctOutputGigawords)));
        Assert.Equal(800u, Number(told[3], AttributeType.AcctSessionTime));
        Assert.Equal(4u, Number(told[3], AttributeType.AcctTerminateCause));
        Assert.All(
            told.Except([told[3]]), one => Assert.False(one.TryFind(AttributeType.AcctTerminateCause, out _)));
    }

    [Fact]
    [Requirement("RFC6908-ACCT")]
    public async Task Only_subscribers_with_a_session_are_told_of()
    {
        using FakeServer server = new(FakeServer.Good);
        await using RadiusClient client = Client(server.Settings);
        await using AccountingDesk desk = Desk(client, reportsPorts: true);
        SessionTable table = Table(desk);
        _desk.Usage[s_b4.Key] = new SubscriberUsage(1, 1, 1, 1, _time.Now);
        table.PortsChanged(s_b4.Key, new IpPortRange(true, 1024, 1535));
        table.Sweep();
        Assert.False(table.End(s_b4.Key, TerminateCause.NasRequest));
        await desk.CloseAsync();
        Assert.All(server.Requests, one => Assert.False(one.TryFind(AttributeType.UserName, out _)));
    }

    [Fact]
    [Requirement("RFC8045-S3.1.2-1")]
    [Requirement("RFC8045-S3.1.2-2")]
    public async Task Port_blocks_are_told_as_they_come_and_go_when_that_is_asked_for()
    {
        IpPortRange given = new(true, 2048, 2559, Ipv4Address.Parse("203.0.113.1"), s_b4.B4.ToString());
        foreach (bool reports in (bool[])[true, false])
        {
            using FakeServer server = new(FakeServer.Good);
            await using RadiusClient client = Client(server.Settings);
            await using AccountingDesk desk = Desk(client, reports);
            SessionTable table = Table(desk);
            table.Begin(s_b4, [], s_policy, isAuthenticated: true);
            table.PortsChanged(s_b4.Key, given);
            table.PortsChanged(s_b4.Key, given with { IsAllocated = false });
            await desk.CloseAsync();
            IpPortRange[] told = [.. server.Requests.DistinctBy(one => Convert.ToHexString(one.Authenticator))
                .SelectMany(one => one.All(AttributeType.IpPortRange)).Select(one =>
                {
                    Assert.True(IpPortRange.TryDecode(one, out IpPortRange? range));
                    return range;
                })];
            Assert.Equal(reports ? [given, given with { IsAllocated = false }] : [], told);
        }
    }

    [Fact]
    [Requirement("RFC2866-S4.1-ACK")]
    [Requirement("RFC2866-S5.2-1")]
    public async Task Records_wait_for_a_server_that_is_away_and_then_come_in_order_with_their_delay()
    {
        bool isUp = false;
        using FakeServer server = new(request => isUp ? FakeServer.Good(request) : []);
        await using RadiusClient client = Client(server.Settings, isPatient: false);
        await using AccountingDesk desk = Desk(client);
        SessionTable table = Table(desk);
        for (uint i = 0; i < 20; i++)
            table.Begin(SubscriberIdentity.Nat444(new Ipv4Address(i)), [], s_policy, isAuthenticated: true);
        await Patience.UntilAsync(() => !server.Requests.IsEmpty, "nothing sent");
        _time.Now += TimeSpan.FromMinutes(10);
        int before = server.Requests.Count;
        await Patience.UntilAsync(() => server.Requests.Count > before, "not sent again");
        table.EndAll(_ => true, TerminateCause.AdminReset);
        isUp = true;
        // The pause after a failure is by the test's clock, the wait of it by the system's.
        await Patience.UntilAsync(() => desk.Waiting == 0, () => $"{desk.Waiting} records wait");
        Assert.Equal(41, _statistics[RadiusCounter.RecordsDelivered]);
        Assert.Equal(0, _statistics[RadiusCounter.RecordsLost]);

        // The start of the gateway first, each session's start before its end.
        RadiusPacket[] answered = [.. server.Requests];
        Assert.Equal(7u, Number(answered[0], AttributeType.AcctStatusType));
        foreach (IGrouping<string, RadiusPacket> session in answered
            .GroupBy(one => First(one, AttributeType.AcctSessionId).Text).Skip(1))
        {
            uint[] types = [.. session.Select(one => Number(one, AttributeType.AcctStatusType))];
            Assert.Equal(types.Order(), types);
            Assert.Equal([1u, 2u], types.Distinct());
        }

        // What was sent again with another delay is another packet.
        RadiusPacket[] on = [.. answered.Where(one => Number(one, AttributeType.AcctStatusType) == 7)];
        Assert.Equal(0u, Number(on[0], AttributeType.AcctDelayTime));
        Assert.Equal(600u, Number(on[^1], AttributeType.AcctDelayTime));
        Assert.Equal(Number(on[0], AttributeType.EventTimestamp), Number(on[^1], AttributeType.EventTimestamp));
        foreach (IGrouping<byte, RadiusPacket> same in on.GroupBy(one => one.Identifier))
            Assert.Single(same.Select(one => Number(one, AttributeType.AcctDelayTime)).Distinct());
    }

    [Fact]
    [Requirement("RFC2866-S4.1-ACK")]
    public async Task Records_outlive_the_process_and_come_before_those_of_the_next()
    {
        using FakeServer away = new(FakeServer.Silent);
        string session;
        await using (RadiusClient client = Client(away.Settings))
        await using (AccountingDesk desk = Desk(client, file: "spool"))
        {
            session = Table(desk).Begin(s_b4, [], s_policy, isAuthenticated: true)!.Id;
            await Patience.UntilAsync(() => !away.Requests.IsEmpty, "nothing sent");
        }

        // A kill in the middle of a line takes no other line with it.
        File.AppendAllText(Path.Combine(_folder, "spool"), "+ 77 0000");
        using FakeServer server = new(FakeServer.Good);
        await using RadiusClient next = Client(server.Settings);
        await using AccountingDesk again = Desk(next, file: "spool");
        await Patience.UntilAsync(() => again.Waiting == 0, "not delivered");
        RadiusPacket[] told = [.. server.Requests.DistinctBy(one => Convert.ToHexString(one.Authenticator))];
        Assert.Equal([7u, 1u, 7u], told.Select(one => Number(one, AttributeType.AcctStatusType)));
        Assert.Equal(session, First(told[1], AttributeType.AcctSessionId).Text);
        Assert.Equal(2, _statistics[RadiusCounter.RecordsRecovered]);
        Assert.Equal(3, told.Select(one => First(one, AttributeType.AcctSessionId).Text).Distinct().Count());
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static RadiusAttribute First(RadiusPacket packet, AttributeType type)
    {
        Assert.True(packet.TryFind(type, out RadiusAttribute found), $"no {type}");
        return found;
    }

    private static uint Number(RadiusPacket packet, AttributeType type)
    {
        Assert.True(First(packet, type).TryInteger(out uint number));
        return number;
    }

    // A patient client waits for its answer as long as a slow machine may need.
    private RadiusClient Client(RadiusServerSettings server, bool isPatient = true) => new(
        new RadiusClientSettings
        {
            Servers = [server],
            Retransmit = new RetransmitSettings
            {
                Initial = TimeSpan.FromMilliseconds(isPatient ? 1000 : 100),
                Count = isPatient ? 100 : 3,
            },
            RetryDeadAfter = TimeSpan.Zero,
        },
        new NasIdentity("lab-aftr-1"), _statistics, _time);

    private AccountingDesk Desk(RadiusClient client, bool reportsPorts = false, string? file = null) => new(
        client, new NasIdentity("lab-aftr-1", new Ipv4Address(192, 0, 2, 1)), new SessionIds(++_starts),
        new AccountingSettings
        {
            ReportsPorts = reportsPorts,
            BackOff = TimeSpan.FromMilliseconds(10),
            BackOffMax = TimeSpan.FromMilliseconds(50),
            SpoolFile = file is null ? null : Path.Combine(_folder, file),
        },
        _statistics, _time);

    private SessionTable Table(AccountingDesk desk) =>
        new(_desk, desk, new SessionIds(++_starts + 1000), new SessionSettings(), _statistics, _time);
}
