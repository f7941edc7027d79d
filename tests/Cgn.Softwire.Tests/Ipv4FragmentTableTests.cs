using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Memory.Frames;
using Cgn.Testing;

using Xunit;

namespace Cgn.Softwire.Tests;

public sealed class Ipv4FragmentTableTests : IDisposable
{
    private const uint Timeout = 20;
    private const byte Udp = 17;
    private const byte Tcp = 6;

    private static readonly FragmentPorts s_ports = new(5000, 53);
    private static readonly FragmentKey s_outside = new(0, 0xC6336401, 0xC0000201, 77, Udp);
    private static readonly FragmentKey s_inside = new(9, 0x0A000001, 0xC6336401, 77, Udp);

    private readonly Frame[] _frames = new Frame[128];
    private readonly DropReason[] _reasons = new DropReason[128];
    private Ipv4FragmentTable _table = new(new FragmentLimits(), Timeout, 1);

    public void Dispose() => _table.Dispose();

    private void Limit(FragmentLimits limits)
    {
        _table.Dispose();
        _table = new Ipv4FragmentTable(limits, Timeout, 1);
    }

    private FragmentVerdict Offer(
        FragmentKey key, int offset, int length, bool more, out FragmentPorts ports, out DropReason refusal, uint chunk = 0, uint tick = 0) =>
        _table.Offer(key, new Frame { Chunk = chunk }, offset, more, length, offset == 0 ? s_ports : default, tick, out ports, out refusal);

    private FragmentVerdict Offer(FragmentKey key, int offset, int length, bool more, uint chunk = 0, uint tick = 0) =>
        Offer(key, offset, length, more, out _, out _, chunk, tick);

    private DropReason Refusal(FragmentKey key, int offset, int length, bool more, uint tick = 0)
    {
        Assert.Equal(FragmentVerdict.Refused, Offer(key, offset, length, more, out _, out DropReason refusal, 0, tick));
        return refusal;
    }

    private uint[] Released(FragmentKey key) => _frames[.._table.Release(key, _frames)].Select(f => f.Chunk).ToArray();

    private (uint Chunk, DropReason Reason)[] Expired(uint tick, int budget = 100)
    {
        int count = _table.Expire(tick, budget, _frames, _reasons);
        return Enumerable.Range(0, count).Select(i => (_frames[i].Chunk, _reasons[i])).ToArray();
    }

    [Theory]
    [Requirement("RFC4787-REQ-14")]
    [Requirement("RFC4787-REQ-14x")]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    public void Fragments_in_every_order_all_get_the_ports_of_the_first(int count)
    {
        foreach (int[] order in FrameBench.Permutations(count))
        {
            List<uint> held = [];
            bool hasFirst = false;
            foreach (int i in order)
            {
                FragmentVerdict verdict =
                    Offer(s_outside, i * 1480, i == count - 1 ? 100 : 1480, i < count - 1, out FragmentPorts ports, out _, (uint)i);
                hasFirst |= i == 0;
                Assert.Equal(hasFirst ? FragmentVerdict.Ready : FragmentVerdict.Held, verdict);
                if (hasFirst)
                    Assert.Equal(s_ports, ports);
                else
                    held.Add((uint)i);
                if (i == 0)
                    Assert.Equal(held, Released(s_outside));
            }

            Assert.Equal(0, _table.HeldFrames);
            Assert.Empty(Expired(Timeout));
            Assert.Equal(0, _table.Count);
        }
    }

    [Fact]
    public void Equal_fragments_of_two_subscribers_are_two_datagrams()
    {
        FragmentKey other = s_inside with { Realm = 10 };
        Assert.Equal(FragmentVerdict.Ready, Offer(s_inside, 0, 1480, true));
        Assert.Equal(FragmentVerdict.Held, Offer(other, 1480, 100, false, chunk: 5));
        Assert.Equal(FragmentVerdict.Ready, Offer(s_inside, 1480, 100, false));
        Assert.Equal([5u], Held(other));
    }

    private uint[] Held(FragmentKey key)
    {
        Assert.Equal(FragmentVerdict.Ready, Offer(key, 0, 1480, true));
        return Released(key);
    }

    [Fact]
    [Requirement("RFC6864-S5.3.1-1")]
    public void What_the_pipeline_keeps_with_the_first_fragment_is_there_for_the_others()
    {
        Offer(s_inside, 0, 1480, true);
        Assert.Equal(0u, _table.User(s_inside).Record);
        _table.User(s_inside).Record = 42;
        _table.User(s_inside).Identification = 0xBEEF;
        Offer(s_inside, 1480, 100, false);
        Assert.Equal(42u, _table.User(s_inside).Record);
        Assert.Equal(0xBEEF, _table.User(s_inside).Identification);
        Expired(Timeout);
        Offer(s_inside, 0, 1480, true, tick: Timeout);
        Assert.Equal(0u, _table.User(s_inside).Record);
    }

    [Theory]
    [Requirement("RFC1858-1")]
    [Requirement("RFC3128-1")]
    [InlineData(0, 8, true, DropReason.FragmentTiny)]
    [InlineData(0, 16, true, DropReason.FragmentTiny)]
    [InlineData(8, 16, true, DropReason.FragmentTiny)]
    [InlineData(8, 16, false, DropReason.FragmentTiny)]
    [InlineData(0, 24, true, DropReason.None)]
    [InlineData(16, 24, true, DropReason.None)]
    public void Tcp_fragments_that_split_or_overwrite_the_header_are_refused(int offset, int length, bool more, DropReason expected)
    {
        Offer(s_outside with { Protocol = Tcp }, offset, length, more, out _, out DropReason refusal);
        Assert.Equal(expected, refusal);
        Assert.Equal(expected == DropReason.None ? 1 : 0, _table.Count);
    }

    [Fact]
    [Requirement("RFC3128-1")]
    public void The_tiny_overlapping_sequence_of_RFC_3128_is_blocked()
    {
        FragmentKey key = s_inside with { Protocol = Tcp };
        Assert.Equal(FragmentVerdict.Ready, Offer(key, 0, 32, true));
        Assert.Equal(DropReason.FragmentTiny, Refusal(key, 8, 32, false));
        Assert.Equal(DropReason.FragmentTiny, Refusal(key, 0, 8, true));
        Assert.Equal(DropReason.FragmentOverlap, Refusal(key, 16, 32, false));
        Assert.Equal(DropReason.FragmentOverlap, Refusal(key, 32, 32, false));
    }

    [Theory]
    [InlineData(65528, 8, false, DropReason.FragmentTooLong)]
    [InlineData(65504, 16, false, DropReason.FragmentTooLong)]
    [InlineData(1480, 1001, true, DropReason.FragmentTooLong)]
    [InlineData(1480, 0, false, DropReason.FragmentTiny)]
    [InlineData(65504, 11, false, DropReason.None)]
    public void Impossible_lengths_are_refused(int offset, int length, bool more, DropReason expected)
    {
        Offer(s_outside, offset, length, more, out _, out DropReason refusal);
        Assert.Equal(expected, refusal);
    }

    [Fact]
    [Requirement("IPv4-OVERLAP")]
    public void A_differing_overlap_refuses_the_whole_datagram_and_what_waits_for_it()
    {
        Assert.Equal(FragmentVerdict.Held, Offer(s_outside, 1480, 1480, true, chunk: 1));
        Assert.Equal(FragmentVerdict.Held, Offer(s_outside, 2960, 1480, true, chunk: 2));
        Assert.Equal(DropReason.FragmentOverlap, Refusal(s_outside, 1488, 8, true));
        Assert.Equal(DropReason.FragmentOverlap, Refusal(s_outside, 0, 1480, true));
        Assert.Equal(2, _table.HeldFrames);
        Assert.Equal([(1u, DropReason.FragmentOverlap), (2u, DropReason.FragmentOverlap)], Expired(0));
        Assert.Equal(0, _table.HeldFrames);
    }

    [Fact]
    [Requirement("IPv4-OVERLAP")]
    public void Exact_duplicates_are_tolerated_even_after_the_datagram_is_complete()
    {
        Assert.Equal(FragmentVerdict.Held, Offer(s_outside, 1480, 100, false, chunk: 1));
        Assert.Equal(FragmentVerdict.Held, Offer(s_outside, 1480, 100, false, chunk: 2));
        Assert.Equal(FragmentVerdict.Ready, Offer(s_outside, 0, 1480, true));
        Assert.Equal([1u, 2u], Released(s_outside));
        Assert.Equal(FragmentVerdict.Ready, Offer(s_outside, 0, 1480, true));
        Assert.Equal(FragmentVerdict.Ready, Offer(s_outside, 1480, 100, false));
        Assert.Equal(1, _table.Count);
    }

    [Fact]
    [Requirement("IPv4-OVERLAP")]
    public void A_second_first_fragment_with_other_ports_is_an_overlap()
    {
        Offer(s_outside, 0, 1480, true);
        FragmentVerdict verdict = _table.Offer(
            s_outside, default, 0, true, 1480, new FragmentPorts(5000, 54), 0, out _, out DropReason refusal);
        Assert.Equal((FragmentVerdict.Refused, DropReason.FragmentOverlap), (verdict, refusal));
        Assert.Equal(DropReason.FragmentOverlap, Refusal(s_outside, 1480, 100, false));
    }

    [Fact]
    public void A_fragment_waits_until_the_timeout_and_not_longer()
    {
        Offer(s_outside, 1480, 100, false, chunk: 3, tick: 100);
        Assert.Empty(Expired(100 + Timeout - 1));
        Assert.Equal([(3u, DropReason.FragmentTimeout)], Expired(100 + Timeout));
        Assert.Equal(0, _table.Count);
    }

    [Fact]
    public void A_datagram_whose_time_is_over_is_gone_even_before_the_sweep()
    {
        Offer(s_outside, 1480, 100, false, chunk: 3, tick: uint.MaxValue - 5);
        Assert.Equal(FragmentVerdict.Ready, Offer(s_outside, 0, 1480, true, tick: Timeout - 6));
        Assert.Empty(Released(s_outside));
        Assert.Equal([(3u, DropReason.FragmentTimeout)], Expired(Timeout - 6));
    }

    [Fact]
    public void The_timeout_counts_from_the_first_fragment_seen()
    {
        Offer(s_outside, 1480, 1480, true, chunk: 1, tick: 0);
        Offer(s_outside, 2960, 100, false, chunk: 2, tick: Timeout - 1);
        Assert.Equal([1u, 2u], Expired(Timeout).Select(e => e.Chunk));
    }

    [Fact]
    [Requirement("RFC4787-REQ-14a")]
    public void Frames_that_wait_are_limited_for_each_party_and_in_total()
    {
        Limit(new FragmentLimits { Frames = 10, FramesPerSubscriber = 4, FramesPerExternal = 8, FramesPerDatagram = 3 });
        for (int i = 1; i <= 3; i++)
            Assert.Equal(FragmentVerdict.Held, Offer(s_inside, i * 80, 80, true));
        Assert.Equal(DropReason.FragmentLimit, Refusal(s_inside, 320, 80, true));
        Assert.Equal(FragmentVerdict.Held, Offer(s_inside with { Identification = 1 }, 80, 80, true));
        Assert.Equal(DropReason.FragmentLimit, Refusal(s_inside with { Identification = 2 }, 80, 80, true));
        for (ushort id = 0; id < 6; id++)
            Assert.Equal(FragmentVerdict.Held, Offer(s_outside with { Identification = id }, 80, 80, true));
        Assert.Equal(DropReason.FragmentLimit, Refusal(s_outside with { Identification = 6 }, 80, 80, true));
        Assert.Equal(10, _table.HeldFrames);
        // What was refused left nothing behind.
        Assert.Equal(8, _table.Count);
        Assert.Equal(10, Expired(Timeout).Length);
        Assert.Equal(FragmentVerdict.Held, Offer(s_inside, 80, 80, true, tick: Timeout));
    }

    [Fact]
    [Requirement("RFC4787-REQ-14a")]
    public void Orphans_never_keep_out_fragments_that_come_in_order()
    {
        Limit(new FragmentLimits { Datagrams = 8, DatagramsPerExternal = 8 });
        for (ushort id = 0; id < 8; id++)
            Assert.Equal(FragmentVerdict.Held, Offer(s_outside with { Identification = id }, 80, 80, true, chunk: id));
        Assert.Equal(DropReason.FragmentLimit, Refusal(s_outside with { Identification = 8 }, 80, 80, true));
        Assert.Equal(FragmentVerdict.Ready, Offer(s_inside, 0, 80, true));
        Assert.Equal(FragmentVerdict.Ready, Offer(s_inside, 80, 80, false));
        Assert.Equal([(0u, DropReason.FragmentLimit)], Expired(0));
    }

    [Fact]
    [Requirement("RFC4787-REQ-14a")]
    public void One_subscriber_cannot_take_all_places()
    {
        Limit(new FragmentLimits { Datagrams = 8, DatagramsPerSubscriber = 4 });
        for (ushort id = 0; id < 4; id++)
            Assert.Equal(FragmentVerdict.Ready, Offer(s_inside with { Identification = id }, 0, 80, true));
        Assert.Equal(DropReason.FragmentLimit, Refusal(s_inside with { Identification = 5 }, 0, 80, true));
        Assert.Equal(FragmentVerdict.Ready, Offer(s_inside with { Realm = 10 }, 0, 80, true));
        // A finished one no longer counts.
        Assert.Equal(FragmentVerdict.Ready, Offer(s_inside with { Identification = 0 }, 80, 80, false));
        Assert.Equal(FragmentVerdict.Ready, Offer(s_inside with { Identification = 5 }, 0, 80, true));
    }

    [Fact]
    public void Finished_datagrams_give_their_places_to_new_ones()
    {
        Limit(new FragmentLimits { Datagrams = 4 });
        for (ushort id = 0; id < 100; id++)
        {
            Assert.Equal(FragmentVerdict.Ready, Offer(s_inside with { Identification = id }, 0, 80, true));
            Assert.Equal(FragmentVerdict.Ready, Offer(s_inside with { Identification = id }, 80, 80, false));
        }

        Assert.Equal(4, _table.Count);
    }

    [Fact]
    public void A_refused_translation_refuses_the_rest_and_gives_up_what_waits()
    {
        Offer(s_outside, 1480, 1480, true, chunk: 4);
        Offer(s_outside, 0, 1480, true);
        _table.Refuse(s_outside, DropReason.NoMapping);
        Assert.Equal(DropReason.NoMapping, Refusal(s_outside, 2960, 100, false));
        Assert.Empty(Released(s_outside));
        Assert.Equal([(4u, DropReason.NoMapping)], Expired(0));
    }

    [Fact]
    public void Work_of_a_sweep_is_bounded_and_what_does_not_fit_comes_next_time()
    {
        for (ushort id = 0; id < 20; id++)
            Offer(s_outside with { Identification = id }, 80, 80, true, chunk: id);
        Assert.Equal(7, _table.Expire(Timeout, 7, _frames, _reasons));
        Assert.Equal(13, _table.Count);
        Assert.Equal(3, _table.Expire(Timeout, 100, _frames.AsSpan(0, 3), _reasons));
        Assert.Equal(10, _table.HeldFrames);
        Assert.Equal(10, _table.Expire(Timeout, 0, _frames, _reasons));
    }
}
