using System;
using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>ICMP is seldom, but whoever likes can make it frequent: it takes nothing from the managed heap
/// either.</summary>
[Collection(nameof(AllocationTests))]
public sealed class IcmpAllocationTests
{
    [Fact]
    public void Errors_answers_and_pings_allocate_nothing()
    {
        using GatewayBench bench = new(shards: 2);
        Host host = new(bench, softwire: true);
        byte[] left = Assert.Single(host.Send(Reports.Request("udp", host.Address)));
        byte[] softwire = Assert.Single(bench.FromServer(Reports.Answer("udp", left)))[14..];
        (byte Side, byte[] Frame)[] frames =
        [
            (FramePort.Outside, Packets.Ethernet(Packets.IcmpError(
                Reports.Router, new Decoded(left).Source, IcmpType.TimeExceeded, 0, left.AsSpan(14)))),
            (FramePort.Inside, Packets.Ethernet(Packets.Softwire(GatewayBench.B4, GatewayBench.Aftr,
                Packets.IcmpError(
                    host.Address, GatewayBench.Server, IcmpType.DestinationUnreachable, 3, softwire.AsSpan(40))))),
            (FramePort.Inside, Packets.Ethernet(Packets.Softwire(GatewayBench.B4, GatewayBench.Aftr,
                Packets.Udp(host.Address, 1, GatewayBench.Server, 2, ttl: 1)))),
            (FramePort.Inside, Packets.Ethernet(Packets.Softwire(GatewayBench.B4, GatewayBench.Aftr,
                Packets.Echo(host.Address, "192.0.0.1", 1)))),
            (FramePort.Outside, Packets.Ethernet(Packets.Echo(GatewayBench.Server, "203.0.113.3", 1))),
            (FramePort.Inside, Packets.Ethernet(Reports.Ipv6(GatewayBench.B4, (IpProtocol)200, left))),
            (FramePort.Inside, Packets.Ethernet(Reports.Icmp6("2001:db8:aaaa::1", 2, 0, 1400, softwire))),
            (FramePort.Inside, Packets.Ethernet(Reports.Icmp6("2001:db8:aaaa::1", 1, 0, 0, softwire))),
            (FramePort.Inside, Packets.Ethernet(Reports.Icmp6(GatewayBench.B4, 128, 0, 1, new byte[32]))),
        ];
        byte[] buffer = new byte[2048];
        Run(bench, frames, buffer, 2000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        int carried = Run(bench, frames, buffer, 2000);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(2000 * frames.Length, carried);
        Assert.Equal(0, bench.Gateway.Counter(CounterId.IcmpSuppressed));
    }

    private static int Run(GatewayBench bench, (byte Side, byte[] Frame)[] frames, byte[] buffer, int times)
    {
        int carried = 0;
        for (int i = 0; i < times; i++)
        {
            for (int frame = 0; frame < frames.Length; frame++)
                Assert.True(bench.Gateway.Inject(frames[frame].Side, frames[frame].Frame, (i + frame) % 2));
            bench.Advance(0.02);
            foreach (byte side in (ReadOnlySpan<byte>)[FramePort.Inside, FramePort.Outside])
            {
                while (bench.Gateway.TryCollect(side, buffer, out _))
                    carried++;
            }
        }

        return carried;
    }
}
