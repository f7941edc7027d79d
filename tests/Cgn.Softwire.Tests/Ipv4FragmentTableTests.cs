using System.Collections.Generic;
using System.Linq;

using Cgn.Contract;
using Cgn.Testing;

using Xunit;

namespace Cgn.Softwire.Tests;

public sealed class Ipv4FragmentTableTests : FragmentTableBench
{
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
                bool more = i < count - 1;
                FragmentVerdict verdict =
                    Offer(Outside, i * 1480, more ? 1480 : 100, more, out FragmentPorts ports, out _, (uint)i);
                hasFirst |= i == 0;
                Assert.Equal(hasFirst ? FragmentVerdict.Ready : FragmentVerdict.Held, verdict);
                if (hasFirst)
                    Assert.Equal(Ports, ports);
                else
                    held.Add((uint)i);
                if (i == 0)
                    Assert.Equal(held, Released(Outside));
            }

            Assert.Equal(0, Table.HeldFrames);
            Assert.Empty(Expired(Timeout));
            Assert.Equal(0, Table.Count);
        }
    }

    [Fact]
    public void Equal_fragments_of_two_subscribers_are_two_datagrams()
    {
        FragmentKey other = Inside with { Realm = 10 };
        Assert.Equal(FragmentVerdict.Ready, Offer(Inside, 0, 1480, true));
        Assert.Equal(FragmentVerdict.Held, Offer(other, 1480, 100, false, chunk: 5));
        Assert.Equal(FragmentVerdict.Ready, Offer(Inside, 1480, 100, false));
        Assert.Equal([5u], Held(other));
    }

    [Fact]
    [Requirement("RFC6864-S5.3.1-1")]
    public void What_the_pipeline_keeps_with_the_first_fragment_is_there_for_the_others()
    {
        Offer(Inside, 0, 1480, true);
        Assert.Equal(0u, Table.User(Inside).Record);
        Table.User(Inside).Record = 42;
        Table.User(Inside).Identification = 0xBEEF;
        Offer(Inside, 1480, 100, false);
        Assert.Equal(42u, Table.User(Inside).Record);
        Assert.Equal(0xBEEF, Table.User(Inside).Identification);
        Expired(Timeout);
        Offer(Inside, 0, 1480, true, tick: Timeout);
        Assert.Equal(0u, Table.User(Inside).Record);
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
    public void Tcp_fragments_that_split_or_overwrite_the_header_are_refused(
        int offset, int length, bool more, DropReason expected)
    {
        Offer(Outside with { Protocol = Tcp }, offset, length, more, out _, out DropReason refusal);
        Assert.Equal(expected, refusal);
        Assert.Equal(expected == DropReason.None ? 1 : 0, Table.Count);
    }

    [Fact]
    [Requirement("RFC3128-1")]
    public void The_tiny_overlapping_sequence_of_RFC_3128_is_blocked()
    {
        FragmentKey key = Inside with { Protocol = Tcp };
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
        Offer(Outside, offset, length, more, out _, out DropReason refusal);
        Assert.Equal(expected, refusal);
    }

    [Fact]
    [Requirement("IPv4-OVERLAP")]
    public void A_differing_overlap_refuses_the_whole_datagram_and_what_waits_for_it()
    {
        Assert.Equal(FragmentVerdict.Held, Offer(Outside, 1480, 1480, true, chunk: 1));
        Assert.Equal(FragmentVerdict.Held, Offer(Outside, 2960, 1480, true, chunk: 2));
        Assert.Equal(DropReason.FragmentOverlap, Refusal(Outside, 1488, 8, true));
        Assert.Equal(DropReason.FragmentOverlap, Refusal(Outside, 0, 1480, true));
        Assert.Equal(2, Table.HeldFrames);
        Assert.Equal([(1u, DropReason.FragmentOverlap), (2u, DropReason.FragmentOverlap)], Expired(0));
        Assert.Equal(0, Table.HeldFrames);
    }

    [Fact]
    [Requirement("IPv4-OVERLAP")]
    public void Exact_duplicates_are_tolerated_even_after_the_datagram_is_complete()
    {
        Assert.Equal(FragmentVerdict.Held, Offer(Outside, 1480, 100, false, chunk: 1));
        Assert.Equal(FragmentVerdict.Held, Offer(Outside, 1480, 100, false, chunk: 2));
        Assert.Equal(FragmentVerdict.Ready, Offer(Outside, 0, 1480, true));
        Assert.Equal([1u, 2u], Released(Outside));
        Assert.Equal(FragmentVerdict.Ready, Offer(Outside, 0, 1480, true));
        Assert.Equal(FragmentVerdict.Ready, Offer(Outside, 1480, 100, false));
        Assert.Equal(1, Table.Count);
    }

    [Fact]
    [Requirement("IPv4-OVERLAP")]
    public void A_second_first_fragment_with_other_ports_is_an_overlap()
    {
        Offer(Outside, 0, 1480, true);
        FragmentVerdict verdict = Table.Offer(
            Outside, default, 0, true, 1480, new FragmentPorts(5000, 54), 0, out _, out DropReason refusal);
        Assert.Equal((FragmentVerdict.Refused, DropReason.FragmentOverlap), (verdict, refusal));
        Assert.Equal(DropReason.FragmentOverlap, Refusal(Outside, 1480, 100, false));
    }

    [Fact]
    public void A_fragment_waits_until_the_timeout_and_not_longer()
    {
        Offer(Outside, 1480, 100, false, chunk: 3, tick: 100);
        Assert.Empty(Expired(100 + Timeout - 1));
        Assert.Equal([(3u, DropReason.FragmentTimeout)], Expired(100 + Timeout));
        Assert.Equal(0, Table.Count);
    }

    [Fact]
    public void A_datagram_whose_time_is_over_is_gone_even_before_the_sweep()
    {
        Offer(Outside, 1480, 100, false, chunk: 3, tick: uint.MaxValue - 5);
        Assert.Equal(FragmentVerdict.Ready, Offer(Outside, 0, 1480, true, tick: Timeout - 6));
        Assert.Empty(Released(Outside));
        Assert.Equal([(3u, DropReason.FragmentTimeout)], Expired(Timeout - 6));
    }

    [Fact]
    public void The_timeout_counts_from_the_first_fragment_seen()
    {
        Offer(Outside, 1480, 1480, true, chunk: 1, tick: 0);
        Offer(Outside, 2960, 100, false, chunk: 2, tick: Timeout - 1);
        Assert.Equal([1u, 2u], Expired(Timeout).Select(e => e.Chunk));
    }
}
