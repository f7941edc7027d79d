using System;

using CsCheck;

using Xunit;

namespace Cgn.Wire.Tests.Addresses;

public sealed class Ipv6AddressTests
{
    // Groups are zero half of the time, so that runs of zeros of all lengths and places come up.
    private static readonly Gen<ulong> s_half = Gen.Int[0, 15].Select(Gen.ULong, (zeros, value) =>
    {
        for (int group = 0; group < 4; group++)
        {
            if ((zeros >> group & 1) != 0)
                value &= ~(0xFFFFUL << (16 * group));
        }

        return value;
    });

    [Theory]
    [InlineData("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1")]
    [InlineData("2001:0DB8::0001", "2001:db8::1")]
    [InlineData("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1")]
    [InlineData("2001:0:0:1:0:0:0:1", "2001:0:0:1::1")]
    [InlineData("0:0:0:0:0:0:0:0", "::")]
    [InlineData("::1", "::1")]
    [InlineData("1::", "1::")]
    [InlineData("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0")]
    [InlineData("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8")]
    [InlineData("::ffff:192.0.2.1", "::ffff:192.0.2.1")]
    [InlineData("64:ff9b::192.0.2.33", "64:ff9b::c000:221")]
    [InlineData("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304")]
    [InlineData("::1.2.3.4", "::102:304")]
    public void Text_is_read_in_any_form_and_written_in_the_one_of_RFC_5952(string text, string canonical)
    {
        Assert.True(Ipv6Address.TryParse(text, out Ipv6Address address));
        Assert.Equal(canonical, address.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData(":::")]
    [InlineData(":1::2")]
    [InlineData("1:2:3:4:5:6:7")]
    [InlineData("1:2:3:4:5:6:7:8:9")]
    [InlineData("1:2:3:4:5:6:7:8:")]
    [InlineData("1:2:3:4::5:6:7:8")]
    [InlineData("1::2::3")]
    [InlineData("1:::2")]
    [InlineData("12345::")]
    [InlineData("g::")]
    [InlineData("::1%eth0")]
    [InlineData("[::1]")]
    [InlineData("::1 ")]
    [InlineData("::1.2.3")]
    [InlineData("::1.2.3.4:5")]
    [InlineData("1:2:3:4:5:6:7:1.2.3.4")]
    [InlineData("1.2.3.4")]
    [InlineData("1:")]
    public void Anything_else_is_refused(string text)
    {
        Assert.False(Ipv6Address.TryParse(text, out Ipv6Address address));
        Assert.Equal(default, address);
        Assert.Throws<FormatException>(() => Ipv6Address.Parse(text));
    }

    [Fact]
    public void Text_and_back_is_the_same_address_and_another_reader_agrees() => Gen.Select(s_half, s_half).Sample(
        (high, low) =>
        {
            Ipv6Address address = new(high, low);
            string text = address.ToString();
            byte[] bytes = new byte[16];
            address.Write(bytes);
            return Ipv6Address.TryParse(text, out Ipv6Address back) && back == address
                && System.Net.IPAddress.Parse(text).Equals(new System.Net.IPAddress(bytes))
                && Ipv6Address.Read(bytes) == address
                && text.Length <= Ipv6Address.TextLengthMax;
        });

    [Fact]
    public void Random_text_never_fails_in_another_way_than_refusal() =>
        Gen.String[Gen.Char["0123456789abcdefF:.:/% "], 0, 45].Sample(text =>
        {
            bool parsed = Ipv6Address.TryParse(text, out Ipv6Address address);
            return !parsed || Ipv6Address.Parse(address.ToString()) == address;
        });

    [Fact]
    public void Every_too_small_destination_is_refused()
    {
        foreach (string text in new[] { "2001:db8::1:0:0:1", "::", "::ffff:192.0.2.1", "1::", "1:2:3:4:5:6:7:8" })
        {
            Ipv6Address address = Ipv6Address.Parse(text);
            for (int size = 0; size < text.Length; size++)
            {
                Assert.False(address.TryFormat(new char[size], out int none));
                Assert.Equal(0, none);
            }

            Assert.True(address.TryFormat(new char[text.Length], out int written));
            Assert.Equal(text.Length, written);
        }
    }

    [Fact]
    public void Masks_of_all_lengths_keep_exactly_the_leading_bits()
    {
        Ipv6Address all = new(ulong.MaxValue, ulong.MaxValue);
        for (int bits = 0; bits <= 128; bits++)
        {
            UInt128 mask = bits == 0 ? 0 : UInt128.MaxValue << (128 - bits);
            Assert.Equal(new Ipv6Address((ulong)(mask >> 64), (ulong)mask), all.Mask(bits));
        }
    }

    [Fact]
    public void Kinds_of_address_are_told_apart()
    {
        Assert.True(Ipv6Address.Parse("ff02::1").IsMulticast);
        Assert.False(Ipv6Address.Parse("fe80::1").IsMulticast);
        Assert.True(Ipv6Address.Parse("fe80::1").IsLinkLocal);
        Assert.True(Ipv6Address.Parse("febf::1").IsLinkLocal);
        Assert.False(Ipv6Address.Parse("fec0::1").IsLinkLocal);
        Assert.True(Ipv6Address.Parse("::").IsUnspecified);
        Assert.False(Ipv6Address.Parse("::1").IsUnspecified);
    }
}
