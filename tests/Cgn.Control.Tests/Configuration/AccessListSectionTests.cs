using System.Linq;

using Cgn.Contract.Settings;
using Cgn.Control.Configuration;
using Cgn.Testing;

using Xunit;

namespace Cgn.Control.Tests.Configuration;

/// <summary>The section access-lists.</summary>
public class AccessListSectionTests
{
    [Fact]
    [Requirement("RFC1812-S5.3.9")]
    [Requirement("RFC6890-LIST")]
    [Requirement("RFC6598-S4-2")]
    public void Every_key_reaches_the_forwarder()
    {
        ConfigSnapshot snapshot = ConfigText.Snapshot(With(
            "inside-deny: [{ source-ipv4-network: 10.0.9.0/24, destination-ipv4-network: 198.51.100.0/24 }], "
            + "outside-deny: [{ source-ipv4-network: 192.0.2.0/24 }, { destination-ipv4-network: 203.0.113.1/32 }], "
            + "outside-bogon-filter: true, shared-space-outside: pass"));

        Ipv4PrefixSetting any = default;
        Assert.Equal(
            [new AccessRule(new Ipv4PrefixSetting(0x0A000900, 24), new Ipv4PrefixSetting(0xC6336400, 24))],
            snapshot.InsideDeny);
        Assert.Equal(
            [
                new AccessRule(new Ipv4PrefixSetting(0xC0000200, 24), any),
                new AccessRule(any, new Ipv4PrefixSetting(0xCB007101, 32)),
            ],
            snapshot.OutsideDeny);
        Assert.True(snapshot.Settings.OutsideBogonFilter);
        Assert.Equal(SharedSpaceOutside.Pass, snapshot.Settings.SharedSpaceOutside);
    }

    [Fact]
    public void Left_out_nothing_is_refused_but_shared_space_outside()
    {
        ConfigSnapshot snapshot = ConfigText.Snapshot(ConfigText.Small);

        Assert.Empty(snapshot.InsideDeny);
        Assert.Empty(snapshot.OutsideDeny);
        Assert.False(snapshot.Settings.OutsideBogonFilter);
        Assert.Equal(SharedSpaceOutside.Drop, snapshot.Settings.SharedSpaceOutside);
    }

    [Theory]
    [InlineData("inside-deny: [{}]", "names no packets; source-ipv4-network or destination-ipv4-network")]
    [InlineData("outside-deny: [{ source-ipv4-network: 10.0.0.1/8 }]", "10.0.0.0/8")]
    [InlineData("outside-bogon-filter: some", "'some'")]
    [InlineData("shared-space-outside: maybe", "'maybe' is no choice of shared-space-outside")]
    public void A_mistake_is_told_with_what_would_be_right(string keys, string message)
    {
        Fault fault = Assert.Single(ConfigText.Faults(With(keys)).Errors);

        Assert.Contains(message, fault.Message);
        Assert.True(fault.Place.Line > 1);
    }

    [Fact]
    public void A_new_flow_asks_a_bounded_number_of_rules()
    {
        string rules = string.Join(", ", Enumerable.Repeat("{ source-ipv4-network: 192.0.2.0/24 }", 257));

        Fault fault = Assert.Single(ConfigText.Faults(With($"outside-deny: [{rules}]")).Errors);

        Assert.Contains("257 rules; at most 256", fault.Message);
    }

    [Fact]
    [Requirement("RFC6598-S4-2")]
    public void A_pool_of_shared_space_needs_an_outside_that_takes_it()
    {
        string shared = ConfigText.With("203.0.113.0/28", "100.127.0.0/28");

        Fault fault = Assert.Single(ConfigText.Faults(shared).Errors);

        Assert.Contains("shared-space-outside: pass", fault.Message);
        Assert.Empty(ConfigText.Faults(shared + "access-lists: { shared-space-outside: pass }\n").Errors);
    }

    [Theory]
    [InlineData("eth0.100", "eth0.200", "")]
    [InlineData("eth0", "eth0", "a VLAN device for each side would be right")]
    [Requirement("RFC6908-S2.1-1")]
    public void One_interface_serves_both_sides_by_vlans(string inside, string outside, string message)
    {
        string yaml = ConfigText.Small.Replace("in0", inside).Replace("out0", outside);

        Assert.Equal(message.Length == 0 ? 0 : 1, ConfigText.Faults(yaml).Errors.Count());
        Assert.All(ConfigText.Faults(yaml).Errors, fault => Assert.Contains(message, fault.Message));
    }

    private static string With(string keys) => ConfigText.Small + "access-lists: { " + keys + " }\n";
}
