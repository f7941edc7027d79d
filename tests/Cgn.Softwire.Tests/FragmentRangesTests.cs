using System;
using System.Collections.Generic;
using System.Linq;

using Cgn.Testing;

using CsCheck;

using Xunit;

namespace Cgn.Softwire.Tests;

public class FragmentRangesTests
{
    [Fact]
    [Requirement("RFC815-ALG")]
    public void Six_fragments_in_every_order_are_complete_at_the_last_and_not_before()
    {
        foreach (int[] order in FrameBench.Permutations(6))
        {
            FragmentRanges ranges = default;
            for (int i = 0; i < 6; i++)
            {
                Assert.False(ranges.IsComplete);
                int start = order[i] * 1480;
                Assert.Equal(RangeVerdict.New, ranges.Add(start, start + 1480, order[i] == 5));
            }

            Assert.True(ranges.IsComplete);
            Assert.Equal(6 * 1480, ranges.Total);
        }
    }

    [Theory]
    [InlineData(0, 16, false, RangeVerdict.Duplicate)]
    [InlineData(0, 8, false, RangeVerdict.Overlap)]
    [InlineData(8, 16, false, RangeVerdict.Overlap)]
    [InlineData(8, 24, false, RangeVerdict.Overlap)]
    [InlineData(0, 16, true, RangeVerdict.Overlap)]
    [InlineData(16, 24, false, RangeVerdict.New)]
    [InlineData(16, 20, true, RangeVerdict.Overlap)]
    [InlineData(32, 48, true, RangeVerdict.Duplicate)]
    [InlineData(32, 48, false, RangeVerdict.Overlap)]
    [InlineData(48, 56, false, RangeVerdict.Overlap)]
    [InlineData(48, 56, true, RangeVerdict.Overlap)]
    internal void A_fragment_is_compared_with_those_seen(int start, int end, bool last, RangeVerdict expected)
    {
        FragmentRanges ranges = default;
        ranges.Add(0, 16, false);
        ranges.Add(32, 48, true);
        Assert.Equal(expected, ranges.Add(start, end, last));
    }

    [Fact]
    public void More_fragments_than_places_are_still_put_together()
    {
        foreach (int step in new[] { 1, 7, 19 })
        {
            FragmentRanges ranges = default;
            for (int i = 0; i < 45; i++)
            {
                int start = i * step % 45 * 1456;
                RangeVerdict verdict = ranges.Add(start, start + 1456, start == 44 * 1456);
                if (step == 1)
                    Assert.Equal(RangeVerdict.New, verdict);
                if (verdict == RangeVerdict.Full)
                    return;
            }

            Assert.True(ranges.IsComplete);
        }
    }

    [Fact]
    public void A_fragment_seen_before_is_never_taken_for_an_overlap_however_many_there_are()
    {
        int[] order = Enumerable.Range(0, 40).ToArray();
        Gen.Shuffle(order).Sample(starts =>
        {
            FragmentRanges ranges = default;
            List<int> recorded = [];
            foreach (int start in starts)
            {
                RangeVerdict verdict = ranges.Add(start * 8, start * 8 + 8, start == 39);
                if (verdict == RangeVerdict.Full)
                    continue;
                Assert.Equal(RangeVerdict.New, verdict);
                recorded.Add(start);
                foreach (int seen in recorded)
                {
                    verdict = ranges.Add(seen * 8, seen * 8 + 8, seen == 39);
                    Assert.True(verdict is RangeVerdict.Duplicate or RangeVerdict.Contained);
                    // Up to as many as there are places, nothing has been joined yet.
                    Assert.True(verdict == RangeVerdict.Duplicate || recorded.Count > FragmentRanges.Places);
                }
            }
        }, iter: 1000);
    }

    [Fact]
    public void Joining_keeps_the_fragment_with_the_headers_apart_as_long_as_it_can()
    {
        FragmentRanges ranges = default;
        for (int i = 0; i < 40; i++)
            Assert.Equal(RangeVerdict.New, ranges.Add(i * 8, i * 8 + 8, false));
        for (int i = 0; i < 10; i++)
            Assert.Equal(RangeVerdict.Duplicate, ranges.Add(i * 8, i * 8 + 8, false));
        Assert.Equal(RangeVerdict.Contained, ranges.Add(160, 168, false));
        Assert.Equal(RangeVerdict.Duplicate, ranges.Add(312, 320, false));
    }

    [Fact]
    public void Against_a_map_of_bytes_no_overlap_is_ever_recorded()
    {
        Gen<(int, int, bool)> fragment = Gen.Select(Gen.Int[0, 63], Gen.Int[1, 6], Gen.Bool);
        fragment.Array[1, 60].Sample(fragments =>
        {
            FragmentRanges ranges = default;
            bool[] seen = new bool[80];
            int total = 0;
            foreach ((int start, int length, bool last) in fragments)
            {
                int end = start + length;
                RangeVerdict verdict = ranges.Add(start * 8, end * 8, last);
                bool touches = seen[start..end].Any(b => b);
                bool contradicts = total != 0 ? end > total || (last && end != total) : last && seen[end..].Any(b => b);
                if (verdict == RangeVerdict.New)
                {
                    if (touches || contradicts)
                        return false;
                    Array.Fill(seen, true, start, length);
                    total = last ? end : total;
                }
                else if (verdict is RangeVerdict.Duplicate or RangeVerdict.Contained && !seen[start..end].All(b => b))
                {
                    return false;
                }
                else if (verdict == RangeVerdict.Overlap && !touches && !contradicts)
                {
                    return false;
                }

                if (ranges.IsComplete != (total != 0 && seen[..total].All(b => b)))
                    return false;
            }

            return true;
        }, iter: 20_000);
    }
}
