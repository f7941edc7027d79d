using System;

using Cgn.Control.Dhcpv6;
using Cgn.Control.Radius;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Radius;

/// <summary>The AFTR's name in RADIUS (RFC 6519).</summary>
public sealed class DsLiteTunnelNameTests
{
    private static readonly byte[] s_userName = [1, 5, .. "bob"u8];

    private static readonly DomainName s_name = Name("aftr.example.com");

    [Fact]
    [Requirement("RFC6519-S4.1-1")]
    public void The_attribute_holds_the_very_bytes_of_the_DHCPv6_option()
    {
        byte[] attribute = DsLiteTunnelName.Encode(s_name);
        Assert.Equal([144, 20, .. s_name.Wire], attribute);
        Assert.True(DsLiteTunnelName.TryDecode([.. s_userName, .. attribute], out DomainName? read));
        Dhcpv6Responder responder = new([0, 3, 0, 1, 2, 0, 0, 0, 0, 9], read!, offersPriority: false);
        byte[] reply = responder.Respond([11, 1, 2, 3, 0, 6, 0, 2, 0, 64])!;
        Assert.Equal([0, 64, 0, 18, .. attribute[2..]], reply[^22..]);
    }

    [Fact]
    [Requirement("RFC6519-S4.1-1")]
    public void A_packet_with_two_names_or_a_bad_one_is_invalid()
    {
        byte[] attribute = DsLiteTunnelName.Encode(s_name);
        Assert.False(DsLiteTunnelName.TryDecode([.. attribute, .. s_userName, .. attribute], out _));
        Assert.False(DsLiteTunnelName.TryDecode([144, 3, 0], out _));
        Assert.False(DsLiteTunnelName.TryDecode(attribute.AsSpan(0, 10), out _));
        Assert.True(DsLiteTunnelName.TryDecode(s_userName, out DomainName? none));
        Assert.Null(none);
    }

    [Fact]
    [Requirement("RFC6519-S3-2")]
    public void The_servers_name_goes_before_the_configured_one_and_without_either_there_is_none()
    {
        DomainName other = Name("other.example.net");
        Assert.Equal(other, DsLiteTunnelName.Effective(other, s_name));
        Assert.Equal(s_name, DsLiteTunnelName.Effective(null, s_name));
        Assert.Null(DsLiteTunnelName.Effective(null, null));
    }

    [Theory]
    [InlineData(1, true)]
    [InlineData(2, true)]
    [InlineData(3, false)]
    [InlineData(4, true)]
    [InlineData(11, false)]
    [InlineData(43, true)]
    [InlineData(44, false)]
    [InlineData(45, false)]
    [Requirement("RFC6519-S5-1")]
    public void The_packets_that_may_carry_it_are_those_of_the_table(byte code, bool may) =>
        Assert.Equal(may, DsLiteTunnelName.IsAllowedIn(code));

    private static DomainName Name(string text)
    {
        Assert.True(DomainName.TryParse(text, out DomainName? name));
        return name;
    }
}
