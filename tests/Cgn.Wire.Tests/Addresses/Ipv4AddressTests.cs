using System;

using CsCheck;

using Xunit;

namespace Cgn.Wire.Tests.Addresses;

public sealed class Ipv4AddressTests
{
    [Fact]
    public void Value_is_host_order_and_bytes_are_network_order()
    {
        byte[] bytes = Golden.Dirty(5);
        new Ipv4Address(192, 0, 2, 1).Write(bytes);
        Assert.Equal([192, 0, 2, 1, Golden.Dirt], bytes);
        Assert.Equal(0xC0000201u, Ipv4Address.Read(bytes).Value);
    }

    [Fact]
    public void Text_and_back_is_the_same_address() => Gen.UInt.Sample(value =>
    {
        Ipv4Address address = new(value);
        return Ipv4Address.TryParse(address.ToString(), out Ipv4Address back) && back == address
            && address.ToString() == new System.Net.IPAddress(
                System.Buffers.Binary.BinaryPrimitives.ReverseEndianness(value)).ToString();
    });

    [Theory]
    [InlineData("")]
    [InlineData("1")]
    [InlineData("1.2.3")]
    [InlineData("1.2.3.")]
    [InlineData("1.2.3.4.")]
    [InlineData("1.2.3.4.5")]
    [InlineData(".1.2.3.4")]
    [InlineData("1..2.3")]
    [InlineData("256.1.1.1")]
    [InlineData("1.2.3.999")]
    [InlineData("01.2.3.4")]
    [InlineData("1.2.3.00")]
    [InlineData("0x1.2.3.4")]
    [InlineData(" 1.2.3.4")]
    [InlineData("1.2.3.4 ")]
    [InlineData("1.2.3.-4")]
    [InlineData("1.2.3.٤")]
    public void Anything_but_four_plain_parts_is_refused(string text)
    {
        Assert.False(Ipv4Address.TryParse(text, out Ipv4Address address));
        Assert.Equal(default, address);
        Assert.Contains("192.0.2.1", Assert.Throws<FormatException>(() => Ipv4Address.Parse(text)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Masks_of_all_lengths_keep_exactly_the_leading_bits()
    {
        Ipv4Address all = new(uint.MaxValue);
        for (int bits = 0; bits <= 32; bits++)
            Assert.Equal((uint)(0xFFFF_FFFF_0000_0000UL >> bits), all.Mask(bits).Value);
    }

    [Fact]
    public void Too_small_a_destination_is_refused()
    {
        for (int size = 0; size < 7; size++)
            Assert.False(new Ipv4Address(1, 2, 3, 4).TryFormat(new char[size], out _));
        Assert.True(new Ipv4Address(1, 2, 3, 4).TryFormat(new char[7], out int written));
        Assert.Equal(7, written);
    }

    [Theory]
    [InlineData("223.255.255.255", false)]
    [InlineData("224.0.0.0", true)]
    [InlineData("239.255.255.255", true)]
    [InlineData("240.0.0.0", false)]
    public void Multicast_is_224_to_239(string text, bool multicast) =>
        Assert.Equal(multicast, Ipv4Address.Parse(text).IsMulticast);
}
