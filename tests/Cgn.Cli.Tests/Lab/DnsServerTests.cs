using System;
using System.Net;
using System.Text;

using Cgn.Cli.Lab.Servers;

using CsCheck;

using Xunit;

namespace Cgn.Cli.Tests.Lab;

public sealed class DnsServerTests
{
    private const byte TypeA = 1;
    private const byte TypeAaaa = 28;
    private static readonly IPAddress s_address = IPAddress.Parse("198.51.100.10");

    [Fact]
    public void Known_name_has_one_address_record()
    {
        byte[] query = Query(DnsServer.KnownName, TypeA);

        byte[]? reply = DnsServer.Answer(query, s_address);

        Assert.NotNull(reply);
        Assert.Equal(query[..2], reply[..2]);
        Assert.Equal(0, reply[3] & 0x0F);
        Assert.Equal(1, reply[7]);
        Assert.Equal(s_address.GetAddressBytes(), reply[^4..]);
    }

    [Fact]
    public void Known_name_has_no_record_of_another_type_but_exists()
    {
        byte[]? reply = DnsServer.Answer(Query(DnsServer.KnownName, TypeAaaa), s_address);

        Assert.NotNull(reply);
        Assert.Equal(0, reply[3] & 0x0F);
        Assert.Equal(0, reply[7]);
    }

    [Fact]
    public void Other_names_do_not_exist()
    {
        byte[]? reply = DnsServer.Answer(Query("nobody.lab.example", TypeA), s_address);

        Assert.NotNull(reply);
        Assert.Equal(3, reply[3] & 0x0F);
    }

    [Fact]
    public void Every_truncation_is_refused()
    {
        byte[] query = Query(DnsServer.KnownName, TypeA);
        for (int length = 0; length < query.Length; length++)
            Assert.Null(DnsServer.Answer(query.AsSpan(0, length), s_address));
    }

    [Fact]
    public void Noise_is_answered_or_refused_but_never_trips_it() =>
        Gen.Byte.Array[0, 100].Sample(bytes =>
        {
            byte[]? reply = DnsServer.Answer(bytes, s_address);
            Assert.True(reply is null || reply[2] >> 7 == 1);
        });

    private static byte[] Query(string name, byte type)
    {
        byte[] header = [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        byte[] query = header;
        foreach (string label in name.Split('.'))
            query = [.. query, (byte)label.Length, .. Encoding.ASCII.GetBytes(label)];
        return [.. query, 0, 0, type, 0, 1];
    }
}
