using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests.Gateways;

/// <summary>FTP (RFC 959, RFC 2428) from behind the gateway, and to behind it.</summary>
public sealed class FtpGatewayTests
{
    private const ushort Local = 40000;
    private const ushort Ftp = 21;

    public static TheoryData<bool, int> Ways => GatewayScene.Ways;

    [Theory]
    [MemberData(nameof(Ways))]
    [Requirement("ALG-FTP-1")]
    [Requirement("RFC6333-S8.3-1")]
    public void Active_FTP_opens_its_data_connection_from_outside(bool softwire, int shards)
    {
        using GatewayScene scene = new(softwire, shards);
        (string address, ushort _) = scene.Connect(Local, Ftp);
        string named = scene.Host.Address.Replace('.', ',');
        string sent = Assert.Single(scene.Say(Local, Ftp, 1001, $"PORT {named},156,65\r\n")).Text();
        Assert.StartsWith("PORT ", sent, StringComparison.Ordinal);
        Assert.EndsWith("\r\n", sent, StringComparison.Ordinal);
        (string data, ushort port) = GatewayScene.SixNumbers(sent);
        Assert.Equal(address, data);
        Decoded? syn = scene.Call(data, port);
        Assert.Equal(40001, syn!.Tcp!.DestinationPort);
        Decoded answer = new(Assert.Single(scene.Host.Send(TextPackets.Tcp(
            scene.Host.Address, 40001, GatewayBench.Server, 20, TcpFlags.Syn | TcpFlags.Ack, 1, 7001, []))));
        Assert.Equal((data, port), (answer.Source, answer.Tcp!.SourcePort));
        Assert.Null(scene.Call(data, port, from: "198.51.100.77"));
    }

    [Theory]
    [MemberData(nameof(Ways))]
    [Requirement("ALG-FTP-1")]
    public void EPRT_is_rewritten_as_PORT_is(bool softwire, int shards)
    {
        using GatewayScene scene = new(softwire, shards);
        (string address, ushort _) = scene.Connect(Local, Ftp);
        string sent = Assert.Single(scene.Say(Local, Ftp, 1001, $"eprt |1|{scene.Host.Address}|40001|\r\n")).Text();
        string[] parts = sent.Split('|');
        Assert.Equal(["eprt ", "1", address], parts[..3]);
        Assert.Equal(40001, scene.Call(address, ushort.Parse(parts[3]))!.Tcp!.DestinationPort);
        Assert.Equal("EPRT |2|2001:db8::1|40001|\r\n", Assert.Single(scene.Say(
            Local, Ftp, 1001 + (uint)$"eprt |1|{scene.Host.Address}|40001|\r\n".Length,
            "EPRT |2|2001:db8::1|40001|\r\n")).Text());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("ALG-FTP-1")]
    public void A_server_inside_is_reached_in_passive_mode(bool extended)
    {
        Ipv6Address b4 = Ipv6Address.Parse(GatewayBench.B4);
        StaticMapping mapping = new(b4.High & ~0xFFUL, 0, true, 6, 0xC0A80102, 21, 0xCB007105, 21);
        using GatewayScene scene = new(mapping: mapping);
        Assert.Single(scene.Host.Udp(1, GatewayBench.Server, 9));
        Assert.Equal(21, scene.Call("203.0.113.5", 21, 50000)!.Tcp!.DestinationPort);
        Assert.Single(scene.Host.Send(TextPackets.Tcp(
            scene.Host.Address, 21, GatewayBench.Server, 50000, TcpFlags.Syn | TcpFlags.Ack, 1000, 7001, [])));
        string said = extended
            ? "229 Entering Extended Passive Mode (|||40001|)\r\n"
            : "227 Entering Passive Mode (192,168,1,2,156,65).\r\n";
        string sent = Assert.Single(scene.Say(21, 50000, 1001, said, 7001)).Text();
        (string address, ushort port) = extended
            ? ("203.0.113.5", ushort.Parse(sent.Split('|')[3]))
            : GatewayScene.SixNumbers(sent);
        Assert.StartsWith(said[..27], sent, StringComparison.Ordinal);
        Assert.Equal("203.0.113.5", address);
        Assert.Equal(40001, scene.Call(address, port, 50001)!.Tcp!.DestinationPort);
    }

    [Theory]
    [MemberData(nameof(Ways))]
    [Requirement("RFC5382-REQ-6")]
    [Requirement("RFC4787-REQ-10a")]
    public void Switched_off_the_control_connection_passes_bit_for_bit(bool softwire, int shards)
    {
        using GatewayScene scene = new(softwire, shards, on: (ApplicationGateways)31 & ~ApplicationGateways.Ftp);
        scene.Connect(Local, Ftp);
        string command = $"PORT {scene.Host.Address.Replace('.', ',')},156,65\r\n";
        Decoded sent = Assert.Single(scene.Say(Local, Ftp, 1001, command));
        Assert.Equal(command, sent.Text());
        Assert.Equal(1001u, sent.Tcp!.SequenceNumber);
        Assert.Equal(0, scene.Bench.Gateway.Counter(CounterId.GatewayPinholes));
    }

    [Fact]
    [Requirement("ALG-FTP-1")]
    public void Both_sides_numbers_fit_after_the_stream_has_grown()
    {
        using GatewayScene scene = new(softwire: false);
        (string, ushort) external = scene.Connect(Local, Ftp);
        const string Command = "PORT 100,64,0,1,4,1\r\n";
        string text = Assert.Single(scene.Say(Local, Ftp, 1001, Command)).Text();
        uint grown = (uint)(text.Length - Command.Length);
        Assert.NotEqual(0u, grown);
        uint next = 1001 + (uint)Command.Length;
        Decoded acknowledged = Assert.Single(scene.Hear(external, Ftp, 5001, next + grown, "200 OK\r\n"));
        Assert.Equal(next, acknowledged.Tcp!.AcknowledgmentNumber);
        Assert.Equal(5001u, acknowledged.Tcp.SequenceNumber);
        Decoded list = Assert.Single(scene.Say(Local, Ftp, next, "LIST\r\n", 5009));
        Assert.Equal((next + grown, 5009u, "LIST\r\n"),
            (list.Tcp!.SequenceNumber, list.Tcp.AcknowledgmentNumber, list.Text()));
        // Sent again, the command is the same and opens nothing else.
        Decoded again = Assert.Single(scene.Say(Local, Ftp, 1001, Command + "LIST\r\n"));
        Assert.Equal((1001u, text + "LIST\r\n"), (again.Tcp!.SequenceNumber, again.Text()));
        Assert.Equal(1, scene.Bench.Gateway.Counter(CounterId.GatewayPinholes));
    }

    [Fact]
    [Requirement("ALG-FTP-1")]
    public void Selective_acknowledgments_count_as_the_sender_does()
    {
        using GatewayScene scene = new(softwire: false);
        (string, ushort) external = scene.Connect(Local, Ftp);
        const string Command = "PORT 100,64,0,1,4,1\r\n";
        uint next = 1001 + (uint)Command.Length;
        uint grown = (uint)(Assert.Single(scene.Say(Local, Ftp, 1001, Command)).Text().Length - Command.Length);
        byte[] options = [1, 1, 5, 10, 0, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteUInt32BigEndian(options.AsSpan(4), next + grown);
        BinaryPrimitives.WriteUInt32BigEndian(options.AsSpan(8), next + grown + 6);
        byte[] heard = Assert.Single(scene.Hear(external, Ftp, 5001, 1001, "", options)).Tcp!.Bytes;
        Assert.Equal(next, BinaryPrimitives.ReadUInt32BigEndian(heard.AsSpan(24)));
        Assert.Equal(next + 6, BinaryPrimitives.ReadUInt32BigEndian(heard.AsSpan(28)));
    }

    [Fact]
    [Requirement("ALG-FTP-1")]
    public void A_command_in_pieces_is_held_back_until_it_is_whole()
    {
        using GatewayScene scene = new();
        (string, ushort) external = scene.Connect(Local, Ftp);
        Decoded probe = Assert.Single(scene.Say(Local, Ftp, 1001, "PORT 192,168,1,2,"));
        Assert.Equal(("", 1000u), (probe.Text(), probe.Tcp!.SequenceNumber));
        // What the server says to it lets the host go on, which may be waiting for that (RFC 896).
        Assert.Equal(1018u, Assert.Single(scene.Hear(external, Ftp, 5001, 1001, "")).Tcp!.AcknowledgmentNumber);
        Decoded whole = Assert.Single(scene.Say(Local, Ftp, 1018, "156,65\r\nLIST\r\n"));
        Assert.Equal(1001u, whole.Tcp!.SequenceNumber);
        Assert.EndsWith("\r\nLIST\r\n", whole.Text(), StringComparison.Ordinal);
        (string address, ushort port) = GatewayScene.SixNumbers(whole.Text().Split("\r\n")[0]);
        Assert.Equal(40001, scene.Call(address, port)!.Tcp!.DestinationPort);
        Assert.Equal(whole.Text(), Assert.Single(scene.Say(Local, Ftp, 1018, "156,65\r\nLIST\r\n")).Text());
    }

    [Fact]
    [Requirement("ALG-FTP-1")]
    public void What_comes_before_what_is_missing_waits_with_its_sender()
    {
        using GatewayScene scene = new();
        scene.Connect(Local, Ftp);
        Assert.Empty(scene.Say(Local, Ftp, 1007, "NOOP\r\n"));
        Assert.Equal(1, scene.Bench.Gateway.Drops(DropReason.GatewayGap));
        Assert.Equal("NOOP\r\n", Assert.Single(scene.Say(Local, Ftp, 1001, "NOOP\r\n")).Text());
        Assert.Equal("NOOP\r\n", Assert.Single(scene.Say(Local, Ftp, 1007, "NOOP\r\n")).Text());
    }

    [Fact]
    [Requirement("ALG-FTP-1")]
    public void An_encrypted_connection_is_left_alone()
    {
        using GatewayScene scene = new();
        scene.Connect(Local, Ftp);
        Assert.Single(scene.Say(Local, Ftp, 1001, "AUTH TLS\r\n"));
        Assert.Single(scene.Say(Local, Ftp, 1011, "\x16\x03\x01hello\n"));
        Assert.Equal("PORT 192,168,1,2,4,1\r\n", Assert.Single(scene.Say(
            Local, Ftp, 1020, "PORT 192,168,1,2,4,1\r\n")).Text());
    }

    [Theory]
    [InlineData("PORT 192,168,1,99,156,65\r\n")]
    [InlineData("PORT 192,168,1,2,0,22\r\n")]
    [InlineData("PORT 192,168,1,2,156\r\n")]
    [InlineData("PORT 192,168,1,2,156,256\r\n")]
    [InlineData("EPRT |1|192.168.1.2|70000|\r\n")]
    [Requirement("ALG-FTP-1")]
    public void What_names_no_endpoint_of_the_host_itself_stays_as_it_is(string command)
    {
        using GatewayScene scene = new();
        scene.Connect(Local, Ftp);
        Assert.Equal(command, Assert.Single(scene.Say(Local, Ftp, 1001, command)).Text());
        Assert.Equal(0, scene.Bench.Gateway.Counter(CounterId.GatewayPinholes));
    }

    [Fact]
    [Requirement("ALG-FTP-1")]
    public void A_wrong_checksum_stays_wrong_and_is_not_read()
    {
        using GatewayScene scene = new();
        scene.Connect(Local, Ftp);
        byte[] packet = TextPackets.Tcp(
            scene.Host.Address, Local, GatewayBench.Server, Ftp, TcpFlags.Ack, 1001, 5001,
            TextPackets.Bytes("PORT 192,168,1,2,156,65\r\n"));
        packet[^3] ^= 1;
        byte[] sent = Assert.Single(scene.Host.Send(packet));
        Assert.Throws<Xunit.Sdk.TrueException>(() => new Decoded(sent));
        Assert.Equal(packet[40..], sent[54..]);
        Assert.Equal(1, scene.Bench.Gateway.Counter(CounterId.GatewayUnread));
    }

    [Fact]
    [Requirement("ALG-FTP-1")]
    public void The_urgent_pointer_moves_with_the_text()
    {
        using GatewayScene scene = new();
        scene.Connect(Local, Ftp);
        const string Text = "PORT 192,168,1,2,4,1\r\nABOR\r\n";
        Decoded sent = Assert.Single(scene.Say(
            Local, Ftp, 1001, Text, flags: TcpFlags.Ack | TcpFlags.Urg, urgent: (ushort)(Text.Length - 2)));
        Assert.Equal(sent.Text().Length - 2, sent.Tcp!.UrgentPointer);
    }

    [Fact]
    [Requirement("ALG-FTP-1")]
    public void An_endpoint_that_nobody_comes_to_is_closed_again()
    {
        using GatewayScene scene = new();
        scene.Connect(Local, Ftp);
        (string address, ushort port) = GatewayScene.SixNumbers(
            Assert.Single(scene.Say(Local, Ftp, 1001, "PORT 192,168,1,2,156,65\r\n")).Text());
        scene.Bench.Advance(121);
        Assert.Null(scene.Call(address, port));
    }

    [Fact]
    [Requirement("ALG-FTP-1")]
    public void Endpoints_are_limited_for_each_subscriber()
    {
        using GatewayScene scene = new();
        scene.Connect(Local, Ftp);
        uint sequence = 1001;
        HashSet<string> texts = [];
        for (int i = 0; i < 140; i++)
        {
            string command = $"PORT 192,168,1,2,{80 + (i / 100)},{i % 100}\r\n";
            texts.Add(Assert.Single(scene.Say(Local, Ftp, sequence, command)).Text());
            sequence += (uint)command.Length;
        }

        Assert.Equal(140, texts.Count);
        Assert.Equal(12, texts.Count(static text => text.Contains("192,168,1,2", StringComparison.Ordinal)));
        Assert.Equal(12, scene.Bench.Gateway.Counter(CounterId.GatewayPinholesRefused));
    }

    [Fact]
    [Requirement("RFC4787-REQ-10a")]
    public void A_plan_decides_for_its_own_subscribers()
    {
        ConfigSnapshot Both(ConfigSnapshot all) => all with
        {
            GatewayPorts = [new GatewayPort(ApplicationGateways.Ftp, 6, 21)],
            Plans = [all.Plans[0], all.Plans[0] with { Name = "ftp", Gateways = ApplicationGateways.Ftp }],
            StaticSubscribers = [new StaticSubscriber(new Ipv6PrefixSetting(0, 0xFFFF64400002, 128), 1)],
        };
        using GatewayBench bench = new(snapshot: Both);
        foreach ((int number, bool isOn) in new[] { (1, false), (2, true) })
        {
            Host host = new(bench, softwire: false, number);
            Assert.Single(host.Tcp(Local, GatewayBench.Server, Ftp, TcpFlags.Syn));
            string command = $"PORT 100,64,0,{number},156,65\r\n";
            Decoded sent = new(Assert.Single(host.Send(TextPackets.Tcp(
                host.Address, Local, GatewayBench.Server, Ftp, TcpFlags.Ack, 1001, 5001,
                TextPackets.Bytes(command)))));
            Assert.Equal(isOn, sent.Text() != command);
        }
    }
}
