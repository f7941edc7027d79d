using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Softwire.Tests;

public sealed class Ipv6ReassemblerTests : IDisposable
{
    private static readonly byte[] s_inner = FrameBench.Ipv4(1500);

    private readonly FrameBench _bench = new();
    private readonly ReassemblyLoss[] _lost = new ReassemblyLoss[64];
    private Ipv6Reassembler _reassembler;
    private Frame _complete;
    private int _merged;
    private SoftwireRefusal _refusal;

    public Ipv6ReassemblerTests() => _reassembler = new Ipv6Reassembler(_bench.Pool, new ReassemblyLimits(), 1);

    public void Dispose()
    {
        _reassembler.Dispose();
        _bench.Dispose();
    }

    private void Limit(ReassemblyLimits limits)
    {
        _reassembler.Dispose();
        _reassembler = new Ipv6Reassembler(_bench.Pool, limits, 1);
    }

    private ReassemblyVerdict Offer(byte[] packet, uint tick = 0, byte mark = 0x11)
    {
        Frame frame = _bench.Put(packet, mark);
        Decapsulator.TryOpen(_bench.Packet(frame), out SoftwireEnvelope envelope);
        Assert.True(envelope.IsFragment);
        ReassemblyVerdict verdict =
            _reassembler.Offer(frame, FrameBench.LinkSize, envelope, tick, out _complete, out _merged, out _refusal);
        if (verdict == ReassemblyVerdict.Refused)
            _bench.GiveBack(frame);
        Assert.Equal(verdict == ReassemblyVerdict.Refused, _refusal.Reason != DropReason.None);
        return verdict;
    }

    private ReassemblyLoss[] Expired(uint tick, int budget = 100)
    {
        ReassemblyLoss[] lost = _lost[.._reassembler.Expire(tick, budget, _lost)];
        foreach (ReassemblyLoss loss in lost)
            _bench.GiveBack(loss.Frame);
        return lost;
    }

    private void CompleteIs(byte[] expected, int merged)
    {
        Assert.Equal(expected, _bench.Packet(_complete));
        Assert.Equal(merged, _merged);
        _bench.GiveBack(_complete);
        Assert.Equal(0, _reassembler.HeldFrames);
        _bench.AllAreHome();
    }

    [Theory]
    [Requirement("RFC6333-S6.3-2")]
    [Requirement("RFC6333-S5.3-1")]
    [InlineData(1448)]
    [InlineData(1232)]
    public void The_two_fragments_of_a_1500_byte_packet_make_it_whole_in_either_order(int split)
    {
        byte[] whole = FrameBench.Ipv6(IpProtocol.Ipv4, s_inner);
        byte[] first = FrameBench.Ipv6Fragment(s_inner, 0, split, true);
        byte[] second = FrameBench.Ipv6Fragment(s_inner, split, 1500, false);
        Assert.Equal(split == 1448 ? (1496, 100) : (1280, 316), (first.Length, second.Length));

        Assert.Equal(ReassemblyVerdict.Held, Offer(first, mark: 1));
        Assert.Equal(1, _reassembler.HeldFrames);
        Assert.Equal(ReassemblyVerdict.Complete, Offer(second, mark: 2));
        Assert.Equal(1, _bench.Link(_complete)[0]);
        CompleteIs(whole, merged: 1);

        Assert.Equal(ReassemblyVerdict.Held, Offer(second, mark: 2));
        Assert.Equal(ReassemblyVerdict.Complete, Offer(first, mark: 1));
        Assert.Equal(1, _bench.Link(_complete)[0]);
        Assert.Equal(FrameStore.Headroom, Math.Min(FrameStore.Headroom, (int)_complete.Offset + 8));
        CompleteIs(whole, merged: 1);
    }

    [Fact]
    public void Five_fragments_in_every_order_make_the_packet()
    {
        byte[] whole = FrameBench.Ipv6(IpProtocol.Ipv4, s_inner);
        foreach (int[] order in FrameBench.Permutations(5))
        {
            for (int i = 0; i < 5; i++)
            {
                int start = order[i] * 304;
                byte[] piece = FrameBench.Ipv6Fragment(s_inner, start, Math.Min(start + 304, 1500), order[i] < 4);
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
        Offer(FrameBench.Ipv6Fragment(s_inner, 0, 1448, true));
        Offer(FrameBench.Ipv6Fragment(inner, 0, 1448, true, source: other));
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(inner, 1448, 1500, false, source: other)));
        Assert.Equal(FrameBench.Ipv6(IpProtocol.Ipv4, inner, source: other), _bench.Packet(_complete));
        _bench.GiveBack(_complete);
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(s_inner, 1448, 1500, false)));
        CompleteIs(FrameBench.Ipv6(IpProtocol.Ipv4, s_inner), 1);
    }

    [Fact]
    public void Headers_before_and_behind_the_fragment_header_survive()
    {
        byte[] limit = [4, 0, 4, 1, 4, 1, 1, 0];
        byte[] fragmentable = [.. limit, .. s_inner];
        byte[] hop = [(byte)IpProtocol.Fragment, 0, 1, 4, 0, 0, 0, 0];
        byte[] first = Nested(hop, FrameBench.Ipv6Fragment(fragmentable, 0, 1200, true, next: IpProtocol.DestinationOptions));
        byte[] second = Nested(hop, FrameBench.Ipv6Fragment(fragmentable, 1200, 1508, false, next: IpProtocol.NoNext));
        Assert.Equal(ReassemblyVerdict.Held, Offer(second));
        Assert.Equal(ReassemblyVerdict.Complete, Offer(first));
        byte[] whole = _bench.Packet(_complete);
        Assert.True(Decapsulator.TryOpen(whole, out SoftwireEnvelope envelope));
        Assert.Equal((56, whole.Length), (envelope.InnerOffset, envelope.PacketLength));
        CompleteIs(FrameBench.Ipv6(IpProtocol.HopByHop, [60, 0, 1, 4, 0, 0, 0, 0, .. fragmentable]), 1);
    }

    private static byte[] Nested(byte[] header, byte[] fragment) =>
        FrameBench.Ipv6(IpProtocol.HopByHop, [.. header, .. fragment.AsSpan(40)]);

    [Fact]
    [Requirement("RFC6946-S4-1")]
    public void An_atomic_fragment_is_processed_alone_and_leaves_the_queue_alone()
    {
        Offer(FrameBench.Ipv6Fragment(s_inner, 0, 1448, true));
        byte[] small = FrameBench.Ipv4(100);
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(small, 0, 100, false)));
        Assert.Equal(FrameBench.Ipv6(IpProtocol.Ipv4, small), _bench.Packet(_complete));
        Assert.Equal(0, _merged);
        _bench.GiveBack(_complete);
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(s_inner, 1448, 1500, false)));
        CompleteIs(FrameBench.Ipv6(IpProtocol.Ipv4, s_inner), 1);
    }

    [Fact]
    [Requirement("RFC8200-S4.5-OVL")]
    [Requirement("RFC5722-S4-1")]
    public void An_overlap_abandons_the_packet_and_all_that_still_comes_of_it()
    {
        Offer(FrameBench.Ipv6Fragment(s_inner, 0, 800, true));
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(s_inner, 792, 1448, true)));
        Assert.Equal(SoftwireRefusal.Silent(DropReason.FragmentOverlap), _refusal);
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(s_inner, 1448, 1500, false), tick: 599));
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(s_inner, 800, 1448, true), tick: 599));
        ReassemblyLoss loss = Assert.Single(Expired(599));
        Assert.Equal((1, DropReason.FragmentOverlap), (loss.Frames, loss.Reason));
        Assert.Empty(Expired(600));
        Assert.Equal(0, _reassembler.Count);
        Assert.Equal(0, _reassembler.HeldFrames);
        _bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8200-S4.5-OVL")]
    public void An_exact_duplicate_is_merged_but_one_with_other_bytes_is_an_overlap()
    {
        Offer(FrameBench.Ipv6Fragment(s_inner, 0, 1448, true));
        Assert.Equal(ReassemblyVerdict.Held, Offer(FrameBench.Ipv6Fragment(s_inner, 0, 1448, true)));
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(s_inner, 1448, 1500, false)));
        CompleteIs(FrameBench.Ipv6(IpProtocol.Ipv4, s_inner), merged: 2);

        byte[] other = FrameBench.Ipv4(1500, seed: 9);
        Offer(FrameBench.Ipv6Fragment(s_inner, 0, 1448, true));
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(other, 0, 1448, true)));
        Assert.Equal(DropReason.FragmentOverlap, _refusal.Reason);
        Expired(0);
        _bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8200-S4.5-TO")]
    [Requirement("RFC6333-S6.3-2")]
    public void After_60_seconds_the_first_fragment_comes_back_as_it_came()
    {
        byte[] first = FrameBench.Ipv6Fragment(s_inner, 0, 1200, true, id: 0xDEADBEEF);
        Offer(FrameBench.Ipv6Fragment(s_inner, 1448, 1500, false, id: 0xDEADBEEF), tick: 5);
        Offer(first, tick: 100);
        Assert.Empty(Expired(5 + 599));
        ReassemblyLoss loss = Assert.Single(Expired(5 + 600));
        Assert.Equal((2, DropReason.FragmentTimeout, true), (loss.Frames, loss.Reason, loss.HasFirst));
        Assert.Equal(FrameBench.LinkSize, loss.IpOffset);
        Assert.Equal(first, _bench.Packet(loss.Frame));
        Assert.Equal(0, _reassembler.HeldFrames);
        _bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8200-S4.5-TO")]
    public void A_packet_without_its_first_fragment_times_out_in_silence()
    {
        Offer(FrameBench.Ipv6Fragment(s_inner, 1448, 1500, false));
        ReassemblyLoss loss = Assert.Single(Expired(600));
        Assert.False(loss.HasFirst);
        _bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8200-S4.5-TO")]
    public void A_packet_whose_time_is_over_is_gone_even_before_the_sweep()
    {
        Offer(FrameBench.Ipv6Fragment(s_inner, 0, 1448, true));
        Assert.Equal(ReassemblyVerdict.Held, Offer(FrameBench.Ipv6Fragment(s_inner, 1448, 1500, false), tick: 600));
        Assert.Equal(DropReason.FragmentTimeout, Assert.Single(Expired(600)).Reason);
        Assert.Single(Expired(1200));
        _bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8200-S4.5-LEN8")]
    public void A_length_that_is_no_multiple_of_eight_points_at_the_payload_length()
    {
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(s_inner, 0, 1001, true)));
        Assert.Equal(SoftwireRefusal.Problem(DropReason.FragmentTooLong, 0, 4), _refusal);
        _bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8200-S4.5-64K")]
    public void A_packet_of_more_than_65535_bytes_points_at_the_fragment_offset()
    {
        byte[] big = new byte[65600];
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(big, 65528, 65536, false)));
        Assert.Equal(SoftwireRefusal.Problem(DropReason.FragmentTooLong, 0, 42), _refusal);
        Assert.Equal(0, _reassembler.Count);
        _bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8200-S5-1")]
    public void What_fits_a_frame_is_put_together_and_a_byte_more_is_refused()
    {
        Assert.InRange(_reassembler.PayloadMax, 1500, 2048);
        byte[] inner = FrameBench.Ipv4(_reassembler.PayloadMax);
        Offer(FrameBench.Ipv6Fragment(inner, 0, 1448, true));
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(inner, 1448, inner.Length, false)));
        CompleteIs(FrameBench.Ipv6(IpProtocol.Ipv4, inner), 1);

        byte[] over = FrameBench.Ipv4(inner.Length + 1);
        Offer(FrameBench.Ipv6Fragment(over, 0, 1448, true));
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(over, 1448, over.Length, false)));
        Assert.Equal(SoftwireRefusal.Silent(DropReason.FragmentTooLong), _refusal);
        Assert.Equal(DropReason.FragmentTooLong, Assert.Single(Expired(0)).Reason);
        _bench.AllAreHome();
    }

    [Theory]
    [Requirement("RFC8200-S4.5-CHAIN")]
    [InlineData(8, true)]
    [InlineData(16, true)]
    [InlineData(24, false)]
    public void A_first_fragment_must_hold_the_whole_inner_header(int length, bool refused)
    {
        ReassemblyVerdict verdict = Offer(FrameBench.Ipv6Fragment(s_inner, 0, length, true));
        Assert.Equal(refused ? ReassemblyVerdict.Refused : ReassemblyVerdict.Held, verdict);
        if (refused)
            Assert.Equal(SoftwireRefusal.Problem(DropReason.FragmentTiny, 3, 0), _refusal);
        Expired(600);
        _bench.AllAreHome();
    }

    [Fact]
    public void A_fragment_in_a_fragment_is_refused()
    {
        byte[] nested = FrameBench.Ipv6Fragment(s_inner, 0, 96, false).AsSpan(40).ToArray();
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(nested, 0, 104, false, next: IpProtocol.Fragment)));
        Assert.Equal(DropReason.RefusedExtensionHeader, _refusal.Reason);
        _bench.AllAreHome();
    }

    [Fact]
    public void Congestion_marked_on_any_fragment_is_marked_on_the_packet()
    {
        Offer(FrameBench.Ipv6Fragment(s_inner, 0, 1448, true, tc: 0xBA));
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(s_inner, 1448, 1500, false, tc: 0xBB)));
        CompleteIs(FrameBench.Ipv6(IpProtocol.Ipv4, s_inner, tc: 0xBB), 1);
    }

    [Fact]
    public void A_prefix_at_its_limit_loses_its_own_oldest_packet_and_no_others()
    {
        Limit(new ReassemblyLimits { PacketsPerPrefix = 3, PrefixBits = 56 });
        Ipv6Address neighbour = Ipv6Address.Parse("2001:db8:0:101::1");
        Offer(FrameBench.Ipv6Fragment(s_inner, 0, 1448, true, id: 50, source: neighbour));
        for (uint id = 1; id <= 4; id++)
            Assert.Equal(ReassemblyVerdict.Held, Offer(FrameBench.Ipv6Fragment(s_inner, 0, 1448, true, id: id)));
        ReassemblyLoss loss = Assert.Single(Expired(0));
        Assert.Equal(DropReason.FragmentLimit, loss.Reason);
        byte[] evicted = _bench.Packet(loss.Frame);
        Assert.Equal(1, evicted[47]);
        foreach (uint id in new uint[] { 2, 3, 4 })
        {
            Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(s_inner, 1448, 1500, false, id: id)));
            _bench.GiveBack(_complete);
        }

        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(s_inner, 1448, 1500, false, id: 50, source: neighbour)));
        _bench.GiveBack(_complete);
        _bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC6333-S6.3-2")]
    public void In_total_the_oldest_packet_gives_way_and_nothing_is_taken_while_losses_pile_up()
    {
        Limit(new ReassemblyLimits { Packets = 4, PacketsPerPrefix = 4 });
        List<ReassemblyVerdict> verdicts = [];
        for (uint id = 0; id < 20; id++)
        {
            Ipv6Address source = new(FrameBench.B4.High + ((ulong)id << 32), 1);
            verdicts.Add(Offer(FrameBench.Ipv6Fragment(s_inner, 0, 1448, true, id: id, source: source)));
            Assert.InRange(_reassembler.Count, 1, 4);
        }

        Assert.Contains(ReassemblyVerdict.Refused, verdicts);
        Assert.Equal(verdicts.Count(v => v == ReassemblyVerdict.Held), _reassembler.HeldFrames);
        Assert.NotEmpty(Expired(0));
        Assert.Equal(ReassemblyVerdict.Held, Offer(FrameBench.Ipv6Fragment(s_inner, 0, 1448, true, id: 99)));
        Expired(600);
        Assert.Equal(0, _reassembler.HeldFrames);
        _bench.AllAreHome();
    }
}
