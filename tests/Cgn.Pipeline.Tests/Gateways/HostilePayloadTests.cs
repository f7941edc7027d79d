using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests.Gateways;

/// <summary>Payloads that are made to break what reads them, and streams that no gateway can read.</summary>
public sealed class HostilePayloadTests
{
    private const string Own = "100.64.0.1";

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void First_line_that_poses_as_a_header_is_no_header(bool tcp)
    {
        using GatewayScene scene = new(softwire: false);
        Assert.Equal(Own, scene.Host.Address);
        string message = Message($"Content-Length: {Own} SIP/2.0", Sdp("30000"));
        Decoded sent = tcp ? SayBySip(scene, message) : Send(scene, message);
        Assert.Contains($"Content-Length: {sent.Source}:", sent.Text());
    }

    [Fact]
    public void Description_whose_endpoints_can_not_all_be_had_stays_as_it_is()
    {
        using GatewayScene scene = new(softwire: false);
        string body = Sdp("30000") + "m=video 80 RTP/AVP 0\r\n";
        Assert.EndsWith(body, Send(scene, Message("INVITE sip:b SIP/2.0", body)).Text());
    }

    [Fact]
    public void Description_longer_than_its_message_says_is_read_as_far_as_it_says()
    {
        using GatewayScene scene = new(softwire: false);
        string message = Message("INVITE sip:b SIP/2.0\r\nContent-Length: 0", Sdp("30000"));
        Assert.Equal(message, Send(scene, message).Text());
    }

    [Theory]
    [MemberData(nameof(GatewayScene.Ways), MemberType = typeof(GatewayScene))]
    public void Segment_in_fragments_goes_by_unread_and_the_connection_goes_on(bool softwire, int shards)
    {
        using GatewayScene scene = new(softwire, shards);
        scene.Connect(40000, 21);
        byte[] segment = TextPackets.Tcp(
            scene.Host.Address, 40000, GatewayBench.Server, 21, TcpFlags.Ack, 1001, 5001,
            TextPackets.Bytes("USER somebody\r\nPASS nothing\r\n"));
        List<byte[]> left = [.. Fragments.Ipv4(segment, 24).SelectMany(scene.Host.Send)];
        Assert.Equal(3, left.Count);
        Decoded after = Assert.Single(scene.Say(40000, 21, 1030, "NOOP\r\n"));
        Assert.Equal(("NOOP\r\n", 1030u), (after.Text(), after.Tcp!.SequenceNumber));
    }

    [Fact]
    public void Fragment_of_what_was_changed_is_not_let_by_unchanged()
    {
        using GatewayScene scene = new();
        scene.Connect(40000, 21);
        string line = $"PORT {scene.Host.Address.Replace('.', ',')},78,32\r\n";
        Assert.NotEqual(line, Assert.Single(scene.Say(40000, 21, 1001, line)).Text());
        byte[] again = TextPackets.Tcp(
            scene.Host.Address, 40000, GatewayBench.Server, 21, TcpFlags.Ack, 1001, 5001, TextPackets.Bytes(line));
        Assert.Empty(scene.Host.Send(Fragments.Ipv4(again, 24)[0]));
        Assert.Equal(1, scene.Bench.Gateway.Drops(DropReason.GatewayGap));
        scene.Bench.Advance(60);
    }

    private static Decoded Send(GatewayScene scene, string message) => new(Assert.Single(scene.Host.Send(
        TextPackets.Udp(Own, 5060, GatewayBench.Server, 5060, TextPackets.Bytes(message)))));

    private static Decoded SayBySip(GatewayScene scene, string message)
    {
        scene.Connect(40000, 5060);
        return Assert.Single(scene.Say(40000, 5060, 1001, message));
    }

    private static string Message(string start, string body) =>
        $"{start}\r\nContent-Type: application/sdp\r\n\r\n{body}";

    private static string Sdp(string port) => $"v=0\r\nc=IN IP4 {Own}\r\nm=audio {port} RTP/AVP 0\r\n";
}
