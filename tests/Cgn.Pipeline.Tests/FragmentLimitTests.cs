using System;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Contract.Settings;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>How many fragments wait (RFC 8512 fragments-limit).</summary>
public sealed class FragmentLimitTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC8512-CFG-09")]
    public void No_more_fragments_wait_than_the_limit_and_those_with_their_first_need_not(bool softwire)
    {
        using GatewayBench bench = new(
            static all => all with { Limits = new InstanceLimits { Fragments = 5 } });
        Host host = new(bench, softwire);
        for (ushort number = 1; number <= 9; number++)
            Assert.Empty(host.Send(Later(host, number)));
        Assert.Equal(5, bench.Gateway.Counter(CounterId.Held));
        Assert.Equal(4, bench.Gateway.Drops(DropReason.FragmentLimit));
        byte[] whole = Packets.Udp(host.Address, 7, GatewayBench.Server, 53, 200);
        Assert.Single(host.Send(Packets.Ipv4(
            host.Address, GatewayBench.Server, IpProtocol.Udp, whole.AsSpan(20, 104), identification: 99,
            dontFragment: false, moreFragments: true)));
        Assert.Single(host.Send(Packets.Ipv4(
            host.Address, GatewayBench.Server, IpProtocol.Udp, whole.AsSpan(124), identification: 99,
            dontFragment: false, fragmentOffset: 104)));
        bench.Advance(3);
        Assert.Equal(0, bench.Gateway.Counter(CounterId.Held));
    }

    private static byte[] Later(Host host, ushort number) => Packets.Ipv4(
        host.Address, GatewayBench.Server, IpProtocol.Udp, new byte[64], identification: number, dontFragment: false,
        fragmentOffset: 104);
}
