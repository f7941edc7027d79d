using System;
using System.Collections.Generic;

using Cgn.Testing;

using Xunit;

namespace Cgn.Pipeline.Tests;

/// <summary>Who shares an external address is one source, and numbers its packets as one.</summary>
public sealed class IdentificationTests
{
    private const int Subscribers = 200;

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    [Requirement("RFC3022-S6.3")]
    [Requirement("RFC6864-S5.3.1-1")]
    [Requirement("RFC7857-S10-1")]
    public void Fragments_of_two_subscribers_never_look_like_one_packet(int shards)
    {
        using GatewayBench bench = new(shards: shards);
        HashSet<(string Source, int Identification)> seen = [];
        for (int subscriber = 0; subscriber < Subscribers; subscriber++)
        {
            string b4 = $"2001:db8:100:{(subscriber + 1) << 8:x}::2";
            int worker = subscriber % shards;
            byte[] packet = Packets.Udp("10.0.0.1", 10000, GatewayBench.Server, 53, payloadBytes: 64);
            Decoded first = new(Assert.Single(bench.FromB4(Fragment(packet, 0, 40), b4, worker: worker)));
            Decoded second = new(Assert.Single(bench.FromB4(Fragment(packet, 40, 32), b4, worker: worker)));
            Assert.Equal(first.Ipv4.Id, second.Ipv4.Id);
            Assert.True(second.Ipv4.ValidIPChecksum);
            Assert.True(seen.Add((first.Source, first.Ipv4.Id)), $"subscriber {subscriber}");
        }
    }

    [Fact]
    [Requirement("RFC6864-S4.3-1")]
    [Requirement("RFC7857-S10-1")]
    public void Packets_that_may_be_fragmented_on_their_way_have_numbers_of_their_own()
    {
        using GatewayBench bench = new();
        HashSet<int> seen = [];
        for (int number = 0; number < 1000; number++)
        {
            byte[] packet = Packets.Udp("10.0.0.1", 10000, GatewayBench.Server, 53, dontFragment: false);
            Decoded sent = new(Assert.Single(bench.FromB4(packet)));
            Assert.True(sent.Ipv4.ValidIPChecksum);
            Assert.True(seen.Add(sent.Ipv4.Id));
        }
    }

    // Part of a packet's payload, as a fragment.
    private static byte[] Fragment(byte[] packet, int start, int length)
    {
        byte[] fragment = [.. packet.AsSpan(0, 20), .. packet.AsSpan(20 + start, length)];
        bool more = 20 + start + length < packet.Length;
        fragment[2] = 0;
        fragment[3] = (byte)fragment.Length;
        fragment[6] = (byte)(more ? 0x20 : 0);
        fragment[7] = (byte)(start / 8);
        Refill(fragment);
        return fragment;
    }

    private static void Refill(byte[] packet)
    {
        Wire.Ipv4View.TryOpen(packet, out Wire.Ipv4View view, out _);
        view.FillHeaderChecksum();
    }
}
