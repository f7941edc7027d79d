using System;
using System.Buffers.Binary;
using System.Linq;
using System.Text;
using System.Threading.Tasks;

using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Nat;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>The walled garden, and subscribers whose plan the control plane says.</summary>
public sealed class PolicyMetricsTests
{
    private const string Customer = "100.64.0.10";
    private const int TcpAt = 34;

    [Fact]
    [Requirement("MGMT-SUBS")]
    public async Task Redirects_from_the_garden_and_segments_left_unanswered_are_counted()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(static snapshot => snapshot with
        {
            Plans = [snapshot.Plans[0] with { WalledGarden = true }],
            WalledGarden = new WalledGardenSettings { Portal = "http://192.0.2.80/", AnswersPerSecond = 80 },
        });
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            byte[] accepted = Assert.Single(gateway.Send(FramePort.Inside, Segment(TcpFlags.Syn, 1, 0, "")));
            uint begins = BinaryPrimitives.ReadUInt32BigEndian(accepted.AsSpan(TcpAt + 4)) + 1;
            gateway.Send(
                FramePort.Inside,
                Segment(TcpFlags.Ack | TcpFlags.Psh, 2, begins, "GET / HTTP/1.1\r\nHost: example.net\r\n\r\n"));
        });
        Assert.Equal(1, moved("cgn_garden_redirects_total"));
        Assert.Equal(0, moved("cgn_garden_suppressed_total"));

        moved = await gateway.MovesAsync(() =>
        {
            int answered = Enumerable.Range(0, 100).Sum(i =>
                gateway.Send(FramePort.Inside, Segment(TcpFlags.Syn, (uint)i, 0, "", (ushort)(2000 + i))).Count);
            Assert.InRange(answered, 1, 99);
        });
        Assert.InRange(moved("cgn_garden_suppressed_total"), 1, 99);
    }

    [Fact]
    [Requirement("MGMT-SUBS")]
    public async Task Questions_for_a_policy_and_plans_given_by_command_are_counted()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            settings: static settings => settings with { AsksUnknown = true });
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            gateway.Send(FramePort.Inside, Packets.Ethernet(Packets.Udp(Customer, 1, ScrapedGateway.Server, 53)));
            var key = new SubscriberKey(0, Ipv4Address.Parse(Customer).Value, SubscriberKind.Nat444);
            Assert.True(gateway.Gateway.Shard(0).SetPlan(key, PlanNumber.Refused, gateway.Now));
        });
        Assert.Equal(1, moved("cgn_policy_questions_total"));
        Assert.Equal(1, moved("cgn_plans_set_total"));
    }

    private static byte[] Segment(
        TcpFlags flags, uint sequence, uint acknowledgment, string text, ushort port = 40000)
    {
        byte[] segment = new byte[TcpHeader.Size + text.Length];
        new TcpHeader
        {
            SourcePort = port,
            DestinationPort = 80,
            Sequence = sequence,
            Acknowledgment = acknowledgment,
            Flags = flags,
            Window = 65535,
        }.Write(segment);
        Encoding.ASCII.GetBytes(text, segment.AsSpan(TcpHeader.Size));
        Checksum.FillTcp(segment, Checksum.PseudoHeader(
            Ipv4Address.Parse(Customer), Ipv4Address.Parse(ScrapedGateway.Server), IpProtocol.Tcp, segment.Length));
        return Packets.Ethernet(Packets.Ipv4(Customer, ScrapedGateway.Server, IpProtocol.Tcp, segment));
    }
}
