using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Settings;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>What the operator does not let pass, by address (RFC 1812 5.3.8, 5.3.9).</summary>
public sealed class AccessListTests
{
    private const string Refused = "198.51.100.130";

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("RFC1812-S5.3.9")]
    [Requirement("RFC6334-S6-1")]
    public void Packets_from_inside_are_refused_by_source_and_destination(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards, snapshot: static all => all with
        {
            InsideDeny =
            [
                new AccessRule(default, Prefix("198.51.100.128", 25)),
                new AccessRule(Prefix("10.0.9.0", 24), default),
                new AccessRule(Prefix("100.64.9.0", 24), default),
                new AccessRule(Prefix("10.0.1.0", 24), Prefix("192.0.2.0", 24)),
                new AccessRule(Prefix("100.64.1.0", 24), Prefix("192.0.2.0", 24)),
            ],
        });
        Host plain = new(bench, softwire, 1, softwire ? "10.0.0.2" : "100.64.0.2");
        Host denied = new(bench, softwire, 2, softwire ? "10.0.9.2" : "100.64.9.2");
        Host halfDenied = new(bench, softwire, 3, softwire ? "10.0.1.2" : "100.64.1.2");
        Assert.Empty(plain.Udp(5000, Refused, 53));
        Assert.Empty(plain.Tcp(5000, Refused, 80, TcpFlags.Syn));
        Assert.Empty(plain.Send(Packets.Echo(plain.Address, Refused, 7)));
        Assert.Empty(denied.Udp(5000, GatewayBench.Server, 53));
        Assert.Empty(halfDenied.Udp(5000, "192.0.2.80", 53));
        Assert.Empty(bench.Collect(FramePort.Inside));
        Assert.Equal(5, bench.Gateway.Drops(DropReason.AccessList));
        Assert.Single(plain.Udp(5000, GatewayBench.Server, 53));
        Assert.Single(plain.Udp(5000, "192.0.2.80", 53));
        Assert.Single(halfDenied.Udp(5000, GatewayBench.Server, 53));
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("RFC1812-S5.3.9")]
    [Requirement("RFC6334-S6-1")]
    public void Packets_from_outside_are_refused_by_source_and_destination(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards, snapshot: static all => all with
        {
            OutsideDeny = [new AccessRule(Prefix("198.51.100.128", 25), default)],
        });
        Host host = new(bench, softwire);
        (string address, ushort port) = host.External(tcp: false, 5000);
        Assert.Empty(bench.FromServer(Packets.Udp(Refused, 53, address, port)));
        Assert.Empty(bench.FromServer(Packets.Tcp(Refused, 53, address, port, TcpFlags.Syn)));
        Assert.Empty(bench.FromServer(Packets.Echo(Refused, address, 7)));
        Assert.Empty(bench.Collect(FramePort.Outside));
        Assert.Equal(3, bench.Gateway.Drops(DropReason.AccessList));
        host.Receives(Assert.Single(bench.FromServer(Packets.Udp("198.51.100.127", 53, address, port))));
        Ipv4PrefixSetting own = new(Ipv4Address.Parse(address).Value, 32);
        bench.Gateway.Apply(bench.Snapshot with { Generation = 2, OutsideDeny = [new AccessRule(default, own)] });
        Assert.Empty(bench.FromServer(Packets.Udp("198.51.100.126", 53, address, port)));
        Assert.Equal(4, bench.Gateway.Drops(DropReason.AccessList));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC1812-S5.3.9")]
    public void A_rule_that_comes_later_refuses_new_sessions_and_leaves_those_that_are(bool softwire)
    {
        using GatewayBench bench = new(shards: 2);
        Host host = new(bench, softwire);
        (string address, ushort port) = host.External(tcp: false, 5000, Refused, 53);
        AccessRule there = new(default, Prefix("198.51.100.128", 25));
        AccessRule back = new(there.Destination, default);
        bench.Gateway.Apply(bench.Snapshot with { Generation = 2, InsideDeny = [there], OutsideDeny = [back] });
        Assert.Single(host.Udp(5000, Refused, 53));
        host.Receives(Assert.Single(bench.FromServer(Packets.Udp(Refused, 53, address, port))));
        Assert.Empty(host.Udp(5000, Refused, 54));
        Assert.Empty(bench.FromServer(Packets.Udp(Refused, 54, address, port)));
        Assert.Equal(2, bench.Gateway.Drops(DropReason.AccessList));
        // What no packet may make, PCP does not make either.
        PcpHost asking = new(bench, softwire, address: host.Address);
        Assert.Equal(2, asking.Peer(port: 6000, remote: Refused).Result);
        Assert.Equal(0, asking.Peer(port: 6000).Result);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [Requirement("RFC1812-S5.3.8")]
    public void A_source_outside_the_subscribers_prefixes_is_spoofed(int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host customer = new(bench, softwire: false, address: "198.18.0.1");
        Assert.Empty(customer.Udp(5000, GatewayBench.Server, 53));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.UnknownInsideSource));
        byte[] inner = Packets.Udp("10.0.0.1", 5000, GatewayBench.Server, 53);
        Assert.Empty(bench.FromB4(inner, "2001:db8:f00::2"));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.UnknownSoftwireSource));
        Assert.Empty(bench.FromB4(Packets.Udp("198.18.0.1", 5000, GatewayBench.Server, 53)));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.BadInnerSource));
        Assert.Single(bench.FromB4(inner));
    }

    [Theory]
    [MemberData(nameof(SpecialPurposes))]
    [Requirement("RFC6890-LIST")]
    public void Nobody_on_the_internet_has_an_address_of_a_special_purpose(string source, DropReason reason)
    {
        foreach (bool softwire in new[] { true, false })
        {
            using GatewayBench bench = new(
                static all => all with { OutsideBogonFilter = true },
                snapshot: static all => all with { Nat444Sources = [Prefix("100.65.0.0", 16)] });
            Host host = new(bench, softwire, address: softwire ? null : "100.65.0.1");
            (string address, ushort port) = host.External(tcp: false, 5000, "8.8.8.8", 53);
            Assert.Empty(bench.FromServer(Packets.Udp(source, 53, address, port)));
            Assert.Equal(1, bench.Gateway.Drops(reason));
            host.Receives(Assert.Single(bench.FromServer(Packets.Udp("8.8.4.4", 53, address, port))));
            // Off, which is the default, only what no router forwards is refused.
            bench.Gateway.Apply(bench.Snapshot with
            {
                Generation = 2,
                Settings = bench.Snapshot.Settings with { OutsideBogonFilter = false },
            });
            List<byte[]> passed = bench.FromServer(Packets.Udp(source, 53, address, port));
            Assert.Equal(reason == DropReason.BogonSource ? 1 : 0, passed.Count);
        }
    }

    [Theory]
    [InlineData(true, SharedSpaceOutside.Drop)]
    [InlineData(false, SharedSpaceOutside.Drop)]
    [InlineData(true, SharedSpaceOutside.Pass)]
    [InlineData(false, SharedSpaceOutside.Pass)]
    [Requirement("RFC6598-S4-2")]
    public void Shared_space_crosses_no_boundary_unless_the_outside_has_it_too(bool softwire, SharedSpaceOutside choice)
    {
        using GatewayBench bench = new(
            all => choice == default ? all : all with { SharedSpaceOutside = choice },
            snapshot: static all => all with { Nat444Sources = [Prefix("100.65.0.0", 16)] });
        bool passes = choice == SharedSpaceOutside.Pass;
        Host host = new(bench, softwire, address: softwire ? null : "100.65.0.1");
        (string address, ushort port) = host.External(tcp: false, 5000);
        Assert.Equal(passes ? 1 : 0, bench.FromServer(Packets.Udp("100.64.0.1", 53, address, port)).Count);
        Assert.Equal(passes ? 1 : 0, host.Udp(5000, "100.127.255.254", 53).Count);
        Assert.Equal(passes ? 0 : 2, bench.Gateway.Drops(DropReason.SharedSpace));
        // To an address that is no pool's nothing comes in, and customers' own addresses pass neither way.
        Assert.Empty(bench.FromServer(Packets.Udp(GatewayBench.Server, 53, "100.64.0.1", 5000)));
        Assert.Equal(1, bench.Gateway.Drops(DropReason.NotOurs));
        Assert.Empty(bench.FromServer(Packets.Udp("100.65.0.9", 53, address, port)));
        Assert.Empty(host.Udp(5000, "100.65.0.9", 53));
        Assert.Equal(2, bench.Gateway.Drops(DropReason.Martian));
    }

    public static TheoryData<string, DropReason> SpecialPurposes() => new()
    {
        { "0.1.2.3", DropReason.Martian },
        { "10.255.255.254", DropReason.BogonSource },
        { "100.64.0.1", DropReason.SharedSpace },
        { "127.0.0.1", DropReason.Martian },
        { "169.254.1.1", DropReason.BogonSource },
        { "172.31.255.254", DropReason.BogonSource },
        { "192.0.0.9", DropReason.BogonSource },
        { "192.0.2.1", DropReason.BogonSource },
        { "192.88.99.1", DropReason.BogonSource },
        { "192.168.0.1", DropReason.BogonSource },
        { "198.19.255.254", DropReason.BogonSource },
        { "198.51.100.1", DropReason.BogonSource },
        { "203.0.113.77", DropReason.BogonSource },
        { "240.0.0.1", DropReason.Martian },
        { "255.255.255.255", DropReason.Martian },
    };

    private static Ipv4PrefixSetting Prefix(string address, byte length) =>
        new(Ipv4Address.Parse(address).Value, length);
}
