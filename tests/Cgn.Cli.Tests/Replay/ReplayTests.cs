using System.Collections.Generic;
using System.IO;
using System.Linq;

using Cgn.Cli.Replay;
using Cgn.Cli.Tests.Captures;
using Cgn.Wire;

using Xunit;

namespace Cgn.Cli.Tests.Replay;

public sealed class ReplayTests
{
    public static TheoryData<int, int, int> Shapes => new()
    {
        { 0, 1, 1 }, { 1, 1, 1 }, { 0, 7, 1 }, { 1, 7, 2 }, { 0, 40, 4 }, { 1, 40, 3 },
    };

    [Theory]
    [MemberData(nameof(Shapes))]
    public void Every_packet_of_every_kind_comes_out_as_it_must(int access, int subscribers, int workers)
    {
        using TestCapture capture = TestCapture.OfEverything();
        StringWriter errors = new();
        ReplayReport report = Replay(capture, errors, (AccessKind)access, subscribers, workers);
        Assert.Equal("", errors.ToString());
        Assert.Equal(0, report.Mismatches);
        Assert.Equal((long)capture.Count * subscribers, report.Packets);
        // Protocols without ports have one mapping for each external address and remote host; other subscribers are
        // refused, and have no replies.
        long refused = report.Drops.GetValueOrDefault("address_only_conflict");
        Assert.Equal(refused, report.Drops.Values.Sum());
        Assert.Equal(refused, report.Skipped.Values.Sum());
        Assert.Equal(report.Packets, report.Forwarded + report.Returned + (2 * refused));
        Assert.True(subscribers > 1 || refused == 0);
        Assert.True(report.Returned >= subscribers * 13);
    }

    [Fact]
    public void Workers_hand_over_what_is_not_theirs()
    {
        using TestCapture capture = TestCapture.OfEverything();
        ReplayReport report = Replay(capture, new StringWriter(), AccessKind.DsLite, 20, 4);
        Assert.Equal(0, report.Mismatches);
        Assert.True(report.Handoffs > report.Packets / 2);
    }

    [Fact]
    public void Repetitions_find_an_empty_gateway()
    {
        using TestCapture capture = TestCapture.OfEverything();
        ReplayReport report = Run(
            new ReplayOptions([capture.Save()], AccessKind.DsLite, Subscribers: 3, Repeat: 4), new StringWriter());
        Assert.Equal(0, report.Mismatches);
        Assert.Equal(capture.Count * 12, report.Packets);
        Assert.Equal(0, report.Sessions % 4);
    }

    [Fact]
    public void The_same_capture_gives_the_same_bytes()
    {
        using TestCapture capture = TestCapture.OfEverything();
        using TestCapture first = new();
        using TestCapture second = new();
        string file = capture.Save();
        Run(new ReplayOptions([file], AccessKind.DsLite, Subscribers: 9, Workers: 2, WriteOutside: first.Path),
            new StringWriter());
        Run(new ReplayOptions([file], AccessKind.DsLite, Subscribers: 9, Workers: 2, WriteOutside: second.Path),
            new StringWriter());
        Assert.True(File.ReadAllBytes(first.Path).SequenceEqual(File.ReadAllBytes(second.Path)));
        Assert.True(new FileInfo(first.Path).Length > 24);
    }

    [Fact]
    public void Packets_that_no_router_forwards_are_dropped_and_that_is_no_mismatch()
    {
        using TestCapture capture = new();
        capture.Udp(true, 5000).Udp(true, 5000, ttl: 1).Tcp(true, 5001, TcpFlags.Ack, 10);
        capture.Udp(true, 5002);
        capture.LastFrame[14 + 10] ^= 0x55;
        ReplayReport report = Replay(capture, new StringWriter(), AccessKind.DsLite, 2, 1);
        Assert.Equal(0, report.Mismatches);
        Assert.Equal(2, report.Forwarded);
        Assert.Equal(
            new Dictionary<string, long> { ["bad_ipv4_checksum"] = 2, ["no_session"] = 2, ["ttl_expired"] = 2 },
            report.Drops.ToDictionary());
        Assert.Equal(2, report.Answers);
    }

    [Fact]
    public void What_no_nat_carries_is_skipped_with_its_reason()
    {
        using TestCapture capture = new();
        byte[] arp = new byte[60];
        MacAddress all = MacAddress.Parse("ff:ff:ff:ff:ff:ff");
        MacAddress one = MacAddress.Parse("02:00:00:00:00:01");
        new EthernetHeader { Destination = all, EtherType = EtherTypes.Arp }.Write(arp);
        byte[] ipv6 = new byte[60];
        new EthernetHeader { Destination = one, EtherType = EtherTypes.Ipv6 }.Write(ipv6);
        capture.Frame(arp).Frame(ipv6).Udp(true, 5000);
        capture.LastFrame[14 + 16] = 239;
        // A reply whose request is not there.
        capture.Tcp(false, 5001, TcpFlags.Ack, 5);
        ReplayReport report = Replay(capture, new StringWriter(), AccessKind.Nat444, 3, 1);
        Assert.Equal(0, report.Mismatches);
        Assert.Equal(
            new Dictionary<string, long> { ["arp"] = 3, ["ipv6"] = 3, ["multicast"] = 3, ["no_session_for_reply"] = 3 },
            report.Skipped.ToDictionary());
    }

    [Fact]
    public void A_reply_after_the_session_has_ended_must_not_come_in()
    {
        using TestCapture capture = new();
        capture.Udp(true, 5000).After(299).Udp(false, 5000).After(2).Udp(false, 5000);
        ReplayReport report = Replay(capture, new StringWriter(), AccessKind.DsLite, 1, 1);
        Assert.Equal(0, report.Mismatches);
        Assert.Equal(1, report.Returned);
        Assert.Equal(1, report.Drops.Values.Sum());
    }

    [Fact]
    public void A_peer_that_was_never_sent_to_comes_in_by_the_mapping()
    {
        using TestCapture capture = new();
        capture.Udp(true, 5000).Udp(false, 5000, serverPort: 9999);
        ReplayReport report = Replay(capture, new StringWriter(), AccessKind.DsLite, 4, 2);
        Assert.Equal(0, report.Mismatches);
        Assert.Equal(4, report.Returned);
    }

    [Fact]
    public void A_header_checksum_left_to_the_device_is_filled_in()
    {
        using TestCapture capture = new();
        capture.Udp(true, 5000);
        capture.LastFrame[14 + 10] = capture.LastFrame[14 + 11] = 0;
        ReplayReport report = Replay(capture, new StringWriter(), AccessKind.DsLite, 1, 1);
        Assert.Equal(1, report.Forwarded);
        Assert.Equal(1, report.Completed);
    }

    [Fact]
    public void A_wrong_transport_checksum_stays_wrong()
    {
        using TestCapture capture = new();
        capture.Udp(true, 5000).Tcp(true, 5001, TcpFlags.Syn).Ping(true, 9);
        capture.LastFrame[^1] ^= 1;
        Assert.Equal(0, Replay(capture, new StringWriter(), AccessKind.DsLite, 1, 1).Mismatches);
    }

    internal static ReplayReport Run(ReplayOptions options, TextWriter errors, FrameTamper? tamper = null)
    {
        ReplayRunner runner = new(options, errors) { Tamper = tamper };
        foreach (double done in runner.Run())
            Assert.InRange(done, 0, 1);
        return runner.Report;
    }

    private static ReplayReport Replay(
        TestCapture capture, TextWriter errors, AccessKind access, int subscribers, int workers) =>
        Run(new ReplayOptions([capture.Save()], access, Subscribers: subscribers, Workers: workers), errors);
}
