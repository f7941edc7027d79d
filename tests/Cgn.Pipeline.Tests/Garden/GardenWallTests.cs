using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests.Garden;

/// <summary>What the walled garden lets pass, and what not, in either direction and at any time.</summary>
public sealed class GardenWallTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_is_allowed_is_translated_as_ever(bool softwire)
    {
        using GardenScene scene = new(softwire);
        Decoded sent = new(Assert.Single(scene.Host.Tcp(5, GardenScene.Portal, 80, TcpFlags.Syn)));
        Assert.True(Decoded.IsInPool(sent.Source));
        Decoded got = scene.Host.Receives(Assert.Single(scene.Bench.FromServer(Packets.Tcp(
            GardenScene.Portal, 80, sent.Source, sent.Tcp!.SourcePort, TcpFlags.Syn | TcpFlags.Ack, 1, 1001))));
        Assert.Equal(5, got.Tcp!.DestinationPort);
        Assert.Single(scene.Host.Tcp(5, GardenScene.Portal, 80, TcpFlags.Ack, 1001, 2));
        Assert.Single(scene.Host.Udp(6, GardenScene.Forbidden, 53));
        Assert.Single(scene.Host.Tcp(7, GardenScene.Forbidden, 53, TcpFlags.Syn));
        Assert.Single(scene.Host.Send(Packets.Echo(scene.Host.Address, GardenScene.Portal, 1)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void All_else_is_told_at_once_that_it_goes_nowhere(bool softwire)
    {
        using GardenScene scene = new(softwire, change: static garden => garden with { AllowDns = false });
        byte[][] shut =
        [
            Packets.Udp(scene.Host.Address, 9, GardenScene.Forbidden, 53),
            Packets.Tcp(scene.Host.Address, 9, GardenScene.Forbidden, 22, TcpFlags.Syn),
            Packets.Echo(scene.Host.Address, GardenScene.Forbidden, 1),
            Packets.Ipv4(scene.Host.Address, GardenScene.Forbidden, IpProtocol.Gre, new byte[20]),
        ];
        foreach (byte[] packet in shut)
        {
            Decoded answer = scene.Answer(packet)!;
            Assert.Equal((3, 13), (answer.Icmp!.Bytes[0], answer.Icmp.Bytes[1]));
        }

        // A browser would wait for an ICMP error, and takes a RST at its word.
        Decoded reset = scene.Tcp(TcpFlags.Syn, 1000, remotePort: 443)!;
        Assert.True(reset.Tcp is { Reset: true, Acknowledgment: true });
        Assert.Equal(1001u, reset.Tcp!.AcknowledgmentNumber);
        Assert.Equal(shut.Length + 1, scene.Bench.Gateway.Drops(DropReason.WalledGarden));
        scene.NothingWasMade();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_pays_reaches_everything(bool softwire)
    {
        using GardenScene scene = new(softwire, isGarden: false);
        Assert.Single(scene.Host.Tcp(5, GardenScene.Forbidden, 80, TcpFlags.Syn));
        Assert.Equal(0, scene.Bench.Gateway.Counter(CounterId.GardenRedirects));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, false)]
    [InlineData(true, true)]
    [InlineData(false, true)]
    public void A_plan_that_becomes_a_garden_ends_what_leads_out_of_it_and_nothing_else(bool softwire, bool inbound)
    {
        using GardenScene scene = new(softwire);
        scene.Change(plan: 1, generation: 2);
        Connection web = new Connection(scene.Bench, scene.Host, 5, GardenScene.Forbidden).Open();
        Connection portal = new Connection(scene.Bench, scene.Host, 6, GardenScene.Portal).Open();
        web.FromInside(TcpFlags.Ack, 100);
        scene.Change(plan: 0, generation: 3);

        if (inbound)
        {
            Assert.Empty(web.TryFromOutside(TcpFlags.Ack, 100));
            Assert.Equal(1, scene.Bench.Gateway.Drops(DropReason.WalledGarden));
        }
        else
        {
            Assert.Empty(web.TryFromInside(TcpFlags.Ack, 100));
            Decoded answer = scene.Host.Receives(Assert.Single(scene.Bench.Collect(FramePort.Inside)));
            Assert.True(answer.Tcp!.Reset);
        }

        Assert.Equal(Cgn.Contract.Records.SessionState.None, web.State);
        portal.FromInside(TcpFlags.Ack, 100);
        portal.FromOutside(TcpFlags.Ack, 100);
        // And once it is paid, all is as it was.
        scene.Change(plan: 1, generation: 4);
        new Connection(scene.Bench, scene.Host, 7, GardenScene.Forbidden).Open();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Errors_about_what_leads_out_of_the_garden_stay_in_it(bool softwire)
    {
        using GardenScene scene = new(softwire);
        scene.Change(plan: 1, generation: 2);
        byte[] Error(string server)
        {
            byte[] left = Assert.Single(scene.Host.Udp(5, server, 9));
            Decoded sent = new(left);
            Decoded got = scene.Host.Receives(Assert.Single(scene.Bench.FromServer(
                Packets.Udp(server, 9, sent.Source, sent.Udp!.SourcePort))));
            return Packets.IcmpError(
                scene.Host.Address, server, IcmpType.DestinationUnreachable, 3, got.Ipv4.Bytes);
        }

        byte[] about = Error(GardenScene.Forbidden);
        byte[] aboutPortal = Error(GardenScene.Portal);
        Assert.Single(scene.Host.Send(about));
        scene.Change(plan: 0, generation: 3);

        Assert.Empty(scene.Host.Send(about));
        Assert.Equal(1, scene.Bench.Gateway.Drops(DropReason.WalledGarden));
        Assert.Single(scene.Host.Send(aboutPortal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Nobody_outside_comes_in_by_what_is_allowed(bool softwire)
    {
        using GardenScene scene = new(softwire);
        (string address, ushort port) = scene.Host.External(tcp: false, 5, GardenScene.Portal, 9);
        Assert.Empty(scene.Bench.FromServer(Packets.Udp(GardenScene.Forbidden, 7, address, port)));
        Assert.Equal(1, scene.Bench.Gateway.Drops(DropReason.WalledGarden));
        Assert.Equal(1, scene.Bench.Gateway.Counter(CounterId.SessionsCreatedUdp));
        Assert.Single(scene.Bench.FromServer(Packets.Udp(GardenScene.Portal, 7, address, port)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_plans_rates_hold_in_the_garden(bool softwire)
    {
        using GatewayBench bench = new(
            plan: static home => home with { RateUp = 800_000, RateDown = 1_600_000, WalledGarden = true },
            snapshot: static all => all with
            {
                WalledGarden = new() { Allow = [new Ipv4PrefixSetting(0xC6336400, 24)] },
            });
        Host host = new(bench, softwire);
        (string address, ushort port) = host.External(tcp: false, 5);
        (int up, int down) = (0, 0);
        for (int i = 0; i < 1000; i++)
        {
            up += host.Udp(5, GatewayBench.Server, 9, 972).Count;
            down += bench.FromServer(Packets.Udp(GatewayBench.Server, 9, address, port, 972)).Count;
            bench.Advance(0.002);
        }

        // Two seconds, packets of 1,000 bytes, and a bucket of 50 ms or two of the largest packets.
        Assert.InRange(up, 200, 206);
        Assert.InRange(down, 400, 411);
        Assert.Equal(1000 - up, bench.Gateway.Drops(DropReason.RateLimitUp));
        Assert.Equal(1000 - down, bench.Gateway.Drops(DropReason.RateLimitDown));
    }

    [Fact]
    public void Hosts_get_no_mapping_by_asking_for_one()
    {
        using GardenScene scene = new(softwire: true);
        PcpHost host = new(scene.Bench, softwire: true);
        PcpAnswer answer = host.Map(lifetime: 600);
        Assert.Equal((int)PcpResult.NotAuthorized, answer.Result);
        scene.NothingWasMade();
    }

    [Fact]
    public void The_subscriber_is_known_all_the_same()
    {
        using GardenScene scene = new(softwire: true);
        scene.Tcp(TcpFlags.Syn, 1);
        Assert.Equal(1, scene.Bench.Gateway.Counter(CounterId.Subscribers));
        List<byte[]> none = scene.Bench.Collect(FramePort.Outside);
        Assert.Empty(none);
    }
}
