using System;
using System.Buffers.Binary;

using Cgn.Contract;
using Cgn.Contract.Counting;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>Fragments whose first never comes: a bounded number waits, and the rest is counted.</summary>
public sealed class FragmentFloodTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC8512-ST-03")]
    public void Fragments_beyond_the_limit_are_dropped_by_name_and_every_one_is_accounted_for(bool softwire)
    {
        const int Sent = 4000;
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        byte[] last = Fragments.Ipv4(
            Packets.Udp(host.Address, 1000, GatewayBench.Server, 53, payloadBytes: 1200), 800)[1];
        for (ushort i = 0; i < Sent; i++)
        {
            BinaryPrimitives.WriteUInt16BigEndian(last.AsSpan(4), i);
            Fragments.FillHeader(last);
            Assert.Empty(host.Send(last));
        }

        long held = bench.Gateway.Counter(CounterId.Held);
        Assert.InRange(held, 1, Sent - 1);
        Assert.Equal(Sent - held, bench.Gateway.Drops(DropReason.FragmentLimit));
        Assert.Equal(Sent - held, bench.Gateway.Counter(CounterId.Dropped));
    }
}
