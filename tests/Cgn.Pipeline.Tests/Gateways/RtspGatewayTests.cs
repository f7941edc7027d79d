using System;

using Cgn.Contract.Settings;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests.Gateways;

/// <summary>RTSP (RFC 2326): the ports that a client wants its media at.</summary>
public sealed class RtspGatewayTests
{
    private const ushort Rtsp = 554;

    public static TheoryData<bool, int> Ways => GatewayScene.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    [Requirement("RFC4787-REQ-10a")]
    public void Media_reach_the_ports_that_the_client_has_named(bool softwire, int shards)
    {
        using GatewayScene scene = new(softwire, shards);
        (string Address, ushort Port) external = scene.Connect(40000, Rtsp);
        const string Setup = "SETUP rtsp://media.example/a RTSP/1.0\r\nCSeq: 3\r\n"
            + "Transport: RTP/AVP;unicast;client_port=30000-30001,RTP/AVP/TCP;interleaved=0-1\r\n\r\n";
        string sent = Assert.Single(scene.Say(40000, Rtsp, 1001, Setup)).Text();
        string[] ports = sent.Split("client_port=")[1].Split(',')[0].Split('-');
        ushort first = ushort.Parse(ports[0]);
        Assert.Equal((0, first + 1), (first & 1, int.Parse(ports[1])));
        Assert.Equal(Setup.Replace("30000-30001", $"{first}-{first + 1}", StringComparison.Ordinal), sent);

        string answer = $"RTSP/1.0 200 OK\r\nCSeq: 3\r\nTransport: RTP/AVP;unicast;client_port={first}-{first + 1};"
            + "server_port=6970-6971\r\n\r\n";
        uint next = 1001 + (uint)sent.Length;
        Assert.Equal(
            answer.Replace($"{first}-{first + 1}", "30000-30001", StringComparison.Ordinal),
            Assert.Single(scene.Hear(external, Rtsp, 5001, next, answer)).Text());
        for (ushort i = 0; i < 2; i++)
        {
            Decoded media = scene.Host.Receives(Assert.Single(scene.Bench.FromServer(
                Packets.Udp(GatewayBench.Server, (ushort)(6970 + i), external.Address, (ushort)(first + i)))));
            Assert.Equal(30000 + i, media.Udp!.DestinationPort);
        }

        Assert.Empty(scene.Bench.FromServer(Packets.Udp("198.51.100.77", 6970, external.Address, first)));
    }

    [Fact]
    [Requirement("RFC5382-REQ-6")]
    public void Switched_off_it_passes_bit_for_bit()
    {
        using GatewayScene scene = new(on: ApplicationGateways.None);
        scene.Connect(40000, Rtsp);
        const string Setup = "SETUP rtsp://a RTSP/1.0\r\nTransport: RTP/AVP;client_port=30000-30001\r\n\r\n";
        Assert.Equal(Setup, Assert.Single(scene.Say(40000, Rtsp, 1001, Setup)).Text());
    }

    [Fact]
    [Requirement("RFC4787-REQ-10a")]
    public void Media_in_the_connection_are_not_looked_into()
    {
        using GatewayScene scene = new();
        scene.Connect(40000, Rtsp);
        const string Frame = "$\0\0\x2ATransport: RTP/AVP;client_port=30000-30001\r";
        Assert.Equal(Frame, Assert.Single(scene.Say(40000, Rtsp, 1001, Frame)).Text());
        Assert.Equal(4 + 0x2A, Frame.Length - 1);
    }
}
