using System;
using System.Text;
using System.Threading.Tasks;

using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Cli.Tests.Metrics;

/// <summary>Application gateways, and IPv4 identifications that come round.</summary>
public sealed class ApplicationMetricsTests
{
    private const string Customer = "100.64.0.10";
    private const string Server = ScrapedGateway.Server;

    [Fact]
    public async Task Rewrites_and_endpoints_made_refused_and_unread_are_counted()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync(static snapshot => snapshot with
        {
            GatewayPorts = [new GatewayPort(ApplicationGateways.Sip, (byte)IpProtocol.Udp, 5060)],
            Plans = [snapshot.Plans[0] with { Gateways = ApplicationGateways.Sip }],
        });
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            gateway.Send(FramePort.Inside, Invite(30000));
            byte[] damaged = Invite(30000);
            damaged[14 + 26] ^= 0x5A;
            gateway.Send(FramePort.Inside, damaged);
        });
        Assert.Equal(1, moved("cgn_gateway_rewrites_total"));
        Assert.Equal(1, moved("cgn_gateway_unread_total"));
        Assert.InRange(moved("cgn_gateway_pinholes_total"), 2, 3);

        moved = await gateway.MovesAsync(() =>
        {
            for (ushort port = 30002; port < 30202; port += 2)
                gateway.Send(FramePort.Inside, Invite(port));
        });
        Assert.True(moved("cgn_gateway_pinholes_refused_total") > 0);
    }

    [Fact]
    [Requirement("MGMT-SUBS")]
    public async Task Identifications_that_come_round_within_their_life_are_counted()
    {
        await using ScrapedGateway gateway = await ScrapedGateway.StartAsync();
        byte[][] batch = new byte[256][];
        byte[] packet = Packets.Udp(Customer, 4000, Server, 53, payloadBytes: 8, dontFragment: false);
        Array.Fill(batch, Packets.Ethernet(packet));
        Func<string, double> moved = await gateway.MovesAsync(() =>
        {
            for (int i = 0; i <= ushort.MaxValue; i += batch.Length)
                gateway.Send(FramePort.Inside, batch);
        });
        Assert.Equal(0, moved("cgn_identification_wraps_total"));

        moved = await gateway.MovesAsync(() => gateway.Send(FramePort.Inside, batch));
        Assert.Equal(1, moved("cgn_identification_wraps_total"));
    }

    private static byte[] Invite(ushort media)
    {
        string body = $"v=0\r\no=alice 1 1 IN IP4 {Customer}\r\nc=IN IP4 {Customer}\r\nm=audio {media} RTP/AVP 0\r\n";
        string text = $"INVITE sip:bob@{Server} SIP/2.0\r\nVia: SIP/2.0/UDP {Customer}:5060;branch=z9hG4bK1\r\n"
            + $"Contact: <sip:alice@{Customer}:5060>\r\nContent-Type: application/sdp\r\n"
            + $"Content-Length: {body.Length}\r\n\r\n{body}";
        return Packets.Ethernet(PcpPackets.Datagram(Customer, 5060, Server, 5060, Encoding.ASCII.GetBytes(text)));
    }
}
