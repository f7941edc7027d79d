using System;
using System.Linq;
using System.Net;

using Cgn.Cli.Lab;

using Xunit;

namespace Cgn.Cli.Tests.Lab;

public sealed class LabTopologyTests
{
    private readonly LabTopology _topology = new(1540);

    [Fact]
    public void Every_name_of_the_lab_begins_with_cgn_and_stands_once()
    {
        string[] names = [.. _topology.Namespaces.Select(space => space.Name)];

        Assert.All(names, name => Assert.StartsWith("cgn-", name, StringComparison.Ordinal));
        Assert.Equal(names.Length, names.Distinct().Count());
    }

    [Fact]
    public void Device_names_fit_and_are_unique_in_their_namespace()
    {
        VethEnd[] ends = [.. _topology.Links.SelectMany(link => new[] { link.Near, link.Far })];

        Assert.All(ends, end => Assert.InRange(end.Device.Length, 1, 15));
        Assert.Equal(ends.Length, ends.Select(end => (end.Namespace.Name, end.Device)).Distinct().Count());
    }

    [Fact]
    public void Both_ends_of_a_link_are_in_the_same_networks()
    {
        foreach (VethLink link in _topology.Links)
        {
            IPNetwork[] near = [.. link.Near.Addresses.Select(Network)];
            Assert.Equal(near, link.Far.Addresses.Select(Network).Distinct());
        }
    }

    [Fact]
    public void No_device_owns_an_aftr_or_pool_address()
    {
        IPNetwork pool = IPNetwork.Parse(LabTopology.Pool);
        IPAddress aftr = IPAddress.Parse(LabTopology.AftrAddress);
        foreach (VethEnd end in _topology.Links.SelectMany(link => new[] { link.Near, link.Far }))
        {
            IPAddress[] own = [.. end.Addresses.Select(address => IPAddress.Parse(address.Split('/')[0]))];
            Assert.DoesNotContain(own, address => address.Equals(aftr) || pool.Contains(address));
        }
    }

    [Fact]
    public void Ds_lite_homes_share_one_private_network_but_no_subscriber()
    {
        LabHome[] homes = [.. _topology.Homes.Where(home => home.Access == AccessKind.DsLite)];

        Assert.Single(homes.Select(home => home.HostAddress).Distinct());
        Assert.Equal(homes.Length, homes.Select(home => home.Subscriber).Distinct().Count());
        Assert.All(
            homes,
            home => Assert.True(IPNetwork.Parse(home.Subscriber).Contains(IPAddress.Parse(home.WanAddress))));
    }

    private static IPNetwork Network(string address)
    {
        string[] parts = address.Split('/');
        int prefix = int.Parse(parts[1]);
        byte[] bytes = IPAddress.Parse(parts[0]).GetAddressBytes();
        for (int bit = prefix; bit < bytes.Length * 8; bit++)
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        return new IPNetwork(new IPAddress(bytes), prefix);
    }
}
