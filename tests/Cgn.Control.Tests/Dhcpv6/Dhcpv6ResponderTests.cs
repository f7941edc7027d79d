using System;
using System.Buffers.Binary;
using System.Collections.Generic;
using System.Linq;

using Cgn.Control.Dhcpv6;
using Cgn.Control.Tests.Configuration;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Dhcpv6;

/// <summary>How B4s learn of the AFTR (RFC 6334, RFC 8026).</summary>
public sealed class Dhcpv6ResponderTests
{
    private static readonly byte[] s_duid = [0, 3, 0, 1, 2, 0, 0, 0, 0, 9];
    private static readonly byte[] s_client = [0, 1, 0, 6, 0, 3, 0, 1, 7, 7];

    private static readonly byte[] s_wire =
        [4, .. "aftr"u8, 7, .. "example"u8, 3, .. "com"u8, 0];

    [Fact]
    [Requirement("RFC6334-S3-1")]
    public void The_name_is_one_uncompressed_name_in_option_64()
    {
        byte[] reply = Responder().Respond(Request(64))!;
        Assert.Equal(7, reply[0]);
        Assert.Equal([1, 2, 3], reply[1..4]);
        byte[] option = Option(reply, 64)!;
        Assert.Equal(18, option.Length);
        Assert.Equal(s_wire, option);
        Assert.Equal(s_client[4..], Option(reply, 1));
        Assert.Equal(s_duid, Option(reply, 2));
    }

    [Fact]
    [Requirement("RFC6334-S4-1")]
    public void Only_who_asks_for_it_is_told()
    {
        byte[] reply = Responder().Respond(Request(23, 24))!;
        Assert.Null(Option(reply, 64));
        Assert.Null(Option(reply, 111));
        Assert.Null(Option(Responder().Respond([11, 1, 2, 3, .. s_client])!, 64));
        Assert.Equal(1, Options(Responder().Respond(Request(64, 64))!).Count(static option => option.Code == 64));
    }

    [Fact]
    [Requirement("RFC6334-S4-1")]
    public void Two_names_in_the_configuration_are_refused()
    {
        string yaml = ConfigText.Small + "\ndhcpv6: { aftr-name: [a.example.com, b.example.com] }\n";
        Assert.Contains(ConfigText.Lines(yaml), static line => line.Contains("dhcpv6.aftr-name is a list; one value"));
        Assert.Empty(ConfigText.Lines(ConfigText.Small + "\ndhcpv6: { aftr-name: a.example.com }\n"));
        Assert.Contains(
            ConfigText.Lines(ConfigText.Small + "\ndhcpv6: { aftr-name: nolabels }\n"),
            static line => line.Contains("'nolabels' is not a fully qualified domain name"));
    }

    [Fact]
    [Requirement("RFC6334-S3-2")]
    public void No_message_but_a_reply_to_an_information_request_ever_carries_it()
    {
        for (int type = 0; type < 256; type++)
        {
            byte[] message = Request(64);
            message[0] = (byte)type;
            byte[]? reply = Responder().Respond(message);
            Assert.Equal(type == 11, reply is not null);
        }
    }

    [Fact]
    [Requirement("RFC8026-S1-1")]
    public void DS_Lite_goes_first_where_that_is_offered()
    {
        Assert.Equal([0, 0x40], Option(Responder(priority: true).Respond(Request(64, 111))!, 111));
        Assert.Null(Option(Responder().Respond(Request(64, 111))!, 111));
        Assert.Null(Option(Responder(priority: true).Respond(Request(64))!, 111));
    }

    [Fact]
    [Requirement("RFC6334-S4-1")]
    public void Through_relay_agents_the_answer_goes_back_as_it_came()
    {
        byte[] inner = Relayed(Request(64), hops: 0, "eth1"u8);
        byte[] outer = Relayed(inner, hops: 1, "eth2"u8);
        byte[] reply = Responder().Respond(outer)!;
        Assert.Equal(13, reply[0]);
        Assert.Equal(outer[1..34], reply[1..34]);
        Assert.Equal("eth2"u8.ToArray(), Option(reply, 18, 34));
        byte[] back = Option(reply, 9, 34)!;
        Assert.Equal((13, 0), (back[0], back[1]));
        Assert.Equal("eth1"u8.ToArray(), Option(back, 18, 34));
        Assert.Equal(s_wire, Option(Option(back, 9, 34)!, 64));
        Assert.True(Dhcpv6Responder.IsRelayed(outer));
        Assert.False(Dhcpv6Responder.IsRelayed(Request(64)));
    }

    [Fact]
    public void What_is_meant_for_others_or_asks_for_addresses_is_ignored()
    {
        Assert.Null(Responder().Respond([.. Request(64), 0, 2, 0, 4, 0, 3, 0, 1]));
        Assert.NotNull(Responder().Respond([.. Request(64), 0, 2, 0, (byte)s_duid.Length, .. s_duid]));
        foreach (byte addresses in new byte[] { 3, 4, 25 })
            Assert.Null(Responder().Respond([.. Request(64), 0, addresses, 0, 0]));
        byte[] deep = Request(64);
        for (int hops = 0; hops < 9; hops++)
            deep = Relayed(deep, hops, "x"u8);
        Assert.Null(Responder().Respond(deep));
    }

    [Fact]
    public void Nonsense_is_ignored_and_never_thrown_at_anybody()
    {
        Random random = new(5);
        Dhcpv6Responder responder = Responder(priority: true);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] message = Relayed(Request(64, 111), 0, "x"u8);
            for (int i = random.Next(4); i >= 0; i--)
                message[random.Next(message.Length)] = (byte)random.Next(256);
            responder.Respond(message.AsSpan(0, random.Next(message.Length + 1)));
        }
    }

    [Fact]
    [Requirement("RFC6334-S3-1")]
    public void Names_survive_the_wire_and_bad_ones_are_no_names()
    {
        Assert.True(DomainName.TryRead(s_wire, out DomainName? name));
        Assert.Equal("aftr.example.com", name.ToString());
        Assert.True(DomainName.TryParse("aftr.example.com.", out DomainName? parsed));
        Assert.Equal(name, parsed);
        byte[][] wrong =
        [
            [], [0], [1, 65, 0], [.. s_wire, .. s_wire], s_wire[..^1], [64, .. new byte[64], 0], [4, 65, 65, 65],
            [3, 65, 65, 65, 0xC0, 0],
        ];
        Assert.All(wrong, static bytes => Assert.False(DomainName.TryRead(bytes, out _)));
        Assert.False(DomainName.TryParse(new string('a', 64) + ".com", out _));
        Assert.False(DomainName.TryParse("a..com", out _));
        Assert.False(DomainName.TryParse(string.Join('.', Enumerable.Repeat("abcdefghi", 26)), out _));
    }

    private static Dhcpv6Responder Responder(bool priority = false)
    {
        Assert.True(DomainName.TryParse("aftr.example.com", out DomainName? name));
        return new Dhcpv6Responder(s_duid, name, priority);
    }

    private static byte[] Request(params byte[] asked) =>
    [
        11, 1, 2, 3, .. s_client,
        0, 6, 0, (byte)(2 * asked.Length), .. asked.SelectMany(static code => new byte[] { 0, code }),
        0, 8, 0, 2, 0, 0,
    ];

    private static byte[] Relayed(byte[] message, int hops, ReadOnlySpan<byte> link) =>
    [
        12, (byte)hops, .. new byte[16], 0xFE, 0x80, .. new byte[13], 9, 0, 18, 0, (byte)link.Length, .. link,
        0, 9, (byte)(message.Length >> 8), (byte)message.Length, .. message,
    ];

    private static byte[]? Option(byte[] message, int code, int from = 4) =>
        Options(message, from).Where(option => option.Code == code).Select(static option => option.Value)
            .FirstOrDefault();

    private static List<(int Code, byte[] Value)> Options(byte[] message, int from = 4)
    {
        List<(int, byte[])> options = [];
        for (int at = from; at < message.Length;)
        {
            int length = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at + 2));
            int code = BinaryPrimitives.ReadUInt16BigEndian(message.AsSpan(at));
            options.Add((code, message[(at + 4)..(at + 4 + length)]));
            at += 4 + length;
        }

        return options;
    }
}
