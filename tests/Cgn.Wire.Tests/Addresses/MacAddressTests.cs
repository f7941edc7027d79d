using System;

using CsCheck;

using Xunit;

namespace Cgn.Wire.Tests.Addresses;

public sealed class MacAddressTests
{
    [Fact]
    public void Six_bytes_are_written_and_the_seventh_is_not()
    {
        byte[] bytes = Golden.Dirty(7);
        new MacAddress(0x0102_0304_0506).Write(bytes);
        Assert.Equal([1, 2, 3, 4, 5, 6, Golden.Dirt], bytes);
        Assert.Equal(0x0102_0304_0506UL, MacAddress.Read(bytes).Value);
    }

    [Fact]
    public void Text_and_back_is_the_same_address() => Gen.ULong[0, 0xFFFF_FFFF_FFFF].Sample(value =>
        MacAddress.Parse(new MacAddress(value).ToString()).Value == value
        && MacAddress.Parse(new MacAddress(value).ToString().Replace(':', '-').ToUpperInvariant()).Value == value);

    [Theory]
    [InlineData("")]
    [InlineData("02:00:00:00:00")]
    [InlineData("02:00:00:00:00:1")]
    [InlineData("02:00:00:00:00:01:02")]
    [InlineData("02:00-00:00:00:01")]
    [InlineData("02.00.00.00.00.01")]
    [InlineData("0g:00:00:00:00:01")]
    [InlineData("+2:00:00:00:00:01")]
    [InlineData(" 2:00:00:00:00:01")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(MacAddress.TryParse(text, out _));
        Assert.Throws<FormatException>(() => MacAddress.Parse(text));
    }

    [Fact]
    public void Group_bit_and_broadcast_are_seen()
    {
        Assert.True(MacAddress.Parse("ff:ff:ff:ff:ff:ff").IsBroadcast);
        Assert.True(MacAddress.Parse("33:33:00:00:00:01").IsMulticast);
        Assert.False(MacAddress.Parse("02:00:00:00:00:01").IsMulticast);
        Assert.False(new MacAddress(0x0102_0304_0506).TryFormat(new char[16], out _));
    }
}
