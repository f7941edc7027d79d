using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Testing;
using Cgn.Wire;

using Xunit;

namespace Cgn.Softwire.Tests;

public sealed class Ipv6ReassemblyRefusalTests : ReassemblerBench
{
    [Fact]
    [Requirement("RFC8200-S4.5-TO")]
    [Requirement("RFC6333-S6.3-2")]
    public void After_60_seconds_the_first_fragment_comes_back_as_it_came()
    {
        byte[] first = FrameBench.Ipv6Fragment(Inner, 0, 1200, true, id: 0xDEADBEEF);
        Offer(FrameBench.Ipv6Fragment(Inner, 1448, 1500, false, id: 0xDEADBEEF), tick: 5);
        Offer(first, tick: 100);
        Assert.Empty(Expired(5 + 599));
        ReassemblyLoss loss = Assert.Single(Expired(5 + 600));
        Assert.Equal((2, DropReason.FragmentTimeout, true), (loss.Frames, loss.Reason, loss.HasFirst));
        Assert.Equal(FrameBench.LinkSize, loss.IpOffset);
        Assert.Equal(first, Bench.Packet(loss.Frame));
        Assert.Equal(0, Reassembler.HeldFrames);
        Bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8200-S4.5-TO")]
    public void A_packet_without_its_first_fragment_times_out_in_silence()
    {
        Offer(FrameBench.Ipv6Fragment(Inner, 1448, 1500, false));
        ReassemblyLoss loss = Assert.Single(Expired(600));
        Assert.False(loss.HasFirst);
        Bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8200-S4.5-TO")]
    public void A_packet_whose_time_is_over_is_gone_even_before_the_sweep()
    {
        Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true));
        Assert.Equal(ReassemblyVerdict.Held, Offer(FrameBench.Ipv6Fragment(Inner, 1448, 1500, false), tick: 600));
        Assert.Equal(DropReason.FragmentTimeout, Assert.Single(Expired(600)).Reason);
        Assert.Single(Expired(1200));
        Bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8200-S4.5-LEN8")]
    public void A_length_that_is_no_multiple_of_eight_points_at_the_payload_length()
    {
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(Inner, 0, 1001, true)));
        Assert.Equal(SoftwireRefusal.Problem(DropReason.FragmentTooLong, 0, 4), Refusal);
        Bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8200-S4.5-64K")]
    public void A_packet_of_more_than_65535_bytes_points_at_the_fragment_offset()
    {
        byte[] big = new byte[65600];
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(big, 65528, 65536, false)));
        Assert.Equal(SoftwireRefusal.Problem(DropReason.FragmentTooLong, 0, 42), Refusal);
        Assert.Equal(0, Reassembler.Count);
        Bench.AllAreHome();
    }

    [Fact]
    [Requirement("RFC8200-S5-1")]
    public void What_fits_a_frame_is_put_together_and_a_byte_more_is_refused()
    {
        Assert.InRange(Reassembler.PayloadMax, 1500, 2048);
        byte[] inner = FrameBench.Ipv4(Reassembler.PayloadMax);
        Offer(FrameBench.Ipv6Fragment(inner, 0, 1448, true));
        Assert.Equal(ReassemblyVerdict.Complete, Offer(FrameBench.Ipv6Fragment(inner, 1448, inner.Length, false)));
        CompleteIs(FrameBench.Ipv6(IpProtocol.Ipv4, inner), 1);

        byte[] over = FrameBench.Ipv4(inner.Length + 1);
        Offer(FrameBench.Ipv6Fragment(over, 0, 1448, true));
        Assert.Equal(ReassemblyVerdict.Refused, Offer(FrameBench.Ipv6Fragment(over, 1448, over.Length, false)));
        Assert.Equal(SoftwireRefusal.Silent(DropReason.FragmentTooLong), Refusal);
        Assert.Equal(DropReason.FragmentTooLong, Assert.Single(Expired(0)).Reason);
        Bench.AllAreHome();
    }

    [Theory]
    [Requirement("RFC8200-S4.5-CHAIN")]
    [InlineData(8, true)]
    [InlineData(16, true)]
    [InlineData(24, false)]
    public void A_first_fragment_must_hold_the_whole_inner_header(int length, bool refused)
    {
        ReassemblyVerdict verdict = Offer(FrameBench.Ipv6Fragment(Inner, 0, length, true));
        Assert.Equal(refused ? ReassemblyVerdict.Refused : ReassemblyVerdict.Held, verdict);
        if (refused)
            Assert.Equal(SoftwireRefusal.Problem(DropReason.FragmentTiny, 3, 0), Refusal);
        Expired(600);
        Bench.AllAreHome();
    }

    [Fact]
    public void A_fragment_in_a_fragment_is_refused()
    {
        byte[] nested = FrameBench.Ipv6Fragment(Inner, 0, 96, false).AsSpan(40).ToArray();
        byte[] outer = FrameBench.Ipv6Fragment(nested, 0, 104, false, next: IpProtocol.Fragment);
        Assert.Equal(ReassemblyVerdict.Refused, Offer(outer));
        Assert.Equal(DropReason.RefusedExtensionHeader, Refusal.Reason);
        Bench.AllAreHome();
    }

    [Fact]
    public void A_prefix_at_its_limit_loses_its_own_oldest_packet_and_no_others()
    {
        Limit(new ReassemblyLimits { PacketsPerPrefix = 3, PrefixBits = 56 });
        Ipv6Address neighbour = Ipv6Address.Parse("2001:db8:0:101::1");
        Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true, id: 50, source: neighbour));
        for (uint id = 1; id <= 4; id++)
            Assert.Equal(ReassemblyVerdict.Held, Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true, id: id)));
        ReassemblyLoss loss = Assert.Single(Expired(0));
        Assert.Equal(DropReason.FragmentLimit, loss.Reason);
        byte[] evicted = Bench.Packet(loss.Frame);
        Assert.Equal(1, evicted[47]);
        foreach (uint id in new uint[] { 2, 3, 4 })
        {
            byte[] rest = FrameBench.Ipv6Fragment(Inner, 1448, 1500, false, id: id);
            Assert.Equal(ReassemblyVerdict.Complete, Offer(rest));
            Bench.GiveBack(Complete);
        }

        byte[] others = FrameBench.Ipv6Fragment(Inner, 1448, 1500, false, id: 50, source: neighbour);
        Assert.Equal(ReassemblyVerdict.Complete, Offer(others));
        Bench.GiveBack(Complete);
        Bench.AllAreHome();
    }

    [Fact]
    public void Packets_made_whole_leave_the_order_of_age_of_their_prefix()
    {
        Limit(new ReassemblyLimits { PacketsPerPrefix = 3 });
        for (uint id = 1; id <= 3; id++)
            Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true, id: id));
        foreach (uint id in new uint[] { 2, 1 })
        {
            Offer(FrameBench.Ipv6Fragment(Inner, 1448, 1500, false, id: id));
            Bench.GiveBack(Complete);
        }

        for (uint id = 4; id <= 6; id++)
            Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true, id: id));
        Assert.Equal([3], Expired(0).Select(loss => (int)Bench.Packet(loss.Frame)[47]));
        Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true, id: 7));
        Assert.Equal([4], Expired(0).Select(loss => (int)Bench.Packet(loss.Frame)[47]));
        Assert.Equal(3, Expired(600).Length);
        Bench.AllAreHome();
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
            verdicts.Add(Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true, id: id, source: source)));
            Assert.InRange(Reassembler.Count, 1, 4);
        }

        Assert.Contains(ReassemblyVerdict.Refused, verdicts);
        Assert.Equal(verdicts.Count(v => v == ReassemblyVerdict.Held), Reassembler.HeldFrames);
        Assert.NotEmpty(Expired(0));
        Assert.Equal(ReassemblyVerdict.Held, Offer(FrameBench.Ipv6Fragment(Inner, 0, 1448, true, id: 99)));
        Expired(600);
        Assert.Equal(0, Reassembler.HeldFrames);
        Bench.AllAreHome();
    }
}
