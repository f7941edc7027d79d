using System;
using System.Collections.Generic;
using System.Diagnostics;
using System.Linq;
using System.Net;
using System.Runtime.InteropServices;
using System.Threading;

using Cgn.Memory.NextHops;
using Cgn.Ports.Kernel;
using Cgn.Ports.Tests.Support;

using Xunit;

namespace Cgn.Ports.Tests.Kernel;

/// <summary>The kernel of a namespace is changed with ip(8), and the table must follow.</summary>
[Collection("namespaces")]
public sealed class KernelNextHopsTests
{
    private const byte Port = 1;
    private const string Header4 = "02000000FA00" + "02000000B000" + "0800";

    [SkippableFact]
    public void A_router_is_resolved_and_its_header_is_ready() => With(cable =>
    {
        using KernelNextHops hops = Open();
        NextHop hop = Await(hops, "198.51.100.7", NextHopState.Resolved);
        Assert.Equal(Port, hop.Port);
        Assert.Equal(1500, hop.Mtu);
        Assert.Equal(Header4, Header(hop));
        NextHop hop6 = Await(hops, "2001:db8:77::5", NextHopState.Resolved);
        Assert.Equal(Header4[..^4] + "86DD", Header(hop6));
    });

    [SkippableFact]
    public void A_neighbour_on_the_link_is_resolved_when_a_packet_wants_it() => With(cable =>
    {
        using KernelNextHops hops = Open();
        int routers = hops.NeighbourCount;
        Assert.NotEqual(0, Resolve(hops, "192.0.2.3"));
        Assert.Equal(NextHopState.Pending, hops[KernelNextHops.PendingNumber].State);
        AwaitTrue(() => hops.NeighbourCount == routers + 1);
        Assert.Equal(Header4, Header(Await(hops, "192.0.2.3", NextHopState.Resolved)));
        Await(hops, "2001:db8:1::3", NextHopState.Resolved);
        // One that isn't there is pending for as long as packets ask, and forgotten when the kernel gives up.
        int before = hops.NeighbourCount;
        Await(hops, "192.0.2.99", NextHopState.Pending);
        AwaitTrue(() => Resolve(hops, "192.0.2.99") is not 0);
        AwaitTrue(() => hops.NeighbourCount == before, 15_000);
    });

    [SkippableFact]
    public void Routes_that_come_change_and_go_are_followed() => With(cable =>
    {
        using KernelNextHops hops = Open();
        Await(hops, "198.51.100.7", NextHopState.Resolved);
        uint generation = hops.Generation;
        cable.Box.Ip("route add blackhole 198.51.100.0/24");
        Await(hops, "198.51.100.7", NextHopState.Unreachable);
        Assert.NotEqual(generation, hops.Generation);
        cable.Box.Ip("route add 198.51.100.7/32 via 192.0.2.3");
        Await(hops, "198.51.100.7", NextHopState.Resolved);
        Assert.Equal(NextHopState.Unreachable, hops[Resolve(hops, "198.51.100.8")].State);
        cable.Box.Ip("route del 198.51.100.7/32");
        Await(hops, "198.51.100.7", NextHopState.Unreachable);
        cable.Box.Ip("route del blackhole 198.51.100.0/24");
        Await(hops, "198.51.100.7", NextHopState.Resolved);
        cable.Box.Ip("route del default");
        AwaitTrue(() => Resolve(hops, "198.51.100.7") == 0);
        cable.Box.Ip("-6 route replace default via 2001:db8:1::3 dev box0");
        AwaitTrue(() => Header(hops[Resolve(hops, "2001:db8:77::5")]).EndsWith("86DD", StringComparison.Ordinal));
        cable.Box.Ip("-6 route del default");
        AwaitTrue(() => Resolve(hops, "2001:db8:77::5") == 0);
    });

    [SkippableFact]
    public void The_lowest_metric_wins_whatever_the_order() => With(cable =>
    {
        using KernelNextHops hops = Open();
        cable.Box.Ip("route add unreachable 203.0.113.0/24 metric 50");
        Await(hops, "203.0.113.5", NextHopState.Unreachable);
        cable.Box.Ip("route add 203.0.113.0/24 via 192.0.2.2 metric 10");
        Await(hops, "203.0.113.5", NextHopState.Resolved);
        cable.Box.Ip("route add unreachable 203.0.113.0/24 metric 20");
        cable.Box.Ip("route del 203.0.113.0/24 via 192.0.2.2 metric 10");
        Await(hops, "203.0.113.5", NextHopState.Unreachable);
        cable.Box.Ip("route del unreachable 203.0.113.0/24 metric 20");
        cable.Box.Ip("route del unreachable 203.0.113.0/24 metric 50");
        Await(hops, "203.0.113.5", NextHopState.Resolved);
    });

    [SkippableFact]
    public void A_neighbour_with_a_new_address_is_followed() => With(cable =>
    {
        using KernelNextHops hops = Open();
        Await(hops, "198.51.100.7", NextHopState.Resolved);
        cable.Box.Ip("neigh replace 192.0.2.2 lladdr 02:00:00:00:12:34 dev box0 nud permanent");
        AwaitTrue(
            () => Header(hops[Resolve(hops, "198.51.100.7")]).StartsWith("020000001234", StringComparison.Ordinal));
        cable.Box.Ip("neigh del 192.0.2.2 dev box0");
        // Asked for again at once, and answered by the far kernel.
        AwaitTrue(() => Header(hops[Resolve(hops, "198.51.100.7")]) == Header4);
    });

    [SkippableFact]
    public void A_static_neighbour_is_used_and_stays_static() => With(cable =>
    {
        cable.Box.Ip("neigh replace 192.0.2.2 lladdr 02:00:00:00:12:34 dev box0 nud permanent");
        cable.Box.Ip("neigh replace 192.0.2.88 lladdr 02:00:00:00:56:78 dev box0 nud permanent");
        using KernelNextHops hops = Open();
        Assert.StartsWith("020000001234", Header(Await(hops, "198.51.100.7", NextHopState.Resolved)),
            StringComparison.Ordinal);
        Assert.StartsWith("020000005678", Header(Await(hops, "192.0.2.88", NextHopState.Resolved)),
            StringComparison.Ordinal);
        Assert.Contains("PERMANENT", cable.Box.Ip("neigh show 192.0.2.2 dev box0"), StringComparison.Ordinal);
        Assert.Contains("PERMANENT", cable.Box.Ip("neigh show 192.0.2.88 dev box0"), StringComparison.Ordinal);
    });

    [SkippableFact]
    public void Equal_routers_share_the_destinations_and_a_lost_one_is_left_out() => With(cable =>
    {
        using KernelNextHops hops = Open();
        cable.Box.Ip("route replace default nexthop via 192.0.2.2 nexthop via 192.0.2.3");
        AwaitTrue(() => Numbers(hops).Count == 2);
        Assert.All(Numbers(hops), number => Assert.NotEqual(KernelNextHops.UnreachableNumber, number));
        cable.Box.Ip("route replace default via 192.0.2.3");
        AwaitTrue(() => Numbers(hops).Count == 1);
        cable.Box.Ip("-6 route add 2001:db8:99::/48 nexthop via 2001:db8:1::2 nexthop via 2001:db8:1::3");
        AwaitTrue(() => Numbers6(hops).Count == 2);
        cable.Box.Ip("-6 route del 2001:db8:99::/48 via 2001:db8:1::2");
        AwaitTrue(() => Numbers6(hops).Count == 1);
    });

    [SkippableFact]
    public void An_ipv4_route_over_an_ipv6_router_sends_ipv4() => With(cable =>
    {
        using KernelNextHops hops = Open();
        cable.Box.Ip("route add 203.0.113.0/24 via inet6 2001:db8:1::2");
        cable.Box.Ip("route add unreachable 203.0.113.128/25");
        AwaitTrue(() => Header(hops[Resolve(hops, "203.0.113.5")]) == Header4);
        Await(hops, "203.0.113.200", NextHopState.Unreachable);
    });

    [SkippableFact]
    public void Devices_that_go_down_or_are_not_ours_are_unreachable() => With(cable =>
    {
        cable.Box.Ip("link add other0 type veth peer name other1");
        cable.Box.Ip("link set other0 up");
        cable.Box.Ip("addr add 10.9.0.1/24 dev other0");
        using KernelNextHops hops = Open();
        Assert.Equal(KernelNextHops.UnreachableNumber, Resolve(hops, "10.9.0.2"));
        Await(hops, "198.51.100.7", NextHopState.Resolved);
        cable.Box.Ip("link set box0 down");
        // The kernel takes the routes back without announcing it.
        AwaitTrue(() => Resolve(hops, "198.51.100.7") == 0 && Resolve(hops, "192.0.2.3") == 0);
        cable.Box.Ip("link set box0 up mtu 1400");
        cable.Box.Ip("route add default via 192.0.2.2");
        AwaitTrue(() => Await(hops, "198.51.100.7", NextHopState.Resolved).Mtu == 1400);
        cable.Box.Ip("link set box0 address 02:00:00:00:b0:99");
        AwaitTrue(() => Header(hops[Resolve(hops, "198.51.100.7")]).Substring(12, 12) == "02000000B099");
    });

    [SkippableFact]
    public void A_vlan_device_over_ours_leaves_by_our_port_with_its_tags() => With(cable =>
    {
        (int code, string output) = NetworkNamespace.Try(
            "ip", $"-n {cable.Box.Name} link add link box0 name box0.7 type vlan id 7");
        Skip.IfNot(code == 0, $"this kernel has no VLAN devices (CONFIG_VLAN_8021Q): {output}");
        cable.Box.Ip("link add link box0.7 name inner0 type vlan id 8");
        cable.Box.Ip("link set box0.7 up");
        cable.Box.Ip("link set inner0 up");
        cable.Box.Ip("addr add 10.8.0.1/24 dev inner0");
        cable.Box.Ip("neigh add 10.8.0.2 lladdr 02:00:00:00:00:08 dev inner0");
        using KernelNextHops hops = Open();
        NextHop hop = Await(hops, "10.8.0.2", NextHopState.Resolved);
        Assert.Equal(Port, hop.Port);
        Assert.Equal("0200000000080200" + "0000B00081000007810000080800", Header(hop));
    });

    [SkippableFact]
    public void Our_own_addresses_are_told_and_followed() => With(cable =>
    {
        IReadOnlyList<uint> told = [];
        using KernelNextHops hops = Open(addresses => Volatile.Write(ref told, addresses));
        Assert.Contains(Packets.Address("192.0.2.1"), told);
        Assert.Contains(Packets.Address("192.0.2.255"), told);
        Assert.Contains(Packets.Address("127.0.0.1"), told);
        cable.Box.Ip("addr add 100.64.0.1/10 dev box0");
        AwaitTrue(() => Volatile.Read(ref told).Contains(Packets.Address("100.64.0.1")));
        cable.Box.Ip("addr del 100.64.0.1/10 dev box0");
        AwaitTrue(() => !Volatile.Read(ref told).Contains(Packets.Address("100.64.0.1")));
    });

    [SkippableFact]
    public void Thousands_of_routes_are_read_followed_and_given_back_and_resolving_allocates_nothing() => With(cable =>
    {
        string batch = System.IO.Path.GetTempFileName();
        System.IO.File.WriteAllLines(
            batch,
            Enumerable.Range(0, 20_000).Select(
                i => $"route add 10.{i >> 8 & 127}.{i & 255}.{(i & 1) * 128}/25 via 192.0.2.{2 + (i & 1)}"));
        cable.Box.Ip($"-batch {batch}");
        using KernelNextHops hops = Open();
        Assert.True(hops.RouteCount >= 20_000);
        Await(hops, "10.5.7.130", NextHopState.Resolved);
        Await(hops, "10.5.6.3", NextHopState.Resolved);
        ushort odd = Resolve(hops, "10.5.7.130");
        long before = GC.GetAllocatedBytesForCurrentThread();
        uint sum = 0;
        for (uint i = 0; i < 10_000; i++)
            sum += hops.Resolve(0, NextHopTable.Ipv4Low(0x0A05_0782 + (i & 1)));
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.Equal(odd * 10_000u, sum);
        cable.Box.Ip("route flush via 192.0.2.2");
        AwaitTrue(() => hops.RouteCount is >= 10_000 and < 10_050, 10_000);
        Assert.Equal(0ul, hops.Refused);
        System.IO.File.Delete(batch);
    });

    private static void With(Action<VethPair> test)
    {
        Needs.Root();
        using VethPair cable = new();
        cable.Box.Ip("addr add 192.0.2.1/24 brd + dev box0");
        cable.Box.Ip("addr add 2001:db8:1::1/64 dev box0 nodad");
        foreach (string address in (string[])["192.0.2.2/24", "192.0.2.3/24"])
            cable.Far.Ip($"addr add {address} dev far0");
        foreach (string address in (string[])["2001:db8:1::2/64", "2001:db8:1::3/64"])
            cable.Far.Ip($"addr add {address} dev far0 nodad");
        cable.Box.Ip("route add default via 192.0.2.2");
        cable.Box.Ip("-6 route add default via 2001:db8:1::2");
        cable.Box.Run(() => test(cable));
    }

    private static KernelNextHops Open(Action<IReadOnlyList<uint>>? told = null) => new(new KernelNextHopsOptions
    {
        Ports = new Dictionary<string, byte> { [VethPair.BoxDevice] = Port },
        OwnAddressesChanged = told,
    });

    private static ushort Resolve(KernelNextHops hops, string destination)
    {
        byte[] bytes = IPAddress.Parse(destination).GetAddressBytes();
        if (bytes.Length == 4)
            return hops.Resolve(0, NextHopTable.Ipv4Low(Packets.Address(destination)));
        UInt128 address = Packets.Address6(destination);
        return hops.Resolve((ulong)(address >> 64), (ulong)address);
    }

    private static HashSet<ushort> Numbers(KernelNextHops hops) =>
        [.. Enumerable.Range(1, 64).Select(i => Resolve(hops, $"198.51.100.{i}"))];

    private static HashSet<ushort> Numbers6(KernelNextHops hops) =>
        [.. Enumerable.Range(1, 64).Select(i => Resolve(hops, $"2001:db8:99::{i}"))];

    private static string Header(in NextHop hop)
    {
        ulong[] words = [hop.Header0, hop.Header1, hop.Header2];
        return Convert.ToHexString(MemoryMarshal.AsBytes(words.AsSpan())[(NextHop.HeaderMax - hop.HeaderLength)..]);
    }

    private static NextHop Await(KernelNextHops hops, string destination, NextHopState state)
    {
        // Asked once for each look: tables that are read anew meanwhile may give the next one another number.
        NextHop hop = default;
        AwaitTrue(() => Resolve(hops, destination) is not 0 and ushort number && (hop = hops[number]).State == state);
        return hop;
    }

    // The deadline only ends a run that fails anyway.
    private static void AwaitTrue(Func<bool> condition, int deadlineMs = 5000)
    {
        Stopwatch waited = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(waited.ElapsedMilliseconds < deadlineMs, "the table did not follow the kernel");
            Thread.Sleep(2);
        }
    }
}
