using System;
using System.Linq;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Softwire.Tests;

public sealed class Ipv6ReassemblerTests : ReassemblerBench
{
    [Theory]
    [Requirement("RFC6333-S6.3-2")]
    [Requirement("RFC6333-S5.3-1")]
    [InlineData(1448)]
    [InlineData(1232)]
    public void The_two_fragments_of_a_1500_byte_packet_make_it_whole_in_either_order(int split)
    {
        byte[] whole = FrameBench.Ipv6(IpProtocol.Ipv4, Inner);
        byte[] first = FrameBench.Ipv6Fragment(Inner, 0, split, true);
        byte[] second = FrameBench.Ipv6Fragment(Inner, split, 1500, false);
        Assert.Equal(split == 1448 ? (1496, 100) : (1280, 316), (first.Length, second.Length));

        Assert.Equal(ReassemblyVerdict.Held, Offer(first, mark: 1));
        Assert.Equal(1, Reassembler.HeldFrames);
        Assert.Equal(ReassemblyVerdict.Complete, Offer(second, mark: 2));
        Assert.Equal(1, Bench.Link(Complete)[0]);
        CompleteIs(whole, merged: 1);

        Assert.Equal(ReassemblyVerdict.Held, Offer(second, mark: 2));
        Assert.Equal(ReassemblyVerdict.Complete, Offer(first, mark: 1));
        Assert.Equal(1, Bench.Link(Complete)[0]);
        Assert.Equal(FrameStore.Headroom, Math.Min(FrameStore.Headroom, (int)Complete.Offset + 8));
        CompleteIs(whole, merged: 1);
    }

    [Fact]
    public void Frames_may_begin_anywhere_in_their_chunks()
    {
        byte[] whole = FrameBench.Ipv6(IpProtocol.Ipv4, Inner);
        for (int offset = 0; offset <= 2048 - 14 - 1240; offset += 7)
        {
            byte[] first = FrameBench.Ipv6Fragment(Inner, 0, 1192, true);
            byte[] second = FrameBench.Ipv6Fragment(Inner, 1192, 1500, false);
            Assert.Equal(ReassemblyVerdict.Held, Offer(first, offset: offset));
            Assert.Equal(ReassemblyVerdict.Complete, Offer(second, offset: 700 - offset / 2));
            CompleteIs(whole, merged: 1);
            Assert.Equal(ReassemblyVerdict.Held, Offer(second, offset: offset));
            Assert.Equal(ReassemblyVerdict.Complete, Offer(first, offset: 700 - offset / 2));
            CompleteIs(whole, merged: 1);
        }
    }

    [Fact]
    public void Five_fragments_in_every_order_make_the_packet()
    {
        byte[] whole = FrameBench.Ipv6(IpProtocol.Ipv4, Inner);
        foreach (int[] order in FrameBench.Permutations(5))
        {
            for (int i = 0; i < 5; i++)
            {
                int start = order[i] * 304;
                byte[] piece = FrameBench.Ipv6Fragment(Inner, start, Math.Min(start + 304, 1500), order[i] < 4);
                Assert.Equal(i < 4 ? ReassemblyVerdict.Held : ReassemblyVerdict.Complete, Offer(piece));
            }

            CompleteIs(whole, merged: 4);
        }
    }

    [Fact]
    [Requirement("RFC8200-S4.5-KEY")]
    public void Equal_identifications_of_two_B4s_are_two_packets()
    {
        Ipv6Address other = Ipv6Address.Parse("2001:db8:0:1::2");
        byte[] inner = FrameBench.Ipv4(1500, seed: 2);
        Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true));
        Offer(FrameBench.Ipv6Fragment(inner, 0, 1448, true, source: other));
        byte[] rest = FrameBench.Ipv6Fragment(inner, 1448, 1500, false, source: other);
        Assert.Equal(ReassemblyVerdict.Complete, Offer(rest));
        Assert.Equal(FrameBench.Ipv6(IpProtocol.Ipv4, inner, source: other), Bench.Packet(Complete));
        Bench.GiveBack(Complete);
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(Inner, 1448, 1500, false)));
        CompleteIs(FrameBench.Ipv6(IpProtocol.Ipv4, Inner), 1);
    }

    [Fact]
    public void Headers_before_and_behind_the_fragment_header_survive()
    {
        byte[] limit = [4, 0, 4, 1, 4, 1, 1, 0];
        byte[] fragmentable = [.. limit, .. Inner];
        byte[] hop = [(byte)IpProtocol.Fragment, 0, 1, 4, 0, 0, 0, 0];
        byte[] first = FrameBench.Ipv6Fragment(fragmentable, 0, 1200, true, next: IpProtocol.DestinationOptions);
        byte[] second = FrameBench.Ipv6Fragment(fragmentable, 1200, 1508, false, next: IpProtocol.NoNext);
        first = Nested(hop, first);
        second = Nested(hop, second);
        Assert.Equal(ReassemblyVerdict.Held, Offer(second));
        Assert.Equal(ReassemblyVerdict.Complete, Offer(first));
        byte[] whole = Bench.Packet(Complete);
        Assert.True(Decapsulator.TryOpen(whole, out SoftwireEnvelope envelope));
        Assert.Equal((56, whole.Length), (envelope.InnerOffset, envelope.PacketLength));
        CompleteIs(FrameBench.Ipv6(IpProtocol.HopByHop, [60, 0, 1, 4, 0, 0, 0, 0, .. fragmentable]), 1);
    }

    private static byte[] Nested(byte[] header, byte[] fragment) =>
        FrameBench.Ipv6(IpProtocol.HopByHop, [.. header, .. fragment.AsSpan(40)]);

    [Fact]
    public void The_headers_of_a_packet_are_those_of_the_first_fragment_that_came_first()
    {
        Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true, tc: 0x28), mark: 1);
        Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true, tc: 0x50), mark: 2);
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(Inner, 1448, 1500, false, tc: 0x50)));
        Assert.Equal(1, Bench.Link(Complete)[0]);
        CompleteIs(FrameBench.Ipv6(IpProtocol.Ipv4, Inner, tc: 0x28), merged: 2);
    }

    [Fact]
    [Requirement("RFC6946-S4-1")]
    public void An_atomic_fragment_is_processed_alone_and_leaves_the_queue_alone()
    {
        Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true));
        byte[] small = FrameBench.Ipv4(100);
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(small, 0, 100, false)));
        Assert.Equal(FrameBench.Ipv6(IpProtocol.Ipv4, small), Bench.Packet(Complete));
        Assert.Equal(0, Merged);
        Bench.GiveBack(Complete);
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(Inner, 1448, 1500, false)));
        CompleteIs(FrameBench.Ipv6(IpProtocol.Ipv4, Inner), 1);
    }

    [Fact]
    [Requirement("RFC8200-S4.5-OVL")]
    [Requirement("RFC5722-S4-1")]
    public void An_overlap_abandons_the_packet_and_all_that_still_comes_of_it()
    {
        Offer(FrameBench.Ipv6Fragment(Inner, 0, 800, true));
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(Inner, 792, 1448, true)));
        Assert.Equal(SoftwireRefusal.Silent(DropReason.FragmentOverlap), Refusal);
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(Inner, 1448, 1500, false), tick: 599));
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(Inner, 800, 1448, true), tick: 599));
        ReassemblyLoss loss = Assert.Single(Expired(599));
        Assert.Equal((1, DropReason.FragmentOverlap), (loss.Frames, loss.Reason));
        Assert.Empty(Expired(600));
        Assert.Equal(0, Reassembler.Count);
        Assert.Equal(0, Reassembler.HeldFrames);
        Bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8200-S4.5-OVL")]
    public void An_exact_duplicate_isMerged_but_one_with_other_bytes_is_an_overlap()
    {
        Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true));
        Assert.Equal(ReassemblyVerdict.Held, Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true)));
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(Inner, 1448, 1500, false)));
        CompleteIs(FrameBench.Ipv6(IpProtocol.Ipv4, Inner), merged: 2);

        byte[] other = FrameBench.Ipv4(1500, seed: 9);
        Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true));
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(other, 0, 1448, true)));
        Assert.Equal(DropReason.FragmentOverlap, Refusal.Reason);
        Expired(0);
        Bench.AllAreHome();
    }

    [Fact]
    public void Congestion_marked_on_any_fragment_is_marked_on_the_packet()
    {
        Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true, tc: 0xBA));
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(Inner, 1448, 1500, false, tc: 0xBB)));
        CompleteIs(FrameBench.Ipv6(IpProtocol.Ipv4, Inner, tc: 0xBB), 1);
    }
}
