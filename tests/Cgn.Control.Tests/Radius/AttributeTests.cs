using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Control.Radius.Packets;
using Cgn.Control.Radius.Ports;
using Cgn.Testing;
using Cgn.Wire;

using CsCheck;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>Attributes on the wire: prefixes, extended ones, vendors', and those about ports.</summary>
public sealed class AttributeTests
{
    [Theory]
    [InlineData("2001:db8:100:100::/56", "0038" + "20010db8010001")]
    [InlineData("2001:db8::/32", "0020" + "20010db8")]
    [InlineData("::/0", "0000")]
    [InlineData("2001:db8::1/128", "0080" + "20010db8000000000000000000000001")]
    [Requirement("RFC3162-S2.3")]
    [Requirement("RFC4818-1")]
    public void A_prefix_has_a_reserved_zero_its_length_and_no_more_bytes_than_it_needs(string text, string value)
    {
        Ipv6Prefix prefix = Ipv6Prefix.Parse(text);
        Assert.Equal(value, Convert.ToHexString(PrefixValue.Encode(prefix)), ignoreCase: true);
        Assert.True(PrefixValue.TryDecode(Convert.FromHexString(value), out Ipv6Prefix read));
        Assert.Equal(prefix, read);
    }

    [Theory]
    [InlineData("00")]
    [InlineData("0138" + "20010db8010001")]
    [InlineData("0081" + "20010db8000000000000000000000001")]
    [InlineData("0038" + "20010db80100")]
    [InlineData("0038" + "20010db801000101")]
    [InlineData("0080" + "20010db800000000000000000000000100")]
    [Requirement("RFC3162-S2.3")]
    public void A_prefix_with_bits_behind_it_or_bytes_missing_is_none(string value) =>
        Assert.False(PrefixValue.TryDecode(Convert.FromHexString(value), out _));

    [Fact]
    [Requirement("RFC3162-S2.3")]
    public void Zeros_behind_a_prefix_are_allowed()
    {
        Assert.True(PrefixValue.TryDecode(
            Convert.FromHexString("0038" + "20010db8010001000000000000000000"), out Ipv6Prefix prefix));
        Assert.Equal(Ipv6Prefix.Parse("2001:db8:100:100::/56"), prefix);
    }

    [Fact]
    [Requirement("RFC6929-1")]
    [Requirement("RFC8045-S3.1.1-1")]
    public void A_limit_of_1024_TCP_ports_has_the_bytes_of_the_catalogues_example()
    {
        var writer = new RadiusPacketWriter(RadiusCode.AccessRequest, 0, withMessageAuthenticator: false);
        writer.Add(AttributeType.IpPortLimitInfo, new IpPortLimitInfo(1024, Protocol: 6).Encode());
        Assert.Equal("F10F05010600000006020600000400", Convert.ToHexString(writer.Attributes));
        RadiusAttribute read = Assert.Single(Parse(writer.Attributes.ToArray()));
        Assert.True(IpPortLimitInfo.TryDecode(read, out IpPortLimitInfo? info));
        Assert.Equal(new IpPortLimitInfo(1024, Protocol: 6), info);
    }

    [Fact]
    [Requirement("RFC6929-1")]
    public void Fragments_of_a_long_attribute_are_put_together_and_one_without_its_end_is_unknown()
    {
        byte[] whole = [245, 7, 1, 0x80, 1, 2, 3, 245, 6, 1, 0, 4, 5, 1, 3, 65];
        IReadOnlyList<RadiusAttribute> read = Parse(whole);
        Assert.Equal((AttributeType)0xF501, read[0].Type);
        Assert.Equal([1, 2, 3, 4, 5], read[0].Value.ToArray());
        Assert.Equal("A", read[1].Text);
        read = Parse([245, 7, 1, 0x80, 1, 2, 3, 1, 3, 65]);
        Assert.Equal((AttributeType)245, read[0].Type);
        Assert.Equal("A", read[1].Text);
        Assert.Equal((AttributeType)0xF601, Parse([246, 5, 1, 0, 9])[0].Type);
        Assert.Equal((AttributeType)241, Parse([241, 3, 5])[0].Type);
    }

    [Fact]
    public void A_vendors_attributes_are_taken_apart_and_one_of_another_form_stays_whole()
    {
        var writer = new RadiusPacketWriter(RadiusCode.AccessRequest, 0, withMessageAuthenticator: false);
        writer.AddVendor(14122, 8, [0, 1, 2, 3]);
        RadiusAttribute one = Assert.Single(Parse(writer.Attributes.ToArray()));
        Assert.Equal((14122u, (byte)8), (one.Vendor, one.VendorType));
        Assert.Equal([0, 1, 2, 3], one.Value.ToArray());
        IReadOnlyList<RadiusAttribute> two = Parse([26, 12, 0, 0, 0, 9, 1, 3, 65, 2, 3, 66]);
        Assert.Equal(["A", "B"], two.Select(read => read.Text));
        RadiusAttribute odd = Assert.Single(Parse([26, 9, 0, 0, 0, 9, 1, 9, 65]));
        Assert.Equal((9u, (byte)0, 3), (odd.Vendor, odd.VendorType, odd.Value.Length));
    }

    [Fact]
    [Requirement("RFC8045-S3.1.1-1")]
    public void A_limit_without_a_protocol_or_an_address_is_for_all_and_without_a_number_is_none()
    {
        Assert.True(Limit("020600000400", out IpPortLimitInfo? all));
        Assert.Equal(new IpPortLimitInfo(1024), all);
        Assert.True(Limit("0206000004000306CB007101", out IpPortLimitInfo? one));
        Assert.Equal(new IpPortLimitInfo(1024, null, Ipv4Address.Parse("203.0.113.1")), one);
        Assert.False(Limit("010600000006", out _));
        Assert.False(Limit("0205000004", out _));
        Assert.False(Limit("020600000400020600000400", out _));
        Assert.False(Limit("0207000004", out _));
    }

    [Theory]
    [InlineData(6, true)]
    [InlineData(17, true)]
    [InlineData(1, true)]
    [InlineData(50, false)]
    [InlineData(46, false)]
    [InlineData(47, false)]
    [Requirement("RFC8045-TYPE")]
    public void A_protocol_without_ports_is_neither_read_nor_written(byte protocol, bool has)
    {
        Assert.Equal(has, Limit($"0106000000{protocol:X2}020600000400", out _));
        IpPortLimitInfo info = new(1, protocol);
        IpPortForwardingMap map = new(80, 81, new Ipv4Address(10, 0, 0, 1), Protocol: protocol);
        if (has)
        {
            Assert.NotEmpty(info.Encode());
            Assert.NotEmpty(map.Encode());
        }
        else
        {
            Assert.Throws<InvalidOperationException>(info.Encode);
            Assert.Throws<InvalidOperationException>(map.Encode);
        }

        Assert.False(Limit("010600000106020600000400", out _));
    }

    [Fact]
    [Requirement("RFC8045-S3.1.2-1")]
    [Requirement("RFC8045-S3.1.2-2")]
    public void A_range_has_its_parts_in_the_catalogues_order_and_survives_the_wire()
    {
        IpPortRange given = new(true, 2048, 2559, Ipv4Address.Parse("203.0.113.1"), "2001:db8:100::1");
        Assert.StartsWith(
            "080600000001" + "090600000800" + "0A06000009FF" + "0306CB007101" + "0B11",
            Convert.ToHexString(given.Encode()), StringComparison.Ordinal);
        Assert.Equal(given, Range(given.Encode()));
        IpPortRange back = given with { IsAllocated = false };
        Assert.Equal(back, Range(back.Encode()));
        IpPortRange everything = new(false, null, null);
        Assert.Equal("080600000002", Convert.ToHexString(everything.Encode()));
        Assert.Equal(everything, Range(everything.Encode()));
    }

    [Theory]
    [InlineData("090600000800" + "0A06000009FF")]
    [InlineData("080600000001")]
    [InlineData("080600000001" + "090600000800")]
    [InlineData("080600000002" + "0A06000009FF")]
    [InlineData("080600000003" + "090600000800" + "0A06000009FF")]
    [InlineData("080600000001" + "0906000009FF" + "0A0600000800")]
    [InlineData("080600000001" + "090600010800" + "0A06000109FF")]
    [Requirement("RFC8045-S3.1.2-1")]
    public void A_range_without_direction_or_with_half_its_ports_is_none(string value) =>
        Assert.Null(Range(Convert.FromHexString(value)));

    [Fact]
    [Requirement("RFC8045-S3.1.2-1")]
    public void Ports_are_never_reported_as_given_without_their_range() =>
        Assert.Throws<InvalidOperationException>(new IpPortRange(true, null, null).Encode);

    [Fact]
    [Requirement("RFC8045-S3.1.3-1")]
    public void A_forwarding_map_needs_both_ports_and_a_host_and_survives_the_wire()
    {
        IpPortForwardingMap map = new(
            443, 8443, Ipv4Address.Parse("192.168.1.10"), Ipv6Address.Parse("2001:db8:100::1"),
            Ipv4Address.Parse("203.0.113.1"), 6, "b4");
        Assert.Equal(map, Map(map.Encode()));
        IpPortForwardingMap bare = new(443, 8443, Ipv4Address.Parse("192.168.1.10"));
        Assert.Equal(bare, Map(bare.Encode()));
        Assert.Null(bare.Protocol);
        Assert.Null(Map(Convert.FromHexString("0406C0A8010A" + "0606000001BB")));
        Assert.Null(Map(Convert.FromHexString("0406C0A8010A" + "0706000001BB")));
        Assert.Null(Map(Convert.FromHexString("0606000001BB" + "0706000001BB")));
        Assert.Null(Map(Convert.FromHexString("0406C0A8010A" + "060600000000" + "0706000001BB")));
        Assert.Null(Map(Convert.FromHexString("0406C0A8010A" + "0606000001BB" + "070600000000")));
        Assert.Throws<InvalidOperationException>(new IpPortForwardingMap(1, 1, null).Encode);

        // Without ports it is the word for none at all.
        IpPortForwardingMap none = Map(Convert.FromHexString("060600000000" + "070600000000"))!;
        Assert.True(none.IsNone && !map.IsNone);
        Assert.Equal(none, Map(none.Encode()));
    }

    [Fact]
    public void Whatever_bytes_come_are_read_or_refused_and_what_was_written_is_read()
    {
        Gen.Byte.Array[0, 300].Sample(bytes =>
        {
            _ = RadiusPacket.TryRead(bytes, out _);
            _ = Range(bytes);
            _ = Map(bytes);
            _ = Limit(Convert.ToHexString(bytes), out _);
            _ = PrefixValue.TryDecode(bytes, out _);
            _ = AttributeParser.TryParse(bytes, out _);
        });
        Gen.Select(Gen.UShort[1, 220].Where(type => type != 26), Gen.Byte.Array[0, 253]).Array[0, 12].Sample(all =>
        {
            var writer = new RadiusPacketWriter(RadiusCode.AccountingRequest, 3, withMessageAuthenticator: false);
            foreach ((ushort type, byte[] value) in all)
                writer.Add((AttributeType)type, value);
            Assert.True(RadiusPacket.TryRead(writer.SignRequest([1]), out RadiusPacket? read));
            Assert.Equal(all.Select(one => one.Item1), read.Attributes.Select(one => (ushort)one.Type));
            Assert.All(
                all.Zip(read.Attributes),
                pair => Assert.Equal(pair.First.Item2, pair.Second.Value.ToArray()));
        });
    }

    private static IReadOnlyList<RadiusAttribute> Parse(byte[] bytes)
    {
        Assert.True(AttributeParser.TryParse(bytes, out IReadOnlyList<RadiusAttribute> read));
        return read;
    }

    private static bool Limit(string value, out IpPortLimitInfo? info) => IpPortLimitInfo.TryDecode(
        new RadiusAttribute(AttributeType.IpPortLimitInfo, Convert.FromHexString(value)), out info);

    private static IpPortRange? Range(byte[] value)
    {
        _ = IpPortRange.TryDecode(new RadiusAttribute(AttributeType.IpPortRange, value), out IpPortRange? range);
        return range;
    }

    private static IpPortForwardingMap? Map(byte[] value)
    {
        _ = IpPortForwardingMap.TryDecode(
            new RadiusAttribute(AttributeType.IpPortForwardingMap, value), out IpPortForwardingMap? map);
        return map;
    }
}
