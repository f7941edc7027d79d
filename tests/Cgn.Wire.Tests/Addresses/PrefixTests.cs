using System;

using CsCheck;

using Xunit;

namespace Cgn.Wire.Tests.Addresses;

public sealed class PrefixTests
{
    [Theory]
    [InlineData("100.64.0.0/10", "100.64.0.0", "100.127.255.255", 1UL << 22)]
    [InlineData("0.0.0.0/0", "0.0.0.0", "255.255.255.255", 1UL << 32)]
    [InlineData("192.0.2.1/32", "192.0.2.1", "192.0.2.1", 1UL)]
    public void Ipv4_prefix_knows_its_ends(string text, string first, string last, ulong count)
    {
        Ipv4Prefix prefix = Ipv4Prefix.Parse(text);
        Assert.Equal(text, prefix.ToString());
        Assert.Equal(Ipv4Address.Parse(first), prefix.Address);
        Assert.Equal(Ipv4Address.Parse(last), prefix.Last);
        Assert.Equal(count, prefix.AddressCount);
        Assert.True(prefix.Contains(prefix.Address) && prefix.Contains(prefix.Last));
    }

    [Theory]
    [InlineData("10.0.0.1/8", "10.0.0.0/8 would be")]
    [InlineData("10.0.0.0", "has no length")]
    [InlineData("10.0.0/8", "'10.0.0' in '10.0.0/8' is not an IPv4 address")]
    [InlineData("10.0.0.0/33", "0 to 32")]
    [InlineData("10.0.0.0/", "0 to 32")]
    [InlineData("10.0.0.0/08", "0 to 32")]
    [InlineData("10.0.0.0/+8", "0 to 32")]
    [InlineData("10.0.0.0/ 8", "0 to 32")]
    [InlineData("10.0.0.0/8/8", "0 to 32")]
    [InlineData("10.0.0.0/99999999999", "0 to 32")]
    public void A_wrong_ipv4_prefix_is_refused_with_what_would_be_right(string text, string hint)
    {
        Assert.False(Ipv4Prefix.TryParse(text, out Ipv4Prefix prefix, out string fault));
        Assert.Equal(default, prefix);
        Assert.Contains(hint, fault, StringComparison.Ordinal);
        Assert.Equal(fault, Assert.Throws<FormatException>(() => Ipv4Prefix.Parse(text)).Message);
    }

    [Theory]
    [InlineData("2001:db8::1/32", "2001:db8::/32 would be")]
    [InlineData("2001:db8::", "has no length")]
    [InlineData("2001:db8::/129", "0 to 128")]
    [InlineData("2001:zz::/32", "is not an IPv6 address")]
    public void A_wrong_ipv6_prefix_is_refused_with_what_would_be_right(string text, string hint)
    {
        Assert.False(Ipv6Prefix.TryParse(text, out _, out string fault));
        Assert.Contains(hint, fault, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("::/0")]
    [InlineData("2001:db8::/32")]
    [InlineData("2001:db8:1:100::/56")]
    [InlineData("2001:db8::1/128")]
    public void Ipv6_prefix_round_trips(string text) => Assert.Equal(text, Ipv6Prefix.Parse(text).ToString());

    [Fact]
    public void Constructor_refuses_what_parsing_refuses()
    {
        Assert.Throws<ArgumentException>(() => new Ipv4Prefix(new Ipv4Address(1), 8));
        Assert.Throws<ArgumentException>(() => new Ipv4Prefix(default, 33));
        Assert.Throws<ArgumentException>(() => new Ipv4Prefix(default, -1));
        Assert.Throws<ArgumentException>(() => Ipv4Prefix.Around(new Ipv4Address(1), 40));
        Assert.Throws<ArgumentException>(() => new Ipv6Prefix(new Ipv6Address(0, 1), 64));
        Assert.Throws<ArgumentException>(() => Ipv6Prefix.Around(new Ipv6Address(0, 1), 129));
    }

    [Fact]
    public void An_address_is_in_the_prefix_around_it_and_a_changed_network_bit_takes_it_out() =>
        Gen.Select(Gen.UInt, Gen.Int[1, 32], Gen.Int[0, 31]).Sample((value, length, bit) =>
        {
            Ipv4Address address = new(value);
            Ipv4Prefix prefix = Ipv4Prefix.Around(address, length);
            Ipv4Address changed = new(value ^ (0x8000_0000u >> bit));
            return prefix.Contains(address) && prefix.Contains(changed) == (bit >= length);
        });

    [Fact]
    public void Prefixes_overlap_exactly_when_one_holds_the_other()
    {
        Ipv4Prefix wide = Ipv4Prefix.Parse("10.0.0.0/8");
        Ipv4Prefix narrow = Ipv4Prefix.Parse("10.1.0.0/16");
        Ipv4Prefix other = Ipv4Prefix.Parse("11.0.0.0/8");
        Assert.True(wide.Contains(narrow) && !narrow.Contains(wide) && narrow.Overlaps(wide) && wide.Overlaps(narrow));
        Assert.False(wide.Overlaps(other));
        Ipv6Prefix all = Ipv6Prefix.Parse("::/0");
        Assert.True(Ipv6Prefix.Parse("2001:db8::/32").Overlaps(all));
        Assert.False(Ipv6Prefix.Parse("2001:db8::/33").Contains(Ipv6Address.Parse("2001:db8:8000::")));
    }
}
