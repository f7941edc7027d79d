using System;

using Cgn.Contract;
using Cgn.Testing;

using Xunit;

namespace Cgn.Softwire.Tests;

public sealed class Ipv4FragmentLimitTests : FragmentTableBench
{
    [Fact]
    [Requirement("RFC4787-REQ-14a")]
    public void Frames_that_wait_are_limited_for_each_party_and_in_total()
    {
        Limit(new FragmentLimits
        {
            Frames = 10,
            FramesPerSubscriber = 4,
            FramesPerExternal = 8,
            FramesPerDatagram = 3,
        });
        for (int i = 1; i <= 3; i++)
            Assert.Equal(FragmentVerdict.Held, Offer(Inside, i * 80, 80, true));
        Assert.Equal(DropReason.FragmentLimit, Refusal(Inside, 320, 80, true));
        Assert.Equal(FragmentVerdict.Held, Offer(Inside with { Identification = 1 }, 80, 80, true));
        Assert.Equal(DropReason.FragmentLimit, Refusal(Inside with { Identification = 2 }, 80, 80, true));
        for (ushort id = 0; id < 6; id++)
            Assert.Equal(FragmentVerdict.Held, Offer(Outside with { Identification = id }, 80, 80, true));
        Assert.Equal(DropReason.FragmentLimit, Refusal(Outside with { Identification = 6 }, 80, 80, true));
        Assert.Equal(10, Table.HeldFrames);
        // What was refused left nothing behind.
        Assert.Equal(8, Table.Count);
        Assert.Equal(10, Expired(Timeout).Length);
        Assert.Equal(FragmentVerdict.Held, Offer(Inside, 80, 80, true, tick: Timeout));
    }

    [Fact]
    [Requirement("RFC4787-REQ-14a")]
    public void Orphans_never_keep_out_fragments_that_come_in_order()
    {
        Limit(new FragmentLimits { Datagrams = 8, DatagramsPerExternal = 8 });
        for (ushort id = 0; id < 8; id++)
            Assert.Equal(FragmentVerdict.Held, Offer(Outside with { Identification = id }, 80, 80, true, chunk: id));
        Assert.Equal(DropReason.FragmentLimit, Refusal(Outside with { Identification = 8 }, 80, 80, true));
        Assert.Equal(FragmentVerdict.Ready, Offer(Inside, 0, 80, true));
        Assert.Equal(FragmentVerdict.Ready, Offer(Inside, 80, 80, false));
        Assert.Equal([(0u, DropReason.FragmentLimit)], Expired(0));
    }

    [Fact]
    [Requirement("RFC4787-REQ-14a")]
    public void One_subscriber_cannot_take_all_places()
    {
        Limit(new FragmentLimits { Datagrams = 8, DatagramsPerSubscriber = 4 });
        for (ushort id = 0; id < 4; id++)
            Assert.Equal(FragmentVerdict.Ready, Offer(Inside with { Identification = id }, 0, 80, true));
        Assert.Equal(DropReason.FragmentLimit, Refusal(Inside with { Identification = 5 }, 0, 80, true));
        Assert.Equal(FragmentVerdict.Ready, Offer(Inside with { Realm = 10 }, 0, 80, true));
        // A finished one no longer counts.
        Assert.Equal(FragmentVerdict.Ready, Offer(Inside with { Identification = 0 }, 80, 80, false));
        Assert.Equal(FragmentVerdict.Ready, Offer(Inside with { Identification = 5 }, 0, 80, true));
    }

    [Fact]
    public void What_has_been_released_no_longer_counts()
    {
        Limit(new FragmentLimits { FramesPerSubscriber = 2 });
        Assert.Equal(FragmentVerdict.Ready, Offer(Inside with { Identification = 9999 }, 0, 1480, true));
        for (ushort id = 0; id < 50; id++)
        {
            FragmentKey key = Inside with { Identification = id };
            Assert.Equal(FragmentVerdict.Held, Offer(key, 2960, 100, false));
            Assert.Equal(FragmentVerdict.Held, Offer(key, 1480, 1480, true));
            Assert.Equal(2, Held(key).Length);
        }
    }

    [Fact]
    public void Finished_datagrams_give_their_places_to_new_ones()
    {
        Limit(new FragmentLimits { Datagrams = 4 });
        for (ushort id = 0; id < 100; id++)
        {
            Assert.Equal(FragmentVerdict.Ready, Offer(Inside with { Identification = id }, 0, 80, true));
            Assert.Equal(FragmentVerdict.Ready, Offer(Inside with { Identification = id }, 80, 80, false));
        }

        Assert.Equal(4, Table.Count);
    }

    [Fact]
    public void A_refused_translation_refuses_the_rest_and_gives_up_what_waits()
    {
        Offer(Outside, 1480, 1480, true, chunk: 4);
        Offer(Outside, 0, 1480, true);
        Table.Refuse(Outside, DropReason.NoMapping);
        Assert.Equal(DropReason.NoMapping, Refusal(Outside, 2960, 100, false));
        Assert.Empty(Released(Outside));
        Assert.Equal([(4u, DropReason.NoMapping)], Expired(0));
    }

    [Fact]
    public void Work_of_a_sweep_is_bounded_and_what_does_not_fit_comes_next_time()
    {
        for (ushort id = 0; id < 20; id++)
            Offer(Outside with { Identification = id }, 80, 80, true, chunk: id);
        Assert.Equal(7, Table.Expire(Timeout, 7, Frames, Reasons));
        Assert.Equal(13, Table.Count);
        Assert.Equal(3, Table.Expire(Timeout, 100, Frames.AsSpan(0, 3), Reasons));
        Assert.Equal(10, Table.HeldFrames);
        Assert.Equal(10, Table.Expire(Timeout, 0, Frames, Reasons));
    }
}
