using System;
using System.Buffers.Binary;
using System.Threading.Tasks;

using Cgn.Contract.Commands;
using Cgn.Contract.Pools;
using Cgn.Contract.Records;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>Subscribers whose plan is asked for and given, and those in the walled garden.</summary>
[Requirement("MGMT-SUBS")]
public sealed class PolicyMetricsTests
{
    private const string Customer = "100.64.0.1";
    private const string Server = ScrapedGateway.Server;

    private static readonly SubscriberId s_customer = new(SubscriberKind.Nat444, 0, 0x64400001);

    [Fact]
    public async Task Questions_about_subscribers_and_plans_that_are_set_are_counted()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(
            settings: static settings => settings with { AsksUnknown = true });
        byte[] packet = Packets.Ethernet(Packets.Udp(Customer, 4000, Server, 53));
        Func<string, double> moved = await gateway.MovesAsync(() => gateway.Send(FramePort.Inside, packet));
        Assert.Equal(1, moved("cgn_policy_questions_total"));
        Assert.Equal(1, moved("cgn_drops_total{reason=\"subscriber_pending\"}"));
        Assert.Equal(0, moved("cgn_plans_set_total"));

        moved = await gateway.MovesAsync(() =>
        {
            gateway.Gateway.Policies.Write(0, default);
            Assert.True(gateway.Gateway.Command(ForwarderCommand.SetPlan(s_customer, PlanNumber.FirstGranted)));
            gateway.Advance(0.2);
            Assert.Single(gateway.Send(FramePort.Inside, packet));
        });
        Assert.Equal(1, moved("cgn_plans_set_total"));
        Assert.Equal(0, moved("cgn_policy_questions_total"));
    }

    [Fact]
    public async Task Redirects_from_the_garden_and_answers_that_its_limit_held_back_are_counted()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(static snapshot => snapshot with
        {
            Plans = [snapshot.Plans[0] with { WalledGarden = true }],
            WalledGarden = new WalledGardenSettings { Portal = "http://192.0.2.80/", AnswersPerSecond = 100 },
        });
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            byte[] accepted = Assert.Single(gateway.Send(FramePort.Inside, Web(TcpFlags.Syn, 1)));
            uint begins = BinaryPrimitives.ReadUInt32BigEndian(accepted.AsSpan(14 + 20 + 4)) + 1;
            gateway.Send(
                FramePort.Inside, Web(TcpFlags.Ack | TcpFlags.Psh, 2, begins, payloadBytes: 20));
        });
        Assert.Equal(1, moved("cgn_garden_redirects_total"));
        Assert.Equal(0, moved("cgn_garden_suppressed_total"));

        int answers = 0;
        moved = await gateway.MovesAsync(() =>
        {
            for (ushort port = 5000; port < 5200; port++)
                answers += gateway.Send(FramePort.Inside, Web(TcpFlags.Syn, 1, port: port)).Count;
        });
        Assert.InRange(answers, 1, 100);
        Assert.Equal(200 - answers, moved("cgn_garden_suppressed_total"));
        Assert.Equal(0, moved("cgn_sessions_created_total"));
    }

    private static byte[] Web(
        TcpFlags flags, uint sequence, uint acknowledgment = 0, int payloadBytes = 0, ushort port = 4000) =>
        Packets.Ethernet(Packets.Tcp(Customer, port, Server, 80, flags, sequence, acknowledgment, payloadBytes));
}
