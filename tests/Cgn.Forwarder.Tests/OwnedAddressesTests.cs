using System.Linq;
using System.Net;

using Cgn.Contract.Settings;
using Cgn.Forwarder.Live;

using Xunit;

namespace Cgn.Forwarder.Tests;

public sealed class OwnedAddressesTests
{
    private static readonly ConfigSnapshot s_snapshot = new()
    {
        AftrAddresses = [new Ipv6PrefixSetting(0x2001_0DB8_FFFF_0000, 1, 128)],
        Pools = [new PoolSettings("public", [new Ipv4PrefixSetting(0xCB007100, 28)], 1024, 65535, 512, 0)],
    };

    [Theory]
    [InlineData("eth1", "203.0.113.1", "eth1 has 203.0.113.1 of pool public: ")]
    [InlineData("lo", "2001:db8:ffff::1", "lo has 2001:db8:ffff::1 of ds-lite.aftr-ipv6-address: ")]
    public void An_address_of_the_box_that_is_the_gateway_s_is_told_with_its_device_and_what_to_do(
        string device, string address, string begins)
    {
        string note = Assert.Single(OwnedAddresses.Notes(s_snapshot, [(device, IPAddress.Parse(address))]));
        Assert.StartsWith(begins, note);
        Assert.Contains($"'ip address del {address} dev {device}'", note);
    }

    [Theory]
    [InlineData("203.0.113.16")]
    [InlineData("192.0.2.1")]
    [InlineData("2001:db8:ffff::2")]
    [InlineData("fe80::1%1")]
    public void The_box_s_other_addresses_are_its_own(string address) =>
        Assert.Empty(OwnedAddresses.Notes(s_snapshot, [("eth1", IPAddress.Parse(address))]));

    [Fact]
    public void Many_addresses_of_a_device_are_one_sentence()
    {
        string note = Assert.Single(OwnedAddresses.Notes(
            s_snapshot, Enumerable.Range(0, 16).Select(i => ("eth1", IPAddress.Parse($"203.0.113.{i}")))));
        Assert.Contains("203.0.113.0, 203.0.113.1, 203.0.113.2, 203.0.113.3 and 12 more of pool public", note);
    }

    [Fact]
    public void The_box_is_asked_for_its_addresses() =>
        Assert.Contains(("lo", IPAddress.Loopback), OwnedAddresses.OfBox());
}
