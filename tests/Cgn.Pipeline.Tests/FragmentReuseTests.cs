using System.Collections.Generic;

using Cgn.Contract;
using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>
/// A sender's sixteen bits of identification come round in seconds (RFC 4963): what is left of one datagram must not go
/// with the next of the same number.
/// </summary>
public sealed class FragmentReuseTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6888-S7-2")]
    [Requirement("RFC6269-S11-1")]
    public void A_piece_left_over_does_not_wait_for_the_next_datagram_of_its_number(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        (string address, ushort port) = host.External(tcp: false, 5000);
        List<byte[]> old = Pieces(address, port);
        List<byte[]> next = Pieces(address, port);
        next[1][^1] ^= 0xFF;
        Assert.Empty(bench.FromServer(old[1]));
        bench.Advance(2.2);
        Assert.Equal(1, bench.Gateway.Drops(DropReason.FragmentTimeout));
        Assert.Single(bench.FromServer(next[0]));
        Decoded got = host.Receives(Assert.Single(bench.FromServer(next[1])));
        Assert.Equal(next[1][20..], got.Ipv4.PayloadData);
    }

    [Theory]
    [InlineData(true, 1)]
    [InlineData(false, 1)]
    [InlineData(true, 4)]
    [InlineData(false, 4)]
    [Requirement("RFC6888-S7-2")]
    public void Fragments_are_translated_one_by_one_and_never_put_together(bool softwire, int shards)
    {
        using GatewayBench bench = new(shards: shards);
        Host host = new(bench, softwire);
        (string address, ushort port) = host.External(tcp: false, 5000);
        List<byte[]> pieces = Pieces(address, port);
        // Nothing waits for the last, so nothing is there to be mixed up.
        for (int i = 0; i < pieces.Count; i++)
        {
            Decoded got = host.Receives(Assert.Single(bench.FromServer(pieces[i], worker: i % shards)));
            Assert.Equal(pieces[i].Length - 20, got.Ipv4.PayloadLength);
        }
    }

    private static List<byte[]> Pieces(string address, ushort port) => Fragments.Ipv4(
        Packets.Udp(GatewayBench.Server, 9, address, port, 1000, identification: 77, dontFragment: false), 504);
}
