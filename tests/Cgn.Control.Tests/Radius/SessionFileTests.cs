using System;
using System.IO;
using System.Linq;

using Cgn.Control.Radius;
using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Sessions;
using Cgn.Wire;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>Sessions in their file, and what a kill leaves of it.</summary>
public sealed class SessionFileTests : IDisposable
{
    private static readonly SubscriberIdentity s_b4 =
        SubscriberIdentity.DsLite(Ipv6Address.Parse("2001:db8:100:101::2"), 56);

    private static readonly SubscriberIdentity s_customer =
        SubscriberIdentity.Nat444(new Ipv4Address(100, 64, 0, 7));

    private readonly ManualTime _time = new();
    private readonly FakeDesk _desk = new();
    private readonly FakeAccountant _accountant = new();
    private readonly RadiusStatistics _statistics = new();
    private readonly PolicyReader _plans = new(static name => name == "fast");
    private readonly string _folder = Directory.CreateTempSubdirectory("radius").FullName;

    [Fact]
    public void Sessions_go_on_with_name_times_sums_and_policy_and_nobody_is_told()
    {
        RadiusAttribute[] attributes =
        [
            Attribute(AttributeType.FilterId, "fast"u8), Attribute(AttributeType.SessionTimeout, [0, 0, 1, 0]),
            Attribute(AttributeType.Class, [1, 2, 255]),
            new(AttributeType.VendorSpecific, new byte[] { 0, 1, 0, 0 }, PolicyReader.BandwidthVendor,
                PolicyReader.BandwidthUp),
        ];
        string id;
        using (SessionFile file = Open())
        {
            SessionTable table = Table(file, 1);
            _desk.Usage[s_b4.Key] = new SubscriberUsage(1000, 0, 0, 0, default);
            _plans.Read(attributes, out SubscriberPolicy policy, out _);
            id = table.Begin(s_b4, attributes, policy, isAuthenticated: true)!.Id;
            table.Begin(s_customer, [], new SubscriberPolicy(), isAuthenticated: false);
            table.End(s_customer.Key, TerminateCause.NasRequest);
            // An interim record keeps what had been used by then.
            _time.Now += TimeSpan.FromSeconds(200);
            _desk.Usage[s_b4.Key] = new SubscriberUsage(1500, 0, 0, 0, default);
            table.Find(s_b4.Key)!.InterimAt = _time.Now;
            table.Sweep();
        }

        _accountant.Started.Clear();
        using SessionFile again = Open();
        SessionTable later = Table(again, 2);
        later.Restore(_plans);
        RadiusSession session = later.Find(s_b4.Key)!;
        Assert.Equal((1, id, s_b4), (later.Count, session.Id, session.Who));
        Assert.Equal(ManualTime.Start.AddSeconds(256), session.ExpiresAt);
        Assert.Equal(("fast", 65536ul), (session.Policy.Plan, session.Policy.RateUp!.Value));
        Assert.Equal([1, 2, 255], session.Policy.Classes.Single().ToArray());
        Assert.Equal(500ul, session.Meter.Sum.BytesUp);
        _desk.Usage[s_b4.Key] = new SubscriberUsage(1700, 0, 0, 0, default);
        _time.Now = ManualTime.Start.AddSeconds(256);
        later.Sweep();
        Assert.Equal(0, later.Count);
        Assert.Equal(700ul, session.Meter.Sum.BytesUp);
        Assert.Empty(_accountant.Started);
    }

    [Theory]
    [InlineData("")]
    [InlineData("+ a")]
    [InlineData("+ a 1 2 3 .")]
    [InlineData("+ 00000001-00000001 2 0 1681915911 1700000000000 0 1 1 0 0 0 0 0 0")]
    [InlineData("+ 00000001-00000001 2 0 1681915911 1700000000000 0 1 1 0 0 0 0 0 0 0 0 1:0:0:?? .")]
    [InlineData("+ 00000001-00000001 2 0 99999999999999999999 1700000000000 0 1 1 0 0 0 0 0 0 0 0  .")]
    public void Line_that_is_none_is_passed_over(string line)
    {
        File.WriteAllText(Path.Combine(_folder, "sessions"), line);
        using SessionFile file = Open();
        SessionTable table = Table(file, 1);
        table.Restore(_plans);
        Assert.Equal(0, table.Count);
        table.Begin(s_b4, [], new SubscriberPolicy(), isAuthenticated: true);
        Assert.Contains("00000001-00000001", File.ReadAllLines(Path.Combine(_folder, "sessions"))[^1]);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static RadiusAttribute Attribute(AttributeType type, ReadOnlySpan<byte> value) =>
        new(type, value.ToArray());

    private SessionFile Open() => new(Path.Combine(_folder, "sessions"), 56);

    private SessionTable Table(SessionFile file, uint start) =>
        new(_desk, _accountant, new SessionIds(start), new SessionSettings(), _statistics, _time, file);
}
