using System;
using System.Collections.Generic;

using Cgn.Contract.Counting;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

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
    [Requirement("RFC6269-S11-1")]
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

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6864-S4.3-1")]
    public void What_the_gateway_itself_sends_is_atomic(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        (string address, ushort port) = host.External(tcp: false, 1000);
        Assert.Empty(host.Send(
            Packets.Udp(host.Address, 1000, GatewayBench.Server, 53, ttl: 1, dontFragment: false)));
        AssertAtomic(host.Receives(Assert.Single(bench.Collect(FramePort.Inside))));
        Assert.Empty(bench.FromServer(
            Packets.Udp(GatewayBench.Server, 53, address, port, ttl: 1, dontFragment: false)));
        AssertAtomic(new Decoded(Assert.Single(bench.Collect(FramePort.Outside))));
    }

    [Theory]
    [InlineData(576, true)]
    [InlineData(577, false)]
    [Requirement("RFC6864-S4.3-1")]
    public void An_echo_reply_is_atomic_when_it_fits_anywhere_and_has_its_requests_number_otherwise(
        int size, bool atomic)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire: true);
        (string address, _) = host.External(tcp: false, 1000);
        byte[] echo = new byte[size - 20];
        echo[0] = 8;
        echo[^1] = 1;
        Checksum.FillIcmp(echo);
        Assert.Empty(bench.FromServer(Packets.Ipv4(
            GatewayBench.Server, address, IpProtocol.Icmp, echo, identification: 4711, dontFragment: false)));
        Decoded reply = new(Assert.Single(bench.Collect(FramePort.Outside)));
        Assert.Equal(atomic ? 2 : 0, reply.Ipv4.FragmentFlags);
        Assert.Equal(4711, reply.Ipv4.Id);
        Assert.True(reply.Ipv4.ValidIPChecksum);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    [Requirement("RFC6864-S5.3.1-1")]
    public void Errors_from_inside_are_numbered_and_counted_like_all_else(bool softwire)
    {
        using GatewayBench bench = new();
        Host host = new(bench, softwire);
        byte[] left = Assert.Single(host.Send(Reports.Request("udp", host.Address)));
        Decoded inside = host.Receives(Assert.Single(bench.FromServer(Reports.Answer("udp", left))));
        CounterId packets = softwire ? CounterId.OutboundPacketsDsLite : CounterId.OutboundPacketsNat444;
        CounterId bytes = softwire ? CounterId.OutboundBytesDsLite : CounterId.OutboundBytesNat444;
        (long Packets, long Bytes) before = (bench.Gateway.Counter(packets), bench.Gateway.Counter(bytes));
        HashSet<int> seen = [];
        byte[] error = Packets.IcmpError(
            host.Address, GatewayBench.Server, IcmpType.DestinationUnreachable, 3, inside.Ipv4.Bytes);
        error[6] = 0;
        Refill(error);
        for (int i = 0; i < 10; i++)
        {
            Decoded sent = new(Assert.Single(host.Send(error)));
            Assert.True(sent.Ipv4.ValidIPChecksum);
            Assert.True(seen.Add(sent.Ipv4.Id));
        }

        Assert.Equal(before.Packets + 10, bench.Gateway.Counter(packets));
        Assert.Equal(before.Bytes + (10 * error.Length), bench.Gateway.Counter(bytes));
    }

    private static void AssertAtomic(Decoded sent) =>
        Assert.Equal((2, 0), (sent.Ipv4.FragmentFlags, sent.Ipv4.FragmentOffset));

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
        Ipv4View.TryOpen(packet, out Ipv4View view, out _);
        view.FillHeaderChecksum();
    }
}
