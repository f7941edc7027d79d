using System;
using System.Threading;

using Cgn.Memory.Arenas;
using Cgn.Memory.Rings;

using Xunit;

namespace Cgn.Memory.Tests.Rings;

public sealed class SpscRingTests
{
    [Fact]
    public void A_full_ring_refuses_and_loses_nothing()
    {
        using Arena arena = Arena.Private();
        SpscRing<long> ring = new(arena.Take("ring", SpscRing<long>.BytesFor(8)), 8);
        for (long i = 0; i < 8; i++)
            Assert.True(ring.TryWrite(i));
        Assert.False(ring.TryWrite(99));
        Assert.Equal(0, ring.Free);
        long[] taken = new long[5];
        Assert.Equal(5, ring.Read(taken));
        Assert.Equal([0, 1, 2, 3, 4], taken);
        Assert.True(ring.TryWrite(8));
        Assert.Equal(4, ring.Read(taken));
        Assert.Equal([5, 6, 7, 8], taken[..4]);
        Assert.Equal(0, ring.Read(taken));
    }

    [Fact]
    public void What_is_staged_is_seen_once_it_is_published_and_takes_its_place_at_once()
    {
        using Arena arena = Arena.Private();
        ArenaSection section = arena.Take("ring", SpscRing<long>.BytesFor(4));
        SpscRing<long> producer = new(section, 4);
        SpscRing<long> consumer = new(section, 4);
        long[] taken = new long[4];
        for (long i = 0; i < 4; i++)
            Assert.True(producer.TryStage(i));
        Assert.False(producer.TryStage(4));
        Assert.Equal(0, producer.Free);
        Assert.Equal(0, consumer.Read(taken));

        producer.Publish();

        Assert.Equal(4, consumer.Read(taken));
        Assert.Equal([0, 1, 2, 3], taken);
        Assert.True(producer.TryStage(4));
        Assert.True(producer.TryWrite(5));
        Assert.Equal(2, consumer.Read(taken));
        Assert.Equal([4, 5], taken[..2]);
    }

    [Fact]
    public void Two_threads_pass_every_entry_once_and_in_order()
    {
        const long Count = 200_000;
        using Arena arena = Arena.Private();
        ArenaSection section = arena.Take("ring", SpscRing<long>.BytesFor(64));
        SpscRing<long> producer = new(section, 64);
        SpscRing<long> consumer = new(section, 64);
        Thread thread = new(() =>
        {
            for (long i = 0; i < Count;)
            {
                if (producer.TryWrite(i))
                    i++;
                else
                    Thread.Yield();
            }
        });
        thread.Start();
        long expected = 0;
        long[] batch = new long[32];
        while (expected < Count)
        {
            int count = consumer.Read(batch);
            for (int i = 0; i < count; i++)
                Assert.Equal(expected++, batch[i]);
            if (count == 0)
                Thread.Yield();
        }

        thread.Join();
        Assert.Equal(0, consumer.Depth);
    }

    [Fact]
    public void What_a_process_left_in_a_ring_is_read_by_the_next()
    {
        using Arena arena = Arena.Private();
        ArenaSection section = arena.Take("ring", SpscRing<int>.BytesFor(4));
        Assert.True(new SpscRing<int>(section, 4).TryWrite(7));
        int[] taken = new int[4];
        Assert.Equal(1, new SpscRing<int>(section, 4).Read(taken));
        Assert.Equal(7, taken[0]);
    }

    [Fact]
    public void A_capacity_that_is_no_power_of_two_is_refused() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => SpscRing<int>.BytesFor(6));
}
