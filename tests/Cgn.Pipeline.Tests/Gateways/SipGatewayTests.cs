using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests.Gateways;

/// <summary>SIP (RFC 3261) with its media (RFC 4566).</summary>
public sealed class SipGatewayTests
{
    private const ushort Sip = 5060;

    public static TheoryData<bool, int> Ways => GatewayScene.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    [Requirement("ALG-SIP-1")]
    [Requirement("RFC4787-REQ-10")]
    public void Switched_off_a_message_passes_bit_for_bit(bool softwire, int shards)
    {
        using GatewayScene scene = new(softwire, shards, on: ApplicationGateways.None);
        string invite = Invite(scene.Host.Address, "UDP");
        Decoded sent = new(Assert.Single(Send(scene, invite)));
        Assert.Equal(invite, sent.Text());
    }

    [Theory]
    [MemberData(nameof(Ways))]
    [Requirement("RFC4787-REQ-10a")]
    public void A_call_over_UDP_gets_its_answer_and_its_media(bool softwire, int shards)
    {
        using GatewayScene scene = new(softwire, shards);
        Decoded sent = new(Assert.Single(Send(scene, Invite(scene.Host.Address, "UDP"))));
        string shown = $"{sent.Source}:{sent.Udp!.SourcePort}";
        string text = sent.Text();
        Assert.DoesNotContain(scene.Host.Address + ":", text, StringComparison.Ordinal);
        Assert.Contains($"Via: SIP/2.0/UDP {shown};branch=z9hG4bK1;rport\r\n", text, StringComparison.Ordinal);
        Assert.Contains($"Contact: <sip:alice@{shown}>\r\n", text, StringComparison.Ordinal);
        Assert.Contains($"Call-ID: 1@{scene.Host.Address}\r\n", text, StringComparison.Ordinal);
        Assert.Contains($"c=IN IP4 {sent.Source}\r\n", text, StringComparison.Ordinal);
        Assert.Contains($"o=alice 1 1 IN IP4 {sent.Source}\r\n", text, StringComparison.Ordinal);
        LengthFits(text);
        ushort port = MediaPort(text);
        Assert.Equal(0, port & 1);
        Assert.Contains($"a=rtcp:{port + 1}\r\n", text, StringComparison.Ordinal);

        // Media may come from anybody, before the host has sent any.
        for (ushort i = 0; i < 2; i++)
        {
            Decoded media = scene.Host.Receives(Assert.Single(scene.Bench.FromServer(
                Packets.Udp("198.51.100.50", 7000, sent.Source, (ushort)(port + i)))));
            Assert.Equal(30000 + i, media.Udp!.DestinationPort);
        }

        string ok = $"SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP {shown};branch=z9hG4bK1;rport={sent.Udp.SourcePort}\r\n"
            + $"Contact: <sip:bob@{GatewayBench.Server}:5060>\r\nContent-Length: 0\r\n\r\n";
        Assert.Equal(
            ok.Replace(shown, scene.Host.Address + ":5060", StringComparison.Ordinal),
            scene.Host.Receives(Assert.Single(Receive(scene, sent, ok))).Text());
        string bye = $"BYE sip:alice@{shown} SIP/2.0\r\nVia: SIP/2.0/UDP {GatewayBench.Server}:5060\r\n\r\n";
        Assert.StartsWith(
            $"BYE sip:alice@{scene.Host.Address}:5060 SIP/2.0\r\n",
            scene.Host.Receives(Assert.Single(Receive(scene, sent, bye))).Text(), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    [Requirement("RFC4787-REQ-10a")]
    public void A_call_over_TCP_is_rewritten_and_both_sides_numbers_fit(bool softwire, int shards)
    {
        using GatewayScene scene = new(softwire, shards);
        (string Address, ushort Port) external = scene.Connect(40000, Sip);
        string invite = Invite(scene.Host.Address, "TCP");
        Decoded sent = Assert.Single(scene.Say(40000, Sip, 1001, invite + "\r\n\r\n"));
        string text = sent.Text();
        LengthFits(text[..^4]);
        Assert.DoesNotContain(scene.Host.Address + ":", text, StringComparison.Ordinal);
        ushort contact = ushort.Parse(text.Split($"alice@{external.Address}:")[1].Split('>')[0]);
        Assert.Equal(5060, scene.Call(external.Address, contact)!.Tcp!.DestinationPort);
        uint next = 1001 + (uint)text.Length;
        Decoded heard = Assert.Single(scene.Hear(external, Sip, 5001, next, "SIP/2.0 100 Trying\r\n\r\n"));
        Assert.Equal(1001 + (uint)invite.Length + 4, heard.Tcp!.AcknowledgmentNumber);
        Assert.Equal(text, Assert.Single(scene.Say(40000, Sip, 1001, invite + "\r\n\r\n")).Text());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [Requirement("RFC4787-REQ-10a")]
    public void Two_subscribers_call_each_other(int shards)
    {
        using GatewayScene scene = new(shards: shards);
        Host other = new(scene.Bench, softwire: true, 2);
        (string address, ushort port) = other.External(tcp: false, Sip, GatewayBench.Server, Sip);
        // The filter asks for a packet to the caller's address, as a proxy's answer would have brought about.
        Decoded known = new(Assert.Single(Send(scene, Invite(scene.Host.Address, "UDP"))));
        Assert.Empty(other.Send(Packets.Udp(other.Address, Sip, known.Source, known.Udp!.SourcePort)));
        scene.Bench.Collect(FramePort.Inside);
        Assert.Empty(scene.Host.Send(TextPackets.Udp(
            scene.Host.Address, Sip, address, port, TextPackets.Bytes(Invite(scene.Host.Address, "UDP")))));
        string text = other.Receives(Assert.Single(scene.Bench.Collect(FramePort.Inside))).Text();
        Assert.Contains($"Contact: <sip:alice@{known.Source}:{known.Udp.SourcePort}>", text, StringComparison.Ordinal);
        Decoded media = scene.Host.Receives(Assert.Single(other.ToNeighbour(
            Packets.Udp(other.Address, 31000, known.Source, MediaPort(text)))));
        Assert.Equal(30000, media.Udp!.DestinationPort);
    }

    [Fact]
    [Requirement("RFC4787-REQ-10a")]
    public void A_message_in_several_segments_passes_as_it_is_and_the_next_is_read()
    {
        using GatewayScene scene = new();
        scene.Connect(40000, Sip);
        string invite = Invite(scene.Host.Address, "TCP");
        Assert.Equal(invite[..400], Assert.Single(scene.Say(40000, Sip, 1001, invite[..400])).Text());
        Assert.Equal(invite[400..], Assert.Single(scene.Say(40000, Sip, 1401, invite[400..])).Text());
        Assert.NotEqual(invite, Assert.Single(scene.Say(40000, Sip, 1001 + (uint)invite.Length, invite)).Text());
        Assert.Equal(1, scene.Bench.Gateway.Counter(CounterId.GatewayUnread));
    }

    [Fact]
    [Requirement("RFC4787-REQ-10a")]
    public void Media_of_others_and_refused_media_stay_as_they_are()
    {
        using GatewayScene scene = new();
        string body = "v=0\r\no=a 1 1 IN IP4 192.168.1.77\r\nc=IN IP4 192.168.1.77\r\nm=audio 30000 RTP/AVP 0\r\n"
            + "m=video 0 RTP/AVP 31\r\nc=IN IP4 192.168.1.2\r\n";
        string text = new Decoded(Assert.Single(Send(scene, Message(scene.Host.Address, "UDP", body)))).Text();
        Assert.Contains("m=audio 30000 ", text, StringComparison.Ordinal);
        Assert.Contains("m=video 0 ", text, StringComparison.Ordinal);
        Assert.Equal(0, scene.Bench.Gateway.Counter(CounterId.GatewayPinholes));
    }

    [Fact]
    [Requirement("RFC4787-REQ-10a")]
    public void A_message_that_has_grown_beyond_the_path_goes_on_in_fragments()
    {
        using GatewayScene scene = new();
        string message = Invite(scene.Host.Address, "UDP");
        string subject = new('x', 1472 - message.Length - "Subject: \r\n".Length);
        List<Decoded> pieces = [.. Send(scene, message.Replace(
            "CSeq:", $"Subject: {subject}\r\nCSeq:", StringComparison.Ordinal))
            .Select(static frame => new Decoded(frame))];
        Assert.Equal(2, pieces.Count);
        Assert.All(pieces, static piece => Assert.True(piece.Ipv4.TotalLength <= 1500));
        Assert.Equal(0, pieces[0].Ipv4.FragmentFlags & 2);
        Assert.NotEqual(0, pieces[1].Ipv4.FragmentOffset);
    }

    private static List<byte[]> Send(GatewayScene scene, string message) => scene.Host.Send(TextPackets.Udp(
        scene.Host.Address, Sip, GatewayBench.Server, Sip, TextPackets.Bytes(message)));

    private static List<byte[]> Receive(GatewayScene scene, Decoded sent, string message) =>
        scene.Bench.FromServer(TextPackets.Udp(
            GatewayBench.Server, Sip, sent.Source, sent.Udp!.SourcePort, TextPackets.Bytes(message)));

    private static ushort MediaPort(string text) => ushort.Parse(text.Split("m=audio ")[1].Split(' ')[0]);

    private static void LengthFits(string text)
    {
        string[] parts = text.Split("\r\n\r\n", 2);
        string length = parts[0].Split("\r\n").Single(static line =>
            line.StartsWith("Content-Length:", StringComparison.Ordinal));
        Assert.Equal(parts[1].Length, int.Parse(length.Split(' ')[1]));
    }

    private static string Invite(string address, string transport) => Message(
        address, transport,
        $"v=0\r\no=alice 1 1 IN IP4 {address}\r\ns=-\r\nc=IN IP4 {address}\r\nt=0 0\r\n"
        + "m=audio 30000 RTP/AVP 0 8\r\na=rtcp:30001\r\na=rtpmap:0 PCMU/8000\r\n");

    private static string Message(string address, string transport, string body) =>
        $"INVITE sip:bob@{GatewayBench.Server} SIP/2.0\r\n"
        + $"Via: SIP/2.0/{transport} {address}:5060;branch=z9hG4bK1;rport\r\nMax-Forwards: 70\r\n"
        + $"From: <sip:alice@example.com>;tag=1\r\nTo: <sip:bob@example.com>\r\nCall-ID: 1@{address}\r\n"
        + $"CSeq: 1 INVITE\r\nContact: <sip:alice@{address}:5060>\r\nContent-Type: application/sdp\r\n"
        + $"Content-Length: {body.Length}\r\n\r\n{body}";
}
